// What the Go programs of the tests share: a credential from the environment,
// one line of JSON as answer. usage: clients vault|authorization OPERATION JSON
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

type operation func(ctx context.Context, arguments []byte) (any, error)

func credential() (azcore.TokenCredential, error) {
	tenant, client := os.Getenv("TEST_TENANT"), os.Getenv("TEST_CLIENT")
	switch os.Getenv("TEST_CREDENTIAL") {
	case "secret":
		return azidentity.NewClientSecretCredential(tenant, client,
			os.Getenv("TEST_SECRET"), nil)
	case "certificate":
		data, err := os.ReadFile(os.Getenv("TEST_CERTIFICATE"))
		if err != nil {
			return nil, err
		}
		certificates, key, err := azidentity.ParseCertificates(data, nil)
		if err != nil {
			return nil, err
		}
		return azidentity.NewClientCertificateCredential(tenant, client,
			certificates, key, nil)
	case "assertion":
		return azidentity.NewClientAssertionCredential(tenant, client,
			func(context.Context) (string, error) {
				return os.Getenv("TEST_ASSERTION"), nil
			}, nil)
	default:
		return azidentity.NewDefaultAzureCredential(nil)
	}
}

// details reads the error of Azure's form out of an answer.
func details(response *http.Response, into map[string]any) {
	var body struct {
		Error struct {
			Code       string
			Message    string
			InnerError struct{ Code string }
		}
	}
	text, err := runtime.Payload(response)
	if err != nil || json.Unmarshal(text, &body) != nil {
		return
	}
	into["code"] = body.Error.Code
	into["text"] = body.Error.Message
	into["inner"] = body.Error.InnerError.Code
}

func failure(err error) map[string]any {
	answer := map[string]any{
		"class": fmt.Sprintf("%T", err), "message": err.Error()}
	var refused *azcore.ResponseError
	if errors.As(err, &refused) {
		answer["status"] = refused.StatusCode
		answer["code"] = refused.ErrorCode
		details(refused.RawResponse, answer)
	}
	return answer
}

func run(arguments []string) (any, error) {
	programs := map[string]func() (map[string]operation, error){
		"vault": vaultOperations, "authorization": authorizationOperations}
	if len(arguments) != 3 || programs[arguments[0]] == nil {
		return nil, errors.New("usage: vault|authorization OPERATION JSON")
	}
	operations, err := programs[arguments[0]]()
	if err != nil {
		return nil, err
	}
	chosen := operations[arguments[1]]
	if chosen == nil {
		return nil, errors.New("no such operation: " + arguments[1])
	}
	return chosen(context.Background(), []byte(arguments[2]))
}

func main() {
	answer := map[string]any{}
	if ok, err := run(os.Args[1:]); err != nil {
		answer["error"] = failure(err)
	} else {
		answer["ok"] = ok
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		os.Exit(1)
	}
}

// with reads an operation's arguments into the struct that it takes.
func with[T any](work func(context.Context, T) (any, error)) operation {
	return func(ctx context.Context, arguments []byte) (any, error) {
		var given T
		if err := json.Unmarshal(arguments, &given); err != nil {
			return nil, err
		}
		return work(ctx, given)
	}
}

// collect goes through all pages of a list.
func collect[P, T any](ctx context.Context, pager *runtime.Pager[P],
	each func(P) []T) ([]T, error) {
	all := []T{}
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, each(page)...)
	}
	return all, nil
}
