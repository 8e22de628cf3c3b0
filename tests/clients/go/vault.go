package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

// azsecrets: the operations of a vault's data plane.
type vault struct{ *azsecrets.Client }

type named struct {
	Name    string
	Version string
}

type given struct {
	named
	Value       string
	Tags        map[string]*string
	ContentType *string `json:"content_type"`
	ExpiresIn   *int    `json:"expires_in"`
	Enabled     *bool
}

func (g given) attributes() *azsecrets.SecretAttributes {
	attributes := &azsecrets.SecretAttributes{Enabled: g.Enabled}
	if g.ExpiresIn != nil {
		attributes.Expires = to.Ptr(time.Now().Add(
			time.Duration(*g.ExpiresIn) * time.Second))
	}
	return attributes
}

func shown(id *azsecrets.ID, contentType *string, tags map[string]*string,
	attributes *azsecrets.SecretAttributes) map[string]any {
	return map[string]any{
		"name":           id.Name(),
		"version":        id.Version(),
		"vault_url":      strings.Split(string(*id), "/secrets/")[0],
		"content_type":   contentType,
		"tags":           tags,
		"enabled":        attributes.Enabled,
		"expires":        attributes.Expires,
		"recovery_level": attributes.RecoveryLevel,
	}
}

func shownSecret(s azsecrets.Secret) map[string]any {
	answer := shown(s.ID, s.ContentType, s.Tags, s.Attributes)
	answer["value"] = s.Value
	return answer
}

func (v vault) put(ctx context.Context, g given) (any, error) {
	made, err := v.SetSecret(ctx, g.Name, azsecrets.SetSecretParameters{
		Value: &g.Value, Tags: g.Tags, ContentType: g.ContentType,
		SecretAttributes: g.attributes()}, nil)
	if err != nil {
		return nil, err
	}
	return shownSecret(made.Secret), nil
}

func (v vault) get(ctx context.Context, n named) (any, error) {
	got, err := v.GetSecret(ctx, n.Name, n.Version, nil)
	if err != nil {
		return nil, err
	}
	return shownSecret(got.Secret), nil
}

func (v vault) fill(ctx context.Context, g struct {
	Prefix string
	Count  int
}) (any, error) {
	for i := 0; i < g.Count; i++ {
		_, err := v.SetSecret(ctx, fmt.Sprintf("%s%02d", g.Prefix, i),
			azsecrets.SetSecretParameters{
				Value: to.Ptr(fmt.Sprintf("value %d", i))}, nil)
		if err != nil {
			return nil, err
		}
	}
	return g.Count, nil
}

func (v vault) names(ctx context.Context, _ struct{}) (any, error) {
	return collect(ctx, v.NewListSecretPropertiesPager(nil),
		func(p azsecrets.ListSecretPropertiesResponse) (names []string) {
			for _, each := range p.Value {
				names = append(names, each.ID.Name())
			}
			return names
		})
}

func (v vault) versions(ctx context.Context, n named) (any, error) {
	return collect(ctx, v.NewListSecretPropertiesVersionsPager(n.Name, nil),
		func(p azsecrets.ListSecretPropertiesVersionsResponse) (all []string) {
			for _, each := range p.Value {
				all = append(all, each.ID.Version())
			}
			return all
		})
}

func (v vault) update(ctx context.Context, g given) (any, error) {
	changed, err := v.UpdateSecretProperties(ctx, g.Name, g.Version,
		azsecrets.UpdateSecretPropertiesParameters{
			ContentType: g.ContentType, Tags: g.Tags,
			SecretAttributes: g.attributes()}, nil)
	if err != nil {
		return nil, err
	}
	return shownSecret(changed.Secret), nil
}

func (v vault) delete(ctx context.Context, n named) (any, error) {
	gone, err := v.DeleteSecret(ctx, n.Name, nil)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"name": gone.ID.Name(), "recovery_id": gone.RecoveryID}, nil
}

func (v vault) deleted(ctx context.Context, _ struct{}) (any, error) {
	return collect(ctx, v.NewListDeletedSecretPropertiesPager(nil),
		func(p azsecrets.ListDeletedSecretPropertiesResponse) (all []string) {
			for _, each := range p.Value {
				all = append(all, each.ID.Name())
			}
			return all
		})
}

func (v vault) getDeleted(ctx context.Context, n named) (any, error) {
	found, err := v.GetDeletedSecret(ctx, n.Name, nil)
	if err != nil {
		return nil, err
	}
	return found.ID.Name(), nil
}

func (v vault) recover(ctx context.Context, n named) (any, error) {
	back, err := v.RecoverDeletedSecret(ctx, n.Name, nil)
	if err != nil {
		return nil, err
	}
	return back.ID.Name(), nil
}

func (v vault) purge(ctx context.Context, n named) (any, error) {
	_, err := v.PurgeDeletedSecret(ctx, n.Name, nil)
	return nil, err
}

func (v vault) backupAndRestore(ctx context.Context, n named) (any, error) {
	blob, err := v.BackupSecret(ctx, n.Name, nil)
	if err != nil {
		return nil, err
	}
	if _, err = v.DeleteSecret(ctx, n.Name, nil); err != nil {
		return nil, err
	}
	if _, err = v.PurgeDeletedSecret(ctx, n.Name, nil); err != nil {
		return nil, err
	}
	back, err := v.RestoreSecret(ctx,
		azsecrets.RestoreSecretParameters{SecretBackup: blob.Value}, nil)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"bytes": len(blob.Value), "name": back.ID.Name()}, nil
}

func vaultOperations() (map[string]operation, error) {
	identity, err := credential()
	if err != nil {
		return nil, err
	}
	client, err := azsecrets.NewClient(os.Getenv("TEST_VAULT"), identity, nil)
	v := vault{client}
	return map[string]operation{
		"put": with(v.put), "get": with(v.get), "fill": with(v.fill),
		"names": with(v.names), "versions": with(v.versions),
		"update": with(v.update), "delete": with(v.delete),
		"deleted": with(v.deleted), "get_deleted": with(v.getDeleted),
		"recover": with(v.recover), "purge": with(v.purge),
		"backup_and_restore": with(v.backupAndRestore),
	}, err
}
