#include "cli/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

enum { PASSPHRASE_MOST = 1024 };

/*
 * A terminal that does not echo must echo again whatever happens: signals
 * that would end or stop the program are noted, and raised once it does. They
 * come in only while it waits for the terminal, so that none is missed.
 */
static const int caught[] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};

enum { CAUGHT = sizeof caught / sizeof caught[0] };

static volatile sig_atomic_t noted;

static void
note(int signal)
{
	noted = signal;
}

struct quiet {
	int terminal;
	struct termios before;
	struct sigaction actions[CAUGHT];
	sigset_t mask;
};

static bool
quiet_begin(struct quiet *q, int terminal)
{
	struct sigaction action = {.sa_handler = note};
	struct termios silent;
	sigset_t held;

	q->terminal = terminal;
	if (tcgetattr(terminal, &q->before) != 0)
		return false;
	sigemptyset(&action.sa_mask);
	sigemptyset(&held);
	noted = 0;
	for (size_t i = 0; i < CAUGHT; i++) {
		sigaddset(&held, caught[i]);
		sigaction(caught[i], &action, &q->actions[i]);
	}
	pthread_sigmask(SIG_BLOCK, &held, &q->mask);
	silent = q->before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL;
	return tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
}

static void
quiet_end(struct quiet *q)
{
	tcsetattr(q->terminal, TCSAFLUSH, &q->before);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &q->actions[i], NULL);
	pthread_sigmask(SIG_SETMASK, &q->mask, NULL);
	if (noted != 0)
		raise(noted);
}

/* One byte of the terminal, unless a signal comes first. */
static ssize_t
quiet_read(const struct quiet *q, uint8_t *byte)
{
	struct pollfd from = {.fd = q->terminal, .events = POLLIN};

	if (ppoll(&from, 1, NULL, &q->mask) < 0)
		return -1;
	return read(q->terminal, byte, 1);
}

/* --- reading --- */

/* The bytes up to the end; of a terminal ('quiet'), up to a line break. */
static enum actas_error
read_bytes(struct cli *cli, int fd, const struct quiet *quiet,
    struct secret_bytes *room, size_t *length)
{
	*length = 0;
	while (*length < room->length) {
		ssize_t n = quiet != NULL
		    ? quiet_read(quiet, room->at + *length)
		    : read(fd, room->at + *length, room->length - *length);

		if (n < 0 && errno == EINTR && quiet == NULL)
			continue;
		if (n < 0)
			return fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
			    "the passphrase cannot be read: %s",
			    strerror(errno));
		if (n == 0 || (quiet != NULL && room->at[*length] == '\n'))
			return ACTAS_OK;
		*length += (size_t)n;
	}
	return fault_set(&cli->fault, ACTAS_ELIMIT, NULL, 0,
	    "a passphrase has at most %d bytes", PASSPHRASE_MOST);
}

static enum actas_error
keep(struct cli *cli, const struct secret_bytes *room, size_t length,
    struct secret_bytes *passphrase)
{
	struct slice text = {(const char *)room->at, length};
	enum actas_error error;

	if (slice_ends(text, SLICE("\n")))
		text.length--;
	if (slice_ends(text, SLICE("\r")))
		text.length--;
	if (text.length == 0)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "the passphrase is empty");
	error = secret_bytes_copy(text, passphrase);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(&cli->fault, error);
}

static enum actas_error
take(struct cli *cli, int fd, const struct quiet *quiet,
    struct secret_bytes *passphrase)
{
	struct secret_bytes room = {0};
	size_t length;
	enum actas_error error = secret_bytes_new(PASSPHRASE_MOST + 2, &room);

	if (error == ACTAS_OK)
		error = read_bytes(cli, fd, quiet, &room, &length);
	if (error == ACTAS_OK)
		error = keep(cli, &room, length, passphrase);
	secret_bytes_release(&room);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(&cli->fault, error);
}

static enum actas_error
from_file(struct cli *cli, const char *name, struct secret_bytes *passphrase)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	enum actas_error error;

	if (fd < 0)
		return fault_set(&cli->fault, ACTAS_EIO, name, 0,
		    "cannot be read: %s", strerror(errno));
	error = take(cli, fd, NULL, passphrase);
	if (!standard)
		close(fd);
	return error;
}

static enum actas_error
ask(struct cli *cli, int terminal, const char *prompt,
    struct secret_bytes *passphrase)
{
	struct quiet quiet;
	enum actas_error error = ACTAS_EIO;

	if (quiet_begin(&quiet, terminal)) {
		if (write(terminal, prompt, strlen(prompt)) > 0)
			error = take(cli, terminal, &quiet, passphrase);
		quiet_end(&quiet);
	}
	return error == ACTAS_OK ? ACTAS_OK
				 : fault_set(&cli->fault, error, NULL, 0,
				       "the terminal gives no passphrase");
}

static enum actas_error
from_terminal(struct cli *cli, bool twice, struct secret_bytes *passphrase)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct secret_bytes again = {0};
	enum actas_error error;

	if (terminal < 0)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "the passphrase is wanted and there is no terminal to ask "
		    "on: use --passphrase-file");
	error = ask(cli, terminal, "Passphrase: ", passphrase);
	if (error == ACTAS_OK && twice)
		error = ask(cli, terminal, "The same again: ", &again);
	if (error == ACTAS_OK && twice &&
	    !secret_bytes_eq(&again, secret_bytes_reveal(passphrase)))
		error = fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "the two passphrases differ");
	secret_bytes_release(&again);
	close(terminal);
	return error;
}

enum actas_error
passphrase_read(
    struct cli *cli, bool wanted, bool twice, struct secret_bytes *passphrase)
{
	const char *file = cli->arguments.values[OPTION_PASSPHRASE_FILE];
	enum actas_error error = ACTAS_OK;

	*passphrase = (struct secret_bytes){0};
	/* Whose thread would take the signals. */
	progress_stop(&cli->progress);
	if (file != NULL)
		error = from_file(cli, file, passphrase);
	else if (wanted || cli_has(cli, OPTION_PASSPHRASE))
		error = from_terminal(cli, twice, passphrase);
	if (error != ACTAS_OK)
		secret_bytes_release(passphrase);
	return error;
}
