"""What the Azure CLI must be able to do, in the order of the files."""
from az import TESTS, Az

import az_login_tests
import az_vault_tests
import az_manager_tests
import az_directory_tests
