#ifndef TESTS_KEYS_TEST_H
#define TESTS_KEYS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "keys/master.h"

/* A new folder below the system's temporary one; test_folder_remove takes it
 * and every file in it away. */
void test_folder_make(char path[static 64]);
void test_folder_remove(const char *path);
/* Writes a file of it. */
void test_file(
    const char *folder, const char *name, mode_t mode, struct slice content);
struct buffer test_read(const char *folder, const char *name);

struct secret_bytes test_secret(const char *text);
/* A master of a new folder, which is removed again. */
struct master *test_master(void);
/* Chance that counts: 0, 1, 2, … */
struct chance test_counting(uint8_t *next);

#endif
