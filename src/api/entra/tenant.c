#include "api/entra/tenant.h"
#include "api/entra/refusal.h"
#include "keys/jwt.h"

static json_t *
get_tenant(struct platform *p)
{
	const struct snapshot *snapshot = store_pin(p->store);
	json_t *tenant =
	    entity_get(snapshot->state, slice_of(entity_name(ENTITY_TENANT)));

	store_unpin(p->store, snapshot);
	return tenant;
}

static bool
is_our_domain(struct platform *p, struct slice text)
{
	json_t *tenant = get_tenant(p);
	bool ours =
	    text.length > 0 && slice_eq_case(text, jwt_text(tenant, "domain"));

	json_decref(tenant);
	return ours;
}

/* Letters, digits, hyphens and at least one dot between them. */
static bool
is_domain(struct slice text)
{
	bool has_dot = false;

	for (size_t i = 0; i < text.length; i++) {
		char c = ascii_lower(text.at[i]);

		has_dot |= c == '.' && i > 0 && i + 1 < text.length;
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' &&
		    c != '.')
			return false;
	}
	return has_dot;
}

enum tenant
tenant_read(struct platform *platform, struct slice text)
{
	struct guid id;

	if (slice_eq_case(text, SLICE("common")) ||
	    slice_eq_case(text, SLICE("organizations")))
		return TENANT_ANY;
	if (slice_eq_case(text, SLICE("adfs")))
		return TENANT_ADFS;
	if (guid_parse(text, &id))
		return guid_eq(id, platform->tenant) ? TENANT_OURS
						     : TENANT_UNKNOWN;
	if (is_our_domain(platform, text))
		return TENANT_OURS;
	return is_domain(text) || slice_eq_case(text, SLICE("consumers"))
	    ? TENANT_UNKNOWN
	    : TENANT_NONSENSE;
}

bool
tenant_check(struct exchange *x, struct slice text, enum tenant *tenant)
{
	const struct slice arguments[REFUSAL_ARGUMENTS] = {text};

	*tenant = tenant_read(exchange_platform(x), text);
	if (*tenant == TENANT_UNKNOWN)
		refusal_answer(x, REFUSE_NO_TENANT, arguments);
	else if (*tenant == TENANT_NONSENSE)
		refusal_answer(x, REFUSE_TENANT_NAME, arguments);
	else
		return true;
	return false;
}

const char *
tenant_id(struct exchange *x)
{
	char text[GUID_TEXT_LENGTH + 1];
	const char *copy;

	guid_format(exchange_platform(x)->tenant, text);
	copy = arena_text(&x->arena, slice_of(text));
	return copy == NULL ? "" : copy;
}

struct slice
tenant_name(struct exchange *x)
{
	json_t *tenant = get_tenant(exchange_platform(x));
	struct slice name = jwt_text(tenant, "displayName");
	const char *copy = NULL;

	if (name.length > 0)
		copy = arena_text(&x->arena, name);
	json_decref(tenant);
	return slice_of(copy == NULL ? tenant_id(x) : copy);
}
