#ifndef TESTS_RANDOM_ESTATE_H
#define TESTS_RANDOM_ESTATE_H

/* Estates for property tests: every table of the model is filled, names are
 * as hostile as a source can make them. Equal seeds give equal estates. */

#include "estate/builder.h"

struct random {
	uint64_t state;
};

/* Below 'bound', which is not 0. */
uint32_t random_below(struct random *r, uint32_t bound);
/* True 'percent' times in a hundred. */
bool random_chance(struct random *r, uint32_t percent);
struct guid random_guid(struct random *r);

/* NULL only when out of memory. */
struct estate *random_estate(uint64_t seed);

#endif
