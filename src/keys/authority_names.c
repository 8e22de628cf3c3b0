#include "keys/authority_names.h"

#include "keys/authority.h"

#include <openssl/err.h>

#include <arpa/inet.h>
#include <stdio.h>

enum { MOST_HOST = 253, MOST_LABEL = 63, MOST_ADDRESS = 16 };

const char *const authority_host_names[] = {
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
    "graph.microsoft.com",
    "management.azure.com",
    "management.core.windows.net",
    "*.vault.azure.net",
    "api.fabric.microsoft.com",
    "api.powerbi.com",
    "onelake.dfs.fabric.microsoft.com",
    "dev.azure.com",
    "vssps.dev.azure.com",
    "app.vssps.visualstudio.com",
    NULL,
};

static const char *const local_names[] = {
    "localhost",
    "vault.localhost",
    "*.vault.localhost",
    "127.0.0.1",
    "::1",
    NULL,
};

static bool
is_label(struct slice label)
{
	if (label.length == 0 || label.length > MOST_LABEL ||
	    label.at[0] == '-' || label.at[label.length - 1] == '-')
		return false;
	for (size_t i = 0; i < label.length; i++) {
		char c = ascii_lower(label.at[i]);

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return true;
}

/* Labels of letters, digits and "-"; the first may be "*". A name whose last
 * label is a number is an address that is none. */
static bool
is_host(struct slice name)
{
	struct slice label = {0};
	uint64_t number;

	if (name.length > MOST_HOST)
		return false;
	if (slice_starts(name, SLICE("*.")))
		name = slice_from(name, 2);
	while (slice_cut(&name, '.', &label))
		if (!is_label(label))
			return false;
	return label.length > 0 && !slice_u64(label, &number);
}

/* A name as X.509 holds it: a host's in lower case, an address in bytes. */
struct plain_name {
	int type, length;
	char bytes[MOST_HOST + 1];
};

static bool
read_name(const char *text, struct plain_name *name)
{
	size_t length = strlen(text);

	*name = (struct plain_name){.type = GEN_IPADD};
	if (inet_pton(AF_INET, text, name->bytes) == 1)
		name->length = 4;
	else if (inet_pton(AF_INET6, text, name->bytes) == 1)
		name->length = 16;
	if (name->length > 0)
		return true;
	if (!is_host(slice_of(text)))
		return false;
	name->type = GEN_DNS;
	name->length = (int)length;
	for (size_t i = 0; i < length; i++)
		name->bytes[i] = ascii_lower(text[i]);
	return true;
}

static GENERAL_NAME *
general_name(int type, const void *bytes, int length)
{
	ASN1_STRING *value = ASN1_STRING_type_new(
	    type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (name == NULL || value == NULL ||
	    ASN1_STRING_set(value, bytes, length) != 1) {
		ASN1_STRING_free(value);
		GENERAL_NAME_free(name);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, type, value);
	return name;
}

static bool
is_same(const GENERAL_NAME *a, const GENERAL_NAME *b)
{
	return a->type == b->type &&
	    ASN1_STRING_cmp(GENERAL_NAME_get0_value(a, NULL),
		GENERAL_NAME_get0_value(b, NULL)) == 0;
}

static bool
is_among(const GENERAL_NAMES *names, const GENERAL_NAME *name)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (is_same(sk_GENERAL_NAME_value(names, i), name))
			return true;
	return false;
}

static enum actas_error
add_name(GENERAL_NAMES *names, const char *text, struct fault *fault)
{
	struct plain_name plain;
	GENERAL_NAME *name;

	if (!read_name(text, &plain))
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "\"%s\" is no host name and no IP address", text);
	name = general_name(plain.type, plain.bytes, plain.length);
	if (name != NULL && !is_among(names, name) &&
	    sk_GENERAL_NAME_push(names, name) > 0)
		return ACTAS_OK;
	if (name != NULL && is_among(names, name)) {
		GENERAL_NAME_free(name);
		return ACTAS_OK;
	}
	GENERAL_NAME_free(name);
	return fault_plain(fault, ACTAS_ENOMEM);
}

/* A vault's own name under a name of the server: "*.vault.{name}". */
static enum actas_error
add_vaults_under(GENERAL_NAMES *names, const char *text, struct fault *fault)
{
	char under[MOST_HOST + 1];
	struct plain_name plain;
	int length = snprintf(under, sizeof under, "*.vault.%s", text);

	if (!read_name(text, &plain) || plain.type != GEN_DNS ||
	    plain.bytes[0] == '*' || length >= (int)sizeof under)
		return ACTAS_OK;
	return add_name(names, under, fault);
}

static enum actas_error
add_names(GENERAL_NAMES *names, const char *const *more, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;

	for (; error == ACTAS_OK && more != NULL && *more != NULL; more++)
		error = add_name(names, *more, fault);
	return error;
}

enum actas_error
authority_names(
    const char *const *more, GENERAL_NAMES **names, struct fault *fault)
{
	enum actas_error error;

	*names = GENERAL_NAMES_new();
	if (*names == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	error = add_names(*names, local_names, fault);
	if (error == ACTAS_OK)
		error = add_names(*names, authority_host_names, fault);
	if (error == ACTAS_OK)
		error = add_names(*names, more, fault);
	for (; error == ACTAS_OK && more != NULL && *more != NULL; more++)
		error = add_vaults_under(*names, *more, fault);
	if (error == ACTAS_OK)
		return ACTAS_OK;
	GENERAL_NAMES_free(*names);
	*names = NULL;
	return error;
}

bool
certificate_bears(X509 *x, const GENERAL_NAME *name)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	bool bears = names != NULL && is_among(names, name);

	GENERAL_NAMES_free(names);
	return bears;
}

static struct slice
bytes_of(const GENERAL_NAME *name)
{
	const ASN1_STRING *value = GENERAL_NAME_get0_value(name, NULL);

	return (struct slice){(const char *)ASN1_STRING_get0_data(value),
	    (size_t)ASN1_STRING_length(value)};
}

/* What a constraint has to say to permit the name: for a host without the
 * "*.", since what stands under a name is permitted with it; for an address
 * with a mask of all ones. */
static GENERAL_NAME *
permission_for(const GENERAL_NAME *name)
{
	struct slice bytes = bytes_of(name);
	char masked[2 * MOST_ADDRESS];

	if (name->type == GEN_IPADD) {
		memcpy(masked, bytes.at, bytes.length);
		memset(masked + bytes.length, 0xff, bytes.length);
		bytes = (struct slice){masked, 2 * bytes.length};
	} else if (slice_starts(bytes, SLICE("*."))) {
		bytes = slice_from(bytes, 2);
	}
	return general_name(name->type, bytes.at, (int)bytes.length);
}

/* 'base' permits itself and what stands under it (RFC 5280, 4.2.1.10). */
static bool
host_is_under(struct slice host, struct slice base)
{
	if (base.length == 0)
		return true;
	if (!slice_ends_case(host, base))
		return false;
	return host.length == base.length || base.at[0] == '.' ||
	    host.at[host.length - base.length - 1] == '.';
}

static bool
address_is_in(struct slice address, struct slice base)
{
	bool inside = base.length == 2 * address.length;

	for (size_t i = 0; inside && i < address.length; i++)
		inside = ((address.at[i] ^ base.at[i]) &
			     base.at[address.length + i]) == 0;
	return inside;
}

bool
authority_may_vouch(X509 *authority, const GENERAL_NAME *name)
{
	NAME_CONSTRAINTS *constraints =
	    X509_get_ext_d2i(authority, NID_name_constraints, NULL, NULL);
	STACK_OF(GENERAL_SUBTREE) *trees =
	    constraints == NULL ? NULL : constraints->permittedSubtrees;
	bool is_limited = false, may = false;

	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base =
		    sk_GENERAL_SUBTREE_value(trees, i)->base;

		if (base->type != name->type)
			continue;
		is_limited = true;
		may |= name->type == GEN_DNS
		    ? host_is_under(bytes_of(name), bytes_of(base))
		    : address_is_in(bytes_of(name), bytes_of(base));
	}
	NAME_CONSTRAINTS_free(constraints);
	return may || !is_limited;
}

static bool
is_permitted(const NAME_CONSTRAINTS *constraints, const GENERAL_NAME *base)
{
	STACK_OF(GENERAL_SUBTREE) *trees = constraints->permittedSubtrees;

	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++)
		if (is_same(sk_GENERAL_SUBTREE_value(trees, i)->base, base))
			return true;
	return false;
}

/* Takes 'base'. */
static bool
add_tree(NAME_CONSTRAINTS *constraints, GENERAL_NAME *base)
{
	GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();

	if (tree == NULL) {
		GENERAL_NAME_free(base);
		return false;
	}
	GENERAL_NAME_free(tree->base);
	tree->base = base;
	if (sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, tree) > 0)
		return true;
	GENERAL_SUBTREE_free(tree);
	return false;
}

static bool
permit(NAME_CONSTRAINTS *constraints, const GENERAL_NAME *name)
{
	GENERAL_NAME *base = permission_for(name);

	if (base == NULL || !is_permitted(constraints, base))
		return base != NULL && add_tree(constraints, base);
	GENERAL_NAME_free(base);
	return true;
}

NAME_CONSTRAINTS *
authority_constraints(const GENERAL_NAMES *names)
{
	NAME_CONSTRAINTS *constraints = NAME_CONSTRAINTS_new();
	bool made = constraints != NULL;

	if (made)
		constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
	made = made && constraints->permittedSubtrees != NULL;
	for (int i = 0; made && i < sk_GENERAL_NAME_num(names); i++)
		made = permit(constraints, sk_GENERAL_NAME_value(names, i));
	if (made)
		return constraints;
	NAME_CONSTRAINTS_free(constraints);
	return NULL;
}

void
name_text(const GENERAL_NAME *name, char *text, size_t size)
{
	struct slice bytes = bytes_of(name);

	if (name->type != GEN_IPADD)
		snprintf(text, size, "%.*s", SLICE_ARGS(bytes));
	else if (inet_ntop(bytes.length == 4 ? AF_INET : AF_INET6, bytes.at,
		     text, (socklen_t)size) == NULL)
		snprintf(text, size, "an IP address");
}
