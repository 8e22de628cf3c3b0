#include "entra_test.h"

#include "keys/jwt.h"

#include <stdio.h>

/* "AADSTS…: …\r\nTrace ID: …\r\nCorrelation ID: …\r\nTimestamp: …", with
 * the ids and the time that stand beside it. */
static void
assert_form(struct fixture *f, const struct reply *r)
{
	const char *expected = arena_printf(&f->arena,
	    "\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s",
	    reply_at(r, "trace_id"), reply_at(r, "correlation_id"),
	    reply_at(r, "timestamp"));
	const char *text = reply_at(r, "error_description");
	char uri[128];

	assert_true(slice_ends(slice_of(text), slice_of(expected)));
	snprintf(uri, sizeof uri,
	    "https://login.microsoftonline.com/error?code=%s",
	    reply_at(r, "error_codes.0"));
	assert_string_equal(reply_at(r, "error_uri"), uri);
	assert_string_equal(reply_at(r, "trace_id"), r->x->request_id);
}

void
assert_refused(struct fixture *f, const struct refused *expected)
{
	struct reply r = ask(f, "POST", LOGIN_HOST,
	    expected->target == NULL ? TOKEN_V2 : expected->target,
	    expected->headers == NULL ? FORM : expected->headers,
	    expected->body);
	const char *text = reply_at(&r, "error_description");
	const char *start =
	    arena_printf(&f->arena, "AADSTS%s: ", expected->number);

	if (r.status != expected->status ||
	    strcmp(reply_at(&r, "error"), expected->error) != 0 ||
	    strcmp(reply_at(&r, "error_codes.0"), expected->number) != 0 ||
	    strncmp(text, start, strlen(start)) != 0 ||
	    strstr(text, expected->text) == NULL)
		fail_msg("%s: %u %.*s", expected->body, r.status,
		    SLICE_ARGS(r.text));
	assert_form(f, &r);
	reply_free(&r);
}

json_t *
reply_claims(const struct reply *r)
{
	assert_reply(r, 200, NULL, NULL);
	return fixture_claims(reply_at(r, "access_token"));
}

json_t *
last_audit(struct fixture *f)
{
	json_t *lines = fixture_audit(f), *last;

	assert_true(json_array_size(lines) > 0);
	last = json_incref(json_array_get(lines, json_array_size(lines) - 1));
	json_decref(lines);
	return last;
}
