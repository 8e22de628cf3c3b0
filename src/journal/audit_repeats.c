#include "journal/audit_repeats.h"

#include "base/address.h"

enum { MINUTE = 60, WAYS = 4, SETS = LIMIT_AUDIT_REPEATS / WAYS };

/* What a count keeps of the lines that it stands for, cut where it is long. */
enum text { OPERATION, ACTION, RESOURCE, REASON, PEER, TEXTS };
enum { TEXT_BYTES = 200 };

struct counted {
	uint64_t id;  /* 0: empty */
	moment since; /* when its minute began */
	uint32_t told, count;
	moment first, last; /* of those that were counted */
	bool is_anonymous;
	enum audit_kind kind;
	struct guid object_id, app_id;
	uint32_t status;
	struct {
		uint16_t length;
		char at[TEXT_BYTES];
	} texts[TEXTS];
};

struct repeats {
	struct counted same[SETS][WAYS];   /* by who, what, on what, why */
	struct counted source[SETS][WAYS]; /* by who */
	struct counted rest;               /* of all that proved nothing */
	size_t bytes;                      /* of theirs, in rest's minute */
	uint64_t waiting;                  /* counted, not told */
};

struct repeats *
repeats_new(void)
{
	struct repeats *r = mem_zero(1, sizeof *r);

	if (r != NULL)
		r->rest = (struct counted){.kind = AUDIT_DENIED};
	return r;
}

void
repeats_free(struct repeats *r)
{
	mem_free(r);
}

bool
repeats_wait(const struct repeats *r)
{
	return r->waiting > 0;
}

/* --- which --- */

static bool
is_anonymous(const struct audit_line *line)
{
	return line->kind == AUDIT_TOKEN_DENIED || guid_is_nil(line->object_id);
}

static uint64_t
hash_who(const struct audit_line *line)
{
	if (is_anonymous(line))
		return address_hash(line->peer) | 1;
	return slice_hash((struct slice){(const char *)line->object_id.bytes,
		   sizeof line->object_id.bytes}) |
	    1;
}

static uint64_t
hash_same(const struct audit_line *line)
{
	const struct slice parts[] = {line->operation, line->action,
	    line->resource, line->reason,
	    {(const char *)line->object_id.bytes,
		sizeof line->object_id.bytes}};
	uint64_t hash = hash_who(line) + (uint64_t)line->kind;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		hash = hash * 1099511628211u ^ slice_hash_case(parts[i]);
	return (hash + line->status) | 1;
}

/* --- telling --- */

static struct slice
text_of(const struct counted *c, enum text which)
{
	return (struct slice){c->texts[which].at, c->texts[which].length};
}

static enum actas_error
tell(struct repeats *r, struct counted *c, moment now,
    const struct repeats_writer *w)
{
	struct audit_line line = {
	    .kind = c->kind,
	    .at = now,
	    .object_id = c->object_id,
	    .app_id = c->app_id,
	    .operation = text_of(c, OPERATION),
	    .action = text_of(c, ACTION),
	    .resource = text_of(c, RESOURCE),
	    .reason = text_of(c, REASON),
	    .peer = text_of(c, PEER),
	    .status = c->status,
	    .count = c->count,
	    .from = c->first,
	    .to = c->last,
	};
	enum actas_error error;

	if (c == &r->rest)
		line.detail =
		    SLICE("of several sources, none of which proved who it is");
	else if (line.operation.length == 0)
		line.detail = SLICE("of several kinds, all from this source");
	if (c->count == 0)
		return ACTAS_OK;
	error = w->write(w->context, &line);
	if (error != ACTAS_OK)
		return error;
	r->waiting -= c->count;
	c->count = 0;
	return ACTAS_OK;
}

static bool
is_over(const struct counted *c, moment now)
{
	return now >= c->since + MINUTE || now < c->since;
}

/* A new minute, once the last is told of. */
static enum actas_error
renew(struct repeats *r, struct counted *c, moment now,
    const struct repeats_writer *w)
{
	enum actas_error error = ACTAS_OK;

	if (!is_over(c, now))
		return ACTAS_OK;
	error = tell(r, c, now, w);
	if (error != ACTAS_OK)
		return error;
	c->since = now;
	c->told = 0;
	if (c == &r->rest)
		r->bytes = 0;
	return ACTAS_OK;
}

static enum actas_error
tell_all(struct repeats *r, struct counted sets[SETS][WAYS], moment now,
    bool all, const struct repeats_writer *w)
{
	enum actas_error error = ACTAS_OK;

	for (size_t i = 0; i < SETS; i++)
		for (size_t k = 0; k < WAYS && error == ACTAS_OK; k++)
			if (all || is_over(&sets[i][k], now))
				error = tell(r, &sets[i][k], now, w);
	return error;
}

enum actas_error
repeats_tell(
    struct repeats *r, moment now, bool all, const struct repeats_writer *w)
{
	enum actas_error error;

	if (r->waiting == 0)
		return ACTAS_OK;
	error = tell_all(r, r->same, now, all, w);
	if (error == ACTAS_OK)
		error = tell_all(r, r->source, now, all, w);
	if (error == ACTAS_OK && (all || is_over(&r->rest, now)))
		error = tell(r, &r->rest, now, w);
	return error;
}

/* --- counting --- */

static void
count(
    struct repeats *r, struct counted *c, uint32_t more, moment from, moment to)
{
	if (c->count == 0 || from < c->first)
		c->first = from;
	if (c->count == 0 || to > c->last)
		c->last = to;
	c->count += more;
	r->waiting += more;
}

static void
keep_text(struct counted *c, enum text which, struct slice text)
{
	text = slice_sub(
	    text, 0, text.length < TEXT_BYTES ? text.length : TEXT_BYTES);
	if (text.length > 0)
		memcpy(c->texts[which].at, text.at, text.length);
	c->texts[which].length = (uint16_t)text.length;
}

static void
begin(struct counted *c, uint64_t id, const struct audit_line *line, moment now)
{
	bool anonymous = is_anonymous(line);

	*c = (struct counted){.id = id,
	    .since = now,
	    .is_anonymous = anonymous,
	    .kind = line->kind};
	if (!anonymous) {
		c->object_id = line->object_id;
		c->app_id = line->app_id;
	}
	keep_text(c, PEER, line->peer);
}

/* All that lines of the same kind have in common. */
static void
begin_same(
    struct counted *c, uint64_t id, const struct audit_line *line, moment now)
{
	begin(c, id, line, now);
	c->object_id = line->object_id;
	c->app_id = line->app_id;
	c->status = line->status;
	keep_text(c, OPERATION, line->operation);
	keep_text(c, ACTION, line->action);
	keep_text(c, RESOURCE, line->resource);
	keep_text(c, REASON, line->reason);
}

static struct counted *
find(struct counted sets[SETS][WAYS], uint64_t id)
{
	struct counted *set = sets[(id >> 8) % SETS];

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].id == id)
			return &set[i];
	return NULL;
}

/* The place of the one that began first. What it counted is told; of those
 * that proved nothing, together with the rest. */
static enum actas_error
make_room(struct repeats *r, struct counted sets[SETS][WAYS], uint64_t id,
    moment now, const struct repeats_writer *w, struct counted **place)
{
	struct counted *set = sets[(id >> 8) % SETS], *oldest = set;
	enum actas_error error = ACTAS_OK;

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].id == 0 ||
		    (oldest->id != 0 && set[i].since < oldest->since))
			oldest = &set[i];
	*place = oldest;
	if (oldest->count > 0 && oldest->is_anonymous) {
		uint32_t moved = oldest->count;

		r->waiting -= moved;
		oldest->count = 0;
		count(r, &r->rest, moved, oldest->first, oldest->last);
	} else {
		error = tell(r, oldest, now, w);
	}
	return error;
}

/* --- deciding --- */

/* About what a line takes. */
static size_t
bytes_of(const struct audit_line *line)
{
	return 500 + line->operation.length + line->action.length +
	    line->resource.length + line->reason.length + line->detail.length;
}

/* Whether the rest's minute has room. */
static bool
has_room(struct repeats *r, const struct audit_line *line)
{
	return !is_anonymous(line) ||
	    r->bytes + bytes_of(line) <= LIMIT_AUDIT_ANONYMOUS;
}

static enum actas_error
places(struct repeats *r, const struct audit_line *line, moment now,
    const struct repeats_writer *w, struct counted **source,
    struct counted **same)
{
	uint64_t who = hash_who(line), what = hash_same(line);
	enum actas_error error = ACTAS_OK;

	if (*source == NULL) {
		error = make_room(r, r->source, who, now, w, source);
		if (error == ACTAS_OK)
			begin(*source, who, line, now);
	}
	if (error == ACTAS_OK && *same == NULL) {
		error = make_room(r, r->same, what, now, w, same);
		if (error == ACTAS_OK)
			begin_same(*same, what, line, now);
	}
	return error;
}

/* The counter that takes the line; NULL: it is to be written. */
static struct counted *
choose(struct repeats *r, const struct audit_line *line, moment now,
    const struct repeats_writer *w, enum actas_error *error)
{
	struct counted *source = find(r->source, hash_who(line));
	struct counted *same = find(r->same, hash_same(line));

	*error = renew(r, &r->rest, now, w);
	if (*error == ACTAS_OK && source != NULL)
		*error = renew(r, source, now, w);
	if (*error == ACTAS_OK && same != NULL)
		*error = renew(r, same, now, w);
	if (*error != ACTAS_OK)
		return NULL;
	if (same != NULL && same->told >= LIMIT_AUDIT_SAME)
		return same;
	if (source != NULL && source->told >= LIMIT_AUDIT_SOURCE)
		return source;
	if (!has_room(r, line))
		return &r->rest;
	*error = places(r, line, now, w, &source, &same);
	if (*error != ACTAS_OK)
		return NULL;
	source->told++;
	same->told++;
	if (is_anonymous(line))
		r->bytes += bytes_of(line);
	return NULL;
}

bool
repeats_take(struct repeats *r, const struct audit_line *line, moment now,
    const struct repeats_writer *w, enum actas_error *error)
{
	struct counted *c;

	*error = ACTAS_OK;
	if (line->kind != AUDIT_DENIED && line->kind != AUDIT_TOKEN_DENIED)
		return true;
	c = choose(r, line, now, w, error);
	if (*error != ACTAS_OK || c == NULL)
		return *error == ACTAS_OK;
	count(r, c, 1, now, now);
	return false;
}
