#ifndef TESTS_API_FIXTURE_WORLD_H
#define TESTS_API_FIXTURE_WORLD_H

struct world_entity {
	const char *key, *value; /* JSON with single quotes */
};

/* Ends with a NULL key. */
extern const struct world_entity fixture_world[];

#endif
