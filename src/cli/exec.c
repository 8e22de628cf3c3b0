#include "cli/surroundings.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a shell answers with for a command that cannot be run, or is killed. */
enum { STATUS_CANNOT_RUN = 126, STATUS_NO_COMMAND = 127, STATUS_SIGNAL = 128 };

static const struct cli_option options[] = {
    {OPTION_AS, 0, "as", "PRINCIPAL", NULL,
	"give the command this identity, by name, object id or app id: "
	"DefaultAzureCredential then acts as it"},
    OPTION_ROW_DIRECTORY,
    OPTION_ROW_COLOR,
    OPTION_ROW_HELP,
    OPTION_END,
};

static volatile sig_atomic_t the_child;

static void
pass_on(int signal)
{
	if (the_child > 0)
		kill((pid_t)the_child, signal);
}

/* The command has the terminal: what is typed there reaches it anyway. What
 * is sent to us alone is meant for it. */
static void
watch_signals(void)
{
	struct sigaction action = {.sa_handler = pass_on};
	static const int passed[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		sigaction(passed[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGQUIT, &action, NULL);
}

_Noreturn static void
become(char **command, const struct surroundings *s)
{
	int why;

	for (uint32_t i = 0; i < s->count; i++) {
		if (s->at[i].value == NULL)
			unsetenv(s->at[i].name);
		else if (setenv(s->at[i].name, s->at[i].value, 1) != 0)
			_exit(STATUS_CANNOT_RUN);
	}
	execvp(command[0], command);
	why = errno;
	dprintf(STDERR_FILENO, "actas: %s: %s\n", command[0], strerror(why));
	_exit(why == ENOENT ? STATUS_NO_COMMAND : STATUS_CANNOT_RUN);
}

static enum actas_error
run_child(struct cli *cli, char **command, const struct surroundings *s)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		become(command, s);
	if (child < 0)
		return fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
		    "cannot run %s: %s", command[0], strerror(errno));
	the_child = child;
	watch_signals();
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	the_child = 0;
	cli->status = WIFEXITED(status) ? WEXITSTATUS(status)
					: STATUS_SIGNAL + WTERMSIG(status);
	return ACTAS_OK;
}

static enum actas_error
run_with(struct cli *cli, const struct running *r)
{
	const char *as = cli->arguments.values[OPTION_AS];
	struct session session = {0};
	struct surroundings s;
	enum actas_error error = ACTAS_OK;

	if (as != NULL)
		error = session_begin(cli, r, as, &session);
	if (error == ACTAS_OK)
		error =
		    surroundings_make(cli, r, as == NULL ? NULL : &session, &s);
	if (error == ACTAS_OK)
		error = run_child(cli, cli->arguments.command, &s);
	if (session.header != NULL)
		session_end(cli, r, &session);
	return error;
}

static enum actas_error
run(struct cli *cli)
{
	const char *folder;
	struct running r;
	enum actas_error error;

	if (cli->arguments.command[0] == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "exec needs a command: actas exec -- COMMAND");
	error = running_folder(cli, &folder);
	if (error != ACTAS_OK)
		return error;
	if (running_find(cli, folder, &r) != ACTAS_OK) {
		cli->fault = (struct fault){0};
		error = running_start(cli, folder, &r);
	}
	if (error == ACTAS_OK)
		error = run_with(cli, &r);
	running_stop(&r);
	return error;
}

const struct command command_exec = {
    .name = "exec",
    .operands = "-- COMMAND [ARGUMENT ...]",
    .summary = "run a command whose Azure clients reach the local platform",
    .about =
	"Runs COMMAND in an environment in which unmodified Azure clients "
	"(az, Azure SDKs, Terraform, curl) reach the platform of a data "
	"folder instead of Microsoft's: a proxy leads every Microsoft host "
	"name to it, and its certificate authority is the one that is "
	"trusted. Requests to any other host through the proxy are refused, "
	"so that no token leaves the machine. Where no server runs on the "
	"folder, one is started for as long as the command runs, unless a "
	"passphrase locks the folder. It ends with that command, also for "
	"others that came to use it: run actas serve where several overlap.\n"
	"With --as the command has an identity, as an app on Azure has: "
	"DefaultAzureCredential, az login --identity and actas itself act as "
	"PRINCIPAL. Credentials in the environment are left out then. It "
	"needs a master key that is a file.\n"
	"Exit status: the command's own; 126 or 127 where it cannot be run; "
	"2 where the platform cannot be reached.",
    .examples = "actas exec -- az login --service-principal -u APPID -p "
		"SECRET --tenant TENANT\n"
		"actas exec --as sp-worker -- python job.py\n"
		"actas exec --as actas-admin -- actas what sp-worker",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .takes_command = true,
    .run = run,
};
