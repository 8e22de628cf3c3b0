/*
 * A list of what is refused and not of what is allowed: the libraries below
 * us (GnuTLS, libcurl, SQLite, the C library's resolver) change what they
 * call from one release to the next, and a call that is missing in a list of
 * the allowed would be an outage on somebody's machine. What is listed is what
 * none of them has a use for and what an intruder wants: other programs, other
 * processes, more rights, and the rarely used parts of the kernel.
 */
#include "cli/confine.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* LeakSanitizer stops the threads of its process with ptrace. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_TRACED_BY_ITSELF true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_TRACED_BY_ITSELF true
#endif
#endif
#ifndef IS_TRACED_BY_ITSELF
#define IS_TRACED_BY_ITSELF false
#endif

/* By name: a call that this machine or libseccomp does not know is left out,
 * where a number would not compile. */
static const char *const refused[] = {
    /* programs */
    "execve",
    "execveat",
    "uselib",
    /* other processes */
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "kcmp",
    /* namespaces, mounts */
    "unshare",
    "setns",
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "open_by_handle_at",
    /* the machine */
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "quotactl",
    "syslog",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    "modify_ldt",
    "vhangup",
    "personality",
    /* large and rarely used parts of the kernel */
    "keyctl",
    "add_key",
    "request_key",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "lookup_dcookie",
    "vmsplice",
};

enum { NO_CALL_TAKEN = -EDOM };

static int
refuse(scmp_filter_ctx filter, const char *name)
{
	int call = seccomp_syscall_resolve_name(name), result;

	if (call == __NR_SCMP_ERROR)
		return 0;
	result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
	/* not a call of this architecture */
	return result == NO_CALL_TAKEN ? 0 : result;
}

/* Threads yes, namespaces no. What clone3 is asked for lies in memory, which
 * a filter cannot see; the C library then takes clone. */
static int
refuse_namespaces(scmp_filter_ctx filter)
{
	static const scmp_datum_t flags[] = {CLONE_NEWNS, CLONE_NEWCGROUP,
	    CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID,
	    CLONE_NEWNET};
	int result = seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	for (size_t i = 0; result == 0 && i < sizeof flags / sizeof *flags; i++)
		result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
	return result;
}

/* The families after AF_NETLINK, which the resolver needs, are packets, the
 * kernel's ciphers, buses and hypervisors. */
static int
refuse_sockets(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
	    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0));
}

static int
fill(scmp_filter_ctx filter)
{
	/* Calls of another architecture go by other numbers. */
	int result = seccomp_attr_set(
	    filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	for (size_t i = 0; result == 0 && i < sizeof refused / sizeof *refused;
	     i++)
		result = refuse(filter, refused[i]);
	if (result == 0 && !IS_TRACED_BY_ITSELF)
		result = refuse(filter, "ptrace");
	if (result == 0)
		result = refuse_namespaces(filter);
	return result == 0 ? refuse_sockets(filter) : result;
}

enum actas_error
confine_process(struct fault *fault)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int result;

	if (filter == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	result = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : -errno;
	if (result == 0)
		result = fill(filter);
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	if (result == 0)
		return ACTAS_OK;
	return fault_set(fault, ACTAS_EIO, NULL, 0,
	    "the kernel takes no filter of system calls: %s",
	    strerror(-result));
}
