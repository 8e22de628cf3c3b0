#include "cli/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

extern char **environ;

static char *const program[] = {(char[]){"/bin/true"}, NULL};

/* There is no way back, so each trial has a process of its own, which answers
 * with what it found: an errno, or 0. */
static int
confined(int (*trial)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(confine_process(NULL) == ACTAS_OK ? trial() : 255);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
free_of(int (*trial)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(trial());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* --- what is refused --- */

static int
try_exec(void)
{
	execve(program[0], program, environ);
	return errno;
}

static int
try_exec_descriptor(void)
{
	int fd = open(program[0], O_RDONLY | O_CLOEXEC);

	fexecve(fd, program, environ);
	return errno;
}

static int
try_spawn(void)
{
	pid_t child;
	int error =
	    posix_spawn(&child, program[0], NULL, NULL, program, environ);

	if (error == 0)
		waitpid(child, NULL, 0);
	return error;
}

static int
try_exec_in_child(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(try_exec());
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

static void *
exec_in_thread(void *found)
{
	pid_t child = 0;

	*(int *)found =
	    posix_spawn(&child, program[0], NULL, NULL, program, environ);
	return NULL;
}

static int
try_exec_in_thread(void)
{
	pthread_t thread;
	int found = 254;

	if (pthread_create(&thread, NULL, exec_in_thread, &found) != 0)
		return 253;
	pthread_join(thread, NULL);
	return found;
}

static int
try_namespace(void)
{
	return unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
}

static int
try_clone_namespace(void)
{
	long child =
	    syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);

	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid((pid_t)child, NULL, 0);
	return child > 0 ? 0 : errno;
}

static int
try_read_of_parent(void)
{
	char into[8];
	struct iovec here = {into, sizeof into}, there = {into, sizeof into};

	return process_vm_readv(getppid(), &here, 1, &there, 1, 0) >= 0 ? 0
									: errno;
}

static int
try_keys(void)
{
	return syscall(SYS_keyctl, 0, 0, 0, 0, 0) >= 0 ? 0 : errno;
}

static int
try_ring(void)
{
	return syscall(SYS_io_uring_setup, 0, NULL) >= 0 ? 0 : errno;
}

static int
try_kernel_socket(void)
{
	return socket(AF_ALG, SOCK_SEQPACKET, 0) >= 0 ? 0 : errno;
}

static void
what_an_intruder_wants_is_refused(void **state ACTAS_UNUSED)
{
	static const struct {
		int (*trial)(void);
		int error;
	} rows[] = {
	    {try_exec, EPERM},
	    {try_exec_descriptor, EPERM},
	    {try_spawn, EPERM},
	    {try_exec_in_child, EPERM},
	    {try_exec_in_thread, EPERM},
	    {try_namespace, EPERM},
	    {try_clone_namespace, EPERM},
	    {try_read_of_parent, EPERM},
	    {try_keys, EPERM},
	    {try_ring, EPERM},
	    {try_kernel_socket, EAFNOSUPPORT},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(confined(rows[i].trial), rows[i].error);
}

/* The filter is what refuses: without it the program runs. */
static void
without_it_programs_run(void **state ACTAS_UNUSED)
{
	assert_int_equal(free_of(try_spawn), 0);
	assert_int_equal(free_of(try_exec_in_thread), 0);
	assert_int_equal(free_of(try_exec), 0); /* of /bin/true itself */
}

/* --- what goes on --- */

static void *
add_one(void *count)
{
	++*(int *)count;
	return NULL;
}

static int
use_threads(void)
{
	pthread_t thread;
	int count = 0;

	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, add_one, &count) != 0 ||
		    pthread_join(thread, NULL) != 0)
			return errno;
	return count == 3 ? 0 : 254;
}

static int
use_sockets(void)
{
	static const int families[] = {AF_UNIX, AF_INET, AF_NETLINK};

	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		int fd = socket(families[i], SOCK_DGRAM | SOCK_CLOEXEC, 0);

		if (fd < 0)
			return errno;
		close(fd);
	}
	return 0;
}

static int
use_rights(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
		prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2
	    ? 0
	    : 254;
}

static int
twice(void)
{
	return confine_process(NULL) == ACTAS_OK ? use_threads() : 254;
}

static void
what_a_server_needs_goes_on(void **state ACTAS_UNUSED)
{
	assert_int_equal(confined(use_threads), 0);
	assert_int_equal(confined(use_sockets), 0);
	assert_int_equal(confined(use_rights), 0);
	assert_int_equal(confined(twice), 0);
}

/* As in a container whose own filter allows no other. */
static int
without_filters(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	struct fault fault = {0};

	if (seccomp_rule_add(
		filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(seccomp), 0) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
		SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) != 0 ||
	    seccomp_load(filter) != 0)
		return 253;
	if (confine_process(&fault) != ACTAS_EIO || fault.message[0] == '\0')
		return 254;
	return try_spawn();
}

static void
a_kernel_without_filters_is_told_and_survived(void **state ACTAS_UNUSED)
{
	assert_int_equal(free_of(without_filters), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_an_intruder_wants_is_refused),
	    cmocka_unit_test(without_it_programs_run),
	    cmocka_unit_test(what_a_server_needs_goes_on),
	    cmocka_unit_test(a_kernel_without_filters_is_told_and_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
