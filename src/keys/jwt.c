#include "keys/jwt.h"

#include "keys/public_key.h"

#include <math.h>

static const struct {
	struct slice name;
	enum jwt_algorithm algorithm;
} algorithms[] = {
    {{"RS256", 5}, JWT_RS256},
    {{"PS256", 5}, JWT_PS256},
    {{"ES256", 5}, JWT_ES256},
};

enum jwt_algorithm
jwt_algorithm_named(struct slice name)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (slice_eq(name, algorithms[i].name))
			return algorithms[i].algorithm;
	return JWT_OTHER;
}

/* Whether nothing in the text nests deeper than is allowed. It need not be
 * JSON: the parser decides that, and recurses no deeper than this counts. */
static bool
is_shallow(struct slice text)
{
	unsigned depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '[' || c == '{'))
			depth++;
		else if (!quoted && (c == ']' || c == '}'))
			depth -= depth > 0;
		if (depth > LIMIT_JSON_DEPTH)
			return false;
	}
	return true;
}

static enum actas_error
parse_object(struct slice part, json_t **object)
{
	struct buffer text = {0};
	json_error_t fault;
	enum actas_error error = base64url_get(part, &text);

	if (error == ACTAS_OK && !is_shallow(buffer_slice(&text)))
		error = ACTAS_ELIMIT;
	if (error == ACTAS_OK) {
		*object = json_loadb(buffer_text(&text), text.length,
		    JSON_REJECT_DUPLICATES, &fault);
		if (*object == NULL &&
		    json_error_code(&fault) == json_error_out_of_memory)
			error = ACTAS_ENOMEM;
		else if (!json_is_object(*object))
			error = ACTAS_EPARSE;
	}
	buffer_release(&text);
	return error;
}

/* Three parts, and none more. */
static bool
cut(struct slice token, struct slice part[static 3])
{
	for (size_t i = 0; i < 3; i++)
		if (!slice_cut(&token, '.', &part[i]))
			return false;
	return token.at == NULL;
}

enum actas_error
jwt_parse(struct slice token, struct jwt *jwt)
{
	struct slice part[3];
	enum actas_error error;

	*jwt = (struct jwt){0};
	if (token.length > LIMIT_TOKEN_BYTES)
		return ACTAS_ELIMIT;
	if (!cut(token, part))
		return ACTAS_EPARSE;
	error = parse_object(part[0], &jwt->header);
	if (error == ACTAS_OK)
		error = parse_object(part[1], &jwt->claims);
	if (error == ACTAS_OK)
		error = base64url_get(part[2], &jwt->signature);
	/* What must be understood is named in "crit", and nothing is. */
	if (error == ACTAS_OK && json_object_get(jwt->header, "crit") != NULL)
		error = ACTAS_EPARSE;
	if (error != ACTAS_OK) {
		jwt_release(jwt);
		return error;
	}
	jwt->signed_part =
	    slice_sub(token, 0, part[0].length + 1 + part[1].length);
	jwt->algorithm = jwt_algorithm_named(jwt_text(jwt->header, "alg"));
	return ACTAS_OK;
}

void
jwt_release(struct jwt *jwt)
{
	json_decref(jwt->header);
	json_decref(jwt->claims);
	buffer_release(&jwt->signature);
	*jwt = (struct jwt){0};
}

bool
jwt_verify(const struct jwt *jwt, const struct public_key *key)
{
	return public_key_verify(key, jwt->algorithm, jwt->signed_part,
	    buffer_slice(&jwt->signature));
}

struct slice
jwt_text(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return (struct slice){
	    json_string_value(value), json_string_length(value)};
}

bool
jwt_moment(const json_t *object, const char *name, moment *when)
{
	const json_t *value = json_object_get(object, name);
	double real = json_real_value(value);

	*when = MOMENT_UNKNOWN;
	if (json_is_integer(value))
		*when = (moment)json_integer_value(value);
	/* 2^53: where a real no longer tells one second from the next. */
	else if (json_is_real(value) && fabs(real) <= 9007199254740992.0)
		*when = (moment)real;
	return *when != MOMENT_UNKNOWN;
}
