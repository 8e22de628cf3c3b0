#include "keys_test.h"

#include "keys/jwt.h"

#include <pthread.h>

enum { NOW = 1795285455 };

static struct signing_key *key, *other;

static int
begin(void **state ACTAS_UNUSED)
{
	return signing_key_new(NOW, &key) == ACTAS_OK &&
		signing_key_new(NOW, &other) == ACTAS_OK
	    ? 0
	    : -1;
}

static int
end(void **state ACTAS_UNUSED)
{
	signing_key_free(key);
	signing_key_free(other);
	signing_key_free(NULL);
	return 0;
}

static bool
verifies(struct slice token, const struct signing_key *with)
{
	struct public_key *public = public_key_of_signer(with);
	struct jwt jwt;
	bool good;

	assert_non_null(public);
	assert_int_equal(jwt_parse(token, &jwt), ACTAS_OK);
	good = jwt_verify(&jwt, public);
	jwt_release(&jwt);
	public_key_free(public);
	return good;
}

static void
a_token_is_its_keys(void **state ACTAS_UNUSED)
{
	json_t *claims = json_pack("{ss sI}", "aud", "x", "exp", (json_int_t)1);
	struct buffer token = {0};
	struct slice text;

	buffer_puts(&token, "before ");
	assert_int_equal(signing_key_sign(key, claims, &token), ACTAS_OK);
	assert_true(slice_starts(buffer_slice(&token), SLICE("before eyJ")));
	text = slice_from(buffer_slice(&token), 7);
	assert_true(verifies(text, key));
	assert_false(verifies(text, other));
	buffer_release(&token);
	json_decref(claims);
}

static void
one_other_character_is_another_token(void **state ACTAS_UNUSED)
{
	struct public_key *public = public_key_of_signer(key);
	json_t *claims = json_pack("{ss}", "aud", "x");
	struct buffer token = {0};

	assert_int_equal(signing_key_sign(key, claims, &token), ACTAS_OK);
	for (size_t i = 0; i < token.length; i++) {
		struct jwt jwt;
		char was = token.at[i];

		token.at[i] = was == 'A' ? 'B' : 'A';
		if (jwt_parse(buffer_slice(&token), &jwt) == ACTAS_OK)
			assert_false(jwt_verify(&jwt, public));
		jwt_release(&jwt);
		token.at[i] = was;
	}
	assert_true(verifies(buffer_slice(&token), key));
	buffer_release(&token);
	public_key_free(public);
	json_decref(claims);
}

static void
header_names_the_key_as_entra_does(void **state ACTAS_UNUSED)
{
	json_t *claims = json_object();
	struct buffer token = {0};
	struct jwt jwt;

	assert_int_equal(signing_key_sign(key, claims, &token), ACTAS_OK);
	assert_int_equal(jwt_parse(buffer_slice(&token), &jwt), ACTAS_OK);
	assert_int_equal(jwt.algorithm, JWT_RS256);
	assert_int_equal(json_object_size(jwt.header), 4);
	assert_true(slice_eq(jwt_text(jwt.header, "typ"), SLICE("JWT")));
	assert_true(slice_eq(
	    jwt_text(jwt.header, "kid"), slice_of(signing_key_id(key))));
	assert_true(slice_eq(
	    jwt_text(jwt.header, "x5t"), slice_of(signing_key_id(key))));
	jwt_release(&jwt);
	buffer_release(&token);
	json_decref(claims);
}

static void
claims_are_compact_and_numbers_stay_what_they_are(void **state ACTAS_UNUSED)
{
	static const char text[] =
	    "{\"exp\":1795285455,\"nbf\":1795285455.568,\"a\":[true,null],"
	    "\"big\":9007199254740993,\"n\":\"\xc3\xa9\"}";
	json_t *claims = json_loads(text, 0, NULL);
	struct buffer token = {0}, plain = {0};
	struct slice rest, part;

	assert_int_equal(signing_key_sign(key, claims, &token), ACTAS_OK);
	rest = buffer_slice(&token);
	assert_true(slice_cut(&rest, '.', &part));
	assert_true(slice_cut(&rest, '.', &part));
	assert_int_equal(base64url_get(part, &plain), ACTAS_OK);
	assert_string_equal(buffer_text(&plain), text);
	buffer_release(&token);
	buffer_release(&plain);
	json_decref(claims);
}

static void
id_is_the_certificates_thumbprint(void **state ACTAS_UNUSED)
{
	struct certificate c;
	struct buffer id = {0};

	assert_int_equal(
	    certificate_read(signing_key_certificate(key), &c, NULL), ACTAS_OK);
	base64url_put(&id, c.sha1, sizeof c.sha1);
	assert_string_equal(buffer_text(&id), signing_key_id(key));
	assert_int_equal(id.length, 27);
	assert_true(c.from <= NOW && c.from > NOW - 3600);
	assert_true(c.until > NOW + 365 * MOMENT_DAY);
	assert_string_equal(c.subject, "CN=actas token signing,O=actas");
	certificate_release(&c);
	buffer_release(&id);
	assert_string_not_equal(signing_key_id(key), signing_key_id(other));
}

static void
the_jwk_verifies_and_tells_nothing_private(void **state ACTAS_UNUSED)
{
	static const char *const members[] = {
	    "kty", "use", "kid", "x5t", "n", "e", "x5c"};
	json_t *jwk = signing_key_jwk(key), *claims = json_object();
	struct public_key *public = public_key_of_jwk(jwk);
	struct buffer token = {0}, der = {0};
	struct jwt jwt;

	assert_non_null(public);
	assert_int_equal(json_object_size(jwk), 7);
	for (size_t i = 0; i < 7; i++)
		assert_non_null(json_object_get(jwk, members[i]));
	assert_true(slice_eq(jwt_text(jwk, "e"), SLICE("AQAB")));
	assert_int_equal(jwt_text(jwk, "n").length, 342);
	assert_int_equal(base64_get(slice_of(json_string_value(json_array_get(
					json_object_get(jwk, "x5c"), 0))),
			     &der),
	    ACTAS_OK);
	assert_true(slice_eq(buffer_slice(&der), signing_key_certificate(key)));
	assert_int_equal(signing_key_sign(key, claims, &token), ACTAS_OK);
	assert_int_equal(jwt_parse(buffer_slice(&token), &jwt), ACTAS_OK);
	assert_true(jwt_verify(&jwt, public));
	jwt_release(&jwt);
	public_key_free(public);
	buffer_release(&token);
	buffer_release(&der);
	json_decref(jwk);
	json_decref(claims);
}

static void
a_sealed_key_comes_back(void **state ACTAS_UNUSED)
{
	struct master *m = test_master();
	json_t *claims = json_object();
	struct buffer sealed = {0}, token = {0};
	struct signing_key *again;

	assert_int_equal(signing_key_seal(key, m, &sealed), ACTAS_OK);
	assert_int_equal(signing_key_unseal(buffer_slice(&sealed),
			     signing_key_certificate(key), m, &again),
	    ACTAS_OK);
	assert_string_equal(signing_key_id(again), signing_key_id(key));
	assert_int_equal(signing_key_sign(again, claims, &token), ACTAS_OK);
	assert_true(verifies(buffer_slice(&token), key));
	signing_key_free(again);
	buffer_release(&sealed);
	buffer_release(&token);
	json_decref(claims);
	master_close(m);
}

static void
a_sealed_key_opens_for_its_master_and_certificate_only(
    void **state ACTAS_UNUSED)
{
	struct master *m = test_master(), *stranger = test_master();
	struct slice own = signing_key_certificate(key);
	struct buffer sealed = {0};
	struct signing_key *again;
	struct slice text;

	assert_int_equal(signing_key_seal(key, m, &sealed), ACTAS_OK);
	text = buffer_slice(&sealed);
	assert_int_equal(
	    signing_key_unseal(text, own, stranger, &again), ACTAS_EPARSE);
	assert_null(again);
	assert_int_equal(
	    signing_key_unseal(text, signing_key_certificate(other), m, &again),
	    ACTAS_EPARSE);
	assert_int_equal(
	    signing_key_unseal(SLICE(""), own, m, &again), ACTAS_EPARSE);
	sealed.at[sealed.length / 2] ^= 1;
	assert_int_equal(
	    signing_key_unseal(text, own, m, &again), ACTAS_EPARSE);
	assert_null(again);
	buffer_release(&sealed);
	master_close(m);
	master_close(stranger);
}

enum { THREADS = 4, EACH = 25 };

static void *
sign_many(void *context)
{
	int *signed_well = context;

	for (int i = 0; i < EACH; i++) {
		json_t *claims = json_pack("{si}", "i", i);
		struct public_key *public = public_key_of_signer(key);
		struct buffer token = {0};
		struct jwt jwt = {0};

		*signed_well += claims != NULL && public != NULL &&
		    signing_key_sign(key, claims, &token) == ACTAS_OK &&
		    jwt_parse(buffer_slice(&token), &jwt) == ACTAS_OK &&
		    jwt_verify(&jwt, public);
		jwt_release(&jwt);
		buffer_release(&token);
		public_key_free(public);
		json_decref(claims);
	}
	return NULL;
}

static void
any_thread_signs(void **state ACTAS_UNUSED)
{
	pthread_t threads[THREADS];
	int signed_well[THREADS] = {0};

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, sign_many,
				     &signed_well[i]),
		    0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(signed_well[i], EACH);
	}
}

static void
no_memory_is_an_error_and_adds_nothing(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;
	json_t *claims = json_pack("{ss}", "a", "b");

	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct buffer token = {0};

		mem_fail_after(n);
		error = signing_key_sign(key, claims, &token);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
		assert_true(error == ACTAS_OK || token.length == 0);
		buffer_release(&token);
	}
	json_decref(claims);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_token_is_its_keys),
	    cmocka_unit_test(one_other_character_is_another_token),
	    cmocka_unit_test(header_names_the_key_as_entra_does),
	    cmocka_unit_test(claims_are_compact_and_numbers_stay_what_they_are),
	    cmocka_unit_test(id_is_the_certificates_thumbprint),
	    cmocka_unit_test(the_jwk_verifies_and_tells_nothing_private),
	    cmocka_unit_test(a_sealed_key_comes_back),
	    cmocka_unit_test(
		a_sealed_key_opens_for_its_master_and_certificate_only),
	    cmocka_unit_test(any_thread_signs),
	    cmocka_unit_test(no_memory_is_an_error_and_adds_nothing),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
