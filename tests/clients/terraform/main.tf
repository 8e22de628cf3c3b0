# What infrastructure code makes in a directory: one of each.
terraform {
  required_providers {
    azuread = { source = "hashicorp/azuread" }
  }
}
provider "azuread" {}

variable "stage" { type = number }
variable "certificate" { type = string }

data "azuread_client_config" "me" {}
data "azuread_user" "dora" { user_principal_name = "dora@clients.test" }
data "azuread_service_principal" "other" { display_name = "sp-stranger" }

# What is different in the second stage is changed in place.
resource "azuread_application" "api" {
  display_name    = var.stage == 1 ? "tf-api" : "tf-api-renamed"
  description     = var.stage == 1 ? "an api" : null
  identifier_uris = ["api://tf-api"]
  owners          = [data.azuread_client_config.me.object_id, data.azuread_user.dora.object_id]
  tags            = var.stage == 1 ? ["one", "two"] : ["two"]
  notes           = "notes"
  prevent_duplicate_names = true
  group_membership_claims = ["SecurityGroup"]
  marketing_url   = "https://corp.test/m"
  oauth2_post_response_required = true

  api {
    requested_access_token_version = 2
    oauth2_permission_scope {
      admin_consent_description  = "read"
      admin_consent_display_name = "read"
      id                         = "00000000-0000-0000-0000-000000000a01"
      value                      = "read"
      enabled                    = true
      type                       = "Admin"
    }
  }
  dynamic "app_role" {
    for_each = var.stage == 1 ? ["reader", "writer"] : ["reader", "boss"]
    content {
      allowed_member_types = ["Application", "User"]
      description          = app_role.value
      display_name         = app_role.value
      id                   = app_role.value == "reader" ? "00000000-0000-0000-0000-000000000b01" : app_role.value == "writer" ? "00000000-0000-0000-0000-000000000b02" : "00000000-0000-0000-0000-000000000b03"
      value                = app_role.value
      enabled              = true
    }
  }
  optional_claims {
    access_token { name = "groups" }
  }
  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000"
    resource_access {
      id   = "df021288-bdef-4463-88db-98f22de89214"
      type = "Role"
    }
  }
  public_client { redirect_uris = ["https://corp.test/native"] }
  single_page_application { redirect_uris = ["https://corp.test/spa/"] }
  web {
    homepage_url  = "https://corp.test/"
    logout_url    = "https://corp.test/out"
    redirect_uris = var.stage == 1 ? ["https://corp.test/a"] : ["https://corp.test/a", "https://corp.test/b"]
    implicit_grant {
      access_token_issuance_enabled = true
      id_token_issuance_enabled     = false
    }
  }
}

resource "azuread_application" "inline" {
  display_name = "tf-inline"
  owners       = [data.azuread_user.dora.object_id]
  password {
    display_name = "inline"
  }
}

resource "azuread_application_registration" "plain" {
  display_name = "tf-plain"
}

resource "azuread_application_redirect_uris" "plain" {
  application_id = azuread_application_registration.plain.id
  type           = "Web"
  redirect_uris  = var.stage == 1 ? ["https://corp.test/p"] : ["https://corp.test/q"]
}

resource "azuread_application_app_role" "plain" {
  application_id       = azuread_application_registration.plain.id
  role_id              = "00000000-0000-0000-0000-000000000c01"
  allowed_member_types = ["Application"]
  description          = "x"
  display_name         = "x"
  value                = "x"
}

resource "azuread_application_identifier_uri" "plain" {
  application_id = azuread_application_registration.plain.id
  identifier_uri = "api://tf-plain"
}

resource "azuread_application_owner" "plain" {
  application_id  = azuread_application_registration.plain.id
  owner_object_id = data.azuread_user.dora.object_id
}

resource "azuread_application_api_access" "plain" {
  application_id = azuread_application_registration.plain.id
  api_client_id  = "00000003-0000-0000-c000-000000000000"
  role_ids       = ["df021288-bdef-4463-88db-98f22de89214"]
}

resource "azuread_application_pre_authorized" "plain" {
  application_id       = azuread_application.api.id
  authorized_client_id = azuread_application_registration.plain.client_id
  permission_ids       = ["00000000-0000-0000-0000-000000000a01"]
}

resource "azuread_application_password" "one" {
  application_id = azuread_application.api.id
  display_name   = "one"
}
resource "azuread_application_password" "two" {
  application_id = azuread_application.api.id
  end_date       = "2027-11-01T00:00:00Z"
}

resource "azuread_application_certificate" "one" {
  application_id = azuread_application.api.id
  type           = "AsymmetricX509Cert"
  value          = file(var.certificate)
  end_date       = "2027-03-01T00:00:00Z"
}

resource "azuread_application_federated_identity_credential" "one" {
  application_id = azuread_application.api.id
  display_name   = "gh"
  description    = var.stage == 1 ? "first" : "second"
  audiences      = ["api://AzureADTokenExchange"]
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:corp/x:ref:refs/heads/main"
}

resource "azuread_service_principal" "api" {
  client_id                    = azuread_application.api.client_id
  app_role_assignment_required = var.stage == 2
  owners                       = [data.azuread_user.dora.object_id]
  description                  = "the api"
  feature_tags { enterprise = true }
}

resource "azuread_service_principal" "existing" {
  client_id    = data.azuread_service_principal.other.client_id
  use_existing = true
  notes        = "kept"
}

resource "azuread_service_principal" "plain" {
  client_id = azuread_application_registration.plain.client_id
}

resource "azuread_service_principal_password" "one" {
  service_principal_id = azuread_service_principal.api.id
}

resource "azuread_service_principal_certificate" "one" {
  service_principal_id = azuread_service_principal.api.id
  type                 = "AsymmetricX509Cert"
  value                = file(var.certificate)
  end_date             = "2027-03-01T00:00:00Z"
}

resource "azuread_user" "made" {
  user_principal_name = "made@clients.test"
  display_name        = var.stage == 1 ? "Made" : "Remade"
  password            = "S3cret-of-nobody!"
  department          = "etl"
}

resource "azuread_group" "g" {
  display_name     = "tf-group"
  description      = var.stage == 1 ? "d1" : null
  security_enabled = true
  owners           = [data.azuread_client_config.me.object_id, data.azuread_user.dora.object_id]
  members          = var.stage == 1 ? [data.azuread_user.dora.object_id] : [azuread_service_principal.api.object_id]
}

resource "azuread_group" "privileged" {
  display_name       = "tf-privileged"
  security_enabled   = true
  assignable_to_role = true
}

resource "azuread_group_member" "m" {
  group_object_id  = azuread_group.privileged.object_id
  member_object_id = azuread_service_principal.api.object_id
}

resource "azuread_directory_role" "readers" {
  display_name = "Directory Readers"
}

resource "azuread_directory_role_assignment" "a" {
  role_id             = azuread_directory_role.readers.template_id
  principal_object_id = azuread_group.privileged.object_id
}

resource "azuread_directory_role_member" "m" {
  role_object_id   = azuread_directory_role.readers.object_id
  member_object_id = azuread_service_principal.api.object_id
}

resource "azuread_app_role_assignment" "a" {
  app_role_id         = azuread_service_principal.api.app_role_ids["reader"]
  principal_object_id = azuread_service_principal.plain.object_id
  resource_object_id  = azuread_service_principal.api.object_id
}

data "azuread_group" "g" {
  object_id = azuread_group.g.object_id
}
data "azuread_application" "api" {
  client_id = azuread_application.api.client_id
}
data "azuread_directory_role_templates" "all" {}

output "secret" {
  value     = azuread_application_password.one.value
  sensitive = true
}
output "client" { value = azuread_application.api.client_id }
