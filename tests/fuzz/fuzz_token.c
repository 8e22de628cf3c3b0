/* Any form at a token endpoint of a platform in a temporary folder, and any
 * assertion: the first letter says which. Each is answered, and nobody gets a
 * token for an assertion that nobody signed. */
#include "../api/fixture.h"
#include "keys/jwt.h"

static const char *const endpoints[] = {"/" TENANT "/oauth2/v2.0/token",
    "/" TENANT "/oauth2/token", "/adfs/oauth2/token", "/common/oauth2/token"};

static struct fixture *fixture;

static void
end(void)
{
	void *state = fixture;

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
	atexit(end);
}

/* Header and claims, a line each, as an assertion that nobody signed. */
static void
put_assertion(struct buffer *form, struct slice text)
{
	struct slice header = {0};

	slice_cut(&text, '\n', &header);
	buffer_puts(form,
	    "grant_type=client_credentials&client_id=" READER_APP
	    "&client_assertion_type=urn:ietf:params:oauth:"
	    "client-assertion-type:jwt-bearer&client_assertion=");
	base64url_put(form, header.at, header.length);
	buffer_putc(form, '.');
	base64url_put(form, text.at, text.length);
	buffer_puts(form, ".AAAA");
}

static void
ask_for_token(const char *target, struct slice body, bool may_be_given)
{
	static const char headers[] =
	    "Content-Type: application/x-www-form-urlencoded";
	char *text = arena_text(&fixture->arena, body);
	struct reply r =
	    ask(fixture, "POST", LOGIN_HOST, target, headers, text);

	if (r.status == 200 && !may_be_given)
		abort();
	if (r.x != NULL && (r.body == NULL || r.status >= 500))
		abort();
	reply_free(&r);
	arena_release(&fixture->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	size_t count = sizeof endpoints / sizeof *endpoints;
	struct buffer form = {0};
	size_t choice;

	begin();
	if (size == 0 || size > 8192)
		return 0;
	choice = (size_t)(unsigned char)(data[0] - 'a');
	text = slice_from(text, 1);
	if (choice < count) {
		ask_for_token(endpoints[choice], text, true);
		return 0;
	}
	put_assertion(&form, text);
	ask_for_token(endpoints[choice % count], buffer_slice(&form), false);
	buffer_release(&form);
	return 0;
}
