#include "bench.h"

#include <stdlib.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each part runs in a process of its own, so that one's memory is not
 * another's. */

static void
models(void)
{
	bench_models();
}

static void
scale_4(void)
{
	bench_scale(10000, true);
}

static void
scale_6(void)
{
	bench_scale(1000000, true);
}

static void
scale_7(void)
{
	bench_scale(10000000, true);
}

static void
who(void)
{
	bench_who(1000000);
}

static void
import(void)
{
	bench_import(1000000);
}

static void
http(void)
{
	bench_http();
}

static void
state_5(void)
{
	bench_state(100000);
}

static void
state_6(void)
{
	bench_state(1000000);
}

static void
store(void)
{
	bench_store();
}

static void
start(void)
{
	bench_start(1000000);
}

static void
rights(void)
{
	bench_revoke(1000);
	bench_revoke(10000);
	bench_revoke(100000);
}

static const struct {
	const char *name, *does;
	void (*run)(void);
} parts[] = {
    {"models", "the models of Cedar's suite", models},
    {"1e4", "decisions over 10^4 assignments", scale_4},
    {"1e6", "decisions over 10^6 assignments", scale_6},
    {"1e7", "decisions over 10^7 assignments", scale_7},
    {"who", "who-can over 10^6 assignments", who},
    {"state5", "a platform's state of 10^5 entries", state_5},
    {"state6", "a platform's state of 10^6 entries", state_6},
    {"store", "durable changes of 64 clients", store},
    {"start", "opening a journal of 10^6 entities", start},
    {"revoke", "a change of rights until decisions follow it", rights},
    {"import", "reading 10^6 assignments as az prints them", import},
    {"keys", "signing tokens, sealing values", bench_keys},
    {"http", "what a request costs the server, beside nginx", http},
};

enum { PARTS = sizeof parts / sizeof *parts };

static void
print_machine(void)
{
	struct utsname name;
	char line[256];
	FILE *f = fopen("/proc/cpuinfo", "r");

	need(uname(&name) == 0, "a name for the machine");
	printf("machine: %s, %s %s, %ld cores\n", name.nodename, name.sysname,
	    name.machine, sysconf(_SC_NPROCESSORS_ONLN));
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		const char *colon = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || colon == NULL)
			continue;
		printf("cpu:%s", colon + 1);
		break;
	}
	if (f != NULL)
		fclose(f);
	printf("clock: %.1f ns a reading, taken off every single timing\n",
	    clock_ns((double)clock_overhead()));
	fflush(stdout);
}

static int
run_apart(size_t part)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		parts[part].run();
		exit(0);
	}
	need(child > 0 && waitpid(child, &status, 0) == child, "a process");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static int
usage(void)
{
	fprintf(stderr, "usage: actas-bench [PART...]\n");
	for (size_t i = 0; i < PARTS; i++)
		fprintf(stderr, "  %-8s %s\n", parts[i].name, parts[i].does);
	return 2;
}

int
main(int argc, char **argv)
{
	int worst = 0;

	for (int i = 1; i < argc; i++) {
		size_t part = 0;

		while (part < PARTS && strcmp(argv[i], parts[part].name) != 0)
			part++;
		if (part == PARTS)
			return usage();
	}
	clock_prepare();
	print_machine();
	for (size_t part = 0; part < PARTS; part++) {
		bool wanted = argc == 1;
		int status;

		for (int i = 1; i < argc; i++)
			wanted |= strcmp(argv[i], parts[part].name) == 0;
		status = wanted ? run_apart(part) : 0;
		worst = status > worst ? status : worst;
	}
	return worst;
}
