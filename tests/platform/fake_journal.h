#ifndef TESTS_FAKE_JOURNAL_H
#define TESTS_FAKE_JOURNAL_H

#include "journal/store.h"

/* Collects writes to a new state. */
struct writes *fake_writes_new(void);
/* The state, which the caller releases; frees the writes. */
enum actas_error fake_writes_end(
    struct writes *w, const struct state **state) ACTAS_MUST_USE;

#endif
