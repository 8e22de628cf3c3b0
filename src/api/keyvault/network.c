#include "api/keyvault/network.h"

#include <arpa/inet.h>

/* Version 4 addresses lie behind the prefix that stands for them in version
 * 6, so that one comparison serves both. */
struct address {
	uint8_t bytes[16];
	bool is_old; /* version 4, however it was written */
};

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool
parse_address(struct slice text, struct address *a)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.length == 0 || text.length >= sizeof copy)
		return false;
	memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	memcpy(a->bytes, mapped, sizeof mapped);
	a->is_old = inet_pton(AF_INET, copy, a->bytes + 12) == 1;
	if (a->is_old)
		return true;
	if (inet_pton(AF_INET6, copy, a->bytes) != 1)
		return false;
	a->is_old = memcmp(a->bytes, mapped, sizeof mapped) == 0;
	return true;
}

static bool
bits_equal(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
	uint32_t whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool
network_contains(struct slice range, struct slice address)
{
	struct slice rest = range, base;
	struct address first, a;
	uint64_t bits;
	bool has_bits;

	(void)slice_cut(&rest, '/', &base);
	has_bits = rest.at != NULL;
	if (!parse_address(base, &first) || !parse_address(address, &a) ||
	    first.is_old != a.is_old)
		return false;
	if (!has_bits)
		return bits_equal(first.bytes, a.bytes, 128);
	if (!slice_u64(rest, &bits) || bits > 128)
		return false;
	if (first.is_old && slice_find(base, SLICE(":")) == SIZE_MAX)
		bits += 96;
	return bits <= 128 && bits_equal(first.bytes, a.bytes, (uint32_t)bits);
}

static bool
text_is(const json_t *object, const char *name, const char *text)
{
	const char *found = json_string_value(json_object_get(object, name));

	return slice_eq_case(slice_of(found), slice_of(text));
}

static bool
any_contains(const json_t *rules, struct slice peer)
{
	size_t i;
	json_t *rule;

	json_array_foreach(rules, i, rule)
	{
		const char *value =
		    json_string_value(json_object_get(rule, "value"));

		if (network_contains(slice_of(value), peer))
			return true;
	}
	return false;
}

enum network
network_check(const json_t *properties, struct slice peer)
{
	const json_t *rules = json_object_get(properties, "networkAcls");
	bool nobody = text_is(rules, "bypass", "None");

	if (text_is(properties, "publicNetworkAccess", "Disabled"))
		return nobody ? NETWORK_CONNECTION_NO_ONE : NETWORK_CONNECTION;
	if (!text_is(rules, "defaultAction", "Deny") ||
	    any_contains(json_object_get(rules, "ipRules"), peer))
		return NETWORK_OPEN;
	return nobody ? NETWORK_FIREWALL_NO_ONE : NETWORK_FIREWALL;
}

const char *
network_info(struct arena *arena, struct slice peer)
{
	struct address a;
	bool is_old = !parse_address(peer, &a) || a.is_old;

	return arena_printf(arena, "conn_type=%s;addr=%.*s;act_addr_fam=%s;",
	    is_old ? "Ipv4" : "Ipv6", SLICE_ARGS(peer),
	    is_old ? "InterNetwork" : "InterNetworkV6");
}
