#include "bench.h"

#include "keys/jwt.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

/*
 * What signing and sealing take of one core. The raw operations of OpenSSL run
 * in turns with ours, on the same kind of key, so that a busy machine slows
 * both alike. The processor's time is told, not the clock's.
 */

enum { ROUNDS = 10, SIGNATURES = 150, SEALS = 20000, SEALED_BYTES = 256 };
enum { NOW = 1795285455 };

struct signing {
	struct signing_key *key;
	json_t *claims;
	EVP_PKEY *raw;
	EVP_PKEY_CTX *raw_context;
};

static void
sign_token(struct signing *s)
{
	struct buffer token = {0};

	need(
	    signing_key_sign(s->key, s->claims, &token) == ACTAS_OK, "a token");
	buffer_release(&token);
}

/* What `openssl speed rsa2048` repeats. */
static void
sign_raw(struct signing *s)
{
	static const uint8_t hash[32] = "thirty-two bytes of what is sign";
	uint8_t signature[256];
	size_t n = sizeof signature;

	need(EVP_PKEY_sign(s->raw_context, signature, &n, hash, sizeof hash) ==
		1,
	    "a signature");
}

static double
seconds_of(void (*sign)(struct signing *s), struct signing *s)
{
	double begin = clock_own_seconds();

	for (int i = 0; i < SIGNATURES; i++)
		sign(s);
	return clock_own_seconds() - begin;
}

static void
prepare_signing(struct signing *s)
{
	s->claims = json_pack("{ss ss ss sI sI sI ss ss ss}", "aud",
	    "https://vault.azure.net", "iss",
	    "https://sts.windows.net/11111111-1111-1111-1111-111111111111/",
	    "appid", "ca12d3e4-0000-4000-8000-000000000001", "iat",
	    (json_int_t)NOW, "nbf", (json_int_t)NOW, "exp",
	    (json_int_t)NOW + 3599, "oid",
	    "4e5f6a7b-0000-4000-8000-000000000002", "tid",
	    "11111111-1111-1111-1111-111111111111", "ver", "1.0");
	s->raw = EVP_RSA_gen(2048);
	s->raw_context = EVP_PKEY_CTX_new(s->raw, NULL);
	need(s->claims != NULL && s->raw_context != NULL &&
		signing_key_new(NOW, &s->key) == ACTAS_OK &&
		EVP_PKEY_sign_init(s->raw_context) == 1 &&
		EVP_PKEY_CTX_set_rsa_padding(
		    s->raw_context, RSA_PKCS1_PADDING) == 1 &&
		EVP_PKEY_CTX_set_signature_md(s->raw_context, EVP_sha256()) ==
		    1,
	    "keys to sign with");
}

static void
bench_signing(void)
{
	struct signing s;
	double ours = 0, raw = 0, all = (double)ROUNDS * SIGNATURES;

	prepare_signing(&s);
	(void)seconds_of(sign_token, &s); /* to warm up */
	(void)seconds_of(sign_raw, &s);
	for (int i = 0; i < ROUNDS; i++) {
		ours += seconds_of(sign_token, &s);
		raw += seconds_of(sign_raw, &s);
	}
	row("RSA-2048 signatures, OpenSSL alone", "what openssl speed does",
	    "%.0f/s", all / raw);
	row("RS256 tokens, JSON and all", "goal: 90 % of that",
	    "%.0f/s (%.1f %%)", all / ours, 100 * raw / ours);
	signing_key_free(s.key);
	json_decref(s.claims);
	EVP_PKEY_CTX_free(s.raw_context);
	EVP_PKEY_free(s.raw);
}

static void
bench_sealing(void)
{
	static const char plain[SEALED_BYTES];
	struct slice text = {plain, sizeof plain};
	struct secret_bytes key, back;
	struct slice about = SLICE("version/kv/name/1");
	struct buffer sealed = {0};
	double begin, there, again;

	need(secret_bytes_random(32, &key) == ACTAS_OK, "a key");
	begin = clock_own_seconds();
	for (int i = 0; i < SEALS; i++) {
		buffer_clear(&sealed);
		need(seal(&key, about, text, &sealed) == ACTAS_OK,
		    "a sealed value");
	}
	there = clock_own_seconds() - begin;
	begin = clock_own_seconds();
	for (int i = 0; i < SEALS; i++) {
		need(unseal(&key, about, buffer_slice(&sealed), &back) ==
			ACTAS_OK,
		    "its value");
		secret_bytes_release(&back);
	}
	again = clock_own_seconds() - begin;
	row("sealing 256 bytes", "", "%.2f us", there / SEALS * 1e6);
	row("unsealing them", "", "%.2f us", again / SEALS * 1e6);
	buffer_release(&sealed);
	secret_bytes_release(&key);
}

void
bench_keys(void)
{
	row_heading("keys");
	bench_signing();
	bench_sealing();
}
