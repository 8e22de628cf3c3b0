#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

/*
 * A program that is started with standard streams closed would get their
 * numbers for the files that it opens, and write its answer into its input.
 * So they are filled, with something that fails when used.
 */
static void
fill_standard_streams(void)
{
	static const int modes[] = {
	    [STDIN_FILENO] = O_WRONLY,
	    [STDOUT_FILENO] = O_RDONLY,
	    [STDERR_FILENO] = O_WRONLY,
	};

	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", modes[fd]) != fd)
			_exit(STATUS_TROUBLE);
	}
}

int
main(int argc, char **argv)
{
	fill_standard_streams();
	/* For the widths of characters; every Debian has it built in. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return cli_run(argc, argv);
}
