"""msgraph-sdk: applications, their secrets, and who is who."""
import asyncio

from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import (
    ApplicationsRequestBuilder)
from msgraph.generated.applications.item.add_password.\
    add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.\
    remove_password_post_request_body import RemovePasswordPostRequestBody
from msgraph.generated.models.application import Application
from msgraph.generated.models.password_credential import PasswordCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration

import common

client = GraphServiceClient(common.credential())


def run(work):
    return asyncio.run(work)


async def find(app):
    query = (ApplicationsRequestBuilder.
             ApplicationsRequestBuilderGetQueryParameters(
                 filter=f"appId eq '{app}'"))
    found = await client.applications.get(
        RequestConfiguration(query_parameters=query))
    return found.value[0]


def application(app):
    found = run(find(app))
    return {"id": found.id, "name": found.display_name,
            "secrets": len(found.password_credentials)}


def add_password(app, name):
    async def work():
        found = await find(app)
        made = await client.applications.by_application_id(
            found.id).add_password.post(AddPasswordPostRequestBody(
                password_credential=PasswordCredential(display_name=name)))
        return {"id": found.id, "key": str(made.key_id),
                "secret": made.secret_text}
    return run(work())


def remove_password(app, key):
    async def work():
        found = await find(app)
        await client.applications.by_application_id(
            found.id).remove_password.post(
                RemovePasswordPostRequestBody(key_id=key))
    return run(work())


def create_and_delete(name):
    async def work():
        made = await client.applications.post(Application(display_name=name))
        await client.applications.by_application_id(made.id).delete()
        return made.app_id
    return run(work())


def service_principals():
    async def work():
        page = await client.service_principals.get()
        return sorted(each.display_name for each in page.value)
    return run(work())


common.main({f.__name__: f for f in (
    application, add_password, remove_password, create_and_delete,
    service_principals)})
