#ifndef TESTS_FAULTY_H
#define TESTS_FAULTY_H

#include <stdint.h>

/*
 * A file system below SQLite that fails when told to. Once installed it is
 * the default one. Any thread may tell it.
 */
enum faulty { FAULTY_NOT, FAULTY_WRITE, FAULTY_SYNC, FAULTY_ALL };

void faulty_install(void);
/* From now on, after 'after' more, writes or syncs fail with 'code'. */
void faulty_fail(enum faulty what, int code, int64_t after);
/* How many syncs there have been. */
uint64_t faulty_syncs(void);

#endif
