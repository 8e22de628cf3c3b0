#include "api/entra/call.h"
#include "api/entra/tenant.h"

/*
 * The form. Fields that nobody here knows are left alone: every client sends
 * about ten of them. What matters may stand once only.
 */

static const struct {
	const char *name;
	size_t offset;
} fields[] = {
    {"grant_type", offsetof(struct token_call, grant_type)},
    {"client_id", offsetof(struct token_call, client_id)},
    {"client_secret", offsetof(struct token_call, secret)},
    {"client_assertion", offsetof(struct token_call, assertion)},
    {"client_assertion_type", offsetof(struct token_call, assertion_type)},
    {"scope", offsetof(struct token_call, scope)},
    {"resource", offsetof(struct token_call, resource_id)},
};

static const struct slice none;

static bool
is_form(const struct exchange *x)
{
	struct slice type = exchange_header(x, "Content-Type"), essence = {0};

	slice_cut(&type, ';', &essence);
	return slice_eq_case(
	    slice_trim(essence), SLICE("application/x-www-form-urlencoded"));
}

static bool
read_fields(struct token_call *c, const struct form *form)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct slice *into =
		    (struct slice *)((char *)c + fields[i].offset);
		uint32_t count;

		*into = form_get(form, fields[i].name, &count);
		if (count > 1)
			return call_refuse(c, REFUSE_DUPLICATE,
			    slice_of(fields[i].name), none);
	}
	return true;
}

/* "%41" and "+" as in a form; in place, which is never longer. */
static bool
unescape(char *text, size_t *length)
{
	size_t to = 0;

	for (size_t from = 0; from < *length; from++, to++) {
		int high, low;

		text[to] = text[from] == '+' ? ' ' : text[from];
		if (text[from] != '%')
			continue;
		if (*length - from < 3)
			return false;
		high = ascii_hex_digit(text[from + 1]);
		low = ascii_hex_digit(text[from + 2]);
		if (high < 0 || low < 0)
			return false;
		text[to] = (char)(high << 4 | low);
		from += 2;
	}
	*length = to;
	return true;
}

/* RFC 6749 section 2.3.1: id and secret, each encoded as in a form, in HTTP's
 * Basic. A pair in the body comes first. */
static bool
read_basic(struct token_call *c)
{
	struct slice header = exchange_header(c->x, "Authorization");
	struct buffer decoded = {0};
	struct slice id, secret;
	char *copy = NULL;

	if (!slice_starts_case(header, SLICE("Basic ")) ||
	    c->secret.length > 0 || c->assertion.length > 0)
		return true;
	header = slice_trim(slice_from(header, strlen("Basic ")));
	if (header.length <= LIMIT_TOKEN_BYTES &&
	    base64_get(header, &decoded) == ACTAS_OK)
		copy = arena_text(&c->x->arena, buffer_slice(&decoded));
	secret_wipe(decoded.at, decoded.length);
	buffer_release(&decoded);
	if (copy == NULL)
		return call_refuse(c, REFUSE_MALFORMED, none, none);
	secret = slice_of(copy);
	slice_cut(&secret, ':', &id);
	if (!unescape(copy, &id.length) || secret.at == NULL ||
	    !unescape(copy + (secret.at - copy), &secret.length) ||
	    !slice_is_utf8(id) || !slice_is_utf8(secret))
		return call_refuse(c, REFUSE_MALFORMED, none, none);
	if (c->client_id.length == 0)
		c->client_id = id;
	c->secret = secret;
	return true;
}

static bool
check_grant(struct token_call *c)
{
	if (c->grant_type.length == 0)
		return call_refuse(
		    c, REFUSE_MISSING, SLICE("grant_type"), none);
	if (!slice_eq(c->grant_type, SLICE("client_credentials")))
		return call_refuse(c, REFUSE_GRANT_TYPE, c->grant_type, none);
	if (c->client_id.length == 0)
		return call_refuse(c, REFUSE_MISSING, SLICE("client_id"), none);
	return true;
}

static bool
check_tenant(struct token_call *c)
{
	switch (tenant_read(exchange_platform(c->x), c->tenant)) {
	case TENANT_UNKNOWN:
		return call_refuse(c, REFUSE_NO_TENANT, c->tenant, none);
	case TENANT_NONSENSE:
		return call_refuse(c, REFUSE_TENANT_NAME, c->tenant, none);
	case TENANT_OURS:
	case TENANT_ANY:
	case TENANT_ADFS:
		break;
	}
	return true;
}

bool
request_read(struct token_call *c)
{
	struct form *form = arena_zero(&c->x->arena, 1, sizeof *form);

	if (form == NULL || !is_form(c->x))
		return call_refuse(
		    c, REFUSE_MISSING, SLICE("grant_type"), none);
	if (exchange_form(c->x, form) != ACTAS_OK)
		return call_refuse(c, REFUSE_MALFORMED, none, none);
	return check_tenant(c) && read_fields(c, form) && read_basic(c) &&
	    check_grant(c);
}
