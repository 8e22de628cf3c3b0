#include "api/entra/replays.h"

#include <pthread.h>

enum { WAYS = 8, SETS = LIMIT_REPLAYS / WAYS, SKEW = 300 };

struct use {
	uint64_t id;        /* of application and jti; 0: empty */
	uint64_t assertion; /* of the whole text */
	uint64_t source;
	moment until;
};

struct replays {
	pthread_mutex_t lock;
	struct use sets[SETS][WAYS];
};

struct replays *
replays_new(void)
{
	struct replays *r = mem_zero(1, sizeof *r);

	if (r != NULL)
		pthread_mutex_init(&r->lock, NULL);
	return r;
}

void
replays_free(struct replays *r)
{
	if (r == NULL)
		return;
	pthread_mutex_destroy(&r->lock);
	mem_free(r);
}

static struct use
describe(const struct token_call *c, const struct jwt *jwt)
{
	struct slice jti = jwt_text(jwt->claims, "jti");
	struct use use = {.assertion = slice_hash(c->assertion)};

	/* Hashes are seeded: nobody can make two that collide. */
	use.id = jti.length > 0
	    ? slice_hash(jti) * 31 + guid_hash(c->client.app_id)
	    : use.assertion;
	use.id |= 1;
	use.source = c->x->peer_is_loopback ? 1 : slice_hash(c->x->peer);
	if (!jwt_moment(jwt->claims, "exp", &use.until) ||
	    use.until > INT64_MAX - SKEW)
		use.until = INT64_MAX;
	else
		use.until += SKEW;
	return use;
}

/* The way of the same id, else a free one, else that which ends first. */
static struct use *
place_of(struct replays *r, uint64_t id, moment now)
{
	struct use *set = r->sets[id / 2 % SETS], *best = &set[0];

	for (uint32_t i = 0; i < WAYS; i++) {
		if (set[i].id == id && now < set[i].until)
			return &set[i];
		if (set[i].until < best->until)
			best = &set[i];
	}
	return best;
}

bool
replays_take(struct token_call *c, const struct jwt *jwt)
{
	struct replays *r = exchange_api(c->x)->replays;
	struct use use = describe(c, jwt), *place;
	moment now = call_now(c);
	bool fresh = true;

	pthread_mutex_lock(&r->lock);
	place = place_of(r, use.id, now);
	if (place->id == use.id && now < place->until)
		fresh = place->assertion == use.assertion &&
		    place->source == use.source;
	else
		*place = use;
	pthread_mutex_unlock(&r->lock);
	return fresh;
}
