#include "estate/names.h"

/* Names of kinds, as people read them. */

#define NAME(table, value)                                               \
	((size_t)(value) < sizeof table / sizeof table[0] ? table[value] \
							  : "unknown")

const char *
principal_kind_name(enum principal_kind kind)
{
	static const char *const names[PRINCIPAL_KINDS] = {
	    [PRINCIPAL_UNKNOWN] = "unknown",
	    [PRINCIPAL_USER] = "user",
	    [PRINCIPAL_GROUP] = "group",
	    [PRINCIPAL_SERVICE] = "service principal",
	    [PRINCIPAL_MANAGED_IDENTITY] = "managed identity",
	    [PRINCIPAL_WORKSPACE_IDENTITY] = "workspace identity",
	};

	return NAME(names, kind);
}

const char *
scope_kind_name(enum scope_kind kind)
{
	static const char *const names[SCOPE_KINDS] = {
	    [SCOPE_ROOT] = "tenant",
	    [SCOPE_MANAGEMENT_GROUP] = "management group",
	    [SCOPE_SUBSCRIPTION] = "subscription",
	    [SCOPE_RESOURCE_GROUP] = "resource group",
	    [SCOPE_VAULT] = "vault",
	    [SCOPE_SECRET] = "secret",
	    [SCOPE_STORAGE_ACCOUNT] = "storage account",
	    [SCOPE_CONTAINER] = "container",
	    [SCOPE_BLOB] = "blob",
	    [SCOPE_RESOURCE] = "resource",
	    [SCOPE_CAPACITY] = "capacity",
	    [SCOPE_WORKSPACE] = "workspace",
	    [SCOPE_ITEM] = "item",
	    [SCOPE_ORGANIZATION] = "organization",
	    [SCOPE_PROJECT] = "project",
	    [SCOPE_CONNECTION] = "service connection",
	    [SCOPE_APPLICATION] = "application",
	    [SCOPE_GROUP] = "group",
	};

	return NAME(names, kind);
}

const char *
item_kind_name(enum item_kind kind)
{
	static const char *const names[ITEM_KINDS] = {
	    [ITEM_OTHER] = "item",
	    [ITEM_NOTEBOOK] = "notebook",
	    [ITEM_PIPELINE] = "data pipeline",
	    [ITEM_SPARK_JOB] = "Spark job",
	    [ITEM_AIRFLOW_JOB] = "Airflow job",
	    [ITEM_SEMANTIC_MODEL] = "semantic model",
	    [ITEM_WAREHOUSE] = "warehouse",
	    [ITEM_LAKEHOUSE] = "lakehouse",
	    [ITEM_FLOW] = "flow",
	    [ITEM_DEVOPS_PIPELINE] = "DevOps pipeline",
	};

	return NAME(names, kind);
}

const char *
plane_name(enum plane plane)
{
	static const char *const names[PLANES] = {
	    [PLANE_AZURE] = "Azure",
	    [PLANE_POLICY] = "access policy",
	    [PLANE_FABRIC] = "Fabric",
	    [PLANE_DEVOPS] = "DevOps",
	    [PLANE_DIRECTORY] = "directory",
	    [PLANE_CLAIMED] = "claimed",
	};

	return NAME(names, plane);
}

const char *
view_name(enum view view)
{
	static const char *const names[VIEWS] = {
	    [VIEW_GRAPH] = "diagram",
	    [VIEW_INVENTORY] = "inventory",
	    [VIEW_ROLES] = "role table",
	    [VIEW_SECRETS] = "secrets table",
	    [VIEW_READERS] = "list of readers",
	    [VIEW_WRITERS] = "list of writers",
	    [VIEW_MATRIX] = "workspace matrix",
	    [VIEW_CONNECTIONS] = "connections table",
	    [VIEW_ROTATION] = "rotation procedure",
	    [VIEW_RULES] = "key rules",
	    [VIEW_AUTH] = "auth method",
	    [VIEW_GROUPS] = "groups table",
	    [VIEW_ITEMS] = "items table",
	};

	return NAME(names, view);
}
