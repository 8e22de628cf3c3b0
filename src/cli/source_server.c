#include "cli/platform_source.h"

#include "http/client.h"
#include "keys/secret.h"

#include <jansson.h>
#include <stdlib.h>

/* Of which service the token is: the one whose rights the answer follows. */
#define RESOURCE   "https://management.azure.com/"
#define MOST_BYTES ((size_t)1 << 30)

bool
is_server(const char *source)
{
	return slice_starts_case(slice_of(source), SLICE("https://"));
}

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

static void
put_field(struct buffer *form, const char *name, const char *value)
{
	buffer_addf(form, "%s%s=", form->length == 0 ? "" : "&", name);
	buffer_add_encoded(form, slice_of(value), "");
}

/* What an error answer says, in the forms of ARM and of Entra. */
static void
tell_refusal(struct cli *cli, const char *url, const struct http_answer *answer)
{
	json_t *body = json_loadb(
	    answer->body.at, answer->body.length, JSON_REJECT_DUPLICATES, NULL);
	json_t *error = json_object_get(body, "error");
	const char *message =
	    json_string_value(json_object_get(error, "message"));

	if (message == NULL)
		message = json_string_value(
		    json_object_get(body, "error_description"));
	fault_set(&cli->fault, ACTAS_EIO, url, 0, "the server answers %ld: %s",
	    answer->status, message == NULL ? "no reason given" : message);
	json_decref(body);
}

/* "Authorization: Bearer …" of a token answer. */
static enum actas_error
take_token(struct cli *cli, const char *url, struct http_answer *answer,
    struct buffer *header)
{
	json_t *body = NULL;
	const char *token = NULL;

	if (answer->status == 200)
		body = json_loadb(answer->body.at, answer->body.length,
		    JSON_REJECT_DUPLICATES, NULL);
	token = json_string_value(json_object_get(body, "access_token"));
	if (token == NULL)
		tell_refusal(cli, url, answer);
	else
		buffer_addf(header, "Authorization: Bearer %s", token);
	json_decref(body);
	return token == NULL ? cli->fault.error : header->error;
}

static const char *
authority_file(void)
{
	const char *ca = environment("ACTAS_CA");

	return ca == NULL ? environment("SSL_CERT_FILE") : ca;
}

static enum actas_error
ask_for_token(
    struct cli *cli, const struct http_query *query, struct buffer *header)
{
	struct http_answer answer = {0};
	enum actas_error error = query->url == NULL
	    ? fault_plain(&cli->fault, ACTAS_ENOMEM)
	    : http_ask(query, &answer, &cli->fault);

	if (error == ACTAS_OK)
		error = take_token(cli, query->url, &answer, header);
	secret_wipe(answer.body.at, answer.body.capacity);
	http_answer_release(&answer);
	return error;
}

static enum actas_error
identity_token(struct cli *cli, const char *endpoint, struct buffer *header)
{
	const char *secret = environment("IDENTITY_HEADER");
	const char *headers[] = {
	    arena_printf(&cli->arena, "X-IDENTITY-HEADER: %s",
		secret == NULL ? "" : secret),
	    NULL};
	struct http_query query = {
	    .url = arena_printf(&cli->arena,
		"%s?api-version=2019-08-01&resource=" RESOURCE, endpoint),
	    .headers = headers,
	    .ca_path = authority_file(),
	    .allow_http = true,
	};

	return ask_for_token(cli, &query, header);
}

static enum actas_error
client_token(struct cli *cli, const char *url, struct buffer *header)
{
	static const char *const headers[] = {
	    "Content-Type: application/x-www-form-urlencoded", NULL};
	const char *tenant = environment("AZURE_TENANT_ID");
	const char *client = environment("AZURE_CLIENT_ID");
	const char *secret = environment("AZURE_CLIENT_SECRET");
	struct http_query query = {
	    .method = "POST",
	    .headers = headers,
	    .ca_path = authority_file(),
	};
	struct buffer form = {0};
	enum actas_error error;

	if (tenant == NULL || client == NULL || secret == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, url, 0,
		    "nobody is logged in: set AZURE_TENANT_ID, "
		    "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or ACTAS_TOKEN, "
		    "or run this under actas exec --as PRINCIPAL");
	put_field(&form, "grant_type", "client_credentials");
	put_field(&form, "client_id", client);
	put_field(&form, "client_secret", secret);
	put_field(&form, "scope", RESOURCE ".default");
	query.body = buffer_slice(&form);
	query.url =
	    arena_printf(&cli->arena, "%s/%s/oauth2/v2.0/token", url, tenant);
	error = form.error != ACTAS_OK ? fault_plain(&cli->fault, form.error)
				       : ask_for_token(cli, &query, header);
	secret_wipe(form.at, form.capacity);
	buffer_release(&form);
	return error;
}

static enum actas_error
authorize(struct cli *cli, const char *url, struct buffer *header)
{
	const char *token = environment("ACTAS_TOKEN");
	const char *endpoint = environment("IDENTITY_ENDPOINT");

	if (token != NULL) {
		buffer_addf(header, "Authorization: Bearer %s", token);
		return header->error;
	}
	return endpoint != NULL ? identity_token(cli, endpoint, header)
				: client_token(cli, url, header);
}

/* The answers of an export, one by one. */
struct export
{
	struct source_answers answers;
	const json_t *list;
	size_t at;
	char *body;
	struct reader reader;
};

static bool
next_answer(
    struct source_answers *from, struct slice *request, struct reader **body)
{
	struct export *x = (struct export *)from;
	const json_t *answer = json_array_get(x->list, x->at++);
	const char *name =
	    json_string_value(json_object_get(answer, "request"));

	mem_free(x->body);
	x->body = json_dumps(
	    json_object_get(answer, "body"), JSON_COMPACT | JSON_ENCODE_ANY);
	if (name == NULL || x->body == NULL)
		return false;
	*request = slice_of(name);
	x->reader = reader_memory(name, slice_of(x->body));
	*body = &x->reader;
	return true;
}

static enum actas_error
read_export(struct cli *cli, const char *url, const json_t *body,
    struct estate **estate)
{
	struct export x = {.answers.next = next_answer,
	    .list = json_object_get(body, "answers")};
	json_int_t revision =
	    json_integer_value(json_object_get(body, "revision"));
	struct builder *b;
	enum actas_error error;

	if (!json_is_array(x.list))
		return fault_set(&cli->fault, ACTAS_EPARSE, url, 0,
		    "this is no server of actas");
	b = builder_new(&cli->fault);
	if (b == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	error = source_read_answers(b, &x.answers, &cli->fault);
	if (error == ACTAS_OK && x.at <= json_array_size(x.list))
		error = fault_set(&cli->fault, ACTAS_EPARSE, url, 0,
		    "answer %zu of the export is not understood", x.at);
	mem_free(x.body);
	if (error != ACTAS_OK) {
		builder_free(b);
		return error;
	}
	error = builder_finish(b, estate);
	if (error == ACTAS_OK)
		(*estate)->revision = (uint64_t)revision;
	return error;
}

static const char *
export_url(struct cli *cli, const char *url, const char *at)
{
	uint64_t revision;
	struct buffer query = {0};
	const char *text;

	buffer_addf(&query, "%s/actas/estate", url);
	if (at != NULL) {
		buffer_puts(&query,
		    slice_u64(slice_of(at), &revision) ? "?revision=" : "?at=");
		buffer_add_encoded(&query, slice_of(at), "");
	}
	text = query.error == ACTAS_OK
	    ? arena_text(&cli->arena, buffer_slice(&query))
	    : NULL;
	buffer_release(&query);
	return text;
}

static enum actas_error
ask_export(struct cli *cli, const char *url, const char *at,
    struct buffer *header, struct estate **estate)
{
	const char *headers[] = {buffer_text(header), NULL};
	struct http_query query = {
	    .url = export_url(cli, url, at),
	    .headers = headers,
	    .ca_path = authority_file(),
	    .seconds = 600,
	    .ceiling = MOST_BYTES,
	};
	struct http_answer answer = {0};
	json_t *body = NULL;
	enum actas_error error = query.url == NULL
	    ? fault_plain(&cli->fault, ACTAS_ENOMEM)
	    : http_ask(&query, &answer, &cli->fault);

	if (error == ACTAS_OK && answer.status != 200) {
		tell_refusal(cli, url, &answer);
		error = ACTAS_EIO;
	}
	if (error == ACTAS_OK) {
		body = json_loadb(answer.body.at, answer.body.length,
		    JSON_REJECT_DUPLICATES, NULL);
		error = read_export(cli, url, body, estate);
	}
	if (error == ACTAS_OK && !json_is_true(json_object_get(body, "whole")))
		cli_tell(cli, url,
		    "the token may not see all of this platform: what it may "
		    "not see, a role assignment for one, is missing from the "
		    "answer");
	json_decref(body);
	http_answer_release(&answer);
	return error;
}

enum actas_error
server_load(
    struct cli *cli, const char *url, const char *at, struct estate **estate)
{
	struct slice bare = slice_of(url);
	struct buffer header = {0};
	const char *base;
	enum actas_error error;

	*estate = NULL;
	while (slice_ends(bare, SLICE("/")))
		bare.length--;
	base = arena_text(&cli->arena, bare);
	if (base == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	progress_say(&cli->progress, "asking", base);
	error = authorize(cli, base, &header);
	if (error == ACTAS_OK)
		error = ask_export(cli, base, at, &header, estate);
	secret_wipe(header.at, header.capacity);
	buffer_release(&header);
	return error;
}
