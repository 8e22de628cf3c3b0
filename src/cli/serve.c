#include "cli/confine.h"
#include "cli/made.h"
#include "cli/passphrase.h"
#include "cli/serving.h"
#include "keys/authority.h"

#include <stdio.h>
#include <unistd.h>

#define DEFAULT_LISTEN "127.0.0.1:8443"
#define DEFAULT_PROXY  "127.0.0.1:8080"

static const struct cli_option options[] = {
    {OPTION_LISTEN, 0, "listen", "ADDRESS:PORT", NULL,
	"where to listen (" DEFAULT_LISTEN "); port 0 takes any free one"},
    {OPTION_PROXY, 0, "proxy", "ADDRESS:PORT", NULL,
	"where clients' CONNECT proxy listens (" DEFAULT_PROXY "), by which "
	"unmodified Azure clients come; none: nowhere"},
    OPTION_ROWS_PASSPHRASE,
    OPTION_ROW_COLOR,
    OPTION_ROW_HELP,
    OPTION_END,
};

static enum actas_error
read_endpoints(struct cli *cli, struct serving *s)
{
	const char *const *values = cli->arguments.values;
	enum actas_error error = endpoint_read("listen", values[OPTION_LISTEN],
	    DEFAULT_LISTEN, &s->listen, &cli->fault);

	if (error == ACTAS_OK && s->listen.none)
		error = fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "a server that listens nowhere serves nobody");
	if (error == ACTAS_OK)
		error = endpoint_read("proxy", values[OPTION_PROXY],
		    DEFAULT_PROXY, &s->proxy, &cli->fault);
	return error;
}

/* --- the first use of the user's own folder --- */

static bool
is_platform(struct cli *cli, const char *folder)
{
	const char *path = arena_printf(&cli->arena, "%s/platform.db", folder);

	return path != NULL && access(path, F_OK) == 0;
}

static enum actas_error
make_first(
    struct cli *cli, const char *folder, const struct secret_bytes *passphrase)
{
	const struct platform_options platform = {.folder = folder,
	    .passphrase = passphrase,
	    .clock = cli->clock,
	    .chance = chance_system()};
	const struct platform_seed seed = {0};
	struct platform_made made = {0};
	enum actas_error error =
	    platform_init(&platform, &seed, &made, &cli->fault);

	if (error == ACTAS_OK)
		error = made_tell_text(cli, folder, &made);
	platform_made_release(&made);
	return error;
}

static enum actas_error
check_folder(struct cli *cli, const char *folder, bool *first)
{
	*first = !is_platform(cli, folder);
	if (*first && cli->arguments.operand_count > 0)
		return fault_set(&cli->fault, ACTAS_ENOTFOUND, folder, 0,
		    "there is no platform here; make one with actas init %s",
		    folder);
	return ACTAS_OK;
}

/* --- what it tells --- */

static void
line(struct cli *cli, const char *label, const char *text)
{
	struct output *o = &cli->out;

	text_puts(o, STYLE_PLAIN, "  ");
	text_puts(o, STYLE_DIM, label);
	text_to(o, 14);
	text_puts(o, STYLE_PLAIN, text);
	text_newline(o);
}

static bool
bears(const struct serving *s, const char *name)
{
	bool found = false;

	return authority_bears(s->folder, name, &found, NULL) == ACTAS_OK &&
	    found;
}

/* The server's names beside localhost, by which other machines come. One with
 * "*." is no URL. */
static uint32_t
tell_names(struct cli *cli, const struct serving *s)
{
	const char *const *name = platform_hosts(&s->platform);
	const char *label = "also";
	uint32_t told = 0;

	for (; name != NULL && *name != NULL; name++) {
		bool v6 = strchr(*name, ':') != NULL;

		if ((*name)[0] == '*' || !bears(s, *name))
			continue;
		line(cli, label,
		    arena_printf(&cli->arena, "https://%s%s%s:%u",
			v6 ? "[" : "", *name, v6 ? "]" : "",
			(unsigned)server_port(s->server)));
		label = "";
		told++;
	}
	return told;
}

static void
warn(struct cli *cli, const char *text)
{
	text_puts(&cli->out, STYLE_WARN, text);
	text_newline(&cli->out);
}

/* Whoever comes by a name that the certificate lacks turns back. */
static void
tell_missing(struct cli *cli, const struct serving *s, uint32_t names)
{
	const char *address = s->listen.address;

	if (endpoint_is_any(&s->listen)) {
		if (names == 0)
			warn(cli,
			    "Its certificate bears no name or address by which "
			    "they come: a platform is given those when it is "
			    "made, actas init --name.");
	} else if (!bears(s, address)) {
		warn(cli,
		    arena_printf(&cli->arena,
			"Its certificate does not bear %s, so that clients "
			"refuse it there: a platform is given its names and "
			"addresses when it is made, actas init --name.",
			address));
	}
}

static void
tell_others(struct cli *cli, const struct serving *s)
{
	bool open = !endpoint_is_loopback(&s->listen);
	bool open_proxy = !s->proxy.none && !endpoint_is_loopback(&s->proxy);

	if (!open && !open_proxy)
		return;
	warn(cli,
	    open ? "Other machines can reach it."
		 : "Other machines can reach its proxy.");
}

static void
tell(struct cli *cli, const struct serving *s, const char *given)
{
	struct output *o = &cli->out;
	char tenant[GUID_TEXT_LENGTH + 1];
	const char *dir = given == NULL ? "" : " --dir ";
	bool open = !endpoint_is_loopback(&s->listen);
	uint32_t names = 0;

	guid_format(s->platform.tenant, tenant);
	text_printf(o, STYLE_BOLD, "actas listens on %s", s->url);
	text_newline(o);
	if (open)
		names = tell_names(cli, s);
	line(cli, "tenant", tenant);
	line(cli, "proxy", s->proxy_url == NULL ? "none" : s->proxy_url);
	line(cli, "authority", s->authority);
	tell_others(cli, s);
	if (open || !bears(s, s->listen.address))
		tell_missing(cli, s, names);
	text_newline(o);
	text_puts(o, STYLE_BOLD, "Try:");
	text_newline(o);
	if (s->proxy_url != NULL) {
		text_printf(o, STYLE_PLAIN,
		    "  actas exec%s%s -- az login --service-principal -u "
		    "CLIENT_ID --tenant %s",
		    dir, given == NULL ? "" : given, tenant);
		text_newline(o);
	}
	text_printf(o, STYLE_PLAIN,
	    "  curl --cacert %s %s/%s/v2.0/.well-known/openid-configuration",
	    s->authority, s->url, tenant);
	text_newline(o);
	output_flush(o);
}

static enum actas_error
serve(struct cli *cli, struct serving *s, const struct secret_bytes *passphrase)
{
	enum actas_error error = serving_start(s, passphrase, &cli->fault);

	if (error == ACTAS_OK) {
		tell(cli, s, cli->arguments.operands[0]);
		serving_log(NULL, "started");
		notify_manager("READY=1");
		serving_wait(s);
		notify_manager("STOPPING=1");
		serving_log(NULL, "stopping: requests in flight finish");
	}
	serving_stop(s);
	if (error == ACTAS_OK)
		serving_log(NULL, "stopped");
	return error;
}

static enum actas_error
serve_folder(struct cli *cli, struct serving *s, bool first)
{
	struct secret_bytes read = {0}, *passphrase;
	bool wanted = !first && master_wants_passphrase(s->folder);
	enum actas_error error = passphrase_read(cli, wanted, first, &read);

	passphrase = read.length == 0 ? NULL : &read;
	if (error == ACTAS_OK && first)
		error = make_first(cli, s->folder, passphrase);
	if (error == ACTAS_OK)
		error = serve(cli, s, passphrase);
	secret_bytes_release(&read);
	return error;
}

/* Where the kernel cannot, it is told, and the server is what it would be
 * without. */
static void
confine(void)
{
	struct fault fault = {0};
	char line[sizeof fault.message + 80];

	if (confine_process(&fault) == ACTAS_OK)
		return;
	snprintf(line, sizeof line,
	    "nothing but this program's own code keeps the server from "
	    "executing others: %s",
	    fault.message);
	serving_log(NULL, line);
}

static enum actas_error
run(struct cli *cli)
{
	struct serving s = {.clock = cli->clock, .platform.lock = -1};
	bool first = false;
	enum actas_error error = secrets_start(&cli->fault);

	if (error == ACTAS_OK)
		error = read_endpoints(cli, &s);
	if (error == ACTAS_OK)
		confine();
	if (error == ACTAS_OK)
		error = made_folder(cli, &s.folder);
	if (error == ACTAS_OK)
		error = check_folder(cli, s.folder, &first);
	return error == ACTAS_OK ? serve_folder(cli, &s, first) : error;
}

const struct command command_serve = {
    .name = "serve",
    .operands = "[DIR]",
    .summary = "run a platform that Azure clients reach unmodified",
    .about =
	"Serves the platform of a data folder in the foreground: token "
	"service, directory, resource manager and vaults. DIR is "
	"~/.local/share/actas where it is left out, and is made on first use, "
	"which shows the administrator's secret this once on standard "
	"output.\n"
	"What happens goes to standard error, one line an event, without "
	"secrets. SIGTERM and SIGINT stop it: requests in flight finish. "
	"SIGHUP opens the audit log anew, and shows the certificate that "
	"then stands in the folder. While it runs, serve.json in the "
	"folder says where it listens; a service manager is told by "
	"NOTIFY_SOCKET.\n"
	"Exit status: 0 after it was told to stop; 2 where it cannot serve.",
    .examples = "actas serve\n"
		"actas serve ./platform --listen 127.0.0.1:0 --proxy none\n"
		"actas serve ./platform --passphrase-file "
		"/run/secrets/passphrase",
    .options = options,
    .operands_least = 0,
    .operands_most = 1,
    .run = run,
};
