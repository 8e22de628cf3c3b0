#ifndef TESTS_LIVE_H
#define TESTS_LIVE_H

#include <stdint.h>

/* How many allocations of the program have not been freed. */
int64_t live(void);

#endif
