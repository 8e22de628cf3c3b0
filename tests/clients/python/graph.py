"""msgraph-sdk: applications, their secrets, and who is who."""
import asyncio

from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import (
    ApplicationsRequestBuilder)
from msgraph.generated.applications.item.add_password.\
    add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.\
    remove_password_post_request_body import RemovePasswordPostRequestBody
from msgraph.generated.directory_objects.item.check_member_groups.\
    check_member_groups_post_request_body import (
        CheckMemberGroupsPostRequestBody)
from msgraph.generated.models.application import Application
from msgraph.generated.models.federated_identity_credential import (
    FederatedIdentityCredential)
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.user import User
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


async def is_gone(request):
    try:
        await request.get()
    except ODataError as error:
        return error.error.code
    return None


def federated_life(app):
    async def work():
        trusted = client.applications.by_application_id(
            (await find(app)).id).federated_identity_credentials
        made = await trusted.post(FederatedIdentityCredential(
            name="sdk", issuer="https://issuer.example", subject="a",
            audiences=["api://AzureADTokenExchange"]))
        one = trusted.by_federated_identity_credential_id(made.id)
        await one.patch(FederatedIdentityCredential(subject="b"))
        listed = [each.subject for each in (await trusted.get()).value
                  if each.id == made.id]
        await one.delete()
        return {"listed": listed, "gone": await is_gone(one)}
    return run(work())


def group_life(name, member, other):
    async def work():
        made = await client.groups.post(Group(
            display_name=name, mail_nickname="sdk", mail_enabled=False,
            security_enabled=True))
        group = client.groups.by_group_id(made.id)
        await group.members.ref.post(ReferenceCreate(
            odata_id="https://graph.microsoft.com/v1.0/directoryObjects/"
            + member))
        seen = {"members": [each.id
                            for each in (await group.members.get()).value]}
        seen["checked"] = []
        for each in (member, other):
            found = await client.directory_objects.by_directory_object_id(
                each).check_member_groups.post(
                    CheckMemberGroupsPostRequestBody(group_ids=[made.id]))
            seen["checked"].append(found.value == [made.id])
        await group.members.by_directory_object_id(member).ref.delete()
        seen["left"] = len((await group.members.get()).value)
        await group.delete()
        return {**seen, "gone": await is_gone(group)}
    return run(work())


def user_life(name):
    async def work():
        made = await client.users.post(User(
            account_enabled=True, display_name="Sdk", mail_nickname="sdk",
            user_principal_name=name,
            password_profile=PasswordProfile(password="Not-used-here-1")))
        user = client.users.by_user_id(name)
        await user.patch(User(display_name="Renamed"))
        shown = await user.get()
        seen = {"same": shown.id == made.id, "name": shown.display_name}
        await user.delete()
        return {**seen, "gone": await is_gone(user)}
    return run(work())


common.main({f.__name__: f for f in (
    application, add_password, remove_password, create_and_delete,
    service_principals, federated_life, group_life, user_life)})
