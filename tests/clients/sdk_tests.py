"""What the SDKs of a language must be able to do, in the order of the files."""
from sdk import TESTS, Sdk

import sdk_vault_tests
import sdk_login_tests
import sdk_manager_tests
import sdk_graph_tests
