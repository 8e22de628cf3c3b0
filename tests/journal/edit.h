#ifndef TESTS_EDIT_H
#define TESTS_EDIT_H

#include "journal/store.h"

#include <semaphore.h>

/*
 * A change that writes "key=value key …", unless a key is there already (it is
 * refused with ACTAS_EUSAGE then), and a store with a view that counts keys
 * that begin with "view/". Making the view of a state with "view/bad" fails.
 */
struct edit {
	struct change change;
	const char *writes;
	const char *unless;      /* key, or NULL */
	enum actas_error refuse; /* what apply returns */
	sem_t *gate;             /* apply waits here, if not NULL */

	/* what it saw */
	uint64_t applied_on, seen_views;
	enum actas_error result;
	uint64_t revision;
	_Atomic int done; /* how many times */
	int order;        /* among all edits */
	sem_t *end;       /* posted when done, if not NULL */
};

struct view_of_test {
	uint64_t revision, views;
};

/* Fills in the functions. */
void edit_init(struct edit *e, const char *writes);
enum actas_error edit_commit(struct store *s, const char *writes);

extern _Atomic moment test_now;
extern _Atomic int logged;
extern char logged_line[1400];
/* Opens the journal at scratch_path. Asserts that it works. */
struct store *test_store(void);
struct store_options test_store_options(void);
/* "key=value …" of the newest snapshot; lives until the next call. */
const char *newest_text(struct store *s);

/* A test with a journal of its own, behind which nothing stays allocated. */
int edit_set_up(void **unused);
int edit_tear_down(void **unused);
#define STORE_TEST(test) \
	cmocka_unit_test_setup_teardown(test, edit_set_up, edit_tear_down)

#endif
