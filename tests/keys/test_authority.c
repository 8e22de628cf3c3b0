#include "keys_test.h"

#include "keys/authority.h"
#include "keys/issue.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <sys/stat.h>

enum { NOW = 1795285455, DAY = 86400 };

static const char *const extra[] = {"build-7.example", "10.1.2.3", NULL};

static char folder[64];

static int
begin(void **state ACTAS_UNUSED)
{
	test_folder_make(folder);
	return 0;
}

static int
end(void **state ACTAS_UNUSED)
{
	test_folder_remove(folder);
	return 0;
}

static void
create(const char *const *names, moment now)
{
	struct fault fault = {0};

	if (authority_create(folder, names, now, &fault) != ACTAS_OK)
		fail_msg("%s: %s", fault.file, fault.message);
}

static void
expect_renewed(const char *const *names, moment now, bool expected)
{
	struct fault fault = {0};
	bool renewed = !expected;

	if (authority_renew(folder, names, now, &renewed, &fault) != ACTAS_OK)
		fail_msg("%s: %s", fault.file, fault.message);
	assert_int_equal(renewed, expected);
}

static void
expect_fault(enum actas_error error, enum actas_error expected,
    const struct fault *fault, const char *message)
{
	assert_int_equal(error, expected);
	assert_int_equal(fault->error, expected);
	if (strstr(fault->message, message) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", fault->message, message);
}

static X509 *
certificate(const char *name)
{
	struct buffer text = test_read(folder, name);
	BIO *from = BIO_new_mem_buf(text.at, (int)text.length);
	X509 *x = PEM_read_bio_X509(from, NULL, NULL, NULL);

	BIO_free(from);
	buffer_release(&text);
	assert_non_null(x);
	return x;
}

static EVP_PKEY *
private_key(const char *name)
{
	struct buffer text = test_read(folder, name);
	BIO *from = BIO_new_mem_buf(text.at, (int)text.length);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(from, NULL, NULL, NULL);

	BIO_free(from);
	buffer_release(&text);
	assert_non_null(key);
	return key;
}

/* As a client of the strictest kind (Python 3.13) decides. X509_V_OK, or
 * OpenSSL's reason. */
static int
verify(X509 *x, const char *host, moment now)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *c = X509_STORE_CTX_new();
	X509 *ca = certificate("ca.pem");
	X509_VERIFY_PARAM *how;
	int reason;

	assert_int_equal(X509_STORE_add_cert(store, ca), 1);
	assert_int_equal(X509_STORE_CTX_init(c, store, x, NULL), 1);
	how = X509_STORE_CTX_get0_param(c);
	X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_X509_STRICT);
	X509_VERIFY_PARAM_set_time(how, now);
	X509_VERIFY_PARAM_set_purpose(how, X509_PURPOSE_SSL_SERVER);
	if (X509_VERIFY_PARAM_set1_ip_asc(how, host) != 1)
		assert_int_equal(X509_VERIFY_PARAM_set1_host(how, host, 0), 1);
	reason =
	    X509_verify_cert(c) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(c);
	X509_STORE_CTX_free(c);
	X509_STORE_free(store);
	X509_free(ca);
	return reason;
}

static const struct {
	const char *host;
	int reason;
} hosts[] = {
    {"localhost", X509_V_OK},
    {"127.0.0.1", X509_V_OK},
    {"::1", X509_V_OK},
    {"vault.localhost", X509_V_OK},
    {"kv1.vault.localhost", X509_V_OK},
    {"login.microsoftonline.com", X509_V_OK},
    {"login.windows.net", X509_V_OK},
    {"login.microsoft.com", X509_V_OK},
    {"sts.windows.net", X509_V_OK},
    {"graph.microsoft.com", X509_V_OK},
    {"management.azure.com", X509_V_OK},
    {"management.core.windows.net", X509_V_OK},
    {"kv-data.vault.azure.net", X509_V_OK},
    {"api.fabric.microsoft.com", X509_V_OK},
    {"api.powerbi.com", X509_V_OK},
    {"onelake.dfs.fabric.microsoft.com", X509_V_OK},
    {"dev.azure.com", X509_V_OK},
    {"vssps.dev.azure.com", X509_V_OK},
    {"app.vssps.visualstudio.com", X509_V_OK},
    {"build-7.example", X509_V_OK},
    {"10.1.2.3", X509_V_OK},
    {"a.b.vault.azure.net", X509_V_ERR_HOSTNAME_MISMATCH},
    {"vault.azure.net", X509_V_ERR_HOSTNAME_MISMATCH},
    {"microsoft.com", X509_V_ERR_HOSTNAME_MISMATCH},
    {"other.example", X509_V_ERR_HOSTNAME_MISMATCH},
    {"127.0.0.2", X509_V_ERR_IP_ADDRESS_MISMATCH},
};

static void
strict_clients_take_the_server_for_every_name(void **state ACTAS_UNUSED)
{
	X509 *server;

	create(extra, NOW);
	server = certificate("server.pem");
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		assert_int_equal(
		    verify(server, hosts[i].host, NOW), hosts[i].reason);
	assert_int_equal(verify(server, "localhost", NOW + 825 * DAY),
	    X509_V_ERR_CERT_HAS_EXPIRED);
	X509_free(server);
}

static mode_t
mode_of(const char *name)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
keys_are_the_owners_and_certificates_everybodys(void **state ACTAS_UNUSED)
{
	mode_t mask = umask(0);

	create(NULL, NOW);
	umask(mask);
	assert_int_equal(mode_of("ca.key"), 0600);
	assert_int_equal(mode_of("server.key"), 0600);
	assert_int_equal(mode_of("ca.pem"), 0644);
	assert_int_equal(mode_of("server.pem"), 0644);
}

static void
extensions_are_what_strict_clients_ask_for(void **state ACTAS_UNUSED)
{
	X509 *ca, *server;

	create(NULL, NOW);
	ca = certificate("ca.pem");
	server = certificate("server.pem");
	assert_int_equal(X509_check_ca(ca), 1);
	assert_int_equal(X509_get_pathlen(ca), 0);
	assert_int_equal(
	    X509_get_key_usage(ca), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
	assert_int_equal(X509_get_extended_key_usage(ca), UINT32_MAX);
	assert_non_null(X509_get0_subject_key_id(ca));
	assert_true(X509_get_extension_flags(ca) & EXFLAG_CRITICAL ||
	    X509_get_ext_by_critical(ca, 1, -1) >= 0);
	assert_int_equal(X509_check_ca(server), 0);
	assert_int_equal(X509_get_key_usage(server), KU_DIGITAL_SIGNATURE);
	assert_int_equal(X509_get_extended_key_usage(server), XKU_SSL_SERVER);
	assert_non_null(X509_get0_subject_key_id(server));
	assert_int_equal(
	    ASN1_OCTET_STRING_cmp(X509_get0_authority_key_id(server),
		X509_get0_subject_key_id(ca)),
	    0);
	X509_free(ca);
	X509_free(server);
}

/* Each is critical: a client that does not know name constraints refuses. */
static void
what_limits_the_authority_is_critical(void **state ACTAS_UNUSED)
{
	static const int limits[] = {
	    NID_basic_constraints, NID_key_usage, NID_name_constraints};
	X509 *ca;

	create(NULL, NOW);
	ca = certificate("ca.pem");
	for (size_t i = 0; i < 3; i++) {
		int at = X509_get_ext_by_NID(ca, limits[i], -1);

		assert_true(at >= 0);
		assert_int_equal(
		    X509_EXTENSION_get_critical(X509_get_ext(ca, at)), 1);
	}
	X509_free(ca);
}

/* What a thief of ca.key can do. */
static X509 *
forge(const char *kind_and_name)
{
	EVP_PKEY *own = EVP_EC_gen("P-256");
	struct issue i = {
	    .organisation = "thief",
	    .name = "thief",
	    .from = NOW - DAY,
	    .until = NOW + DAY,
	    .issuer = certificate("ca.pem"),
	    .issuer_key = private_key("ca.key"),
	    .subject_key = own,
	};
	X509 *x = issue_begin(&i);

	assert_non_null(x);
	assert_true(
	    issue_extension(x, &i, NID_basic_constraints, "critical,CA:FALSE"));
	assert_true(
	    issue_extension(x, &i, NID_key_usage, "critical,digitalSignature"));
	assert_true(issue_extension(x, &i, NID_ext_key_usage, "serverAuth"));
	assert_true(issue_extension(x, &i, NID_subject_key_identifier, "hash"));
	assert_true(issue_extension(
	    x, &i, NID_authority_key_identifier, "keyid:always"));
	assert_true(
	    issue_extension(x, &i, NID_subject_alt_name, kind_and_name));
	assert_true(issue_sign(x, &i));
	X509_free(i.issuer);
	EVP_PKEY_free(i.issuer_key);
	EVP_PKEY_free(own);
	return x;
}

static const struct {
	const char *name, *host;
	int reason;
} forged[] = {
    {"DNS:localhost", "localhost", X509_V_OK},
    {"DNS:deep.under.vault.azure.net", "deep.under.vault.azure.net", X509_V_OK},
    {"DNS:bank.example", "bank.example", X509_V_ERR_PERMITTED_VIOLATION},
    {"DNS:www.microsoft.com", "www.microsoft.com",
	X509_V_ERR_PERMITTED_VIOLATION},
    {"DNS:azure.net", "azure.net", X509_V_ERR_PERMITTED_VIOLATION},
    {"DNS:evilvault.azure.net", "evilvault.azure.net",
	X509_V_ERR_PERMITTED_VIOLATION},
    {"DNS:*.bank.example", "x.bank.example", X509_V_ERR_PERMITTED_VIOLATION},
    {"IP:192.0.2.1", "192.0.2.1", X509_V_ERR_PERMITTED_VIOLATION},
    {"IP:2001:db8::1", "2001:db8::1", X509_V_ERR_PERMITTED_VIOLATION},
};

static void
a_stolen_authority_vouches_for_no_other_host(void **state ACTAS_UNUSED)
{
	create(NULL, NOW);
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		X509 *x = forge(forged[i].name);

		assert_int_equal(
		    verify(x, forged[i].host, NOW), forged[i].reason);
		X509_free(x);
	}
}

static void
what_is_there_stays(void **state ACTAS_UNUSED)
{
	static const char *const names[] = {
	    "ca.pem", "ca.key", "server.pem", "server.key"};
	struct buffer before[4];

	create(NULL, NOW);
	for (size_t i = 0; i < 4; i++)
		before[i] = test_read(folder, names[i]);
	create(NULL, NOW + 100 * DAY);
	for (size_t i = 0; i < 4; i++) {
		struct buffer after = test_read(folder, names[i]);

		assert_true(
		    slice_eq(buffer_slice(&before[i]), buffer_slice(&after)));
		buffer_release(&after);
		buffer_release(&before[i]);
	}
}

static void
remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

static void
what_a_crash_left_out_is_made_up(void **state ACTAS_UNUSED)
{
	static const char *const missing[] = {
	    "server.pem", "server.key", "ca.pem"};
	X509 *server;

	/* In the order in which they are made, the last ones first. */
	create(NULL, NOW);
	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j <= i; j++)
			remove_file(missing[j]);
		create(NULL, NOW);
		server = certificate("server.pem");
		assert_int_equal(verify(server, "localhost", NOW), X509_V_OK);
		X509_free(server);
	}
}

static void
a_certificate_is_renewed_before_it_ends(void **state ACTAS_UNUSED)
{
	struct buffer key_before, key_after, ca_before, ca_after;
	X509 *server;

	create(NULL, NOW);
	key_before = test_read(folder, "server.key");
	ca_before = test_read(folder, "ca.pem");
	expect_renewed(NULL, NOW, false);
	expect_renewed(NULL, NOW + 789 * DAY, false);
	expect_renewed(NULL, NOW + 791 * DAY, true);
	expect_renewed(NULL, NOW + 791 * DAY, false);
	server = certificate("server.pem");
	assert_int_equal(
	    verify(server, "localhost", NOW + 900 * DAY), X509_V_OK);
	key_after = test_read(folder, "server.key");
	ca_after = test_read(folder, "ca.pem");
	assert_true(
	    slice_eq(buffer_slice(&key_before), buffer_slice(&key_after)));
	assert_true(
	    slice_eq(buffer_slice(&ca_before), buffer_slice(&ca_after)));
	X509_free(server);
	buffer_release(&key_before);
	buffer_release(&key_after);
	buffer_release(&ca_before);
	buffer_release(&ca_after);
}

/* Its certificate would be refused the day after: no later than that. */
static void
no_certificate_outlives_its_authority(void **state ACTAS_UNUSED)
{
	X509 *server;

	create(NULL, NOW);
	expect_renewed(NULL, NOW + 3600 * (moment)DAY, true);
	server = certificate("server.pem");
	assert_int_equal(
	    verify(server, "localhost", NOW + 3649 * (moment)DAY), X509_V_OK);
	assert_int_not_equal(
	    verify(server, "localhost", NOW + 3651 * (moment)DAY), X509_V_OK);
	X509_free(server);
}

static void
a_name_that_comes_later_needs_another_authority(void **state ACTAS_UNUSED)
{
	static const char *const under[] = {"a.localhost", NULL};
	struct fault fault = {0};
	bool renewed = true;

	create(NULL, NOW);
	expect_renewed(under, NOW, true); /* stands under localhost */
	expect_renewed(under, NOW, false);
	expect_fault(authority_renew(folder, extra, NOW, &renewed, &fault),
	    ACTAS_EUSAGE, &fault, "may not vouch for build-7.example");
	assert_false(renewed);
	remove_file("ca.pem");
	remove_file("ca.key");
	remove_file("server.pem");
	create(extra, NOW);
	expect_renewed(extra, NOW, false);
}

static void
what_is_no_name_is_refused(void **state ACTAS_UNUSED)
{
	static const char *const bad[] = {"", " ", "a b", "-a.example",
	    "a-.example", "a..b", ".a", "a.", "*", "*.", "a.*.b", "*a.b",
	    "https://a.example", "a.example:443", "a_b.example", "256.1.1.1",
	    "1.2.3", "[::1]", "b\303\274cher.example", "a\nb", "1::2::3"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *const names[] = {"good.example", bad[i], NULL};
		struct fault fault = {0};

		expect_fault(authority_create(folder, names, NOW, &fault),
		    ACTAS_EUSAGE, &fault, "is no host name and no IP address");
	}
}

static void
names_are_folded_and_told_once(void **state ACTAS_UNUSED)
{
	static const char *const names[] = {"LOCALHOST", "Build-7.Example",
	    "build-7.example", "127.0.0.1", "0:0::1", NULL};
	GENERAL_NAMES *bare, *all;
	X509 *server;

	create(names, NOW);
	server = certificate("server.pem");
	assert_int_equal(verify(server, "build-7.example", NOW), X509_V_OK);
	assert_int_equal(
	    verify(server, "kv1.vault.build-7.example", NOW), X509_V_OK);
	all = X509_get_ext_d2i(server, NID_subject_alt_name, NULL, NULL);
	X509_free(server);
	test_folder_remove(folder);
	test_folder_make(folder);
	create(NULL, NOW);
	server = certificate("server.pem");
	bare = X509_get_ext_d2i(server, NID_subject_alt_name, NULL, NULL);
	/* The one name, and those of its vaults. */
	assert_int_equal(
	    sk_GENERAL_NAME_num(all), sk_GENERAL_NAME_num(bare) + 2);
	GENERAL_NAMES_free(all);
	GENERAL_NAMES_free(bare);
	X509_free(server);
}

static void
somebody_elses_certificate_stays(void **state ACTAS_UNUSED)
{
	struct buffer foreign, after;

	create(NULL, NOW);
	foreign = test_read(folder, "ca.pem"); /* not issued by the next one */
	remove_file("ca.pem");
	remove_file("ca.key");
	test_file(folder, "server.pem", 0644, buffer_slice(&foreign));
	create(NULL, NOW);
	expect_renewed(extra, NOW + 5000 * (moment)DAY, false);
	after = test_read(folder, "server.pem");
	assert_true(slice_eq(buffer_slice(&foreign), buffer_slice(&after)));
	buffer_release(&foreign);
	buffer_release(&after);
}

static void
the_authoritys_key_may_be_kept_elsewhere(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};

	create(NULL, NOW);
	remove_file("ca.key");
	create(NULL, NOW);
	expect_renewed(NULL, NOW, false);
	expect_fault(
	    authority_renew(folder, NULL, NOW + 800 * DAY, NULL, &fault),
	    ACTAS_ENOTFOUND, &fault, "cannot be opened");
}

static void
a_key_that_others_may_read_is_not_used(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	char path[128];

	create(NULL, NOW);
	snprintf(path, sizeof path, "%s/ca.key", folder);
	assert_int_equal(chmod(path, 0640), 0);
	expect_fault(
	    authority_renew(folder, NULL, NOW + 800 * DAY, NULL, &fault),
	    ACTAS_EUSAGE, &fault, "others than its owner");
}

static void
files_that_are_something_else_are_told(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct buffer key;

	create(NULL, NOW);
	test_file(folder, "ca.pem", 0644, SLICE("not a certificate"));
	expect_fault(authority_renew(folder, NULL, NOW, NULL, &fault),
	    ACTAS_EPARSE, &fault, "is not a certificate in PEM");
	fault = (struct fault){0};
	remove_file("ca.pem");
	test_file(folder, "ca.key", 0600, SLICE("not a key"));
	expect_fault(authority_create(folder, NULL, NOW, &fault), ACTAS_EPARSE,
	    &fault, "is not a private key in PEM");
	fault = (struct fault){0};
	remove_file("ca.key");
	remove_file("server.pem");
	create(NULL, NOW);
	key = test_read(folder, "server.key");
	test_file(folder, "ca.key", 0600, buffer_slice(&key));
	expect_fault(
	    authority_renew(folder, NULL, NOW + 800 * DAY, NULL, &fault),
	    ACTAS_EPARSE, &fault, "is not the key of ca.pem");
	buffer_release(&key);
}

static void
a_folder_that_is_not_there_is_told(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};

	expect_fault(authority_create("/nonexistent", NULL, NOW, &fault),
	    ACTAS_EIO, &fault, "cannot be made");
	fault = (struct fault){0};
	expect_fault(authority_renew("/nonexistent", NULL, NOW, NULL, &fault),
	    ACTAS_ENOTFOUND, &fault, "cannot be opened");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(strict_clients_take_the_server_for_every_name),
	    TEST(keys_are_the_owners_and_certificates_everybodys),
	    TEST(extensions_are_what_strict_clients_ask_for),
	    TEST(what_limits_the_authority_is_critical),
	    TEST(a_stolen_authority_vouches_for_no_other_host),
	    TEST(what_is_there_stays),
	    TEST(what_a_crash_left_out_is_made_up),
	    TEST(a_certificate_is_renewed_before_it_ends),
	    TEST(no_certificate_outlives_its_authority),
	    TEST(a_name_that_comes_later_needs_another_authority),
	    TEST(what_is_no_name_is_refused),
	    TEST(names_are_folded_and_told_once),
	    TEST(somebody_elses_certificate_stays),
	    TEST(the_authoritys_key_may_be_kept_elsewhere),
	    TEST(a_key_that_others_may_read_is_not_used),
	    TEST(files_that_are_something_else_are_told),
	    TEST(a_folder_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
