/*
 * The parts of the vault that need no platform: addresses, network rules,
 * bodies, the way of a value through a request.
 */

#include "api/keyvault/bundle.h"
#include "api/keyvault/network.h"
#include "api/keyvault/settings.h"
#include "api/keyvault/value.h"
#include "api/keyvault/versions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
names_are_letters_digits_and_dashes(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *name;
		bool sound;
	} rows[] = {
	    {"", false},
	    {"a", true},
	    {"-", true},
	    {"Db-Password-01", true},
	    {"db_password", false},
	    {"db.password", false},
	    {"db/password", false},
	    {"db password", false},
	    {"db%2Dpassword", false},
	    {"..", false},
	    {"d\xc3\xa4", false},
	    {"a\n", false},
	};
	char longest[SECRET_NAME_MOST + 1];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(secret_name_is_sound(slice_of(rows[i].name)),
		    rows[i].sound);
	memset(longest, 'a', sizeof longest);
	assert_true(
	    secret_name_is_sound((struct slice){longest, SECRET_NAME_MOST}));
	assert_false(secret_name_is_sound(
	    (struct slice){longest, SECRET_NAME_MOST + 1}));
}

static void
editions_are_those_of_the_service(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *name;
		bool known, days, previous;
	} rows[] = {
	    {"", false, false, false},
	    {"6.0", false, false, false},
	    {"7", false, false, false},
	    {"2016-10-01", true, false, false},
	    {"7.0", true, false, false},
	    {"7.1", true, true, false},
	    {"7.3", true, true, false},
	    {"7.4", true, true, false},
	    {"7.6", true, true, false},
	    {"7.6-PREVIEW.2", true, true, false},
	    {"2025-06-01-preview", true, true, true},
	    {"2025-07-01", true, true, true},
	    {"2026-04-01", true, true, true},
	    {"2026-07-01-preview", true, true, true},
	    {"2027-01-01", false, false, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct edition *e = edition_find(slice_of(rows[i].name));

		assert_int_equal(e != NULL, rows[i].known);
		if (e == NULL)
			continue;
		assert_int_equal(e->tells_days, rows[i].days);
		assert_int_equal(e->tells_previous, rows[i].previous);
	}
	assert_string_equal(edition_newest(), "2026-04-01");
}

static void
addresses_lie_in_ranges(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *range, *address;
		bool contains;
	} rows[] = {
	    {"10.1.2.3", "10.1.2.3", true},
	    {"10.1.2.3", "10.1.2.4", false},
	    {"10.1.2.3/32", "10.1.2.3", true},
	    {"10.1.2.0/24", "10.1.2.255", true},
	    {"10.1.2.0/24", "10.1.3.0", false},
	    {"10.1.2.128/25", "10.1.2.127", false},
	    {"10.1.2.128/25", "10.1.2.129", true},
	    {"0.0.0.0/0", "203.0.113.9", true},
	    {"0.0.0.0/0", "2001:db8::1", false},
	    {"10.0.0.0/8", "::ffff:10.9.8.7", true},
	    {"::ffff:10.0.0.0/104", "10.9.8.7", true},
	    {"::1", "::1", true},
	    {"::1", "127.0.0.1", false},
	    {"2001:db8::/32", "2001:db8:1::5", true},
	    {"2001:db8::/32", "2001:db9::5", false},
	    {"::/0", "2001:db8::1", true},
	    {"10.0.0.0/33", "10.0.0.0", false},
	    {"::/129", "::1", false},
	    {"10.0.0.0/", "10.0.0.0", false},
	    {"10.0.0.0/-1", "10.0.0.0", false},
	    {"10.0.0.0/8/8", "10.0.0.0", false},
	    {"10.0.0", "10.0.0.0", false},
	    {"", "10.0.0.0", false},
	    {"10.0.0.0/8", "", false},
	    {"10.0.0.0/8", "not an address", false},
	    {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
		"::", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(network_contains(slice_of(rows[i].range),
				     slice_of(rows[i].address)),
		    rows[i].contains);
}

static void
network_rules_come_in_three_parts(void **state ACTAS_UNUSED)
{
#define RULES(rest) "{\"networkAcls\":{" rest "}}"
	static const struct {
		const char *properties, *peer;
		enum network network;
	} rows[] = {
	    {"{}", "203.0.113.9", NETWORK_OPEN},
	    {RULES("\"defaultAction\":\"Allow\""), "203.0.113.9", NETWORK_OPEN},
	    {RULES("\"defaultAction\":\"Deny\""), "203.0.113.9",
		NETWORK_FIREWALL},
	    {RULES("\"defaultAction\":\"Deny\",\"bypass\":\"AzureServices\""),
		"203.0.113.9", NETWORK_FIREWALL},
	    {RULES("\"defaultAction\":\"Deny\",\"bypass\":\"None\""),
		"203.0.113.9", NETWORK_FIREWALL_NO_ONE},
	    {RULES("\"defaultAction\":\"deny\",\"ipRules\":[{\"value\":"
		   "\"203.0.113.0/24\"}]"),
		"203.0.113.9", NETWORK_OPEN},
	    {RULES("\"defaultAction\":\"Deny\",\"ipRules\":[{\"value\":"
		   "\"203.0.113.0/24\"},{\"value\":\"198.51.100.7\"}]"),
		"198.51.100.7", NETWORK_OPEN},
	    {RULES("\"defaultAction\":\"Deny\",\"ipRules\":[{\"value\":7},"
		   "\"198.51.100.7\",null]"),
		"198.51.100.7", NETWORK_FIREWALL},
	    /* A virtual network lets nobody in: there is none. */
	    {RULES("\"defaultAction\":\"Deny\",\"virtualNetworkRules\":[{"
		   "\"id\":\"/subscriptions/s/x\"}]"),
		"10.0.0.4", NETWORK_FIREWALL},
	    /* The same machine is an address like any other. */
	    {RULES("\"defaultAction\":\"Deny\""), "127.0.0.1",
		NETWORK_FIREWALL},
	    {RULES("\"defaultAction\":\"Deny\",\"ipRules\":[{\"value\":"
		   "\"127.0.0.1/32\"}]"),
		"127.0.0.1", NETWORK_OPEN},
	    {"{\"publicNetworkAccess\":\"Disabled\"}", "127.0.0.1",
		NETWORK_CONNECTION},
	    {"{\"publicNetworkAccess\":\"disabled\",\"networkAcls\":{"
	     "\"bypass\":\"none\",\"defaultAction\":\"Allow\"}}",
		"127.0.0.1", NETWORK_CONNECTION_NO_ONE},
	};
#undef RULES

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *properties = json_loads(rows[i].properties, 0, NULL);

		assert_non_null(properties);
		assert_int_equal(
		    network_check(properties, slice_of(rows[i].peer)),
		    rows[i].network);
		json_decref(properties);
	}
}

static void
the_network_is_told_as_the_service_does(void **state ACTAS_UNUSED)
{
	struct arena arena = {0};

	assert_string_equal(network_info(&arena, SLICE("127.0.0.1")),
	    "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;");
	assert_string_equal(network_info(&arena, SLICE("2001:db8::1")),
	    "conn_type=Ipv6;addr=2001:db8::1;act_addr_fam=InterNetworkV6;");
	arena_release(&arena);
}

/* --- values --- */

static void
values_are_taken_out_of_bodies(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *body, *rest;
		const char *value; /* NULL: none is there */
	} rows[] = {
	    {"{\"value\":\"v1\"}", "{\"value\":\"\"}", "v1"},
	    {"{ \"value\" :\n\"v1\" , \"tags\":{}}",
		"{ \"value\" :\n\"\" , \"tags\":{}}", "v1"},
	    {"{\"value\":\"\"}", "{\"value\":\"\"}", ""},
	    {"{\"value\":\"a\\\"b\\\\c\\/d\\n\\u0041\\u00e4\\u20ac\"}",
		"{\"value\":\"\"}", "a\"b\\c/d\nA\xc3\xa4\xe2\x82\xac"},
	    {"{\"value\":\"\\ud83d\\ude00!\"}", "{\"value\":\"\"}",
		"\xf0\x9f\x98\x80!"},
	    {"{\"value\":\"\xf0\x9f\x98\x80\"}", "{\"value\":\"\"}",
		"\xf0\x9f\x98\x80"},
	    /* The name may be escaped as well. */
	    {"{\"\\u0076alue\":\"v1\"}", "{\"\\u0076alue\":\"\"}", "v1"},
	    /* Only of the outermost object. */
	    {"{\"tags\":{\"value\":\"t\"},\"value\":\"v\"}",
		"{\"tags\":{\"value\":\"t\"},\"value\":\"\"}", "v"},
	    {"{\"a\":[{\"value\":\"t\"}]}", "{\"a\":[{\"value\":\"t\"}]}",
		NULL},
	    {"{\"a\":\"value\",\"b\":\"x\"}", "{\"a\":\"value\",\"b\":\"x\"}",
		NULL},
	    {"{\"a\":\"\\\"value\\\":\\\"x\\\"\"}",
		"{\"a\":\"\\\"value\\\":\\\"x\\\"\"}", NULL},
	    {"{\"value\":1}", "{\"value\":1}", NULL},
	    {"{\"value\":null}", "{\"value\":null}", NULL},
	    {"{\"valu\":\"x\",\"values\":\"y\"}",
		"{\"valu\":\"x\",\"values\":\"y\"}", NULL},
	    {"{\"value\":\"open", "{\"value\":\"open", NULL},
	    {"", "", NULL},
	    {"[\"value\",\"x\"]", "[\"value\",\"x\"]", NULL},
	    /* Both go, so that neither passes through the parser. */
	    {"{\"value\":\"a\",\"value\":\"b\"}",
		"{\"value\":\"\",\"value\":\"\"}", "b"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret_bytes value;
		struct arena arena = {0};
		struct slice rest;
		bool is_there;

		assert_int_equal(value_take(slice_of(rows[i].body), &arena,
				     &value, &is_there, &rest),
		    ACTAS_OK);
		assert_int_equal(is_there, rows[i].value != NULL);
		assert_true(slice_eq(rest, slice_of(rows[i].rest)));
		assert_true(secret_bytes_eq(&value,
		    rows[i].value == NULL ? SLICE("")
					  : slice_of(rows[i].value)));
		secret_bytes_release(&value);
		arena_release(&arena);
	}
}

static void
values_that_are_no_text_are_refused(void **state ACTAS_UNUSED)
{
	static const char *const bodies[] = {
	    "{\"value\":\"\\q\"}",
	    "{\"value\":\"\\u12\"}",
	    "{\"value\":\"\\ud83d\"}",
	    "{\"value\":\"\\ud83dx\"}",
	    "{\"value\":\"\\ud83d\\u0041\"}",
	    "{\"value\":\"\\ude00\"}",
	    "{\"value\":\"a\nb\"}",
	    "{\"value\":\"\xff\"}",
	    "{\"value\":\"\xc3\"}",
	    "{\"value\":\"\xed\xa0\x80\"}",
	};

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct secret_bytes value;
		struct arena arena = {0};
		struct slice rest;
		bool is_there;

		assert_int_equal(value_take(slice_of(bodies[i]), &arena, &value,
				     &is_there, &rest),
		    ACTAS_EPARSE);
		assert_null(value.at);
		arena_release(&arena);
	}
}

static void
a_value_is_at_most_25_kilobytes(void **state ACTAS_UNUSED)
{
	for (int more = 0; more < 2; more++) {
		struct buffer body = {0};
		struct secret_bytes value;
		struct arena arena = {0};
		struct slice rest;
		bool is_there;

		buffer_puts(&body, "{\"value\":\"");
		/* What counts is what it stands for. */
		buffer_puts(&body, "\\u0041");
		buffer_fill(
		    &body, 'x', LIMIT_SECRET_VALUE_BYTES - 1 + (size_t)more);
		buffer_puts(&body, "\"}");
		assert_int_equal(value_take(buffer_slice(&body), &arena, &value,
				     &is_there, &rest),
		    more == 0 ? ACTAS_OK : ACTAS_ELIMIT);
		assert_int_equal(
		    value.length, more == 0 ? LIMIT_SECRET_VALUE_BYTES : 0);
		assert_true(slice_eq(rest, SLICE("{\"value\":\"\"}")));
		secret_bytes_release(&value);
		arena_release(&arena);
		buffer_release(&body);
	}
}

static void
values_are_written_as_json(void **state ACTAS_UNUSED)
{
	static const struct {
		struct slice value;
		const char *text;
	} rows[] = {
	    {{"", 0}, "\"\""},
	    {{"plain", 5}, "\"plain\""},
	    {{"a\"b\\c\n\t\x01\x7f", 9},
		"\"a\\\"b\\\\c\\u000a\\u0009\\u0001\\u007f\""},
	    {{"\0x", 2}, "\"\\u0000x\""},
	    {{"\xc3\xa4\xf0\x9f\x98\x80", 6}, "\"\xc3\xa4\xf0\x9f\x98\x80\""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer out = {0};
		const char *before;

		buffer_puts(&out, "{\"value\":");
		value_put(&out, rows[i].value, 10);
		before = out.at;
		assert_string_equal(buffer_text(&out) + 9, rows[i].text);
		/* It does not move while the rest is written. */
		buffer_puts(&out, "0123456789");
		assert_ptr_equal(out.at, before);
		buffer_release(&out);
	}
}

/* --- settings and bundles --- */

static void
settings_are_checked_member_by_member(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *body;
		const char *wrong; /* NULL: it is fine */
	} rows[] = {
	    {"{}", NULL},
	    {"{\"contentType\":null,\"tags\":null,\"attributes\":null}", NULL},
	    {"{\"contentType\":\"text/plain\",\"more\":[1]}", NULL},
	    {"{\"contentType\":1}", "contentType"},
	    {"{\"tags\":[]}", "tags"},
	    {"{\"tags\":{\"a\":1}}", "tags"},
	    {"{\"tags\":{\"a\":null}}", "tags"},
	    {"{\"tags\":{\"a\":\"b\",\"\":\"\"}}", NULL},
	    {"{\"attributes\":[]}", "attributes"},
	    {"{\"attributes\":{\"enabled\":\"true\"}}", "attributes"},
	    {"{\"attributes\":{\"enabled\":false,\"nbf\":0,\"exp\":1}}", NULL},
	    {"{\"attributes\":{\"exp\":32503680000}}", NULL},
	    {"{\"attributes\":{\"exp\":253402300800}}", "attributes"},
	    {"{\"attributes\":{\"exp\":-1}}", "attributes"},
	    {"{\"attributes\":{\"exp\":1.5}}", "attributes"},
	    {"{\"attributes\":{\"nbf\":\"2026-01-01\"}}", "attributes"},
	    {"{\"attributes\":{\"created\":\"x\",\"recoveryLevel\":7}}", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *body = json_loads(rows[i].body, 0, NULL);
		struct arena arena = {0};
		struct settings settings;
		const char *wrong;
		enum actas_error error =
		    settings_read(body, &arena, &settings, &wrong);

		assert_int_equal(
		    error, rows[i].wrong == NULL ? ACTAS_OK : ACTAS_EPARSE);
		if (rows[i].wrong != NULL)
			assert_string_equal(wrong, rows[i].wrong);
		json_decref(body);
		arena_release(&arena);
	}
}

/* "{"tags":{…}}" with so many tags, whose name and value have so many
 * characters of two bytes each. */
static enum actas_error
read_tags(unsigned count, unsigned name, unsigned value)
{
	struct arena arena = {0};
	struct buffer text = {0};
	struct settings settings;
	const char *wrong;
	enum actas_error error;
	json_t *body;

	buffer_puts(&text, "{\"tags\":{");
	for (unsigned i = 0; i < count; i++) {
		buffer_addf(&text, "%s\"%c", i == 0 ? "" : ",", 'a' + (int)i);
		for (unsigned n = 1; n < name; n++)
			buffer_puts(&text, "\xc3\xa4");
		buffer_puts(&text, "\":\"");
		for (unsigned n = 0; n < value; n++)
			buffer_puts(&text, "\xc3\xa4");
		buffer_puts(&text, "\"");
	}
	buffer_puts(&text, "}}");
	body = json_loads(buffer_text(&text), 0, NULL);
	assert_non_null(body);
	error = settings_read(body, &arena, &settings, &wrong);
	json_decref(body);
	buffer_release(&text);
	arena_release(&arena);
	return error;
}

static void
tags_are_bounded(void **state ACTAS_UNUSED)
{
	assert_int_equal(read_tags(15, 1, 0), ACTAS_OK);
	assert_int_equal(read_tags(16, 1, 0), ACTAS_EPARSE);
	assert_int_equal(read_tags(1, 512, 512), ACTAS_OK);
	assert_int_equal(read_tags(1, 513, 1), ACTAS_EPARSE);
	assert_int_equal(read_tags(1, 1, 513), ACTAS_EPARSE);
}

static void
content_types_are_bounded(void **state ACTAS_UNUSED)
{
	for (size_t length = 255; length <= 256; length++) {
		char text[257] = {0};
		json_t *body;
		struct arena arena = {0};
		struct settings settings;
		const char *wrong;

		memset(text, 't', length);
		body = json_pack("{s:s}", "contentType", text);
		assert_int_equal(settings_read(body, &arena, &settings, &wrong),
		    length == 255 ? ACTAS_OK : ACTAS_EPARSE);
		json_decref(body);
		arena_release(&arena);
	}
}

static char *
shown(const char *vault, const char *api_version, const char *stored,
    const struct deletion *deletion, struct slice version)
{
	json_t *entity = json_loads(vault, 0, NULL);
	json_t *of = json_loads(stored, 0, NULL), *bundle;
	struct arena arena = {0};
	struct vault_facts facts;
	struct showing how = {.base = "https://kv1.vault.azure.net",
	    .edition = edition_find(slice_of(api_version)),
	    .vault = &facts};
	char *text;

	assert_int_equal(vault_facts_read(entity, &arena, &facts), ACTAS_OK);
	bundle = bundle_make(&how, "Name", version, of, deletion);
	assert_non_null(bundle);
	text = json_dumps(bundle, JSON_COMPACT);
	json_decref(bundle);
	json_decref(entity);
	json_decref(of);
	arena_release(&arena);
	return text;
}

#define VERSION "e23a868a39b44d068d14a85b58a8d228"
#define STORED                                                          \
	"{\"sealed\":\"AAAA\",\"contentType\":\"text/plain\",\"tags\":" \
	"{\"foo\":\"bar\"},\"sequence\":2,\"previousVersion\":"         \
	"\"00000000000000000000000000000000\",\"attributes\":{"         \
	"\"enabled\":true,\"exp\":7,\"created\":1,\"updated\":2}}"

/* Byte by byte as the service writes it. */
static void
bundles_have_the_services_form(void **state ACTAS_UNUSED)
{
	static const struct deletion deletion = {10, 20};
	static const struct {
		const char *vault, *edition;
		const struct deletion *deletion;
		bool with_version;
		const char *text;
	} rows[] = {
	    {"{\"properties\":{\"softDeleteRetentionInDays\":7}}", "7.3", NULL,
		true,
		"{\"contentType\":\"text/plain\",\"id\":"
		"\"https://kv1.vault.azure.net/secrets/Name/" VERSION
		"\",\"attributes\":{\"enabled\":true,\"exp\":7,\"created\":1,"
		"\"updated\":2,\"recoveryLevel\":"
		"\"CustomizedRecoverable+Purgeable\",\"recoverableDays\":7},"
		"\"tags\":{\"foo\":\"bar\"}}"},
	    {"{\"properties\":{\"enablePurgeProtection\":true}}", "7.0", NULL,
		false,
		"{\"contentType\":\"text/plain\",\"id\":"
		"\"https://kv1.vault.azure.net/secrets/Name\",\"attributes\":{"
		"\"enabled\":true,\"exp\":7,\"created\":1,\"updated\":2,"
		"\"recoveryLevel\":\"Recoverable\"},\"tags\":{\"foo\":"
		"\"bar\"}}"},
	    {"{\"properties\":{\"softDeleteRetentionInDays\":90}}",
		"2025-07-01", &deletion, true,
		"{\"recoveryId\":"
		"\"https://kv1.vault.azure.net/deletedsecrets/Name\","
		"\"deletedDate\":10,\"scheduledPurgeDate\":20,\"contentType\":"
		"\"text/plain\",\"id\":"
		"\"https://kv1.vault.azure.net/secrets/Name/" VERSION
		"\",\"attributes\":{\"enabled\":true,\"exp\":7,\"created\":1,"
		"\"updated\":2,\"recoveryLevel\":\"Recoverable+Purgeable\","
		"\"recoverableDays\":90},\"tags\":{\"foo\":\"bar\"},"
		"\"previousVersion\":"
		"\"00000000000000000000000000000000\"}"},
	    {"{\"properties\":{\"softDeleteRetentionInDays\":30,"
	     "\"enablePurgeProtection\":true}}",
		"7.4", &deletion, false,
		"{\"recoveryId\":"
		"\"https://kv1.vault.azure.net/deletedsecrets/Name\","
		"\"deletedDate\":10,\"scheduledPurgeDate\":20,\"contentType\":"
		"\"text/plain\",\"id\":"
		"\"https://kv1.vault.azure.net/secrets/Name\",\"attributes\":{"
		"\"enabled\":true,\"exp\":7,\"created\":1,\"updated\":2,"
		"\"recoveryLevel\":\"CustomizedRecoverable\","
		"\"recoverableDays\":30},\"tags\":{\"foo\":\"bar\"}}"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = shown(rows[i].vault, rows[i].edition, STORED,
		    rows[i].deletion,
		    rows[i].with_version ? SLICE(VERSION) : SLICE(""));

		assert_string_equal(text, rows[i].text);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_letters_digits_and_dashes),
	    cmocka_unit_test(editions_are_those_of_the_service),
	    cmocka_unit_test(addresses_lie_in_ranges),
	    cmocka_unit_test(network_rules_come_in_three_parts),
	    cmocka_unit_test(the_network_is_told_as_the_service_does),
	    cmocka_unit_test(values_are_taken_out_of_bodies),
	    cmocka_unit_test(values_that_are_no_text_are_refused),
	    cmocka_unit_test(a_value_is_at_most_25_kilobytes),
	    cmocka_unit_test(values_are_written_as_json),
	    cmocka_unit_test(settings_are_checked_member_by_member),
	    cmocka_unit_test(tags_are_bounded),
	    cmocka_unit_test(content_types_are_bounded),
	    cmocka_unit_test(bundles_have_the_services_form),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
