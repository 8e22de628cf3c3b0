package main

import (
	"context"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	auth "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
	"github.com/google/uuid"
)

// armauthorization: role definitions and assignments.
type authorization struct {
	definitions *auth.RoleDefinitionsClient
	assignments *auth.RoleAssignmentsClient
}

type asked struct {
	Scope, Role, Principal, ID string
}

func (a authorization) find(ctx context.Context, q asked) (
	[]*auth.RoleDefinition, error) {
	return collect(ctx, a.definitions.NewListPager(q.Scope,
		&auth.RoleDefinitionsClientListOptions{
			Filter: to.Ptr(fmt.Sprintf("roleName eq '%s'", q.Role))}),
		func(p auth.RoleDefinitionsClientListResponse) []*auth.RoleDefinition {
			return p.Value
		})
}

func (a authorization) definition(ctx context.Context, q asked) (any, error) {
	found, err := a.find(ctx, q)
	if err != nil {
		return nil, err
	}
	answer := map[string]any{"count": len(found)}
	if len(found) > 0 {
		answer["id"] = found[0].ID
		answer["name"] = found[0].Properties.RoleName
	}
	return answer, nil
}

func (a authorization) assign(ctx context.Context, q asked) (any, error) {
	found, err := a.find(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d roles %q", len(found), q.Role)
	}
	made, err := a.assignments.Create(ctx, q.Scope, uuid.NewString(),
		auth.RoleAssignmentCreateParameters{
			Properties: &auth.RoleAssignmentProperties{
				RoleDefinitionID: found[0].ID, PrincipalID: &q.Principal,
				PrincipalType: to.Ptr(
					auth.PrincipalTypeServicePrincipal)}}, nil)
	if err != nil {
		return nil, err
	}
	return map[string]any{"id": made.ID, "name": made.Name,
		"principal": made.Properties.PrincipalID}, nil
}

func (a authorization) list(ctx context.Context, q asked) (any, error) {
	return collect(ctx, a.assignments.NewListForScopePager(q.Scope, nil),
		func(p auth.RoleAssignmentsClientListForScopeResponse) (
			all []*string) {
			for _, each := range p.Value {
				all = append(all, each.Properties.PrincipalID)
			}
			return all
		})
}

func (a authorization) remove(ctx context.Context, q asked) (any, error) {
	gone, err := a.assignments.DeleteByID(ctx, q.ID, nil)
	if err != nil {
		return nil, err
	}
	return gone.Name, nil
}

func authorizationOperations() (map[string]operation, error) {
	identity, err := credential()
	if err != nil {
		return nil, err
	}
	definitions, err := auth.NewRoleDefinitionsClient(identity, nil)
	if err != nil {
		return nil, err
	}
	assignments, err := auth.NewRoleAssignmentsClient(
		os.Getenv("TEST_SUBSCRIPTION"), identity, nil)
	a := authorization{definitions, assignments}
	return map[string]operation{
		"definition": with(a.definition), "assign": with(a.assign),
		"assignments": with(a.list), "remove": with(a.remove),
	}, err
}
