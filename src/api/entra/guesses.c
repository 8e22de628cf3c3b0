#include "api/entra/guesses.h"

#include "base/address.h"

#include <pthread.h>

enum { WAYS = 4, SETS = LIMIT_GUESSERS / WAYS, MINUTE = 60 };

/* A bucket that holds so many refusals and fills again in a minute. */
struct bucket {
	uint64_t id; /* 0: empty */
	moment seen;
	uint32_t left;
};

struct guesses {
	pthread_mutex_t lock;
	struct bucket of_application[SETS][WAYS];
	struct bucket of_source[SETS][WAYS];
};

struct guesses *
guesses_new(void)
{
	struct guesses *g = mem_zero(1, sizeof *g);

	if (g != NULL)
		pthread_mutex_init(&g->lock, NULL);
	return g;
}

void
guesses_free(struct guesses *g)
{
	if (g == NULL)
		return;
	pthread_mutex_destroy(&g->lock);
	mem_free(g);
}

static struct bucket *
bucket_of(
    struct bucket sets[SETS][WAYS], uint64_t id, uint32_t size, moment now)
{
	struct bucket *set = sets[id % SETS], *oldest = &set[0];

	id |= 1;
	for (uint32_t i = 0; i < WAYS; i++) {
		if (set[i].id == id)
			return &set[i];
		if (set[i].id == 0 || set[i].seen < oldest->seen)
			oldest = &set[i];
	}
	*oldest = (struct bucket){.id = id, .seen = now, .left = size};
	return oldest;
}

static void
fill(struct bucket *b, uint32_t size, moment now)
{
	moment passed = now - b->seen;

	if (passed >= MINUTE || passed < 0)
		b->left = size;
	else
		b->left += (uint32_t)passed * size / MINUTE;
	if (b->left > size)
		b->left = size;
	/* Whole refusals only: what is left of a second waits. */
	if (passed != 0 && (uint64_t)passed * size >= MINUTE)
		b->seen = now;
}

/* Whether there was one left. */
static bool
take(struct bucket *b, uint32_t size, moment now)
{
	fill(b, size, now);
	if (b->left == 0)
		return false;
	b->left--;
	return true;
}

bool
guesses_wrong(struct guesses *g, struct slice about, struct slice source,
    bool is_guess, moment now)
{
	uint64_t from = address_hash(source);
	struct bucket *b;
	bool free;

	pthread_mutex_lock(&g->lock);
	b = bucket_of(g->of_source, from, 4 * LIMIT_GUESSES, now);
	free = take(b, 4 * LIMIT_GUESSES, now);
	if (is_guess && free) {
		b = bucket_of(g->of_application,
		    from * 31 + slice_hash_case(about), LIMIT_GUESSES, now);
		free = take(b, LIMIT_GUESSES, now);
	}
	pthread_mutex_unlock(&g->lock);
	return free;
}
