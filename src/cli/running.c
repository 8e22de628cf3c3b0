#include "cli/running.h"

#include "cli/platform_source.h"
#include "http/client.h"
#include "keys/jwt.h"
#include "platform/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long a server may take until it listens; keys are made meanwhile. */
#define START_SECONDS   20
#define POLL_NANOSECOND 20000000L

enum actas_error
running_folder(struct cli *cli, const char **folder)
{
	const char *named = cli->arguments.values[OPTION_DIRECTORY];
	struct buffer path = {0};

	if (named == NULL) {
		enum actas_error error =
		    platform_default_folder(&path, &cli->fault);

		if (error != ACTAS_OK)
			return error;
		named = arena_text(&cli->arena, buffer_slice(&path));
		buffer_release(&path);
		if (named == NULL)
			return fault_plain(&cli->fault, ACTAS_ENOMEM);
	}
	if (!is_data_folder(named))
		return fault_set(&cli->fault, ACTAS_ENOTFOUND, named, 0,
		    "there is no platform here; make one with actas init %s",
		    named);
	*folder = named;
	return ACTAS_OK;
}

static char *
text_of(struct cli *cli, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? NULL : arena_text(&cli->arena, slice_of(text));
}

/* What is told of the folder outlives the working directory. */
static char *
absolute(struct cli *cli, const char *folder)
{
	char full[PATH_MAX];

	if (realpath(folder, full) == NULL)
		return NULL;
	return arena_text(&cli->arena, slice_of(full));
}

static bool
read_notice(struct cli *cli, const char *folder, struct running *r)
{
	const char *path = arena_printf(&cli->arena, "%s/serve.json", folder);
	json_t *notice = path == NULL ? NULL : json_load_file(path, 0, NULL);

	if (notice == NULL)
		return false;
	r->folder = absolute(cli, folder);
	r->url = text_of(cli, notice, "url");
	r->proxy = text_of(cli, notice, "proxy");
	r->tenant = text_of(cli, notice, "tenant");
	r->ca = text_of(cli, notice, "ca");
	r->pid = (pid_t)json_integer_value(json_object_get(notice, "pid"));
	json_decref(notice);
	return r->folder != NULL && r->url != NULL && r->tenant != NULL &&
	    r->ca != NULL && r->pid > 0;
}

/* A notice outlives a server that was killed. */
static bool
is_alive(pid_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

enum actas_error
running_find(struct cli *cli, const char *folder, struct running *r)
{
	*r = (struct running){0};
	if (!read_notice(cli, folder, r) || !is_alive(r->pid))
		return fault_set(&cli->fault, ACTAS_ENOTFOUND, folder, 0,
		    "no server runs on this folder; start one with actas "
		    "serve %s",
		    folder);
	return ACTAS_OK;
}

_Noreturn static void
become_server(const char *folder, int log)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
	    dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 &&
	    setpgid(0, 0) == 0)
		execl("/proc/self/exe", "actas", "serve", folder, "--listen",
		    "127.0.0.1:0", "--proxy", "127.0.0.1:0", (char *)NULL);
	_exit(127);
}

static enum actas_error
await_server(
    struct cli *cli, const char *folder, pid_t child, struct running *r)
{
	const struct timespec pause = {0, POLL_NANOSECOND};

	for (long waited = 0; waited < START_SECONDS * 1000000000L;
	     waited += POLL_NANOSECOND) {
		if (read_notice(cli, folder, r) && r->pid == child)
			return ACTAS_OK;
		if (waitpid(child, NULL, WNOHANG) == child)
			return fault_set(&cli->fault, ACTAS_EIO, folder, 0,
			    "the server did not start; serve.log in this "
			    "folder says why");
		nanosleep(&pause, NULL);
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	return fault_set(&cli->fault, ACTAS_EIO, folder, 0,
	    "the server did not listen within %d seconds; see serve.log in "
	    "this folder",
	    START_SECONDS);
}

enum actas_error
running_start(struct cli *cli, const char *folder, struct running *r)
{
	const char *path = arena_printf(&cli->arena, "%s/serve.log", folder);
	int log = path == NULL
	    ? -1
	    : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	enum actas_error error;
	pid_t child;

	if (log < 0)
		return fault_set(
		    &cli->fault, ACTAS_EIO, path, 0, "%s", strerror(errno));
	child = fork();
	if (child == 0)
		become_server(folder, log);
	close(log);
	if (child < 0)
		return fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
		    "cannot start a server: %s", strerror(errno));
	*r = (struct running){0};
	error = await_server(cli, folder, child, r);
	r->ours = error == ACTAS_OK;
	return error;
}

void
running_stop(struct running *r)
{
	if (!r->ours)
		return;
	kill(r->pid, SIGTERM);
	waitpid(r->pid, NULL, 0);
	r->ours = false;
}

/*
 * Who can read the master key of a folder owns its platform: "Authorization:
 * Bearer" with the subkey of that purpose. A secret: the caller wipes it.
 */
static enum actas_error
owner_header(struct cli *cli, const char *folder, struct buffer *header)
{
	struct master *master = NULL;
	const struct secret_bytes *key;
	enum actas_error error;

	if (master_wants_passphrase(folder))
		return fault_set(&cli->fault, ACTAS_EUSAGE, folder, 0,
		    "--as needs a key file; this folder is locked with a "
		    "passphrase");
	error = master_open(folder, NULL, &master, &cli->fault);
	if (error != ACTAS_OK)
		return error;
	key = master_key(master, PURPOSE_LOCAL_OWNER);
	buffer_puts(header, "Authorization: Bearer ");
	base64url_put(header, key->at, key->length);
	master_close(master);
	return header->error;
}

static enum actas_error
take_session(struct cli *cli, const struct http_answer *answer,
    const char *principal, struct session *s)
{
	json_t *body = json_loadb(
	    answer->body.at, answer->body.length, JSON_REJECT_DUPLICATES, NULL);
	const json_t *problem = json_object_get(body, "error");
	const char *message =
	    json_string_value(json_object_get(problem, "message"));

	s->header = text_of(cli, body, "header");
	s->endpoint = text_of(cli, body, "endpoint");
	s->name = text_of(cli, body, "name");
	if (answer->status >= 300 || s->header == NULL || s->endpoint == NULL)
		fault_set(&cli->fault, ACTAS_ENOTFOUND, NULL, 0,
		    "the server gives no identity for '%s': %s", principal,
		    message == NULL ? "its answer is not understood" : message);
	json_decref(body);
	return cli->fault.error;
}

static enum actas_error
ask_sessions(struct cli *cli, const struct running *r, const char *method,
    const char *identity, struct slice body, struct http_answer *answer)
{
	struct buffer owner = {0};
	enum actas_error error = owner_header(cli, r->folder, &owner);
	const char *headers[] = {buffer_text(&owner),
	    "Content-Type: application/json", identity, NULL};
	struct http_query query = {
	    .method = method,
	    .url = arena_printf(&cli->arena, "%s/actas/sessions", r->url),
	    .headers = headers,
	    .body = body,
	    .ca_path = r->ca,
	};

	if (error == ACTAS_OK && query.url == NULL)
		error = fault_plain(&cli->fault, ACTAS_ENOMEM);
	if (error == ACTAS_OK)
		error = http_ask(&query, answer, &cli->fault);
	secret_wipe(owner.at, owner.capacity);
	buffer_release(&owner);
	return error;
}

enum actas_error
session_begin(struct cli *cli, const struct running *r, const char *principal,
    struct session *s)
{
	json_t *body = json_pack("{s:s}", "principal", principal);
	char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
	struct http_answer answer = {0};
	enum actas_error error;

	*s = (struct session){0};
	json_decref(body);
	if (text == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--as is a name in UTF-8");
	error = ask_sessions(cli, r, "POST", NULL, slice_of(text), &answer);
	if (error == ACTAS_OK)
		error = take_session(cli, &answer, principal, s);
	mem_free(text);
	http_answer_release(&answer);
	return error;
}

void
session_end(struct cli *cli, const struct running *r, const struct session *s)
{
	struct fault before = cli->fault;
	struct http_answer answer = {0};
	const char *identity =
	    arena_printf(&cli->arena, "X-IDENTITY-HEADER: %s", s->header);

	if (identity != NULL &&
	    ask_sessions(cli, r, "DELETE", identity, SLICE(""), &answer) !=
		ACTAS_OK)
		cli->fault = before;
	http_answer_release(&answer);
}
