#include "estate/builtin/builtin_table.h"

/* Roles of every service: identity, monitoring, management.
 * Ids, patterns and conditions are Azure's own, as published. */

static const struct shipped_role roles[] = {
    {.id = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
	.name = "Owner",
	.actions = "*"},
    {.id = "b24988ac-6180-42a0-ab88-20f7382dd24c",
	.name = "Contributor",
	.actions = "*",
	.not_actions =
	    "Microsoft.Authorization/*/Delete "
	    "Microsoft.Authorization/*/Write "
	    "Microsoft.Authorization/elevateAccess/Action "
	    "Microsoft.Blueprint/blueprintAssignments/write "
	    "Microsoft.Blueprint/blueprintAssignments/delete "
	    "Microsoft.Compute/galleries/share/action "
	    "Microsoft.Purview/consents/write "
	    "Microsoft.Purview/consents/delete "
	    "Microsoft.Resources/deploymentStacks/manageDenySetting/action "
	    "Microsoft.Subscription/cancel/action "
	    "Microsoft.Subscription/enable/action"},
    {.id = "acdd72a7-3385-48ef-bd42-f606fba81ae7",
	.name = "Reader",
	.actions = "*/read"},
    {.id = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
	.name = "User Access Administrator",
	.actions = "*/read "
		   "Microsoft.Authorization/* "
		   "Microsoft.Support/*"},
    {.id = "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
	.name = "Role Based Access Control Administrator",
	.actions = "Microsoft.Authorization/roleAssignments/write "
		   "Microsoft.Authorization/roleAssignments/delete "
		   "*/read "
		   "Microsoft.Support/*"},
    {.id = "f7b75c60-3036-4b75-91c3-6b41c27c1689",
	.name = "Reservation Purchaser",
	.actions =
	    "Microsoft.Authorization/roleAssignments/read "
	    "Microsoft.Capacity/catalogs/read "
	    "Microsoft.Capacity/register/action "
	    "Microsoft.Compute/register/action "
	    "Microsoft.Consumption/register/action "
	    "Microsoft.Consumption/reservationRecommendationDetails/read "
	    "Microsoft.Consumption/reservationRecommendations/read "
	    "Microsoft.Resources/subscriptions/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.SQL/register/action "
	    "Microsoft.Support/supporttickets/write"},
    {.id = "5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c",
	.name = "Management Group Contributor",
	.actions = "Microsoft.Management/managementGroups/delete "
		   "Microsoft.Management/managementGroups/read "
		   "Microsoft.Management/managementGroups/subscriptions/delete "
		   "Microsoft.Management/managementGroups/subscriptions/write "
		   "Microsoft.Management/managementGroups/write "
		   "Microsoft.Management/managementGroups/subscriptions/read "
		   "Microsoft.Authorization/*/read"},
    {.id = "ac63b705-f282-497d-ac71-919bf39d939d",
	.name = "Management Group Reader",
	.actions = "Microsoft.Management/managementGroups/read "
		   "Microsoft.Management/managementGroups/subscriptions/read "
		   "Microsoft.Authorization/*/read"},
    {.id = "fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64",
	.name = "Billing Reader",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Billing/*/read "
		   "Microsoft.Commerce/*/read "
		   "Microsoft.Consumption/*/read "
		   "Microsoft.Management/managementGroups/read "
		   "Microsoft.CostManagement/*/read "
		   "Microsoft.Support/*"},
    {.id = "434105ed-43f6-45c7-a02f-909b2ba83430",
	.name = "Cost Management Contributor",
	.actions = "Microsoft.Consumption/* "
		   "Microsoft.CostManagement/* "
		   "Microsoft.Billing/billingPeriods/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Advisor/configurations/read "
		   "Microsoft.Advisor/recommendations/read "
		   "Microsoft.Management/managementGroups/read "
		   "Microsoft.Billing/billingProperty/read"},
    {.id = "72fafb9e-0641-4937-9268-a91bfd8191a3",
	.name = "Cost Management Reader",
	.actions = "Microsoft.Consumption/*/read "
		   "Microsoft.CostManagement/*/read "
		   "Microsoft.Billing/billingPeriods/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Advisor/configurations/read "
		   "Microsoft.Advisor/recommendations/read "
		   "Microsoft.Management/managementGroups/read "
		   "Microsoft.Billing/billingProperty/read"},
    {.id = "4a9ae827-6dc8-4573-8ac7-8239d42aa03f",
	.name = "Tag Contributor",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/resources/read "
	    "Microsoft.Resources/subscriptions/resources/read "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Insights/alertRules/* "
	    "Microsoft.Support/* "
	    "Microsoft.Resources/tags/*"},
    {.id = "28bf596f-4eb7-45ce-b5bc-6cf482fec137",
	.name = "Locks Contributor",
	.actions = "Microsoft.Authorization/locks/read "
		   "Microsoft.Authorization/locks/write "
		   "Microsoft.Authorization/locks/delete"},
    {.id = "36243c78-bf99-498c-9df9-86d9f8d28608",
	.name = "Resource Policy Contributor",
	.actions = "*/read "
		   "Microsoft.Authorization/policyassignments/* "
		   "Microsoft.Authorization/policydefinitions/* "
		   "Microsoft.Authorization/policyexemptions/* "
		   "Microsoft.Authorization/policyenrollments/* "
		   "Microsoft.Authorization/policysetdefinitions/* "
		   "Microsoft.PolicyInsights/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Support/*"},
    {.id = "fb1c8493-542b-48eb-b624-b4c8fea62acd",
	.name = "Security Admin",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Authorization/policyAssignments/* "
		   "Microsoft.Authorization/policyDefinitions/* "
		   "Microsoft.Authorization/policyExemptions/* "
		   "Microsoft.Authorization/policySetDefinitions/* "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Management/managementGroups/read "
		   "Microsoft.operationalInsights/workspaces/*/read "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Security/* "
		   "Microsoft.IoTSecurity/* "
		   "Microsoft.IoTFirmwareDefense/* "
		   "Microsoft.Support/*"},
    {.id = "39bc4728-0917-49c7-9d2c-d95423bc2eb4",
	.name = "Security Reader",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Insights/alertRules/read "
	    "Microsoft.operationalInsights/workspaces/*/read "
	    "Microsoft.Resources/deployments/*/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Security/*/read "
	    "Microsoft.IoTSecurity/*/read "
	    "Microsoft.Support/*/read "
	    "Microsoft.Security/iotDefenderSettings/packageDownloads/action "
	    "Microsoft.Security/iotDefenderSettings/downloadManagerActivation/"
	    "action "
	    "Microsoft.Security/iotSensors/downloadResetPassword/action "
	    "Microsoft.IoTSecurity/defenderSettings/packageDownloads/action "
	    "Microsoft.IoTSecurity/defenderSettings/downloadManagerActivation/"
	    "action "
	    "Microsoft.Management/managementGroups/read"},
    {.id = "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
	.name = "Managed Identity Contributor",
	.actions = "Microsoft.ManagedIdentity/userAssignedIdentities/read "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/write "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/delete "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "federatedIdentityCredentials/read "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "federatedIdentityCredentials/write "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "federatedIdentityCredentials/delete "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "revokeTokens/action "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Support/*"},
    {.id = "f1a07417-d97a-45cb-824c-7a7467783830",
	.name = "Managed Identity Operator",
	.actions =
	    "Microsoft.ManagedIdentity/userAssignedIdentities/*/read "
	    "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action "
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Insights/alertRules/* "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Support/*"},
    {.id = "7e559ce2-48d7-4b27-9128-fa1b247f1308",
	.name = "Managed Identity Federated Identity Credential Contributor",
	.actions = "Microsoft.ManagedIdentity/userAssignedIdentities/read "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "federatedIdentityCredentials/write "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "federatedIdentityCredentials/read "
		   "Microsoft.ManagedIdentity/userAssignedIdentities/"
		   "federatedIdentityCredentials/delete "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Resources/deployments/*"},
    {.id = "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
	.name = "Monitoring Reader",
	.actions = "*/read "
		   "Microsoft.OperationalInsights/workspaces/search/action "
		   "Microsoft.Support/*"},
    {.id = "749f88d5-cbae-40b8-bcfc-e573ddc772fa",
	.name = "Monitoring Contributor",
	.actions =
	    "*/read "
	    "Microsoft.AlertsManagement/alerts/* "
	    "Microsoft.AlertsManagement/alertsSummary/* "
	    "Microsoft.AlertsManagement/issues/* "
	    "Microsoft.Insights/actiongroups/* "
	    "Microsoft.Insights/activityLogAlerts/* "
	    "Microsoft.Insights/AlertRules/* "
	    "Microsoft.Insights/components/* "
	    "Microsoft.Insights/createNotifications/* "
	    "Microsoft.Insights/dataCollectionEndpoints/* "
	    "Microsoft.Insights/dataCollectionRules/* "
	    "Microsoft.Insights/dataCollectionRuleAssociations/* "
	    "Microsoft.Insights/DiagnosticSettings/* "
	    "Microsoft.Insights/eventtypes/* "
	    "Microsoft.Insights/LogDefinitions/* "
	    "Microsoft.Insights/metricalerts/* "
	    "Microsoft.Insights/MetricDefinitions/* "
	    "Microsoft.Insights/Metrics/* "
	    "Microsoft.Insights/notificationStatus/* "
	    "Microsoft.Insights/Register/Action "
	    "Microsoft.Insights/scheduledqueryrules/* "
	    "Microsoft.Insights/webtests/* "
	    "Microsoft.Insights/workbooks/* "
	    "Microsoft.Insights/workbooktemplates/* "
	    "Microsoft.Insights/privateLinkScopes/* "
	    "Microsoft.Insights/privateLinkScopeOperationStatuses/* "
	    "Microsoft.Monitor/accounts/* "
	    "Microsoft.Monitor/settings/* "
	    "Microsoft.OperationalInsights/workspaces/write "
	    "Microsoft.OperationalInsights/workspaces/intelligencepacks/* "
	    "Microsoft.OperationalInsights/workspaces/savedSearches/* "
	    "Microsoft.OperationalInsights/workspaces/search/action "
	    "Microsoft.OperationalInsights/workspaces/sharedKeys/action "
	    "Microsoft.OperationalInsights/workspaces/sharedKeys/read "
	    "Microsoft.OperationalInsights/workspaces/storageinsightconfigs/* "
	    "Microsoft.OperationalInsights/locations/workspaces/failover/"
	    "action "
	    "Microsoft.OperationalInsights/workspaces/failback/action "
	    "Microsoft.Support/* "
	    "Microsoft.AlertsManagement/smartDetectorAlertRules/* "
	    "Microsoft.AlertsManagement/actionRules/* "
	    "Microsoft.AlertsManagement/smartGroups/* "
	    "Microsoft.AlertsManagement/migrateFromSmartDetection/* "
	    "Microsoft.AlertsManagement/investigations/* "
	    "Microsoft.AlertsManagement/prometheusRuleGroups/* "
	    "Microsoft.Monitor/investigations/* "
	    "Microsoft.Resources/deployments/*"},
    {.id = "3913510d-42f4-4e42-8a64-420c390055eb",
	.name = "Monitoring Metrics Publisher",
	.actions = "Microsoft.Insights/Register/Action "
		   "Microsoft.Support/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read",
	.data_actions = "Microsoft.Insights/Metrics/Write "
			"Microsoft.Insights/Telemetry/Write"},
    {.id = "b0d8363b-8ddd-447d-831f-62ca05bff136",
	.name = "Monitoring Data Reader",
	.data_actions = "Microsoft.Monitor/accounts/data/metrics/read"},
    {.id = "73c42c96-874c-492b-b04d-ab87d138a893",
	.name = "Log Analytics Reader",
	.actions =
	    "*/read "
	    "Microsoft.OperationalInsights/workspaces/analytics/query/action "
	    "Microsoft.OperationalInsights/workspaces/search/action "
	    "Microsoft.Support/*",
	.not_actions =
	    "Microsoft.OperationalInsights/workspaces/sharedKeys/read",
	.data_actions =
	    "Microsoft.OperationalInsights/workspaces/jobs/export/action"},
    {.id = "92aaf0da-9dab-42b6-94a3-d43ce8d16293",
	.name = "Log Analytics Contributor",
	.actions =
	    "*/read "
	    "Microsoft.ClassicCompute/virtualMachines/extensions/* "
	    "Microsoft.ClassicStorage/storageAccounts/listKeys/action "
	    "Microsoft.Compute/virtualMachines/extensions/* "
	    "Microsoft.HybridCompute/machines/extensions/write "
	    "Microsoft.Insights/alertRules/* "
	    "Microsoft.Insights/diagnosticSettings/* "
	    "Microsoft.OperationalInsights/* "
	    "Microsoft.OperationsManagement/* "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Resources/subscriptions/resourcegroups/deployments/* "
	    "Microsoft.Storage/storageAccounts/listKeys/action "
	    "Microsoft.Support/*",
	.data_actions =
	    "Microsoft.OperationalInsights/workspaces/jobs/export/action"},
    {.id = "3b03c2da-16b3-4a49-8834-0f8130efdd3b",
	.name = "Log Analytics Data Reader",
	.actions = "Microsoft.OperationalInsights/workspaces/query/read "
		   "Microsoft.OperationalInsights/workspaces/read",
	.data_actions =
	    "Microsoft.OperationalInsights/workspaces/tables/data/read"},
    {.id = "ae349356-3a1b-4a5e-921d-050484c6347e",
	.name = "Application Insights Component Contributor",
	.actions = COMMON "Microsoft.Insights/generateLiveToken/read "
			  "Microsoft.Insights/metricAlerts/* "
			  "Microsoft.Insights/components/* "
			  "Microsoft.Insights/scheduledqueryrules/* "
			  "Microsoft.Insights/topology/read "
			  "Microsoft.Insights/transactions/read "
			  "Microsoft.Insights/webtests/*"},
    {.id = "e8ddcd69-c73f-4f9f-9844-4100522f16ad",
	.name = "Workbook Contributor",
	.actions = "Microsoft.Insights/workbooks/write "
		   "Microsoft.Insights/workbooks/delete "
		   "Microsoft.Insights/workbooks/read "
		   "Microsoft.Insights/workbooks/revisions/read "
		   "Microsoft.Insights/workbooktemplates/write "
		   "Microsoft.Insights/workbooktemplates/delete "
		   "Microsoft.Insights/workbooktemplates/read"},
    {.id = "b279062a-9be3-42a0-92ae-8b3cf002ec4d",
	.name = "Workbook Reader",
	.actions = "microsoft.insights/workbooks/read "
		   "microsoft.insights/workbooks/revisions/read "
		   "microsoft.insights/workbooktemplates/read"},
    {.id = "f353d9bd-d4a6-484e-a77a-8050b599b867",
	.name = "Automation Contributor",
	.actions =
	    "Microsoft.Automation/automationAccounts/* "
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Support/* "
	    "Microsoft.Insights/ActionGroups/* "
	    "Microsoft.Insights/ActivityLogAlerts/* "
	    "Microsoft.Insights/MetricAlerts/* "
	    "Microsoft.Insights/ScheduledQueryRules/* "
	    "Microsoft.Insights/diagnosticSettings/* "
	    "Microsoft.OperationalInsights/workspaces/sharedKeys/action"},
    {.id = "d3881f73-407a-4167-8283-e981cbba0404",
	.name = "Automation Operator",
	.actions = COMMON
	"Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups/"
	"read "
	"Microsoft.Automation/automationAccounts/jobs/read "
	"Microsoft.Automation/automationAccounts/jobs/resume/action "
	"Microsoft.Automation/automationAccounts/jobs/stop/action "
	"Microsoft.Automation/automationAccounts/jobs/streams/read "
	"Microsoft.Automation/automationAccounts/jobs/suspend/action "
	"Microsoft.Automation/automationAccounts/jobs/write "
	"Microsoft.Automation/automationAccounts/jobSchedules/read "
	"Microsoft.Automation/automationAccounts/jobSchedules/write "
	"Microsoft.Automation/automationAccounts/linkedWorkspace/read "
	"Microsoft.Automation/automationAccounts/read "
	"Microsoft.Automation/automationAccounts/runbooks/read "
	"Microsoft.Automation/automationAccounts/schedules/read "
	"Microsoft.Automation/automationAccounts/schedules/write "
	"Microsoft.Automation/automationAccounts/jobs/output/read"},
    {.id = "4fe576fe-1146-4730-92eb-48519fa6bf9f",
	.name = "Automation Job Operator",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups/"
	    "read "
	    "Microsoft.Automation/automationAccounts/jobs/read "
	    "Microsoft.Automation/automationAccounts/jobs/resume/action "
	    "Microsoft.Automation/automationAccounts/jobs/stop/action "
	    "Microsoft.Automation/automationAccounts/jobs/streams/read "
	    "Microsoft.Automation/automationAccounts/jobs/suspend/action "
	    "Microsoft.Automation/automationAccounts/jobs/write "
	    "Microsoft.Automation/automationAccounts/jobs/output/read "
	    "Microsoft.Insights/alertRules/* "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Support/*"},
    {.id = "5fb5aef8-1081-4b8e-bb16-9d5d0385bab5",
	.name = "Automation Runbook Operator",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Automation/automationAccounts/runbooks/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*"},
    {.id = "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e",
	.name = "Support Request Contributor",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*"},
    {.id = "c12c1c16-33a1-487b-954d-41c89c60f349",
	.name = "Reader and Data Access",
	.actions = "Microsoft.Storage/storageAccounts/listKeys/action "
		   "Microsoft.Storage/storageAccounts/ListAccountSas/action "
		   "Microsoft.Storage/storageAccounts/read"},
};

const struct shipped_roles builtin_azure_general = {
    roles, sizeof roles / sizeof roles[0]};
