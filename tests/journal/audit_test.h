#ifndef TESTS_AUDIT_TEST_H
#define TESTS_AUDIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#include "journal/audit.h"

/* 2026-11-21T18:17:39Z */
enum { AUDIT_NOON = 1795285059 };
#define AUDIT_TODAY "audit-2026-11-21.jsonl"

/* A log in a new folder under a clock that the test moves, and what it told. */
struct world {
	char folder[64], path[128]; /* of the log, of today's file */
	moment now;
	struct audit *audit;
	struct buffer told; /* a line each */
};

int world_begin(void **state);
int world_end(void **state);

void world_open(struct world *w);
void world_close(struct world *w);
/* Opening fails so. */
void world_open_fails(
    struct world *w, enum actas_error error, const char *message);

/* Writes a line that tells of a request by that number. */
enum actas_error world_put(struct world *w, unsigned number);
void world_puts(struct world *w, unsigned from, unsigned to);

/* A file of the log, read; and put in place of what is there. */
struct buffer world_read(struct world *w, const char *name);
void world_write(struct world *w, const char *name, struct slice content);
void world_remove(struct world *w, const char *name);

/* The chain holds, over so many lines. */
void world_expect_sound(struct world *w, uint64_t lines);
/* It is broken: there, and so. */
void world_expect_broken(
    struct world *w, const char *name, uint32_t line, const char *message);
void world_expect_told(struct world *w, const char *text, unsigned times);

#endif
