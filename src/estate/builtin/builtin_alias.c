#include "estate/builtin.h"

/*
 * Second names of roles. A name stands here only where it can mean one role
 * of one plane: "Data Contributor" could be of blobs, queues or tables, so it
 * does not.
 */

static const struct {
	const char *alias, *name;
} aliases[] = {
    {"RBAC Administrator", "Role Based Access Control Administrator"},
    {"RBAC Admin", "Role Based Access Control Administrator"},
    {"Role Based Access Control Admin",
	"Role Based Access Control Administrator"},
    {"User Access Admin", "User Access Administrator"},
    {"Managed Identity Operator Role", "Managed Identity Operator"},
    {"Storage Account Key Operator",
	"Storage Account Key Operator Service Role"},
    {"Event Hubs Data Owner", "Azure Event Hubs Data Owner"},
    {"Event Hubs Data Receiver", "Azure Event Hubs Data Receiver"},
    {"Event Hubs Data Sender", "Azure Event Hubs Data Sender"},
    {"Service Bus Data Owner", "Azure Service Bus Data Owner"},
    {"Service Bus Data Receiver", "Azure Service Bus Data Receiver"},
    {"Service Bus Data Sender", "Azure Service Bus Data Sender"},
    {"Cosmos DB Account Reader", "Cosmos DB Account Reader Role"},
    {"Cosmos DB Account Contributor", "DocumentDB Account Contributor"},
    {"Cosmos DB Backup Operator", "CosmosBackupOperator"},
    {"ACR Pull", "AcrPull"},
    {"ACR Push", "AcrPush"},
    {"ACR Delete", "AcrDelete"},
    {"App Service Contributor", "Website Contributor"},
    {"App Service Plan Contributor", "Web Plan Contributor"},
    {"AKS RBAC Admin", "Azure Kubernetes Service RBAC Admin"},
    {"AKS RBAC Cluster Admin", "Azure Kubernetes Service RBAC Cluster Admin"},
    {"AKS RBAC Reader", "Azure Kubernetes Service RBAC Reader"},
    {"AKS RBAC Writer", "Azure Kubernetes Service RBAC Writer"},
    {"AKS Cluster Admin", "Azure Kubernetes Service Cluster Admin Role"},
    {"AKS Cluster User", "Azure Kubernetes Service Cluster User Role"},
    {"AKS Contributor", "Azure Kubernetes Service Contributor Role"},
    {"OpenAI User", "Cognitive Services OpenAI User"},
    {"OpenAI Contributor", "Cognitive Services OpenAI Contributor"},
    {"VM Contributor", "Virtual Machine Contributor"},
    {"Capacity Administrator", "Capacity Admin"},
    {"Fabric Capacity Admin", "Capacity Admin"},
    {"Workspace Admin", "Admin"},
    {"Workspace Member", "Member"},
    {"Workspace Viewer", "Viewer"},
    {"UserWithReshare", "Connection User with Reshare"},
    {"Global Admin", "Global Administrator"},
    {"Company Administrator", "Global Administrator"},
    {"Application Admin", "Application Administrator"},
    {"Cloud Application Admin", "Cloud Application Administrator"},
    {"Privileged Role Admin", "Privileged Role Administrator"},
    {"Groups Admin", "Groups Administrator"},
    {"User Admin", "User Administrator"},
    {"User Account Administrator", "User Administrator"},
    {"Directory Reader", "Directory Readers"},
    {"Fabric Admin", "Fabric Administrator"},
    {"Power BI Administrator", "Fabric Administrator"},
    {"Power BI Service Administrator", "Fabric Administrator"},
    {"App owner", "Application owner"},
    {"KV Administrator", "Key Vault Administrator"},
    {"Key Vault Admin", "Key Vault Administrator"},
    {"KV Reader", "Key Vault Reader"},
    {"KV Contributor", "Key Vault Contributor"},
    {"KV Data Access Administrator", "Key Vault Data Access Administrator"},
    {"KV Purge Operator", "Key Vault Purge Operator"},
    {"KV Secrets User", "Key Vault Secrets User"},
    {"Key Vault Secret User", "Key Vault Secrets User"},
    {"Secrets User", "Key Vault Secrets User"},
    {"KV Secrets Officer", "Key Vault Secrets Officer"},
    {"Key Vault Secret Officer", "Key Vault Secrets Officer"},
    {"Secrets Officer", "Key Vault Secrets Officer"},
    {"KV Certificate User", "Key Vault Certificate User"},
    {"Key Vault Certificates User", "Key Vault Certificate User"},
    {"Certificates Officer", "Key Vault Certificates Officer"},
    {"KV Certificates Officer", "Key Vault Certificates Officer"},
    {"Crypto Officer", "Key Vault Crypto Officer"},
    {"KV Crypto Officer", "Key Vault Crypto Officer"},
    {"Crypto User", "Key Vault Crypto User"},
    {"KV Crypto User", "Key Vault Crypto User"},
    {"Blob Data Contributor", "Storage Blob Data Contributor"},
    {"Blob Data Owner", "Storage Blob Data Owner"},
    {"Blob Data Reader", "Storage Blob Data Reader"},
    {"Blob Delegator", "Storage Blob Delegator"},
    {"Queue Data Contributor", "Storage Queue Data Contributor"},
    {"Queue Data Message Processor", "Storage Queue Data Message Processor"},
    {"Queue Data Message Sender", "Storage Queue Data Message Sender"},
    {"Queue Data Reader", "Storage Queue Data Reader"},
    {"Table Data Contributor", "Storage Table Data Contributor"},
    {"Table Data Reader", "Storage Table Data Reader"},
    {"File Data SMB Share Contributor",
	"Storage File Data SMB Share Contributor"},
    {"File Data SMB Share Reader", "Storage File Data SMB Share Reader"},
};

struct slice
builtin_role_alias(struct slice name)
{
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
		if (slice_eq_case(slice_of(aliases[i].alias), name))
			return slice_of(aliases[i].name);
	}
	return (struct slice){0};
}
