#include "estate/builtin/builtin_table.h"

/* Roles of web apps, containers, machines and networks.
 * Ids, patterns and conditions are Azure's own, as published. */

static const struct shipped_role roles[] = {
    {.id = "de139f84-1756-47ae-9be6-808fbbe84772",
	.name = "Website Contributor",
	.actions = COMMON "Microsoft.Insights/components/* "
			  "Microsoft.Web/certificates/* "
			  "Microsoft.Web/listSitesAssignedToHostName/read "
			  "Microsoft.Web/register/action "
			  "Microsoft.Web/serverFarms/join/action "
			  "Microsoft.Web/serverFarms/read "
			  "Microsoft.Web/sites/*"},
    {.id = "2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b",
	.name = "Web Plan Contributor",
	.actions = COMMON "Microsoft.Web/serverFarms/* "
			  "Microsoft.Web/hostingEnvironments/Join/Action "
			  "Microsoft.Insights/autoscalesettings/*"},
    {.id = "87a39d53-fc1b-424a-814c-f7e04687dc9e",
	.name = "Logic App Contributor",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.ClassicStorage/storageAccounts/listKeys/action "
		   "Microsoft.ClassicStorage/storageAccounts/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Insights/metricAlerts/* "
		   "Microsoft.Insights/diagnosticSettings/* "
		   "Microsoft.Insights/logdefinitions/* "
		   "Microsoft.Insights/metricDefinitions/* "
		   "Microsoft.Logic/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Storage/storageAccounts/listkeys/action "
		   "Microsoft.Storage/storageAccounts/read "
		   "Microsoft.Support/* "
		   "Microsoft.Web/connectionGateways/* "
		   "Microsoft.Web/connections/* "
		   "Microsoft.Web/customApis/* "
		   "Microsoft.Web/serverFarms/join/action "
		   "Microsoft.Web/serverFarms/read "
		   "Microsoft.Web/sites/functions/listSecrets/action"},
    {.id = "515c2055-d9d4-4321-b1b9-bd0c9a0f79fe",
	.name = "Logic App Operator",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/*/read "
		   "Microsoft.Insights/metricAlerts/*/read "
		   "Microsoft.Insights/diagnosticSettings/*/read "
		   "Microsoft.Insights/metricDefinitions/*/read "
		   "Microsoft.Logic/*/read "
		   "Microsoft.Logic/workflows/disable/action "
		   "Microsoft.Logic/workflows/enable/action "
		   "Microsoft.Logic/workflows/validate/action "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Web/connectionGateways/*/read "
		   "Microsoft.Web/connections/*/read "
		   "Microsoft.Web/customApis/*/read "
		   "Microsoft.Web/serverFarms/read"},
    {.id = "ad710c24-b039-4e85-a019-deb4a06e8570",
	.name = "Logic Apps Standard Contributor",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Web/*/read "
		   "Microsoft.Web/certificates/* "
		   "Microsoft.Web/connectionGateways/* "
		   "Microsoft.Web/connections/* "
		   "Microsoft.Web/customApis/* "
		   "Microsoft.Web/serverFarms/* "
		   "Microsoft.Web/sites/*"},
    {.id = "523776ba-4eb2-4600-a3c8-f2dc93da4bdb",
	.name = "Logic Apps Standard Developer",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Web/*/read "
		   "Microsoft.Web/connections/* "
		   "Microsoft.Web/customApis/* "
		   "Microsoft.Web/sites/config/list/Action "
		   "microsoft.web/sites/config/Write "
		   "microsoft.web/sites/config/web/appsettings/delete "
		   "microsoft.web/sites/config/web/appsettings/write "
		   "microsoft.web/sites/deployWorkflowArtifacts/action "
		   "microsoft.web/sites/hostruntime/* "
		   "microsoft.web/sites/listworkflowsconnections/action "
		   "Microsoft.Web/sites/publish/Action "
		   "microsoft.web/sites/slots/config/appsettings/write "
		   "Microsoft.Web/sites/slots/config/list/Action "
		   "microsoft.web/sites/slots/config/web/appsettings/delete "
		   "microsoft.web/sites/slots/deployWorkflowArtifacts/action "
		   "microsoft.web/sites/slots/listworkflowsconnections/action "
		   "Microsoft.Web/sites/slots/publish/Action "
		   "microsoft.web/sites/workflows/* "
		   "microsoft.web/sites/workflowsconfiguration/*"},
    {.id = "b70c96e9-66fe-4c09-b6e7-c98e69c98555",
	.name = "Logic Apps Standard Operator",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Web/*/read "
		   "Microsoft.Web/sites/applySlotConfig/Action "
		   "microsoft.web/sites/hostruntime/* "
		   "Microsoft.Web/sites/restart/Action "
		   "Microsoft.Web/sites/slots/restart/Action "
		   "Microsoft.Web/sites/slots/slotsswap/Action "
		   "Microsoft.Web/sites/slots/start/Action "
		   "Microsoft.Web/sites/slots/stop/Action "
		   "Microsoft.Web/sites/slotsdiffs/Action "
		   "Microsoft.Web/sites/slotsswap/Action "
		   "Microsoft.Web/sites/start/Action "
		   "Microsoft.Web/sites/stop/Action "
		   "Microsoft.Web/sites/write",
	.not_actions = "Microsoft.Web/sites/hostruntime/host/_master/read "
		       "Microsoft.Web/sites/hostruntime/host/action"},
    {.id = "4accf36b-2c05-432f-91c8-5c532dff4c73",
	.name = "Logic Apps Standard Reader",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/operations/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Web/*/read"},
    {.id = "fe86443c-f201-4fc4-9d2a-ac61149fbda0",
	.name = "App Configuration Contributor",
	.actions = "Microsoft.AppConfiguration/* "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read",
	.not_actions = "Microsoft.AppConfiguration/locations/"
		       "deletedConfigurationStores/purge/action"},
    {.id = "175b81b9-6e0d-490a-85e4-0d422273c10c",
	.name = "App Configuration Reader",
	.actions = "Microsoft.AppConfiguration/*/read "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/read "
		   "Microsoft.Resources/deployments/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read"},
    {.id = "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b",
	.name = "App Configuration Data Owner",
	.data_actions =
	    "Microsoft.AppConfiguration/configurationStores/*/read "
	    "Microsoft.AppConfiguration/configurationStores/*/write "
	    "Microsoft.AppConfiguration/configurationStores/*/delete "
	    "Microsoft.AppConfiguration/configurationStores/*/action"},
    {.id = "516239f1-63e1-4d78-a4de-a74fb236a071",
	.name = "App Configuration Data Reader",
	.data_actions =
	    "Microsoft.AppConfiguration/configurationStores/*/read"},
    {.id = "312a565d-c81f-4fd8-895a-4e21e48d571c",
	.name = "API Management Service Contributor",
	.actions = COMMON "Microsoft.ApiManagement/service/*"},
    {.id = "71522526-b88f-4d52-b57f-d31fc3546d0d",
	.name = "API Management Service Reader Role",
	.actions = "Microsoft.ApiManagement/service/*/read "
		   "Microsoft.ApiManagement/service/read "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.ResourceHealth/availabilityStatuses/read "
		   "Microsoft.Resources/deployments/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*",
	.not_actions = "Microsoft.ApiManagement/service/users/keys/read"},
    {.id = "7f951dda-4ed3-4680-a7ca-43fe172d538d",
	.name = "AcrPull",
	.actions = "Microsoft.ContainerRegistry/registries/pull/read"},
    {.id = "8311e382-0749-4cb8-b61a-304f252e45ec",
	.name = "AcrPush",
	.actions = "Microsoft.ContainerRegistry/registries/pull/read "
		   "Microsoft.ContainerRegistry/registries/push/write"},
    {.id = "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
	.name = "AcrDelete",
	.actions = "Microsoft.ContainerRegistry/registries/artifacts/delete"},
    {.id = "6cef56e8-d556-48e5-a04f-b8e64114680f",
	.name = "AcrImageSigner",
	.actions = "Microsoft.ContainerRegistry/registries/sign/write",
	.data_actions =
	    "Microsoft.ContainerRegistry/registries/trustedCollections/write"},
    {.id = "b93aa761-3e63-49ed-ac28-beffa264f7ac",
	.name = "Container Registry Repository Reader",
	.data_actions =
	    "Microsoft.ContainerRegistry/registries/repositories/metadata/read "
	    "Microsoft.ContainerRegistry/registries/repositories/content/read"},
    {.id = "2a1e307c-b015-4ebd-883e-5b7698a07328",
	.name = "Container Registry Repository Writer",
	.data_actions =
	    "Microsoft.ContainerRegistry/registries/repositories/metadata/read "
	    "Microsoft.ContainerRegistry/registries/repositories/content/read "
	    "Microsoft.ContainerRegistry/registries/repositories/metadata/"
	    "write "
	    "Microsoft.ContainerRegistry/registries/repositories/content/"
	    "write"},
    {.id = "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
	.name = "Container Registry Repository Contributor",
	.data_actions =
	    "Microsoft.ContainerRegistry/registries/repositories/metadata/read "
	    "Microsoft.ContainerRegistry/registries/repositories/content/read "
	    "Microsoft.ContainerRegistry/registries/repositories/metadata/"
	    "write "
	    "Microsoft.ContainerRegistry/registries/repositories/content/write "
	    "Microsoft.ContainerRegistry/registries/repositories/metadata/"
	    "delete "
	    "Microsoft.ContainerRegistry/registries/repositories/content/"
	    "delete"},
    {.id = "3498e952-d568-435e-9b2c-8d77e338d7f7",
	.name = "Azure Kubernetes Service RBAC Admin",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.ContainerService/managedClusters/"
		   "listClusterUserCredential/action",
	.data_actions = "Microsoft.ContainerService/managedClusters/*",
	.not_data_actions =
	    "Microsoft.ContainerService/managedClusters/resourcequotas/write "
	    "Microsoft.ContainerService/managedClusters/resourcequotas/delete "
	    "Microsoft.ContainerService/managedClusters/namespaces/write "
	    "Microsoft.ContainerService/managedClusters/namespaces/delete"},
    {.id = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
	.name = "Azure Kubernetes Service RBAC Cluster Admin",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.ContainerService/managedClusters/"
		   "listClusterUserCredential/action",
	.data_actions = "Microsoft.ContainerService/managedClusters/*"},
    {.id = "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
	.name = "Azure Kubernetes Service RBAC Reader",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read",
	.data_actions =
	    "Microsoft.ContainerService/managedClusters/apps/"
	    "controllerrevisions/read "
	    "Microsoft.ContainerService/managedClusters/apps/daemonsets/read "
	    "Microsoft.ContainerService/managedClusters/apps/deployments/read "
	    "Microsoft.ContainerService/managedClusters/apps/replicasets/read "
	    "Microsoft.ContainerService/managedClusters/apps/statefulsets/read "
	    "Microsoft.ContainerService/managedClusters/autoscaling/"
	    "horizontalpodautoscalers/read "
	    "Microsoft.ContainerService/managedClusters/batch/cronjobs/read "
	    "Microsoft.ContainerService/managedClusters/batch/jobs/read "
	    "Microsoft.ContainerService/managedClusters/configmaps/read "
	    "Microsoft.ContainerService/managedClusters/discovery.k8s.io/"
	    "endpointslices/read "
	    "Microsoft.ContainerService/managedClusters/endpoints/read "
	    "Microsoft.ContainerService/managedClusters/events.k8s.io/events/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/events/read "
	    "Microsoft.ContainerService/managedClusters/extensions/daemonsets/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/extensions/deployments/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/extensions/ingresses/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/extensions/"
	    "networkpolicies/read "
	    "Microsoft.ContainerService/managedClusters/extensions/replicasets/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/limitranges/read "
	    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/pods/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/nodes/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/namespaces/read "
	    "Microsoft.ContainerService/managedClusters/networking.k8s.io/"
	    "ingresses/read "
	    "Microsoft.ContainerService/managedClusters/networking.k8s.io/"
	    "networkpolicies/read "
	    "Microsoft.ContainerService/managedClusters/persistentvolumeclaims/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/pods/read "
	    "Microsoft.ContainerService/managedClusters/policy/"
	    "poddisruptionbudgets/read "
	    "Microsoft.ContainerService/managedClusters/replicationcontrollers/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/resourcequotas/read "
	    "Microsoft.ContainerService/managedClusters/serviceaccounts/read "
	    "Microsoft.ContainerService/managedClusters/services/read"},
    {.id = "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
	.name = "Azure Kubernetes Service RBAC Writer",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/subscriptions/operationresults/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read",
	.data_actions =
	    "Microsoft.ContainerService/managedClusters/apps/"
	    "controllerrevisions/read "
	    "Microsoft.ContainerService/managedClusters/apps/daemonsets/* "
	    "Microsoft.ContainerService/managedClusters/apps/deployments/* "
	    "Microsoft.ContainerService/managedClusters/apps/replicasets/* "
	    "Microsoft.ContainerService/managedClusters/apps/statefulsets/* "
	    "Microsoft.ContainerService/managedClusters/autoscaling/"
	    "horizontalpodautoscalers/* "
	    "Microsoft.ContainerService/managedClusters/batch/cronjobs/* "
	    "Microsoft.ContainerService/managedClusters/coordination.k8s.io/"
	    "leases/read "
	    "Microsoft.ContainerService/managedClusters/coordination.k8s.io/"
	    "leases/write "
	    "Microsoft.ContainerService/managedClusters/coordination.k8s.io/"
	    "leases/delete "
	    "Microsoft.ContainerService/managedClusters/discovery.k8s.io/"
	    "endpointslices/read "
	    "Microsoft.ContainerService/managedClusters/batch/jobs/* "
	    "Microsoft.ContainerService/managedClusters/configmaps/* "
	    "Microsoft.ContainerService/managedClusters/endpoints/* "
	    "Microsoft.ContainerService/managedClusters/events.k8s.io/events/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/events/* "
	    "Microsoft.ContainerService/managedClusters/extensions/daemonsets/"
	    "* "
	    "Microsoft.ContainerService/managedClusters/extensions/deployments/"
	    "* "
	    "Microsoft.ContainerService/managedClusters/extensions/ingresses/* "
	    "Microsoft.ContainerService/managedClusters/extensions/"
	    "networkpolicies/* "
	    "Microsoft.ContainerService/managedClusters/extensions/replicasets/"
	    "* "
	    "Microsoft.ContainerService/managedClusters/limitranges/read "
	    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/pods/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/nodes/"
	    "read "
	    "Microsoft.ContainerService/managedClusters/namespaces/read "
	    "Microsoft.ContainerService/managedClusters/networking.k8s.io/"
	    "ingresses/* "
	    "Microsoft.ContainerService/managedClusters/networking.k8s.io/"
	    "networkpolicies/* "
	    "Microsoft.ContainerService/managedClusters/persistentvolumeclaims/"
	    "* "
	    "Microsoft.ContainerService/managedClusters/pods/* "
	    "Microsoft.ContainerService/managedClusters/policy/"
	    "poddisruptionbudgets/* "
	    "Microsoft.ContainerService/managedClusters/replicationcontrollers/"
	    "* "
	    "Microsoft.ContainerService/managedClusters/resourcequotas/read "
	    "Microsoft.ContainerService/managedClusters/secrets/* "
	    "Microsoft.ContainerService/managedClusters/serviceaccounts/* "
	    "Microsoft.ContainerService/managedClusters/services/*"},
    {.id = "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
	.name = "Azure Kubernetes Service Cluster Admin Role",
	.actions =
	    "Microsoft.ContainerService/managedClusters/"
	    "listClusterAdminCredential/action "
	    "Microsoft.ContainerService/managedClusters/accessProfiles/"
	    "listCredential/action "
	    "Microsoft.ContainerService/managedClusters/read "
	    "Microsoft.ContainerService/managedClusters/runcommand/action"},
    {.id = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
	.name = "Azure Kubernetes Service Cluster User Role",
	.actions = "Microsoft.ContainerService/managedClusters/"
		   "listClusterUserCredential/action "
		   "Microsoft.ContainerService/managedClusters/read"},
    {.id = "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
	.name = "Azure Kubernetes Service Contributor Role",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.ContainerService/locations/* "
		   "Microsoft.ContainerService/managedClusters/* "
		   "Microsoft.ContainerService/managedclustersnapshots/* "
		   "Microsoft.ContainerService/snapshots/* "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.ContainerService/deploymentSafeguards/*"},
    {.id = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
	.name = "Virtual Machine Contributor",
	.actions = COMMON
	"Microsoft.Compute/availabilitySets/* "
	"Microsoft.Compute/locations/* "
	"Microsoft.Compute/virtualMachines/* "
	"Microsoft.Compute/virtualMachineScaleSets/* "
	"Microsoft.Compute/cloudServices/* "
	"Microsoft.Compute/disks/write "
	"Microsoft.Compute/disks/read "
	"Microsoft.Compute/disks/delete "
	"Microsoft.Compute/hostgroups/write "
	"Microsoft.Compute/hostgroups/hosts/write "
	"Microsoft.DevTestLab/schedules/* "
	"Microsoft.Network/applicationGateways/backendAddressPools/join/action "
	"Microsoft.Network/loadBalancers/backendAddressPools/join/action "
	"Microsoft.Network/loadBalancers/inboundNatPools/join/action "
	"Microsoft.Network/loadBalancers/inboundNatRules/join/action "
	"Microsoft.Network/loadBalancers/probes/join/action "
	"Microsoft.Network/loadBalancers/read "
	"Microsoft.Network/locations/* "
	"Microsoft.Network/networkInterfaces/* "
	"Microsoft.Network/networkSecurityGroups/join/action "
	"Microsoft.Network/networkSecurityGroups/read "
	"Microsoft.Network/publicIPAddresses/join/action "
	"Microsoft.Network/publicIPAddresses/read "
	"Microsoft.Network/virtualNetworks/read "
	"Microsoft.Network/virtualNetworks/subnets/join/action "
	"Microsoft.RecoveryServices/locations/* "
	"Microsoft.RecoveryServices/Vaults/backupFabrics/"
	"backupProtectionIntent/write "
	"Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/"
	"protectedItems/*/read "
	"Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/"
	"protectedItems/read "
	"Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/"
	"protectedItems/write "
	"Microsoft.RecoveryServices/Vaults/backupPolicies/read "
	"Microsoft.RecoveryServices/Vaults/backupPolicies/write "
	"Microsoft.RecoveryServices/Vaults/read "
	"Microsoft.RecoveryServices/Vaults/usages/read "
	"Microsoft.RecoveryServices/Vaults/write "
	"Microsoft.SerialConsole/serialPorts/connect/action "
	"Microsoft.SqlVirtualMachine/* "
	"Microsoft.Storage/storageAccounts/listKeys/action "
	"Microsoft.Storage/storageAccounts/read"},
    {.id = "1c0163c0-47e6-4577-8991-ea5c82e286e4",
	.name = "Virtual Machine Administrator Login",
	.actions =
	    "Microsoft.Network/publicIPAddresses/read "
	    "Microsoft.Network/virtualNetworks/read "
	    "Microsoft.Network/loadBalancers/read "
	    "Microsoft.Network/networkInterfaces/read "
	    "Microsoft.Compute/virtualMachines/*/read "
	    "Microsoft.HybridCompute/machines/*/read "
	    "Microsoft.HybridConnectivity/endpoints/listCredentials/action",
	.data_actions = "Microsoft.Compute/virtualMachines/login/action "
			"Microsoft.Compute/virtualMachines/loginAsAdmin/action "
			"Microsoft.HybridCompute/machines/login/action "
			"Microsoft.HybridCompute/machines/loginAsAdmin/action"},
    {.id = "fb879df8-f326-4884-b1cf-06f3ad86be52",
	.name = "Virtual Machine User Login",
	.actions =
	    "Microsoft.Network/publicIPAddresses/read "
	    "Microsoft.Network/virtualNetworks/read "
	    "Microsoft.Network/loadBalancers/read "
	    "Microsoft.Network/networkInterfaces/read "
	    "Microsoft.Compute/virtualMachines/*/read "
	    "Microsoft.HybridCompute/machines/*/read "
	    "Microsoft.HybridConnectivity/endpoints/listCredentials/action",
	.data_actions = "Microsoft.Compute/virtualMachines/login/action "
			"Microsoft.HybridCompute/machines/login/action"},
    {.id = "4d97b98b-1d4f-4787-a291-c67834d212e7",
	.name = "Network Contributor",
	.actions = COMMON "Microsoft.Network/*"},
    {.id = "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
	.name = "Private DNS Zone Contributor",
	.actions = "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.Network/privateDnsZones/* "
		   "Microsoft.Network/privateDnsOperationResults/* "
		   "Microsoft.Network/privateDnsOperationStatuses/* "
		   "Microsoft.Network/virtualNetworks/read "
		   "Microsoft.Network/virtualNetworks/join/action "
		   "Microsoft.Authorization/*/read"},
    {.id = "befefa01-2a29-4197-83a8-272ff33ce314",
	.name = "DNS Zone Contributor",
	.actions = COMMON "Microsoft.Network/dnsZones/*"},
    {.id = "d73bb868-a0df-4d4d-bd69-98a00b01fccb",
	.name = "Classic Virtual Machine Contributor",
	.actions =
	    COMMON "Microsoft.ClassicCompute/domainNames/* "
		   "Microsoft.ClassicCompute/virtualMachines/* "
		   "Microsoft.ClassicNetwork/networkSecurityGroups/join/action "
		   "Microsoft.ClassicNetwork/reservedIps/link/action "
		   "Microsoft.ClassicNetwork/reservedIps/read "
		   "Microsoft.ClassicNetwork/virtualNetworks/join/action "
		   "Microsoft.ClassicNetwork/virtualNetworks/read "
		   "Microsoft.ClassicStorage/storageAccounts/disks/read "
		   "Microsoft.ClassicStorage/storageAccounts/images/read "
		   "Microsoft.ClassicStorage/storageAccounts/listKeys/action "
		   "Microsoft.ClassicStorage/storageAccounts/read"},
    {.id = "c7393b34-138c-406f-901b-d8cf2b17e6ae",
	.name = "Managed Application Operator Role",
	.actions = "*/read "
		   "Microsoft.Solutions/applications/read "
		   "Microsoft.Solutions/*/action"},
    {.id = "18e40d4e-8d2e-438d-97e1-9528336e149c",
	.name = "Deployment Environments User",
	.actions = "Microsoft.DevCenter/projects/read "
		   "Microsoft.DevCenter/projects/*/read "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Authorization/*/read",
	.not_actions = "Microsoft.DevCenter/projects/pools/read "
		       "Microsoft.DevCenter/projects/pools/schedules/read",
	.data_actions =
	    "Microsoft.DevCenter/projects/users/environments/userRead/action "
	    "Microsoft.DevCenter/projects/users/environments/userWrite/action "
	    "Microsoft.DevCenter/projects/users/environments/userDelete/action "
	    "Microsoft.DevCenter/projects/users/environments/userActionManage/"
	    "action "
	    "Microsoft.DevCenter/projects/users/environments/userOutputsRead/"
	    "action"},
    {.id = "331c37c6-af14-46d9-b9f4-e1909e1b95a0",
	.name = "DevCenter Project Admin",
	.actions = "Microsoft.DevCenter/projects/* "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read",
	.not_actions = "Microsoft.DevCenter/projects/write "
		       "Microsoft.DevCenter/projects/delete",
	.data_actions =
	    "Microsoft.DevCenter/projects/users/devboxes/adminStart/action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminStop/action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminRead/action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminWrite/action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminDelete/action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminAlign/action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminActionRead/"
	    "action "
	    "Microsoft.DevCenter/projects/users/devboxes/adminActionManage/"
	    "action "
	    "Microsoft.DevCenter/projects/users/devboxes/userStop/action "
	    "Microsoft.DevCenter/projects/users/devboxes/userStart/action "
	    "Microsoft.DevCenter/projects/users/devboxes/"
	    "userGetRemoteConnection/action "
	    "Microsoft.DevCenter/projects/users/devboxes/userRead/action "
	    "Microsoft.DevCenter/projects/users/devboxes/userWrite/action "
	    "Microsoft.DevCenter/projects/users/devboxes/userDelete/action "
	    "Microsoft.DevCenter/projects/users/devboxes/userActionRead/action "
	    "Microsoft.DevCenter/projects/users/devboxes/userActionManage/"
	    "action "
	    "Microsoft.DevCenter/projects/users/devboxes/userCustomize/action "
	    "Microsoft.DevCenter/projects/users/environments/adminRead/action "
	    "Microsoft.DevCenter/projects/users/environments/userWrite/action "
	    "Microsoft.DevCenter/projects/users/environments/adminWrite/action "
	    "Microsoft.DevCenter/projects/users/environments/userDelete/action "
	    "Microsoft.DevCenter/projects/users/environments/adminDelete/"
	    "action "
	    "Microsoft.DevCenter/projects/users/environments/adminAction/"
	    "action "
	    "Microsoft.DevCenter/projects/users/environments/adminActionRead/"
	    "action "
	    "Microsoft.DevCenter/projects/users/environments/adminActionManage/"
	    "action "
	    "Microsoft.DevCenter/projects/users/environments/adminOutputsRead/"
	    "action "
	    "Microsoft.DevCenter/projects/pools/align/action"},
    {.id = "78cbd9e7-9798-4e2e-9b5a-547d9ebb31fb",
	.name = "EventGrid Data Receiver",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.EventGrid/eventSubscriptions/read "
	    "Microsoft.EventGrid/topicTypes/eventSubscriptions/read "
	    "Microsoft.EventGrid/locations/eventSubscriptions/read "
	    "Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.EventGrid/namespaces/read",
	.data_actions = "Microsoft.EventGrid/events/receive/action"},
};

const struct shipped_roles builtin_azure_compute = {
    roles, sizeof roles / sizeof roles[0]};
