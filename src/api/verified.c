#include "api/verified.h"

#include <pthread.h>

enum { WAYS = 4, BUCKETS = LIMIT_VERIFIED_TOKENS / WAYS };

struct bucket {
	pthread_mutex_t lock;
	uint64_t used[WAYS]; /* 0: empty */
	uint64_t clock;
	struct verified_token at[WAYS];
};

struct verified {
	struct bucket buckets[BUCKETS];
};

struct verified *
verified_new(void)
{
	struct verified *v = mem_zero(1, sizeof *v);

	for (uint32_t i = 0; v != NULL && i < BUCKETS; i++)
		pthread_mutex_init(&v->buckets[i].lock, NULL);
	return v;
}

void
verified_free(struct verified *v)
{
	if (v == NULL)
		return;
	for (uint32_t i = 0; i < BUCKETS; i++)
		pthread_mutex_destroy(&v->buckets[i].lock);
	mem_free(v);
}

/* The hash is SHA-256 of what a stranger may choose: any of its bits do. */
static struct bucket *
bucket_of(struct verified *v, const uint8_t hash[static 32])
{
	uint32_t at = (uint32_t)hash[0] | (uint32_t)hash[1] << 8;

	return &v->buckets[at % BUCKETS];
}

static uint32_t
way_of(const struct bucket *b, const uint8_t hash[static 32])
{
	for (uint32_t i = 0; i < WAYS; i++)
		if (b->used[i] != 0 && memcmp(b->at[i].hash, hash, 32) == 0)
			return i;
	return WAYS;
}

bool
verified_find(struct verified *v, const uint8_t hash[static 32],
    uint64_t edition, struct verified_token *token)
{
	struct bucket *b = bucket_of(v, hash);
	uint32_t way;

	pthread_mutex_lock(&b->lock);
	way = way_of(b, hash);
	if (way < WAYS && b->at[way].edition != edition) {
		b->used[way] = 0;
		way = WAYS;
	}
	if (way < WAYS) {
		b->used[way] = ++b->clock;
		*token = b->at[way];
	}
	pthread_mutex_unlock(&b->lock);
	return way < WAYS;
}

void
verified_put(struct verified *v, const struct verified_token *token)
{
	struct bucket *b = bucket_of(v, token->hash);
	uint32_t way;

	pthread_mutex_lock(&b->lock);
	way = way_of(b, token->hash);
	if (way == WAYS) {
		way = 0;
		for (uint32_t i = 1; i < WAYS; i++)
			if (b->used[i] < b->used[way])
				way = i;
	}
	b->at[way] = *token;
	b->used[way] = ++b->clock;
	pthread_mutex_unlock(&b->lock);
}
