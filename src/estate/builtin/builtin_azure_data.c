#include "estate/builtin/builtin_table.h"

/* Roles of databases, streams, analytics and machine learning.
 * Ids, patterns and conditions are Azure's own, as published. */

static const struct shipped_role roles[] = {
    {.id = "673868aa-7521-48a0-acc6-0f60742d39f5",
	.name = "Data Factory Contributor",
	.actions = COMMON "Microsoft.DataFactory/dataFactories/* "
			  "Microsoft.DataFactory/factories/* "
			  "Microsoft.EventGrid/eventSubscriptions/write"},
    {.id = "9b7fa17d-e63e-47b0-bb0a-15c516ac86ec",
	.name = "SQL DB Contributor",
	.actions = COMMON "Microsoft.Sql/locations/*/read "
			  "Microsoft.Sql/servers/databases/* "
			  "Microsoft.Sql/servers/read "
			  "Microsoft.Insights/metrics/read "
			  "Microsoft.Insights/metricDefinitions/read",
	.not_actions =
	    "Microsoft.Sql/managedInstances/advancedThreatProtectionSettings/* "
	    "Microsoft.Sql/managedInstances/databases/"
	    "advancedThreatProtectionSettings/* "
	    "Microsoft.Sql/managedInstances/databases/currentSensitivityLabels/"
	    "* "
	    "Microsoft.Sql/managedInstances/databases/"
	    "recommendedSensitivityLabels/* "
	    "Microsoft.Sql/managedInstances/databases/schemas/tables/columns/"
	    "sensitivityLabels/* "
	    "Microsoft.Sql/managedInstances/databases/securityAlertPolicies/* "
	    "Microsoft.Sql/managedInstances/databases/sensitivityLabels/* "
	    "Microsoft.Sql/managedInstances/databases/vulnerabilityAssessments/"
	    "* "
	    "Microsoft.Sql/managedInstances/securityAlertPolicies/* "
	    "Microsoft.Sql/managedInstances/vulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/databases/advancedThreatProtectionSettings/"
	    "* "
	    "Microsoft.Sql/servers/databases/auditingSettings/* "
	    "Microsoft.Sql/servers/databases/auditRecords/read "
	    "Microsoft.Sql/servers/databases/currentSensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/dataMaskingPolicies/* "
	    "Microsoft.Sql/servers/databases/extendedAuditingSettings/* "
	    "Microsoft.Sql/servers/databases/ledgerDigestUploads/disable/"
	    "action "
	    "Microsoft.Sql/servers/databases/ledgerDigestUploads/write "
	    "Microsoft.Sql/servers/databases/recommendedSensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/schemas/tables/columns/"
	    "sensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/securityAlertPolicies/* "
	    "Microsoft.Sql/servers/databases/securityMetrics/* "
	    "Microsoft.Sql/servers/databases/sensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/sqlVulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/databases/vulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/databases/vulnerabilityAssessmentScans/* "
	    "Microsoft.Sql/servers/databases/vulnerabilityAssessmentSettings/* "
	    "Microsoft.Sql/servers/sqlVulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/vulnerabilityAssessments/*"},
    {.id = "6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437",
	.name = "SQL Server Contributor",
	.actions = COMMON "Microsoft.Sql/locations/*/read "
			  "Microsoft.Sql/servers/* "
			  "Microsoft.Insights/metrics/read "
			  "Microsoft.Insights/metricDefinitions/read",
	.not_actions =
	    "Microsoft.Sql/managedInstances/advancedThreatProtectionSettings/* "
	    "Microsoft.Sql/managedInstances/databases/"
	    "advancedThreatProtectionSettings/* "
	    "Microsoft.Sql/managedInstances/databases/currentSensitivityLabels/"
	    "* "
	    "Microsoft.Sql/managedInstances/databases/"
	    "recommendedSensitivityLabels/* "
	    "Microsoft.Sql/managedInstances/databases/schemas/tables/columns/"
	    "sensitivityLabels/* "
	    "Microsoft.Sql/managedInstances/databases/securityAlertPolicies/* "
	    "Microsoft.Sql/managedInstances/databases/sensitivityLabels/* "
	    "Microsoft.Sql/managedInstances/databases/vulnerabilityAssessments/"
	    "* "
	    "Microsoft.Sql/managedInstances/securityAlertPolicies/* "
	    "Microsoft.Sql/managedInstances/vulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/advancedThreatProtectionSettings/* "
	    "Microsoft.Sql/servers/auditingSettings/* "
	    "Microsoft.Sql/servers/azureADOnlyAuthentications/delete "
	    "Microsoft.Sql/servers/azureADOnlyAuthentications/write "
	    "Microsoft.Sql/servers/databases/advancedThreatProtectionSettings/"
	    "* "
	    "Microsoft.Sql/servers/databases/auditingSettings/* "
	    "Microsoft.Sql/servers/databases/auditRecords/read "
	    "Microsoft.Sql/servers/databases/currentSensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/dataMaskingPolicies/* "
	    "Microsoft.Sql/servers/databases/extendedAuditingSettings/* "
	    "Microsoft.Sql/servers/databases/recommendedSensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/schemas/tables/columns/"
	    "sensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/securityAlertPolicies/* "
	    "Microsoft.Sql/servers/databases/securityMetrics/* "
	    "Microsoft.Sql/servers/databases/sensitivityLabels/* "
	    "Microsoft.Sql/servers/databases/sqlVulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/databases/vulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/databases/vulnerabilityAssessmentScans/* "
	    "Microsoft.Sql/servers/databases/vulnerabilityAssessmentSettings/* "
	    "Microsoft.Sql/servers/devOpsAuditingSettings/* "
	    "Microsoft.Sql/servers/extendedAuditingSettings/* "
	    "Microsoft.Sql/servers/externalPolicyBasedAuthorizations/delete "
	    "Microsoft.Sql/servers/externalPolicyBasedAuthorizations/write "
	    "Microsoft.Sql/servers/securityAlertPolicies/* "
	    "Microsoft.Sql/servers/sqlVulnerabilityAssessments/* "
	    "Microsoft.Sql/servers/vulnerabilityAssessments/*"},
    {.id = "4939a1f6-9ae0-4e48-a1e0-f2cbe897382d",
	.name = "SQL Managed Instance Contributor",
	.actions = COMMON "Microsoft.Network/networkSecurityGroups/* "
			  "Microsoft.Network/routeTables/* "
			  "Microsoft.Sql/locations/*/read "
			  "Microsoft.Sql/locations/instanceFailoverGroups/* "
			  "Microsoft.Sql/managedInstances/* "
			  "Microsoft.Network/virtualNetworks/subnets/* "
			  "Microsoft.Network/virtualNetworks/* "
			  "Microsoft.Insights/metrics/read "
			  "Microsoft.Insights/metricDefinitions/read",
	.not_actions =
	    "Microsoft.Sql/managedInstances/azureADOnlyAuthentications/delete "
	    "Microsoft.Sql/managedInstances/azureADOnlyAuthentications/write"},
    {.id = "fbdf93bf-df7d-467e-a4d2-9458aa1360c8",
	.name = "Cosmos DB Account Reader Role",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.DocumentDB/*/read "
		   "Microsoft.DocumentDB/databaseAccounts/readonlykeys/action "
		   "Microsoft.Insights/MetricDefinitions/read "
		   "Microsoft.Insights/Metrics/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*"},
    {.id = "230815da-be43-4aae-9cb4-875f7bd000aa",
	.name = "Cosmos DB Operator",
	.actions = COMMON "Microsoft.DocumentDb/databaseAccounts/* "
			  "Microsoft.Network/virtualNetworks/subnets/"
			  "joinViaServiceEndpoint/action",
	.not_actions =
	    "Microsoft.DocumentDB/databaseAccounts/copyJobs/* "
	    "Microsoft.DocumentDB/databaseAccounts/dataTransferJobs/* "
	    "Microsoft.DocumentDB/databaseAccounts/readonlyKeys/* "
	    "Microsoft.DocumentDB/databaseAccounts/regenerateKey/* "
	    "Microsoft.DocumentDB/databaseAccounts/listKeys/* "
	    "Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/* "
	    "Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions/write "
	    "Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions/delete "
	    "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write "
	    "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/delete "
	    "Microsoft.DocumentDB/databaseAccounts/mongodbRoleDefinitions/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/mongodbRoleDefinitions/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/mongodbUserDefinitions/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/mongodbUserDefinitions/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/tableRoleAssignments/write "
	    "Microsoft.DocumentDB/databaseAccounts/tableRoleAssignments/delete "
	    "Microsoft.DocumentDB/databaseAccounts/tableRoleDefinitions/write "
	    "Microsoft.DocumentDB/databaseAccounts/tableRoleDefinitions/delete "
	    "Microsoft.DocumentDB/databaseAccounts/gremlinRoleAssignments/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/gremlinRoleAssignments/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/gremlinRoleDefinitions/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/gremlinRoleDefinitions/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/cassandraRoleAssignments/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/cassandraRoleAssignments/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/cassandraRoleDefinitions/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/cassandraRoleDefinitions/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/mongoMIRoleAssignments/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/mongoMIRoleAssignments/"
	    "delete "
	    "Microsoft.DocumentDB/databaseAccounts/mongoMIRoleDefinitions/"
	    "write "
	    "Microsoft.DocumentDB/databaseAccounts/mongoMIRoleDefinitions/"
	    "delete"},
    {.id = "5bd9cd88-fe45-4216-938b-f97437e15450",
	.name = "DocumentDB Account Contributor",
	.actions = COMMON "Microsoft.DocumentDb/databaseAccounts/* "
			  "Microsoft.Network/virtualNetworks/subnets/"
			  "joinViaServiceEndpoint/action"},
    {.id = "db7b14f2-5adf-42da-9f96-f2ee17bab5cb",
	.name = "CosmosBackupOperator",
	.actions = "Microsoft.DocumentDB/databaseAccounts/backup/action "
		   "Microsoft.DocumentDB/databaseAccounts/restore/action"},
    {.id = "5432c526-bc82-444a-b7ba-57c5b0b5b34f",
	.name = "CosmosRestoreOperator",
	.actions =
	    "Microsoft.DocumentDB/locations/restorableDatabaseAccounts/restore/"
	    "action "
	    "Microsoft.DocumentDB/locations/restorableDatabaseAccounts/*/read "
	    "Microsoft.DocumentDB/locations/restorableDatabaseAccounts/read"},
    {.id = "e0f68234-74aa-48ed-b826-c38b57376e17",
	.name = "Redis Cache Contributor",
	.actions = COMMON "Microsoft.Cache/register/action "
			  "Microsoft.Cache/redis/*"},
    {.id = "f526a384-b230-433a-b45c-95f59c4a2dec",
	.name = "Azure Event Hubs Data Owner",
	.actions = "Microsoft.EventHub/*",
	.data_actions = "Microsoft.EventHub/*"},
    {.id = "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
	.name = "Azure Event Hubs Data Receiver",
	.actions = "Microsoft.EventHub/*/eventhubs/consumergroups/read",
	.data_actions = "Microsoft.EventHub/*/receive/action"},
    {.id = "2b629674-e913-4c01-ae53-ef4638d8f975",
	.name = "Azure Event Hubs Data Sender",
	.actions = "Microsoft.EventHub/*/eventhubs/read",
	.data_actions = "Microsoft.EventHub/*/send/action"},
    {.id = "090c5cfd-751d-490a-894a-3ce6f1109419",
	.name = "Azure Service Bus Data Owner",
	.actions = "Microsoft.ServiceBus/*",
	.data_actions = "Microsoft.ServiceBus/*"},
    {.id = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
	.name = "Azure Service Bus Data Receiver",
	.actions = "Microsoft.ServiceBus/*/queues/read "
		   "Microsoft.ServiceBus/*/topics/read "
		   "Microsoft.ServiceBus/*/topics/subscriptions/read",
	.data_actions = "Microsoft.ServiceBus/*/receive/action"},
    {.id = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
	.name = "Azure Service Bus Data Sender",
	.actions = "Microsoft.ServiceBus/*/queues/read "
		   "Microsoft.ServiceBus/*/topics/read "
		   "Microsoft.ServiceBus/*/topics/subscriptions/read",
	.data_actions = "Microsoft.ServiceBus/*/send/action"},
    {.id = "26e0b698-aa6d-4085-9386-aadae190014d",
	.name = "Azure Relay Listener",
	.actions = "Microsoft.Relay/*/wcfRelays/read "
		   "Microsoft.Relay/*/hybridConnections/read",
	.data_actions = "Microsoft.Relay/*/listen/action"},
    {.id = "2787bf04-f1f5-4bfe-8383-c8a24483ee38",
	.name = "Azure Relay Owner",
	.actions = "Microsoft.Relay/*",
	.data_actions = "Microsoft.Relay/*"},
    {.id = "26baccc8-eea7-41f1-98f4-1762cc7f685d",
	.name = "Azure Relay Sender",
	.actions = "Microsoft.Relay/*/wcfRelays/read "
		   "Microsoft.Relay/*/hybridConnections/read",
	.data_actions = "Microsoft.Relay/*/send/action"},
    {.id = "1e241071-0855-49ea-94dc-649edcd759de",
	.name = "EventGrid Contributor",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.EventGrid/* "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*"},
    {.id = "d5a91429-5739-47e2-a06b-3470a27159e7",
	.name = "EventGrid Data Sender",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.EventGrid/topics/read "
		   "Microsoft.EventGrid/domains/read "
		   "Microsoft.EventGrid/partnerNamespaces/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.EventGrid/namespaces/read",
	.data_actions = "Microsoft.EventGrid/events/send/action"},
    {.id = "428e0ff0-5e57-4d9c-a221-2c70d0e0a443",
	.name = "EventGrid EventSubscription Contributor",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.EventGrid/eventSubscriptions/* "
	    "Microsoft.EventGrid/topicTypes/eventSubscriptions/read "
	    "Microsoft.EventGrid/locations/eventSubscriptions/read "
	    "Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read "
	    "Microsoft.Insights/alertRules/* "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Support/*"},
    {.id = "2414bbcf-6497-4faf-8c65-045460748405",
	.name = "EventGrid EventSubscription Reader",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.EventGrid/eventSubscriptions/read "
	    "Microsoft.EventGrid/topicTypes/eventSubscriptions/read "
	    "Microsoft.EventGrid/locations/eventSubscriptions/read "
	    "Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read"},
    {.id = "5dffeca3-4936-4216-b2bc-10343a5abb25",
	.name = "Schema Registry Contributor",
	.actions = "Microsoft.EventHub/namespaces/schemagroups/*",
	.data_actions = "Microsoft.EventHub/namespaces/schemas/*"},
    {.id = "2c56ea50-c6b3-40a6-83c0-9d98858bc7d2",
	.name = "Schema Registry Reader",
	.actions = "Microsoft.EventHub/namespaces/schemagroups/read",
	.data_actions = "Microsoft.EventHub/namespaces/schemas/read"},
    {.id = "6e0c8711-85a0-4490-8365-8ec13c4560b4",
	.name = "Stream Analytics Contributor",
	.actions = "Microsoft.StreamAnalytics/* "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read"},
    {.id = "1dfc38e8-6ce7-447f-807c-029c65262c5f",
	.name = "Stream Analytics Reader",
	.actions =
	    "Microsoft.StreamAnalytics/streamingjobs/Read "
	    "Microsoft.StreamAnalytics/streamingjobs/*/Read "
	    "Microsoft.StreamAnalytics/clusters/Read "
	    "Microsoft.StreamAnalytics/clusters/*/Read "
	    "Microsoft.StreamAnalytics/clusters/ListStreamingJobs/action "
	    "Microsoft.StreamAnalytics/locations/*/Read "
	    "Microsoft.StreamAnalytics/operations/Read "
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read"},
    {.id = "f6c7c914-8db3-469d-8ca1-694a8f32e121",
	.name = "AzureML Data Scientist",
	.actions = "Microsoft.MachineLearningServices/workspaces/*/read "
		   "Microsoft.MachineLearningServices/workspaces/*/action "
		   "Microsoft.MachineLearningServices/workspaces/*/delete "
		   "Microsoft.MachineLearningServices/workspaces/*/write",
	.not_actions =
	    "Microsoft.MachineLearningServices/workspaces/delete "
	    "Microsoft.MachineLearningServices/workspaces/write "
	    "Microsoft.MachineLearningServices/workspaces/computes/*/write "
	    "Microsoft.MachineLearningServices/workspaces/computes/*/delete "
	    "Microsoft.MachineLearningServices/workspaces/computes/listKeys/"
	    "action "
	    "Microsoft.MachineLearningServices/workspaces/listKeys/action "
	    "Microsoft.MachineLearningServices/workspaces/hubs/write "
	    "Microsoft.MachineLearningServices/workspaces/hubs/delete "
	    "Microsoft.MachineLearningServices/workspaces/featurestores/write "
	    "Microsoft.MachineLearningServices/workspaces/featurestores/"
	    "delete"},
    {.id = "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
	.name = "AzureML Compute Operator",
	.actions =
	    "Microsoft.MachineLearningServices/workspaces/computes/* "
	    "Microsoft.MachineLearningServices/workspaces/notebooks/vm/*"},
    {.id = "64702f94-c441-49e6-a78b-ef80e0188fee",
	.name = "Azure AI Developer",
	.actions = "Microsoft.MachineLearningServices/workspaces/*/read "
		   "Microsoft.MachineLearningServices/workspaces/*/action "
		   "Microsoft.MachineLearningServices/workspaces/*/delete "
		   "Microsoft.MachineLearningServices/workspaces/*/write "
		   "Microsoft.MachineLearningServices/locations/*/read "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/deployments/*",
	.not_actions =
	    "Microsoft.MachineLearningServices/workspaces/delete "
	    "Microsoft.MachineLearningServices/workspaces/write "
	    "Microsoft.MachineLearningServices/workspaces/listKeys/action "
	    "Microsoft.MachineLearningServices/workspaces/hubs/write "
	    "Microsoft.MachineLearningServices/workspaces/hubs/delete "
	    "Microsoft.MachineLearningServices/workspaces/featurestores/write "
	    "Microsoft.MachineLearningServices/workspaces/featurestores/delete "
	    "Microsoft.MachineLearningServices/workspaces/evaluations/results/"
	    "labels/read "
	    "Microsoft.MachineLearningServices/workspaces/evaluations/results/"
	    "reasonings/read "
	    "Microsoft.MachineLearningServices/workspaces/simulations/results/"
	    "images/read",
	.data_actions = "Microsoft.CognitiveServices/accounts/OpenAI/* "
			"Microsoft.CognitiveServices/accounts/SpeechServices/* "
			"Microsoft.CognitiveServices/accounts/ContentSafety/* "
			"Microsoft.CognitiveServices/accounts/MaaS/*",
	.not_data_actions = "Microsoft.CognitiveServices/accounts/OpenAI/"
			    "fine-tunes-deployments/write"},
    {.id = "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68",
	.name = "Cognitive Services Contributor",
	.actions = COMMON
	"Microsoft.CognitiveServices/* "
	"Microsoft.Features/features/read "
	"Microsoft.Features/providers/features/read "
	"Microsoft.Features/providers/features/register/action "
	"Microsoft.Insights/diagnosticSettings/* "
	"Microsoft.Insights/logDefinitions/read "
	"Microsoft.Insights/metricdefinitions/read "
	"Microsoft.Insights/metrics/read "
	"Microsoft.Resources/deployments/operations/read "
	"Microsoft.Resources/subscriptions/operationresults/read "
	"Microsoft.Resources/subscriptions/read "
	"Microsoft.Resources/subscriptions/resourcegroups/deployments/*"},
    {.id = "a97b65f3-24c7-4388-baec-2e87135dc908",
	.name = "Cognitive Services User",
	.actions = "Microsoft.CognitiveServices/*/read "
		   "Microsoft.CognitiveServices/accounts/listkeys/action "
		   "Microsoft.Insights/alertRules/read "
		   "Microsoft.Insights/diagnosticSettings/read "
		   "Microsoft.Insights/logDefinitions/read "
		   "Microsoft.Insights/metricdefinitions/read "
		   "Microsoft.Insights/metrics/read "
		   "Microsoft.ResourceHealth/availabilityStatuses/read "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*",
	.data_actions = "Microsoft.CognitiveServices/*",
	.not_data_actions = "Microsoft.CognitiveServices/accounts/AIServices/"
			    "agents/endpoints/UserIdentityImpersonation/action "
			    "Microsoft.CognitiveServices/accounts/OpenAI/"
			    "fine-tunes-deployments/write "
			    "Microsoft.CognitiveServices/accounts/AIServices/"
			    "fine_tuning_deployments/write"},
    {.id = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
	.name = "Cognitive Services OpenAI User",
	.actions = "Microsoft.CognitiveServices/*/read "
		   "Microsoft.Authorization/roleAssignments/read "
		   "Microsoft.Authorization/roleDefinitions/read",
	.data_actions =
	    "Microsoft.CognitiveServices/accounts/OpenAI/*/read "
	    "Microsoft.CognitiveServices/accounts/OpenAI/engines/completions/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/engines/search/action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/engines/generate/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/audio/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/search/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/"
	    "completions/action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/"
	    "completions/action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/realtime/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/"
	    "extensions/chat/completions/action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/deployments/"
	    "embeddings/action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/images/generations/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/video/generations/*/"
	    "action "
	    "Microsoft.CognitiveServices/accounts/OpenAI/video/generations/*/"
	    "delete "
	    "Microsoft.CognitiveServices/accounts/OpenAI/assistants/* "
	    "Microsoft.CognitiveServices/accounts/OpenAI/responses/*",
	.not_data_actions = "Microsoft.CognitiveServices/accounts/OpenAI/"
			    "stored-completions/read"},
    {.id = "a001fd3d-188f-4b5d-821b-7da978bf7442",
	.name = "Cognitive Services OpenAI Contributor",
	.actions =
	    "Microsoft.CognitiveServices/*/read "
	    "Microsoft.CognitiveServices/accounts/deployments/write "
	    "Microsoft.CognitiveServices/accounts/deployments/delete "
	    "Microsoft.CognitiveServices/accounts/raiPolicies/read "
	    "Microsoft.CognitiveServices/accounts/raiPolicies/write "
	    "Microsoft.CognitiveServices/accounts/raiPolicies/delete "
	    "Microsoft.CognitiveServices/accounts/commitmentplans/read "
	    "Microsoft.CognitiveServices/accounts/commitmentplans/write "
	    "Microsoft.CognitiveServices/accounts/commitmentplans/delete "
	    "Microsoft.Authorization/roleAssignments/read "
	    "Microsoft.Authorization/roleDefinitions/read",
	.data_actions = "Microsoft.CognitiveServices/accounts/OpenAI/*"},
    {.id = "b59867f0-fa02-499b-be73-45a86b5b3e1c",
	.name = "Cognitive Services Data Reader",
	.data_actions = "Microsoft.CognitiveServices/*/read"},
    {.id = "7ca78c08-252a-4471-8644-bb5ff32d4ba0",
	.name = "Search Service Contributor",
	.actions = COMMON "Microsoft.Search/searchServices/*"},
    {.id = "8ebe5a00-799e-43f5-93ac-243d3dce84a7",
	.name = "Search Index Data Contributor",
	.data_actions = "Microsoft.Search/searchServices/indexes/documents/* "
			"Microsoft.Search/searchServices/indexes/"
			"contentSecurity/elevatedOperations/read"},
    {.id = "1407120a-92aa-4202-b7e9-c0e197c71c8f",
	.name = "Search Index Data Reader",
	.data_actions =
	    "Microsoft.Search/searchServices/indexes/documents/read"},
    {.id = "8a3c2885-9b38-4fd2-9d99-91af537c1347",
	.name = "Purview role 1 (Deprecated)",
	.actions = "Microsoft.Purview/accounts/read",
	.data_actions = "Microsoft.Purview/accounts/data/read "
			"Microsoft.Purview/accounts/data/write"},
    {.id = "200bba9e-f0c8-430f-892b-6f0794863803",
	.name = "Purview role 2 (Deprecated)",
	.actions = "Microsoft.Purview/accounts/read",
	.data_actions = "Microsoft.Purview/accounts/scan/read "
			"Microsoft.Purview/accounts/scan/write"},
    {.id = "ff100721-1b9d-43d8-af52-42b69c1272db",
	.name = "Purview role 3 (Deprecated)",
	.actions = "Microsoft.Purview/accounts/read",
	.data_actions = "Microsoft.Purview/accounts/data/read"},
    {.id = "61ed4efc-fab3-44fd-b111-e24485cc132a",
	.name = "HDInsight Cluster Operator",
	.actions = "Microsoft.HDInsight/*/read "
		   "Microsoft.HDInsight/clusters/getGatewaySettings/action "
		   "Microsoft.HDInsight/clusters/updateGatewaySettings/action "
		   "Microsoft.HDInsight/clusters/configurations/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Support/*"},
    {.id = "6aaa78f1-f7de-44ca-8722-c64a23943cae",
	.name = "Azure Batch Data Contributor",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Batch/batchAccounts/read "
	    "Microsoft.Batch/batchAccounts/applications/* "
	    "Microsoft.Batch/batchAccounts/certificates/* "
	    "Microsoft.Batch/batchAccounts/certificateOperationResults/* "
	    "Microsoft.Batch/batchAccounts/pools/* "
	    "Microsoft.Batch/batchAccounts/poolOperationResults/* "
	    "Microsoft.Batch/locations/*/read "
	    "Microsoft.Insights/alertRules/* "
	    "Microsoft.Resources/deployments/* "
	    "Microsoft.Resources/subscriptions/resourceGroups/read",
	.data_actions = "Microsoft.Batch/batchAccounts/jobSchedules/* "
			"Microsoft.Batch/batchAccounts/jobs/*"},
};

const struct shipped_roles builtin_azure_data = {
    roles, sizeof roles / sizeof roles[0]};
