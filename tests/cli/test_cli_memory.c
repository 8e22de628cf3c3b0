/*
 * Memory may end at any allocation. Every command is run with memory that
 * ends after n allocations, for each n, in this process: so that a leak is
 * seen, and so that 10^5 runs take seconds. A run that was refused memory
 * must end as an error and say so; one that was not must answer as ever.
 *
 * Runs ask for up to some ten thousand allocations. Each of the first few
 * hundred is refused in turn; later ones are sampled at growing distances, or
 * not, where ACTAS_TEST_EVERY is set and there is time.
 */

#include "cli/cli.h"

#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS_MOST 10
#define EACH_UNTIL 300
/* Beyond those, n grows by one part in this many. */
#define SAMPLES        12
#define EVERY_VARIABLE "ACTAS_TEST_EVERY"

#define PAGE "-s", "examples/airflow.md"
#define JSON "-s", "tests/data/cli/service.json"
#define DAY  "--today", "2026-11-21"

#define QUESTION(who)                                           \
	"{\"principal\":\"" who "\",\"action\":\"get-secret\"," \
	"\"scope\":\"crm-api-key\"}\n"

static const char questions[] = QUESTION("sp-airflow") "nonsense\n" QUESTION(
    "noor@tidewater.example") QUESTION("nobody") QUESTION("sp-airflow");

struct row {
	const char *words[WORDS_MOST];
	int status;
	const char *input;
};

static const struct row rows[] = {
    {{"check", PAGE, DAY}, 1, NULL},
    {{"check", JSON, DAY}, 1, NULL},
    {{"check", PAGE, DAY, "-f", "json"}, 1, NULL},
    {{"check", JSON, DAY, "-f", "json"}, 1, NULL},
    {{"check", JSON, DAY, "-f", "sarif"}, 1, NULL},
    {{"check", JSON, DAY, "-f", "junit"}, 1, NULL},
    {{"check", "--rules"}, 0, NULL},
    {{"check", "--rules", "-f", "json"}, 0, NULL},
    {{"can", PAGE, "noor", "get-secret", "crm-api-key"}, 0, NULL},
    {{"can", PAGE, "sp-airflow", "get-secret", "crm-api-key"}, 1, NULL},
    {{"can", PAGE, "sp-airflow", "get-secret", "crm-api-key", "-j"}, 1, NULL},
    {{"can", PAGE, "--batch"}, 2, questions},
    {{"can", JSON, "--batch"}, 2, questions},
    {{"who", PAGE, "get-secret", "crm-api-key"}, 0, NULL},
    {{"who", PAGE, "get-secret", "crm-api-key", "--through", "-j"}, 0, NULL},
    {{"what", PAGE, "noor"}, 0, NULL},
    {{"what", PAGE, "noor", "--through", "-j"}, 0, NULL},
    {{"what", PAGE, "sp-airfow"}, 2, NULL},
    {{"acts", PAGE, "Load customers", "-t", "api:sp-airflow"}, 1, NULL},
    {{"acts", PAGE, "Load customers", "-t", "api:sp-airflow", "-j"}, 1, NULL},
    {{"acts", PAGE, "Load customers", "-t", "tea"}, 2, NULL},
    {{"explain", PAGE, "examples/airflow-403.txt"}, 0, NULL},
    {{"explain", PAGE, "examples/airflow-403.txt", "-j"}, 0, NULL},
    {{"explain", "examples/airflow-403.txt"}, 0, NULL},
    {{"diff", "examples/airflow.md", "tests/data/cli/service.json"}, 1, NULL},
    {{"diff", "examples/airflow.md", "examples/airflow.md", "-j"}, 0, NULL},
    {{"page", PAGE}, 0, NULL},
    {{"page", JSON}, 0, NULL},
    {{"map", PAGE}, 0, NULL},
    {{"map", PAGE, "--format", "dot", "--focus", "noor"}, 0, NULL},
    {{"init", "tests/data/cli"}, 2, NULL},
    {{"serve", "tests/data/cli", "--proxy", "none"}, 2, NULL},
    {{"exec"}, 2, NULL},
    {{"env", "-d", "tests/data/cli"}, 2, NULL},
    {{"audit", "-d", "tests/data/cli"}, 2, NULL},
    {{"verify", "-d", "tests/data/cli"}, 2, NULL},
    {{"completion", "bash"}, 0, NULL},
    {{"completion", "zsh"}, 0, NULL},
    {{"completion", "fish"}, 0, NULL},
    {{"--help"}, 0, NULL},
    {{"help", "can"}, 0, NULL},
    {{"chek"}, 2, NULL},
};

#define ROWS (sizeof rows / sizeof *rows)

/* The streams of a run, each a file without a name. */
static int streams[3];
static int kept[3];

static void
take_streams(const char *input)
{
	fflush(NULL);
	for (int fd = 0; fd < 3; fd++) {
		assert_return_code(ftruncate(streams[fd], 0), 0);
		assert_return_code(lseek(streams[fd], 0, SEEK_SET), 0);
	}
	if (input != NULL)
		assert_int_equal(
		    write(streams[0], input, strlen(input)), strlen(input));
	lseek(streams[0], 0, SEEK_SET);
	for (int fd = 0; fd < 3; fd++)
		dup2(streams[fd], fd);
}

static void
give_streams_back(void)
{
	for (int fd = 0; fd < 3; fd++)
		dup2(kept[fd], fd);
}

/* One run; *asked is how many allocations it asked for. */
static int
run_row(const struct row *row, int64_t n, uint64_t *asked)
{
	char *argv[WORDS_MOST + 2] = {NULL};
	static char name[] = "actas";
	int argc = 1, status;

	argv[0] = name;
	for (int i = 0; i < WORDS_MOST && row->words[i] != NULL; i++)
		argv[argc++] = strdup(row->words[i]);
	take_streams(row->input);
	*asked = mem_requests();
	mem_fail_after(n);
	status = cli_run(argc, argv);
	mem_fail_after(-1);
	*asked = mem_requests() - *asked;
	give_streams_back();
	for (int i = 1; i < argc; i++)
		free(argv[i]);
	return status;
}

/* What has been written into a stream, and how much in all. */
static size_t
written(int stream, char *text, size_t room)
{
	ssize_t got = pread(streams[stream], text, room - 1, 0);

	assert_true(got >= 0);
	text[got] = '\0';
	return (size_t)lseek(streams[stream], 0, SEEK_END);
}

static void
fail_row(const struct row *row, int64_t n, int status)
{
	char errors[512];

	written(2, errors, sizeof errors);
	print_error("row %zu (%s %s %s) without memory after %lld: "
		    "exit %d, said '%s'\n",
	    (size_t)(row - rows), row->words[0],
	    row->words[1] == NULL ? "" : row->words[1],
	    row->words[2] == NULL ? "" : row->words[2], (long long)n, status,
	    errors);
	fail();
}

static bool
says_out_of_memory(void)
{
	char errors[512];

	written(2, errors, sizeof errors);
	return strncmp(errors, "actas: ", 7) == 0 &&
	    strstr(errors, "out of memory") != NULL;
}

static int64_t
next_sample(int64_t n)
{
	if (n < EACH_UNTIL || getenv(EVERY_VARIABLE) != NULL)
		return n + 1;
	return n + n / SAMPLES;
}

static void
exhaust(const struct row *row)
{
	char text[2];
	uint64_t asked, needed;
	size_t length;
	int status = run_row(row, -1, &needed);

	if (status != row->status)
		fail_row(row, -1, status);
	length = written(1, text, sizeof text);
	for (int64_t n = 0;; n = next_sample(n)) {
		status = run_row(row, n, &asked);
		if (asked <= (uint64_t)n)
			break;
		if (status != STATUS_TROUBLE || !says_out_of_memory())
			fail_row(row, n, status);
	}
	if (status != row->status)
		fail_row(row, -1, status);
	assert_int_equal(written(1, text, sizeof text), length);
}

static void
memory_that_ends_is_told_by_every_command(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < ROWS; i++)
		exhaust(&rows[i]);
}

static void
no_command_is_left_out(void **state ACTAS_UNUSED)
{
	const struct command *c;

	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		bool found = false;

		for (size_t k = 0; k < ROWS; k++)
			found |= strcmp(rows[k].words[0], c->name) == 0;
		if (!found)
			fail_msg("no row runs %s", c->name);
	}
}

static int
open_streams(void **state ACTAS_UNUSED)
{
	const char *root = getenv("ACTAS_ROOT");

	if (chdir(root == NULL ? "." : root) != 0)
		return -1;
	for (int fd = 0; fd < 3; fd++) {
		kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		streams[fd] =
		    open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
		if (kept[fd] < 0 || streams[fd] < 0)
			return -1;
	}
	return 0;
}

static int
close_streams(void **state ACTAS_UNUSED)
{
	for (int fd = 0; fd < 3; fd++) {
		close(kept[fd]);
		close(streams[fd]);
	}
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_command_is_left_out),
	    cmocka_unit_test(memory_that_ends_is_told_by_every_command),
	};

	unsetenv("ACTAS_SOURCE");
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, open_streams, close_streams);
}
