#include "api/audience.h"
#include "api/tokens.h"

enum token_fault
api_authenticate(struct exchange *x, enum audience audience,
    struct caller *caller, const char **found)
{
	struct api *api = exchange_api(x);
	struct store *store = api->platform->store;
	const struct snapshot *snapshot = store_pin(store);
	char about[TOKEN_ABOUT_BYTES];
	enum token_fault fault;

	*caller = (struct caller){0};
	*found = "";
	fault = tokens_verify(
	    api->tokens, snapshot, exchange_bearer(x), caller, about);
	store_unpin(store, snapshot);
	if (fault == TOKEN_OK &&
	    !audience_takes(api, audience, slice_of(about)))
		fault = TOKEN_WRONG_AUDIENCE;
	if (fault == TOKEN_WRONG_AUDIENCE || fault == TOKEN_WRONG_ISSUER) {
		*found = arena_text(&x->arena, slice_of(about));
		if (*found == NULL)
			*found = "";
	}
	return fault;
}
