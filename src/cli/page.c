#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct cli_option options[] = {
    {OPTION_OUTPUT, 'o', "output", "FILE", NULL,
	"write to FILE, at once or not at all; by default, and where FILE is "
	"-, to standard output"},
    OPTION_ROWS_COMMON,
    OPTION_END,
};

static enum actas_error
refused(struct cli *cli, const char *path)
{
	return fault_set(&cli->fault, ACTAS_EIO, path, 0,
	    "cannot be written: %s", strerror(errno));
}

static bool
write_all(int fd, struct slice rest)
{
	while (rest.length > 0) {
		ssize_t n = write(fd, rest.at, rest.length);

		if (n < 0 && errno != EINTR)
			return false;
		rest = slice_from(rest, n < 0 ? 0 : (size_t)n);
	}
	return true;
}

/* The mode of the file that is replaced, else what a new file would get. */
static mode_t
mode_for(const char *path)
{
	struct stat old;
	mode_t mask;

	if (stat(path, &old) == 0)
		return old.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/*
 * The whole page goes to a new file beside the old one, which takes its
 * place only when every byte is on the disk: whoever reads meanwhile, or
 * after a full disk or a lost machine, sees one page or the other. A link is
 * followed, so that it is its target that is replaced.
 */
static enum actas_error
replace_file(struct cli *cli, const char *path, struct slice text)
{
	char target[PATH_MAX];
	const char *final = realpath(path, target) == NULL ? path : target;
	char *temporary = arena_printf(&cli->arena, "%s.XXXXXX", final);
	enum actas_error error = ACTAS_OK;
	int fd;

	if (temporary == NULL)
		return ACTAS_ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return refused(cli, path);
	if (!write_all(fd, text) || fchmod(fd, mode_for(final)) != 0 ||
	    fsync(fd) != 0)
		error = refused(cli, path);
	if (close(fd) != 0 && error == ACTAS_OK)
		error = refused(cli, path);
	if (error == ACTAS_OK && rename(temporary, final) != 0)
		error = refused(cli, path);
	if (error != ACTAS_OK)
		unlink(temporary);
	return error;
}

/* A device or a pipe is written to: it is no file that another may replace,
 * and root, who could, would take it from everybody. */
static enum actas_error
write_into(struct cli *cli, const char *path, struct slice text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	enum actas_error error = ACTAS_OK;

	if (fd < 0)
		return refused(cli, path);
	if (!write_all(fd, text))
		error = refused(cli, path);
	if (close(fd) != 0 && error == ACTAS_OK)
		error = refused(cli, path);
	return error;
}

static enum actas_error
write_file(struct cli *cli, const char *path, struct slice text)
{
	struct stat old;

	if (stat(path, &old) == 0 && !S_ISREG(old.st_mode))
		return write_into(cli, path, text);
	return replace_file(cli, path, text);
}

static enum actas_error
run(struct cli *cli)
{
	const char *path = cli->arguments.values[OPTION_OUTPUT];
	struct buffer page = {0};
	enum actas_error error = cli_load(cli);

	if (path != NULL && strcmp(path, "-") == 0)
		path = NULL;
	if (error == ACTAS_OK)
		error = page_write(cli->estate, &page);
	if (error == ACTAS_OK)
		error = page.error;
	if (error == ACTAS_OK && path != NULL)
		error = write_file(cli, path, buffer_slice(&page));
	else if (error == ACTAS_OK)
		output_document(&cli->out, buffer_slice(&page));
	buffer_release(&page);
	return error;
}

const struct command command_page = {
    .name = "page",
    .operands = "",
    .summary = "write the access page of a source",
    .about =
	"Writes the access page of the source in Markdown: inventory, "
	"diagram, roles, secrets with their readers and writers, workspaces, "
	"connections. Reading it back tells the same.",
    .examples = "actas page -s export/ -o access.md",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .run = run,
};
