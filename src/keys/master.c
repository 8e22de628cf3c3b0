#include "keys/master.h"

#include "keys/jwt.h"
#include "keys/private_file.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <inttypes.h>
#include <stdio.h>

/*
 * master.key: the 32 bytes and nothing else. master.wrapped: JSON,
 *
 *	{"version":1,"kdf":"scrypt","n":131072,"r":8,"p":1,
 *	 "salt":"…","sealed":"…"}
 *
 * with salt and sealed key in base64url. The cost stands in the file, so that
 * it can be raised; what is read is bounded, since the file may have been
 * altered to cost more than the machine has.
 */

static const char key_file[] = "master.key", wrapped_file[] = "master.wrapped";
static const struct slice about = {"actas master key", 16};

enum { KEY = 32, SALT = 16 };
enum { COST_N = 1 << 17, COST_R = 8, COST_P = 1 };
enum { LEAST_N = 1 << 14, MOST_N = 1 << 20, MOST_R = 16, MOST_P = 4 };

struct master {
	struct secret_bytes keys[PURPOSES];
};

struct cost {
	uint64_t n;
	uint32_t r, p;
};

static const char *const purpose_names[PURPOSES] = {
    [PURPOSE_DATA_KEYS] = "actas data keys",
    [PURPOSE_SIGNING_KEYS] = "actas signing keys",
    [PURPOSE_CLIENT_SECRETS] = "actas client secrets",
    [PURPOSE_LOCAL_OWNER] = "actas local owner",
    [PURPOSE_BACKUPS] = "actas backups",
    [PURPOSE_PAGES] = "actas pages",
};

/* Derives a key of 32 bytes. */
static enum actas_error
derive(const char *how, const OSSL_PARAM *params, struct secret_bytes *key)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, how, NULL);
	EVP_KDF_CTX *c = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
	enum actas_error error = secret_bytes_new(KEY, key);

	if (error == ACTAS_OK &&
	    (c == NULL || EVP_KDF_derive(c, key->at, KEY, params) != 1)) {
		secret_bytes_release(key);
		error = ACTAS_ENOMEM;
	}
	ERR_clear_error();
	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
	return error;
}

static enum actas_error
subkey(const struct secret_bytes *root, const char *purpose,
    struct secret_bytes *key)
{
	char digest[] = "SHA256", info[64];
	int n = snprintf(info, sizeof info, "%s", purpose);
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
	    OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_KEY, root->at, root->length),
	    OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_INFO, info, (size_t)n),
	    OSSL_PARAM_construct_end(),
	};

	return derive("HKDF", params, key);
}

static enum actas_error
stretch(const struct secret_bytes *passphrase, struct slice salt,
    const struct cost *cost, struct secret_bytes *key)
{
	struct cost c = *cost;
	uint8_t salted[SALT];
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_PASSWORD, passphrase->at, passphrase->length),
	    OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_SALT, salted, sizeof salted),
	    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &c.n),
	    OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &c.r),
	    OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &c.p),
	    OSSL_PARAM_construct_end(),
	};

	memcpy(salted, salt.at, sizeof salted);
	return derive("SCRYPT", params, key);
}

static enum actas_error
write_wrapped(const char *folder, const struct cost *cost, struct slice salt,
    struct slice sealed, struct fault *fault)
{
	struct buffer text = {0};
	enum actas_error error;

	buffer_addf(&text,
	    "{\"version\":1,\"kdf\":\"scrypt\",\"n\":%" PRIu64 ",\"r\":%" PRIu32
	    ",\"p\":%" PRIu32 ",\"salt\":\"",
	    cost->n, cost->r, cost->p);
	base64url_put(&text, salt.at, salt.length);
	buffer_puts(&text, "\",\"sealed\":\"");
	base64url_put(&text, sealed.at, sealed.length);
	buffer_puts(&text, "\"}\n");
	error = text.error == ACTAS_OK ? key_file_create(folder, wrapped_file,
					     0600, buffer_slice(&text), fault)
				       : fault_plain(fault, text.error);
	buffer_release(&text);
	return error;
}

static enum actas_error
create_wrapped(const char *folder, const struct secret_bytes *root,
    const struct secret_bytes *passphrase, struct fault *fault)
{
	static const struct cost cost = {COST_N, COST_R, COST_P};
	struct secret_bytes salt = {0}, key = {0};
	struct buffer sealed = {0};
	enum actas_error error = secret_bytes_random(SALT, &salt);

	if (error == ACTAS_OK)
		error = stretch(
		    passphrase, secret_bytes_reveal(&salt), &cost, &key);
	if (error == ACTAS_OK)
		error = seal(&key, about, secret_bytes_reveal(root), &sealed);
	error = error == ACTAS_OK
	    ? write_wrapped(folder, &cost, secret_bytes_reveal(&salt),
		  buffer_slice(&sealed), fault)
	    : fault_plain(fault, error);
	buffer_release(&sealed);
	secret_bytes_release(&key);
	secret_bytes_release(&salt);
	return error;
}

static enum actas_error
check_passphrase(const struct secret_bytes *passphrase, struct fault *fault)
{
	if (passphrase == NULL)
		return ACTAS_OK;
	if (passphrase->length == 0)
		return fault_set(
		    fault, ACTAS_EUSAGE, NULL, 0, "the passphrase is empty");
	if (passphrase->length > LIMIT_PASSPHRASE_BYTES)
		return fault_set(fault, ACTAS_ELIMIT, NULL, 0,
		    "the passphrase is longer than %u bytes",
		    LIMIT_PASSPHRASE_BYTES);
	return ACTAS_OK;
}

enum actas_error
master_create(const char *folder, const struct secret_bytes *passphrase,
    struct fault *fault)
{
	struct secret_bytes root;
	enum actas_error error = check_passphrase(passphrase, fault);

	if (error != ACTAS_OK)
		return error;
	if (key_file_exists(folder, key_file) ||
	    key_file_exists(folder, wrapped_file))
		return fault_set(
		    fault, ACTAS_EUSAGE, folder, 0, "has a master key already");
	error = secret_bytes_random(KEY, &root);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	if (passphrase == NULL)
		error = key_file_create(
		    folder, key_file, 0600, secret_bytes_reveal(&root), fault);
	else
		error = create_wrapped(folder, &root, passphrase, fault);
	secret_bytes_release(&root);
	return error;
}

bool
master_wants_passphrase(const char *folder)
{
	return key_file_exists(folder, wrapped_file);
}

/* What master.wrapped says. */
struct wrapped {
	struct cost cost;
	struct buffer salt, sealed;
};

static bool
read_number(const json_t *object, const char *name, uint64_t least,
    uint64_t most, uint64_t *number)
{
	const json_t *value = json_object_get(object, name);

	*number = (uint64_t)json_integer_value(value);
	return json_is_integer(value) && *number >= least && *number <= most;
}

static bool
read_octets(const json_t *object, const char *name, size_t length,
    struct buffer *octets)
{
	return base64url_get(jwt_text(object, name), octets) == ACTAS_OK &&
	    octets->length == length;
}

static bool
read_cost(const json_t *object, struct cost *cost)
{
	uint64_t r, p;

	if (!read_number(object, "n", LEAST_N, MOST_N, &cost->n) ||
	    !read_number(object, "r", 1, MOST_R, &r) ||
	    !read_number(object, "p", 1, MOST_P, &p) ||
	    (cost->n & (cost->n - 1)) != 0 || cost->n * r > MOST_N * COST_R)
		return false;
	cost->r = (uint32_t)r;
	cost->p = (uint32_t)p;
	return true;
}

static bool
parse_wrapped(struct slice text, struct wrapped *w)
{
	json_t *object =
	    json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES, NULL);
	uint64_t version;
	bool good = read_number(object, "version", 1, 1, &version) &&
	    slice_eq(jwt_text(object, "kdf"), SLICE("scrypt")) &&
	    read_cost(object, &w->cost) &&
	    read_octets(object, "salt", SALT, &w->salt) &&
	    read_octets(object, "sealed", 12 + KEY + 16, &w->sealed);

	json_decref(object);
	return good;
}

static enum actas_error
unwrap(const struct wrapped *w, const struct secret_bytes *passphrase,
    struct secret_bytes *root, struct fault *fault)
{
	struct secret_bytes key;
	enum actas_error error =
	    stretch(passphrase, buffer_slice(&w->salt), &w->cost, &key);

	if (error == ACTAS_OK)
		error = unseal(&key, about, buffer_slice(&w->sealed), root);
	secret_bytes_release(&key);
	if (error == ACTAS_EPARSE)
		return fault_set(fault, ACTAS_EUSAGE, wrapped_file, 0,
		    "the passphrase is wrong");
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}

static enum actas_error
read_wrapped(const char *folder, const struct secret_bytes *passphrase,
    struct secret_bytes *root, struct fault *fault)
{
	struct secret_bytes text;
	struct wrapped w = {0};
	enum actas_error error = check_passphrase(passphrase, fault);

	if (error == ACTAS_OK)
		error = key_file_read(folder, wrapped_file, &text, fault);
	if (error != ACTAS_OK)
		return error;
	if (parse_wrapped(secret_bytes_reveal(&text), &w))
		error = unwrap(&w, passphrase, root, fault);
	else
		error = fault_set(fault, ACTAS_EPARSE, wrapped_file, 0,
		    "is not a wrapped master key that this version reads");
	buffer_release(&w.salt);
	buffer_release(&w.sealed);
	secret_bytes_release(&text);
	return error;
}

static enum actas_error
read_plain(const char *folder, struct secret_bytes *root, struct fault *fault)
{
	enum actas_error error = key_file_read(folder, key_file, root, fault);

	if (error != ACTAS_OK || root->length == KEY)
		return error;
	fault_set(fault, ACTAS_EPARSE, key_file, 0,
	    "has %zu bytes: a master key has %d", root->length, KEY);
	secret_bytes_release(root);
	return ACTAS_EPARSE;
}

static enum actas_error
read_root(const char *folder, const struct secret_bytes *passphrase,
    struct secret_bytes *root, struct fault *fault)
{
	bool plain = key_file_exists(folder, key_file);
	bool wrapped = key_file_exists(folder, wrapped_file);

	*root = (struct secret_bytes){0};
	if (plain && wrapped)
		return fault_set(fault, ACTAS_EUSAGE, folder, 0,
		    "has both %s and %s: which one is the master key?",
		    key_file, wrapped_file);
	if (!plain && !wrapped)
		return fault_set(
		    fault, ACTAS_ENOTFOUND, folder, 0, "has no master key");
	if (wrapped && passphrase == NULL)
		return fault_set(fault, ACTAS_EUSAGE, folder, 0,
		    "has a master key that wants a passphrase");
	if (plain && passphrase != NULL)
		return fault_set(fault, ACTAS_EUSAGE, folder, 0,
		    "has a master key that is not under a passphrase: none is "
		    "wanted, and the one given protects nothing");
	return plain ? read_plain(folder, root, fault)
		     : read_wrapped(folder, passphrase, root, fault);
}

enum actas_error
master_open(const char *folder, const struct secret_bytes *passphrase,
    struct master **master, struct fault *fault)
{
	struct secret_bytes root;
	struct master *m = NULL;
	enum actas_error error = read_root(folder, passphrase, &root, fault);

	*master = NULL;
	if (error != ACTAS_OK)
		return error;
	m = mem_zero(1, sizeof *m);
	if (m == NULL)
		error = ACTAS_ENOMEM;
	for (size_t i = 0; error == ACTAS_OK && i < PURPOSES; i++)
		error = subkey(&root, purpose_names[i], &m->keys[i]);
	secret_bytes_release(&root);
	if (error == ACTAS_OK) {
		*master = m;
		return ACTAS_OK;
	}
	master_close(m);
	return fault_plain(fault, error);
}

void
master_close(struct master *m)
{
	for (size_t i = 0; m != NULL && i < PURPOSES; i++)
		secret_bytes_release(&m->keys[i]);
	mem_free(m);
}

const struct secret_bytes *
master_key(const struct master *m, enum purpose purpose)
{
	return &m->keys[purpose];
}
