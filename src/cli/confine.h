#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

/*
 * Law 12: the process that talks to the network cannot execute programs. What
 * holds it to that is the kernel, by a filter of system calls (seccomp), so
 * that it holds for whoever takes the process over, too.
 */

#include "base/base.h"

/*
 * From here on no thread that this one starts, nor any process of theirs, can
 * execute a program, gain rights by one (no_new_privs), look into or change
 * other processes, make namespaces, mount, load modules or kernels, use keys
 * of the kernel, BPF, performance events, io_uring or raw and kernel sockets:
 * such calls fail with EPERM. There is no way back, so it is called before the
 * first thread is started. It needs no rights.
 *
 * ACTAS_EIO where the kernel takes no such filter (some containers, kernels
 * without CONFIG_SECCOMP_FILTER); the process then is as it was, but that it
 * may have given up new rights.
 */
enum actas_error confine_process(struct fault *fault) ACTAS_MUST_USE;

#endif
