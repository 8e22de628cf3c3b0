#ifndef TESTS_IMPORT_TEST_H
#define TESTS_IMPORT_TEST_H

/* A source brought into a state, for the tests of imports. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "platform/import.h"
#include "source/source.h"

#define IMPORT_NOW 1795000000

struct imported {
	struct estate *before, *after; /* the source, and read back */
	struct master *master;
	struct value_keys *value_keys;
	struct writes writes;
	const struct state *state;
	struct new_credentials credentials;
	struct buffer told;
};

/* By chance that is the same in every run. */
struct chance import_chance(uint64_t *counter);
/* By none. */
struct chance import_no_chance(void);

void import_file(struct imported *i, const char *path);
/* A page, or JSON of the request ("" for none). */
void import_text_of(struct imported *i, const char *text, const char *request);
void import_release(struct imported *i);

/* The entity; fails where there is none. Its caller releases it. */
json_t *import_entity(const struct imported *i, const char *key);
bool import_told(const struct imported *i, const char *text);

/* A difference that a line of the import announces. */
struct announced {
	const char *text; /* of the difference */
	const char *told;
};
/* Source and state differ in these and in nothing else. */
void import_expect_same(
    const struct imported *i, const struct announced *announced);

#endif
