"""One request to Graph with a token of the environment's principal."""
import json
import sys

from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.core.rest import HttpRequest

import os
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "python"))
import common

GRAPH = "https://graph.microsoft.com"
method, path, body = sys.argv[1:]
client = PipelineClient(GRAPH, policies=[BearerTokenCredentialPolicy(
    common.credential(), GRAPH + "/.default")])
answer = client.send_request(
    HttpRequest(method, GRAPH + path, json=json.loads(body) or None))
answer.raise_for_status()
print(answer.text() or "null")
