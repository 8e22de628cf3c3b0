#include "api/entra/guesses.h"

#include <arpa/inet.h>
#include <pthread.h>

enum { WAYS = 4, SETS = LIMIT_GUESSERS / WAYS, MINUTE = 60 };

/* A bucket that holds so many refusals and fills again in a minute. */
struct bucket {
	uint64_t id; /* 0: empty */
	moment seen, told;
	uint32_t left, untold;
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
	*oldest = (struct bucket){
	    .id = id, .seen = now, .told = now - MINUTE, .left = size};
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

static struct guess
take(struct bucket *b, uint32_t size, moment now)
{
	struct guess guess = {.tell = true};

	fill(b, size, now);
	if (b->left > 0) {
		b->left--;
	} else {
		guess.slowed = true;
		guess.tell = now - b->told >= MINUTE || now < b->told;
	}
	if (!guess.tell) {
		b->untold++;
		return guess;
	}
	if (guess.slowed)
		b->told = now;
	guess.untold = b->untold;
	b->untold = 0;
	return guess;
}

/* Everybody has 2^64 addresses of version 6: the network counts. */
static uint64_t
hash_source(struct slice source)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (source.length < sizeof text) {
		memcpy(text, source.at, source.length);
		text[source.length] = '\0';
		if (inet_pton(AF_INET6, text, &address) == 1)
			return slice_hash(
			    (struct slice){(const char *)&address, 8});
	}
	return slice_hash(source);
}

struct guess
guesses_wrong(struct guesses *g, struct slice about, struct slice source,
    bool is_guess, moment now)
{
	uint64_t from = hash_source(source);
	struct guess all, one = {.tell = true};
	struct bucket *b;

	pthread_mutex_lock(&g->lock);
	b = bucket_of(g->of_source, from, 4 * LIMIT_GUESSES, now);
	all = take(b, 4 * LIMIT_GUESSES, now);
	if (is_guess && !all.slowed) {
		b = bucket_of(g->of_application,
		    from * 31 + slice_hash_case(about), LIMIT_GUESSES, now);
		one = take(b, LIMIT_GUESSES, now);
	}
	pthread_mutex_unlock(&g->lock);
	return all.slowed ? all : one;
}
