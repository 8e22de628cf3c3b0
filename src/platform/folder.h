#ifndef PLATFORM_FOLDER_H
#define PLATFORM_FOLDER_H

/*
 * A data folder as the file system has it: whose it is, who else may touch
 * it, and who works in it. Faults name the folder.
 */

#include "base/base.h"

/*
 * Whether the folder is ours alone. ACTAS_ENOTFOUND where there is none,
 * ACTAS_EUSAGE where it is no folder, belongs to somebody else, or others may
 * write to it: who can replace its files decides what the platform says.
 */
enum actas_error folder_check(
    const char *path, struct fault *fault) ACTAS_MUST_USE;

/* Takes the folder for this process, until the descriptor is closed.
 * ACTAS_EUSAGE where another process has it. */
enum actas_error folder_lock(
    const char *path, int *lock, struct fault *fault) ACTAS_MUST_USE;
/* Gives it back; -1 is none. */
void folder_unlock(int *lock);

/*
 * A data folder in the making. It is put together, locked, under another
 * name beside 'path', and then given its own; where there is an empty folder
 * already (which may be a mount, that nothing can replace), inside it, and
 * its files are then moved up, the journal last: a folder without a journal
 * is no platform. What processes that died left half made is taken away
 * first.
 */
struct new_folder {
	char *path; /* where it is for now; NULL: finished */
	char *name; /* where it will be */
	bool inside;
	int lock;
};
enum actas_error new_folder_begin(
    struct new_folder *n, const char *path, struct fault *fault) ACTAS_MUST_USE;
enum actas_error new_folder_finish(
    struct new_folder *n, struct fault *fault) ACTAS_MUST_USE;
/* After either; finished: leaves it. */
void new_folder_release(struct new_folder *n);

#endif
