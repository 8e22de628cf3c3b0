#include "api/api.h"

#include <inttypes.h>

/* Ways to answer that every surface shares. */

static void
answer_plain_failure(struct exchange *x)
{
	static const char text[] =
	    "{\"error\":{\"code\":\"InternalServerError\",\"message\":"
	    "\"The server could not make its answer.\"}}";

	buffer_clear(&x->answer);
	buffer_puts(&x->answer, text);
	x->status = 500;
	exchange_reply(x);
}

/* Straight into the answer, which is made as large as it must be first: a
 * buffer that grows leaves copies of a secret behind. */
static bool
put_json(struct buffer *out, const json_t *body)
{
	size_t length = json_dumpb(body, NULL, 0, JSON_COMPACT);

	if (length == 0)
		return false;
	buffer_clear(out);
	buffer_fill(out, ' ', length);
	return out->error == ACTAS_OK &&
	    json_dumpb(body, out->at, length, JSON_COMPACT) == length;
}

void
answer_json(struct exchange *x, uint32_t status, json_t *body)
{
	bool made = body != NULL && put_json(&x->answer, body);

	json_decref(body);
	if (!made) {
		answer_plain_failure(x);
		return;
	}
	x->status = status;
	exchange_reply(x);
}

void
answer_empty(struct exchange *x, uint32_t status)
{
	buffer_clear(&x->answer);
	x->status = status;
	exchange_reply(x);
}

void
answer_error(struct exchange *x, uint32_t status, const char *code,
    const char *inner, const char *format, ...)
{
	struct buffer message = {0};
	json_t *body = NULL;
	va_list args;

	va_start(args, format);
	buffer_addv(&message, format, args);
	va_end(args);
	if (message.error == ACTAS_OK)
		body = json_pack("{s:{s:s, s:s%}}", "error", "code", code,
		    "message", buffer_text(&message), message.length);
	if (body != NULL && inner != NULL &&
	    json_object_set_new(json_object_get(body, "error"), "innererror",
		json_pack("{s:s}", "code", inner)) != 0) {
		json_decref(body);
		body = NULL;
	}
	buffer_release(&message);
	answer_json(x, status, body);
}

/* Whether lists and objects lie at most LIMIT_JSON_DEPTH deep, so that a
 * parser that recurses may be given the text. */
static bool
depth_is_bounded(struct slice text)
{
	bool in_string = false;
	uint32_t depth = 0;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (in_string) {
			i += c == '\\';
			in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > LIMIT_JSON_DEPTH)
				return false;
		} else if (c == '}' || c == ']') {
			depth -= depth > 0;
		}
	}
	return true;
}

json_t *
body_parse(struct slice text)
{
	json_error_t why;
	json_t *body = NULL;

	if (text.length > 0 && depth_is_bounded(text))
		body = json_loadb(
		    text.at, text.length, JSON_REJECT_DUPLICATES, &why);
	if (json_is_object(body))
		return body;
	json_decref(body);
	return NULL;
}

json_t *
body_object(struct exchange *x, const char *code)
{
	json_t *body = body_parse(x->body);

	if (body == NULL)
		answer_error(x, 400, code, NULL,
		    "The request body must be a JSON object in which no name "
		    "stands twice, at most %u levels deep.",
		    LIMIT_JSON_DEPTH);
	return body;
}

json_t *
json_guid(struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	return guid_is_nil(id) ? json_null() : json_string(text);
}

json_t *
json_moment(moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	moment_format(when, text);
	return json_string(text);
}

const char *
exchange_origin(struct exchange *x)
{
	const char *origin =
	    arena_printf(&x->arena, "https://%.*s", SLICE_ARGS(x->authority));

	return origin == NULL ? "" : origin;
}

static struct audit_line
fill_line(struct exchange *x, const struct caller *caller,
    const struct audit_line *line)
{
	struct platform *p = exchange_platform(x);
	struct audit_line full = *line;

	full.at = p->clock.now(p->clock.context);
	full.request = slice_of(x->request_id);
	full.peer = x->peer;
	if (caller != NULL) {
		full.object_id = caller->object_id;
		full.app_id = caller->app_id;
		full.key_id = slice_of(caller->key_id);
	}
	return full;
}

bool
api_audit(struct exchange *x, const struct caller *caller,
    const struct audit_line *line)
{
	struct audit_line full = fill_line(x, caller, line);

	if (audit_write(exchange_platform(x)->audit, &full) == ACTAS_OK)
		return true;
	answer_unavailable(x);
	return false;
}

bool
api_audit_change(struct exchange *x, const struct api_change *c,
    const struct audit_line *line)
{
	struct audit_line full = fill_line(x, &c->caller, line);

	if (!c->is_made)
		return api_audit(x, &c->caller, line);
	audit_change(exchange_platform(x)->audit, &full);
	return true;
}

const char answer_unavailable_text[] =
    "The platform cannot write its records now, so it gives no answer. "
    "Its log says why.";

void
answer_unavailable(struct exchange *x)
{
	exchange_add_header(x, "Retry-After", "%d", 5);
	answer_error(
	    x, 503, "ServiceUnavailable", NULL, "%s", answer_unavailable_text);
}
