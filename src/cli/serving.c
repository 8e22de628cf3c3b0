#include "cli/serving.h"

#include "api/api.h"
#include "api/tokens.h"
#include "cli/text.h"
#include "keys/authority.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long requests in flight may take when it stops, and how often it looks
 * whether a key or certificate is due. */
enum { STOP_SECONDS = 10, CARE_SECONDS = 3600 };

/* --- what it is told --- */

/* Takes ":PORT" off the end of the text. */
static bool
cut_port(struct slice *text, uint16_t *port)
{
	size_t at = text->length;
	uint64_t number;

	while (at > 0 && text->at[at - 1] != ':')
		at--;
	if (at == 0 || !slice_u64(slice_from(*text, at), &number) ||
	    number > UINT16_MAX)
		return false;
	*port = (uint16_t)number;
	text->length = at - 1;
	return true;
}

static bool
is_numeric(const char *address)
{
	struct in6_addr room;

	return inet_pton(AF_INET, address, &room) == 1 ||
	    inet_pton(AF_INET6, address, &room) == 1;
}

enum actas_error
endpoint_read(const char *option, const char *text, const char *otherwise,
    struct endpoint *e, struct fault *fault)
{
	struct slice rest = slice_of(text == NULL ? otherwise : text);
	bool fine;

	*e = (struct endpoint){
	    .given = text != NULL, .none = slice_eq(rest, SLICE("none"))};
	if (e->none)
		return ACTAS_OK;
	fine = cut_port(&rest, &e->port);
	if (fine && slice_starts(rest, SLICE("[")) &&
	    slice_ends(rest, SLICE("]")))
		rest = slice_sub(rest, 1, rest.length - 2);
	if (slice_eq(rest, SLICE("localhost")))
		rest = SLICE("127.0.0.1");
	fine = fine && rest.length < sizeof e->address;
	if (fine)
		memcpy(e->address, rest.at, rest.length);
	if (fine && is_numeric(e->address))
		return ACTAS_OK;
	return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
	    "--%s is a numeric address and a port, such as %s or [::1]:0, not "
	    "'%s'",
	    option, otherwise, text);
}

bool
endpoint_is_loopback(const struct endpoint *e)
{
	return strncmp(e->address, "127.", 4) == 0 ||
	    strcmp(e->address, "::1") == 0;
}

bool
endpoint_is_any(const struct endpoint *e)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, e->address, &v4) == 1)
		return v4.s_addr == htonl(INADDR_ANY);
	return inet_pton(AF_INET6, e->address, &v6) == 1 &&
	    IN6_IS_ADDR_UNSPECIFIED(&v6);
}

/* --- log --- */

void
serving_log(void *context ACTAS_UNUSED, const char *line)
{
	struct clock clock = clock_system();
	char when[MOMENT_TEXT_LENGTH + 1];
	struct buffer text = {0};
	ssize_t written;

	moment_format(clock.now(clock.context), when);
	buffer_addf(&text, "%s ", when);
	text_harmless(&text, slice_of(line));
	buffer_putc(&text, '\n');
	/* One call, so that lines of several threads stay whole; where
	 * nobody takes them, there is nobody to tell. */
	written = write(STDERR_FILENO, text.at, text.length);
	(void)written;
	buffer_release(&text);
}

static void
log_fault(const char *what, const struct fault *fault)
{
	struct buffer text = {0};

	buffer_addf(&text, "%s: %s%s%s", what, fault->file,
	    fault->file[0] == '\0' ? "" : ": ", fault->message);
	serving_log(NULL, buffer_text(&text));
	buffer_release(&text);
}

/* --- starting --- */

static const char *
in_folder(struct serving *s, const char *name)
{
	return arena_printf(&s->arena, "%s/%s", s->folder, name);
}

static enum actas_error
open_api(struct serving *s, struct fault *fault)
{
	enum actas_error error = api_new(&s->platform, &s->api, fault);

	for (const char *const *host = platform_hosts(&s->platform);
	     *host != NULL && error == ACTAS_OK; host++)
		error = api_add_host(s->api, slice_of(*host), fault);
	return error;
}

/* A fault of listening, with what helps. */
static enum actas_error
told(const char *option, const struct endpoint *e, enum actas_error error,
    struct fault *fault)
{
	struct fault found = *fault;

	if (e->given || error != ACTAS_EIO)
		return error;
	*fault = (struct fault){0};
	return fault_set(fault, error, found.file, found.line,
	    "%s; --%s 127.0.0.1:0 takes any free port", found.message, option);
}

static enum actas_error
listen_server(struct serving *s, struct fault *fault)
{
	const char *certificate = in_folder(s, "server.pem");
	const char *key = in_folder(s, "server.key");
	struct server_options options = {.address = s->listen.address,
	    .port = s->listen.port,
	    .certificate_path = certificate,
	    .key_path = key,
	    .handle = api_handle,
	    .context = s->api,
	    .log = serving_log};

	if (certificate == NULL || key == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	return told("listen", &s->listen,
	    server_start(&options, &s->server, fault), fault);
}

/* Where a client on this machine finds what listens at an address. */
static const char *
reached_at(const struct endpoint *e)
{
	if (!endpoint_is_any(e))
		return e->address;
	return strchr(e->address, ':') == NULL ? "127.0.0.1" : "::1";
}

static enum actas_error
listen_tunnel(struct serving *s, struct fault *fault)
{
	struct tunnel_options options = {.address = s->proxy.address,
	    .port = s->proxy.port,
	    .target_address = reached_at(&s->listen),
	    .target_port = server_port(s->server),
	    .is_ours = api_is_ours,
	    .context = s->api};

	if (s->proxy.none)
		return ACTAS_OK;
	return told("proxy", &s->proxy,
	    tunnel_start(&options, &s->tunnel, fault), fault);
}

static const char *
url_of(struct serving *s, const char *scheme, const struct endpoint *e,
    uint16_t port)
{
	const char *address = reached_at(e);
	bool v6 = strchr(address, ':') != NULL;

	return arena_printf(&s->arena, "%s://%s%s%s:%u", scheme, v6 ? "[" : "",
	    address, v6 ? "]" : "", (unsigned)port);
}

static enum actas_error
tell_where(struct serving *s, struct fault *fault)
{
	char full[PATH_MAX];
	const char *pem = in_folder(s, "ca.pem");

	s->url = url_of(s, "https", &s->listen, server_port(s->server));
	if (s->tunnel != NULL)
		s->proxy_url =
		    url_of(s, "http", &s->proxy, tunnel_port(s->tunnel));
	if (pem != NULL && realpath(pem, full) != NULL)
		s->authority = arena_text(&s->arena, slice_of(full));
	if (s->url == NULL || s->authority == NULL ||
	    (s->tunnel != NULL && s->proxy_url == NULL))
		return fault_plain(fault, ACTAS_ENOMEM);
	return notice_write(s, fault);
}

static enum actas_error
renew_certificate(struct serving *s, struct fault *fault)
{
	return authority_renew(s->folder, platform_hosts(&s->platform),
	    s->clock.now(s->clock.context), NULL, fault);
}

/* Once a day: there are thirty until it ends. */
static void
complain(struct serving *s, const struct fault *fault)
{
	moment now = s->clock.now(s->clock.context);

	if (s->complained != 0 && now >= s->complained &&
	    now - s->complained < MOMENT_DAY)
		return;
	s->complained = now;
	log_fault(
	    "the server's certificate is due and cannot be renewed", fault);
}

/* The key of the authority may be kept elsewhere; until it is brought, the
 * present certificate has to do. */
static enum actas_error
ready_certificate(struct serving *s, struct fault *fault)
{
	struct fault found = {0};
	enum actas_error error = renew_certificate(s, &found);

	if (error == ACTAS_ENOTFOUND) {
		complain(s, &found);
		return ACTAS_OK;
	}
	if (error != ACTAS_OK)
		*fault = found;
	return error;
}

/* Signals are taken by serving_wait, on no other thread. */
static void
hold_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

enum actas_error
serving_start(struct serving *s, const struct secret_bytes *passphrase,
    struct fault *fault)
{
	const struct platform_options options = {.folder = s->folder,
	    .passphrase = passphrase,
	    .clock = s->clock,
	    .chance = chance_system(),
	    .log = serving_log};
	sigset_t set;
	enum actas_error error;

	hold_signals(&set);
	signal(SIGPIPE, SIG_IGN);
	umask(S_IRWXG | S_IRWXO);
	error = platform_open(&options, &s->platform, fault);
	if (error == ACTAS_OK)
		error = ready_certificate(s, fault);
	if (error == ACTAS_OK)
		error = open_api(s, fault);
	if (error == ACTAS_OK)
		error = listen_server(s, fault);
	if (error == ACTAS_OK)
		error = listen_tunnel(s, fault);
	return error == ACTAS_OK ? tell_where(s, fault) : error;
}

/* --- while it serves --- */

/* A certificate that was renewed, or put there by somebody. */
static void
show_certificate(struct serving *s)
{
	struct fault fault = {0};
	bool changed;

	if (server_reload(s->server, &changed, &fault) != ACTAS_OK)
		log_fault("the certificate cannot be taken anew; the one "
			  "before goes on",
		    &fault);
	else if (changed)
		serving_log(NULL, "the server shows a new certificate");
}

void
serving_care(struct serving *s)
{
	struct fault fault = {0};

	if (keyring_rotate(s->api->tokens->ring, &fault) != ACTAS_OK)
		log_fault("the next signing key could not be made", &fault);
	if (renew_certificate(s, &fault) != ACTAS_OK)
		complain(s, &fault);
	show_certificate(s);
}

static void
reopen(struct serving *s)
{
	struct fault fault = {0};

	if (audit_reopen(s->platform.audit, &fault) == ACTAS_OK)
		serving_log(NULL, "the audit log was opened anew");
	else
		log_fault("the audit log cannot be opened", &fault);
	show_certificate(s);
}

void
serving_wait(struct serving *s)
{
	const struct timespec care = {.tv_sec = CARE_SECONDS};
	sigset_t set;
	int signal;

	hold_signals(&set);
	for (;;) {
		signal = sigtimedwait(&set, NULL, &care);
		if (signal == SIGTERM || signal == SIGINT)
			return;
		if (signal == SIGHUP)
			reopen(s);
		else if (signal < 0 && errno == EAGAIN)
			serving_care(s);
	}
}

/* --- stopping --- */

void
serving_stop(struct serving *s)
{
	notice_remove(s);
	server_stop(s->server, STOP_SECONDS);
	tunnel_stop(s->tunnel);
	api_free(s->api);
	platform_close(&s->platform);
	arena_release(&s->arena);
}
