#ifndef KEYS_PRIVATE_FILE_H
#define KEYS_PRIVATE_FILE_H

/*
 * Files of a data folder that hold keys. One that others than its owner can
 * read is not read: whoever could have read it has it.
 */

#include "keys/secret.h"

#include <sys/types.h>

bool key_file_exists(const char *folder, const char *name);
/*
 * The whole file. ACTAS_ENOTFOUND; ACTAS_EUSAGE where it is not a plain file
 * of this user that nobody else may read; ACTAS_ELIMIT past
 * LIMIT_KEY_FILE_BYTES; ACTAS_EIO.
 */
enum actas_error key_file_read(const char *folder, const char *name,
    struct secret_bytes *content, struct fault *fault) ACTAS_MUST_USE;
/* The same checks, but for its size, of a file that stays open to be written
 * in place: '*fd' is the caller's to close, -1 after an error. */
enum actas_error key_file_open(const char *folder, const char *name, int *fd,
    struct fault *fault) ACTAS_MUST_USE;
/* As key_file_read, for a file that anybody may read. */
enum actas_error open_file_read(const char *folder, const char *name,
    struct secret_bytes *content, struct fault *fault) ACTAS_MUST_USE;
/*
 * A new file, on the disk with its folder's entry when it returns; ACTAS_EIO
 * where there is one already (which stays as it is), or the disk refuses.
 */
enum actas_error key_file_create(const char *folder, const char *name,
    mode_t mode, struct slice content, struct fault *fault) ACTAS_MUST_USE;
/* The same in place of what is there, in one step. */
enum actas_error key_file_replace(const char *folder, const char *name,
    mode_t mode, struct slice content, struct fault *fault) ACTAS_MUST_USE;

#endif
