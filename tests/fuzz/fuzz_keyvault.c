/*
 * Any request to a vault of a platform in a temporary folder: a letter for who
 * asks, one for the method, the target, and behind a line end the body. Each
 * is answered, nobody without the right learns or changes anything. Every
 * input is also a body by itself: what is left when the value was taken out is
 * JSON exactly if the body was.
 */
#include "../api/keyvault_world.h"

#include "api/keyvault/value.h"

#define VALUE "open-sesame-42"

static const char *const principals[] = {ADMIN, READER, NOBODY, NULL};
static const char *const methods[] = {
    "GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"};

/* OpenSSL keeps the state of its random numbers in the secure heap, which the
 * search for leaks does not look at. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0";
}

const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:EVP_RAND_instantiate\n";
}

enum { PRINCIPALS = 4, METHODS = 6, STRANGERS = 2 };

static struct fixture *fixture;
static const char *bearers[PRINCIPALS];
static struct arena kept; /* bearers: the fixture's is emptied each time */

static void
end(void)
{
	void *state = fixture;

	arena_release(&kept);
	fixture_teardown(&state);
}

static void
begin(void)
{
	void *state = NULL;

	if (fixture != NULL)
		return;
	fixture_setup(&state);
	fixture = state;
	for (size_t i = 0; principals[i] != NULL; i++)
		bearers[i] = arena_text(&kept,
		    slice_of(fixture_bearer(fixture, principals[i], VAULT)));
	vault_set(fixture, "kept", VALUE);
	atexit(end);
}

/* Without a right: no success, and nothing of the value. */
static void
check_stranger(const struct reply *r)
{
	if (r->status < 400 || slice_find(r->text, SLICE(VALUE)) != SIZE_MAX)
		abort();
}

static void
ask_vault(
    size_t who, const char *method, struct slice target, struct slice body)
{
	struct arena *arena = &fixture->arena;
	struct reply r = ask(fixture, method, VAULT_HOST,
	    arena_text(arena, target), bearers[who], arena_text(arena, body));

	if (r.x != NULL && r.status != 204 && r.body == NULL)
		abort();
	if (r.x != NULL && (r.status == 0 || r.status >= 500))
		abort();
	if (r.x != NULL && who >= STRANGERS)
		check_stranger(&r);
	reply_free(&r);
	arena_release(arena);
}

static bool
is_json(struct slice text)
{
	json_t *value = json_loadb(text.at == NULL ? "" : text.at, text.length,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	bool yes = value != NULL;

	json_decref(value);
	return yes;
}

static void
take_value(struct slice body)
{
	struct secret_bytes value;
	struct arena arena = {0};
	struct slice rest;
	bool is_there;

	if (value_take(body, &arena, &value, &is_there, &rest) == ACTAS_OK) {
		if (rest.length > body.length || is_json(rest) != is_json(body))
			abort();
		if (value.length > LIMIT_SECRET_VALUE_BYTES ||
		    (!is_there && value.length > 0))
			abort();
	}
	secret_bytes_release(&value);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size}, target;

	begin();
	if (size < 3 || size > 65536)
		return 0;
	take_value(text);
	text = slice_from(text, 2);
	slice_cut(&text, '\n', &target);
	ask_vault(data[0] % PRINCIPALS, methods[data[1] % METHODS], target,
	    text.at == NULL ? SLICE("") : text);
	return 0;
}
