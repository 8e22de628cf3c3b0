/*
 * ca.key and ca.pem are made once and stay. server.key is made once, too; a
 * renewal replaces server.pem alone and in one step, so that no crash leaves
 * a key beside a certificate of another.
 */

#include "keys/authority.h"

#include "keys/authority_names.h"
#include "keys/issue.h"
#include "keys/private_file.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <time.h>

static const char ca_key[] = "ca.key", ca_pem[] = "ca.pem",
		  server_key[] = "server.key", server_pem[] = "server.pem";

/* Apple's clients take no server certificate that lives longer than 825 days
 * from an authority of one's own. Clocks of containers may be behind. */
enum { CA_DAYS = 3650, SERVER_DAYS = 820, RENEW_DAYS = 30, SKEW = 3600 };

/* Both of the authority's, and what is to be certified. */
struct authority {
	const char *folder;
	GENERAL_NAMES *names;
	EVP_PKEY *key;
	X509 *certificate;
	moment now;
};

static enum actas_error
no_memory(struct fault *fault)
{
	ERR_clear_error();
	return fault_plain(fault, ACTAS_ENOMEM);
}

static struct slice
written(BIO *text)
{
	char *at;
	long n = BIO_get_mem_data(text, &at);

	return (struct slice){at, n > 0 ? (size_t)n : 0};
}

static enum actas_error
write_key(
    const char *folder, const char *name, EVP_PKEY *key, struct fault *fault)
{
	BIO *text = BIO_new(BIO_s_secmem());
	enum actas_error error;

	if (text != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(
		text, key, NULL, NULL, 0, NULL, NULL) == 1)
		error =
		    key_file_create(folder, name, 0600, written(text), fault);
	else
		error = no_memory(fault);
	BIO_free(text);
	return error;
}

static enum actas_error
write_certificate(
    const char *folder, const char *name, X509 *x, struct fault *fault)
{
	BIO *text = BIO_new(BIO_s_mem());
	enum actas_error error;

	if (text != NULL && PEM_write_bio_X509(text, x) == 1)
		error =
		    key_file_replace(folder, name, 0644, written(text), fault);
	else
		error = no_memory(fault);
	BIO_free(text);
	return error;
}

/* OpenSSL would otherwise ask at the terminal. */
static int
no_password(char *into ACTAS_UNUSED, int size ACTAS_UNUSED,
    int writing ACTAS_UNUSED, void *context ACTAS_UNUSED)
{
	return -1;
}

static enum actas_error
read_key(
    const char *folder, const char *name, EVP_PKEY **key, struct fault *fault)
{
	struct secret_bytes text;
	enum actas_error error = key_file_read(folder, name, &text, fault);
	BIO *from;

	*key = NULL;
	if (error != ACTAS_OK)
		return error;
	from = BIO_new_mem_buf(text.at, (int)text.length);
	if (from != NULL)
		*key = PEM_read_bio_PrivateKey(from, NULL, no_password, NULL);
	BIO_free(from);
	secret_bytes_release(&text);
	ERR_clear_error();
	return *key != NULL
	    ? ACTAS_OK
	    : fault_set(fault, ACTAS_EPARSE, name, 0,
		  "is not a private key in PEM without a password");
}

static enum actas_error
read_certificate(
    const char *folder, const char *name, X509 **x, struct fault *fault)
{
	struct secret_bytes text;
	enum actas_error error = open_file_read(folder, name, &text, fault);
	BIO *from;

	*x = NULL;
	if (error != ACTAS_OK)
		return error;
	from = BIO_new_mem_buf(text.at, (int)text.length);
	if (from != NULL)
		*x = PEM_read_bio_X509(from, NULL, no_password, NULL);
	BIO_free(from);
	secret_bytes_release(&text);
	ERR_clear_error();
	return *x != NULL ? ACTAS_OK
			  : fault_set(fault, ACTAS_EPARSE, name, 0,
				"is not a certificate in PEM");
}

/* The key of that name; a new one where there is none. */
static enum actas_error
ensure_key(
    const char *folder, const char *name, EVP_PKEY **key, struct fault *fault)
{
	enum actas_error error = secrets_heap();

	*key = NULL;
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	if (key_file_exists(folder, name))
		return read_key(folder, name, key, fault);
	*key = EVP_EC_gen("P-256");
	return *key == NULL ? no_memory(fault)
			    : write_key(folder, name, *key, fault);
}

static bool
constrain(X509 *x, const GENERAL_NAMES *names)
{
	NAME_CONSTRAINTS *constraints = authority_constraints(names);
	bool done = constraints != NULL &&
	    issue_extension_of(x, NID_name_constraints, constraints, true);

	NAME_CONSTRAINTS_free(constraints);
	return done;
}

/* Two authorities in one bundle are told apart by their names. */
static bool
authority_name(char *name, size_t size)
{
	uint8_t chance[4];

	snprintf(name, size, "actas authority");
	if (RAND_bytes(chance, sizeof chance) != 1)
		return false;
	snprintf(name, size, "actas authority %02x%02x%02x%02x", chance[0],
	    chance[1], chance[2], chance[3]);
	return true;
}

static X509 *
issue_authority(const struct authority *a)
{
	char name[64];
	struct issue i = {
	    .organisation = "actas",
	    .name = name,
	    .from = a->now - SKEW,
	    .until = a->now + CA_DAYS * MOMENT_DAY,
	    .subject_key = a->key,
	};
	X509 *x = authority_name(name, sizeof name) ? issue_begin(&i) : NULL;

	if (x != NULL &&
	    issue_extension(
		x, &i, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
	    issue_extension(
		x, &i, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	    issue_extension(x, &i, NID_subject_key_identifier, "hash") &&
	    constrain(x, a->names) && issue_sign(x, &i))
		return x;
	X509_free(x);
	return NULL;
}

static enum actas_error
ensure_authority(struct authority *a, struct fault *fault)
{
	enum actas_error error;

	if (key_file_exists(a->folder, ca_pem))
		return read_certificate(
		    a->folder, ca_pem, &a->certificate, fault);
	error = ensure_key(a->folder, ca_key, &a->key, fault);
	if (error != ACTAS_OK)
		return error;
	a->certificate = issue_authority(a);
	if (a->certificate == NULL)
		return no_memory(fault);
	return write_certificate(a->folder, ca_pem, a->certificate, fault);
}

static moment
end_of(const X509 *x)
{
	struct tm parts;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(x), &parts) != 1)
		return MOMENT_UNKNOWN;
	return (moment)timegm(&parts);
}

static X509 *
issue_server(const struct authority *a, EVP_PKEY *key)
{
	moment until = a->now + SERVER_DAYS * MOMENT_DAY;
	moment last = end_of(a->certificate);
	struct issue i = {
	    .organisation = "actas",
	    .name = "localhost",
	    .from = a->now - SKEW,
	    .until = until < last ? until : last,
	    .issuer = a->certificate,
	    .issuer_key = a->key,
	    .subject_key = key,
	};
	X509 *x = issue_begin(&i);

	if (x != NULL &&
	    issue_extension(
		x, &i, NID_basic_constraints, "critical,CA:FALSE") &&
	    issue_extension(
		x, &i, NID_key_usage, "critical,digitalSignature") &&
	    issue_extension(x, &i, NID_ext_key_usage, "serverAuth") &&
	    issue_extension(x, &i, NID_subject_key_identifier, "hash") &&
	    issue_extension(
		x, &i, NID_authority_key_identifier, "keyid:always") &&
	    issue_extension_of(x, NID_subject_alt_name, a->names, false) &&
	    issue_sign(x, &i))
		return x;
	X509_free(x);
	return NULL;
}

static enum actas_error
check_names(const struct authority *a, struct fault *fault)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(a->names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(a->names, i);
		char text[256];

		if (authority_may_vouch(a->certificate, name))
			continue;
		name_text(name, text, sizeof text);
		return fault_set(fault, ACTAS_EUSAGE, ca_pem, 0,
		    "may not vouch for %s: an authority is made for its names; "
		    "remove ca.pem, ca.key and server.pem to make another, "
		    "which clients then have to be given",
		    text);
	}
	return ACTAS_OK;
}

/* Whether the authority's key, which is read where it was not, is its
 * certificate's. */
static enum actas_error
need_authority_key(struct authority *a, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;

	if (a->key == NULL)
		error = read_key(a->folder, ca_key, &a->key, fault);
	if (error != ACTAS_OK)
		return error;
	if (X509_check_private_key(a->certificate, a->key) == 1)
		return ACTAS_OK;
	ERR_clear_error();
	return fault_set(fault, ACTAS_EPARSE, ca_key, 0,
	    "is not the key of ca.pem: put the right one back, or remove both "
	    "to make another authority");
}

static enum actas_error
make_server(struct authority *a, struct fault *fault)
{
	EVP_PKEY *key = NULL;
	X509 *x = NULL;
	enum actas_error error = check_names(a, fault);

	if (error == ACTAS_OK)
		error = need_authority_key(a, fault);
	if (error == ACTAS_OK)
		error = ensure_key(a->folder, server_key, &key, fault);
	if (error == ACTAS_OK) {
		x = issue_server(a, key);
		error = x == NULL
		    ? no_memory(fault)
		    : write_certificate(a->folder, server_pem, x, fault);
	}
	X509_free(x);
	EVP_PKEY_free(key);
	return error;
}

static void
end(struct authority *a)
{
	GENERAL_NAMES_free(a->names);
	EVP_PKEY_free(a->key);
	X509_free(a->certificate);
	ERR_clear_error();
}

enum actas_error
authority_create(const char *folder, const char *const *names, moment now,
    struct fault *fault)
{
	struct authority a = {.folder = folder, .now = now};
	enum actas_error error = authority_names(names, &a.names, fault);

	if (error == ACTAS_OK)
		error = ensure_authority(&a, fault);
	if (error == ACTAS_OK && !key_file_exists(folder, server_pem))
		error = make_server(&a, fault);
	end(&a);
	return error;
}

static bool
bears_all(X509 *x, const GENERAL_NAMES *names)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (!certificate_bears(x, sk_GENERAL_NAME_value(names, i)))
			return false;
	return true;
}

/* A crash between server.key and server.pem of two authorities, or a key put
 * back from elsewhere. One that cannot be read is for the server to tell. */
static bool
fits_key(const struct authority *a, X509 *x)
{
	EVP_PKEY *key;
	bool fits = read_key(a->folder, server_key, &key, NULL) != ACTAS_OK ||
	    X509_check_private_key(x, key) == 1;

	EVP_PKEY_free(key);
	return fits;
}

/* Whether the server's certificate is ours to renew, and has to be. */
static bool
is_due(const struct authority *a, X509 *x)
{
	if (X509_verify(x, X509_get0_pubkey(a->certificate)) != 1)
		return false;
	return end_of(x) < a->now + RENEW_DAYS * MOMENT_DAY ||
	    !bears_all(x, a->names) || !fits_key(a, x);
}

static enum actas_error
renew(struct authority *a, bool *renewed, struct fault *fault)
{
	X509 *present = NULL;
	enum actas_error error =
	    read_certificate(a->folder, ca_pem, &a->certificate, fault);

	if (error == ACTAS_OK)
		error =
		    read_certificate(a->folder, server_pem, &present, fault);
	if (error == ACTAS_OK && is_due(a, present)) {
		error = make_server(a, fault);
		*renewed = error == ACTAS_OK;
	}
	X509_free(present);
	return error;
}

enum actas_error
authority_renew(const char *folder, const char *const *names, moment now,
    bool *renewed, struct fault *fault)
{
	struct authority a = {.folder = folder, .now = now};
	enum actas_error error = authority_names(names, &a.names, fault);
	bool made = false;

	if (error == ACTAS_OK)
		error = renew(&a, &made, fault);
	end(&a);
	if (renewed != NULL)
		*renewed = made;
	return error;
}

enum actas_error
authority_bears(
    const char *folder, const char *name, bool *bears, struct fault *fault)
{
	X509 *x = NULL;
	enum actas_error error =
	    read_certificate(folder, server_pem, &x, fault);

	*bears = error == ACTAS_OK &&
	    (X509_check_host(x, name, 0, 0, NULL) == 1 ||
		X509_check_ip_asc(x, name, 0) == 1);
	X509_free(x);
	ERR_clear_error();
	return error;
}
