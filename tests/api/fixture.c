#include "fixture.h"
#include "fixture_world.h"

#include "api/tokens.h"
#include "api/worker.h"
#include "keys/client_secret.h"
#include "platform/value_keys.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* --- a platform --- */

static moment
fixture_clock(void *context)
{
	const struct fixture *f = context;

	return atomic_load(&f->now);
}

static void
must(enum actas_error error, const struct fault *fault)
{
	if (error != ACTAS_OK)
		fail_msg("%s: %s", actas_strerror(error), fault->message);
}

static void
open_platform(struct fixture *f)
{
	struct platform *p = &f->platform;
	struct fault fault = {0};
	struct store_options options = {.view = view_maker()};
	char path[128];

	p->folder = f->folder;
	p->clock = (struct clock){fixture_clock, f};
	p->chance = chance_system();
	assert_true(guid_parse(SLICE(TENANT), &p->tenant));
	must(master_create(f->folder, NULL, &fault), &fault);
	must(master_open(f->folder, NULL, &p->master, &fault), &fault);
	must(slots_create(f->folder, &fault), &fault);
	must(value_keys_open(
		 f->folder, p->master, NULL, NULL, &p->value_keys, &fault),
	    &fault);
	snprintf(path, sizeof path, "%s/platform.db", f->folder);
	must(journal_create(path, &fault), &fault);
	options.path = path;
	options.shredder = value_keys_shredder(p->value_keys);
	options.clock = p->clock;
	must(store_open(&options, &p->store, &fault), &fault);
	must(audit_open(f->folder, p->clock, NULL, NULL, &p->audit, &fault),
	    &fault);
}

static const struct {
	const char *owner, *key_id, *secret, *from, *until;
} secrets[] = {
    {ADMIN_HOME, ADMIN_KEY, ADMIN_SECRET, "2026-01-01", "2028-01-01"},
    {READER_HOME, READER_KEY, READER_SECRET, "2026-01-01", "2027-06-01"},
    {READER_HOME, READER_KEY_2, READER_SECRET_2, "2026-11-01", "2027-11-01"},
    {READER_HOME, READER_KEY_OLD, READER_SECRET_OLD, "2025-01-01",
	"2026-11-21T18:17:39Z"},
    {READER_HOME, READER_KEY_SOON, READER_SECRET_SOON, "2026-11-22",
	"2027-11-22"},
    {NOBODY_HOME, NOBODY_KEY, NOBODY_SECRET, "2026-01-01", "2028-01-01"},
    {STOPPED_HOME, STOPPED_KEY, STOPPED_SECRET, "2026-01-01", "2028-01-01"},
    {LOOSE_HOME, LOOSE_KEY, LOOSE_SECRET, "2026-01-01", "2028-01-01"},
};

struct put {
	struct change change;
	VECTOR(struct world_entity) at;
};

static void
put_one(struct writes *writes, const struct world_entity *entity)
{
	struct buffer text = {0};

	if (entity->value == NULL) {
		writes_remove(writes, slice_of(entity->key));
		return;
	}
	for (const char *c = entity->value; *c != '\0'; c++)
		buffer_putc(&text, *c == '\'' ? '"' : *c);
	writes_put(writes, slice_of(entity->key), buffer_slice(&text));
	buffer_release(&text);
}

static enum actas_error
apply_put(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	const struct put *put = (const struct put *)change;

	(void)now;
	for (uint32_t i = 0; i < put->at.count; i++)
		put_one(writes, &put->at.at[i]);
	return ACTAS_OK;
}

static void
commit(struct fixture *f, struct put *put)
{
	put->change.apply = apply_put;
	assert_int_equal(
	    store_commit(f->platform.store, &put->change, NULL), ACTAS_OK);
	vector_release(&put->at);
}

void
fixture_put(struct fixture *f, ...)
{
	struct put put = {0};
	const char *key;
	va_list args;

	va_start(args, f);
	while ((key = va_arg(args, const char *)) != NULL) {
		const char *value = va_arg(args, const char *);

		assert_int_equal(
		    vector_push(&put.at, (struct world_entity){key, value}),
		    ACTAS_OK);
	}
	va_end(args);
	commit(f, &put);
}

void
fixture_secret(struct fixture *f, const char *owner, const char *key_id,
    const char *secret, const char *from, const char *until)
{
	uint8_t hash[CLIENT_SECRET_HASH];
	struct buffer text = {0};
	const char *key, *value;

	assert_int_equal(
	    client_secret_hash(f->platform.master, slice_of(secret), hash),
	    ACTAS_OK);
	base64_put(&text, hash, sizeof hash);
	key = arena_printf(&f->arena, "credential/%s/%s", owner, key_id);
	value = arena_printf(&f->arena,
	    "{'kind':'secret','displayName':'ci','hint':'%.3s','hash':'%s',"
	    "'startDateTime':'%s','endDateTime':'%s'}",
	    secret, buffer_text(&text), from, until);
	buffer_release(&text);
	fixture_put(f, key, value, NULL);
}

static void
fill_world(struct fixture *f)
{
	struct put put = {0};

	for (const struct world_entity *e = fixture_world; e->key != NULL; e++)
		assert_int_equal(vector_push(&put.at, *e), ACTAS_OK);
	commit(f, &put);
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		fixture_secret(f, secrets[i].owner, secrets[i].key_id,
		    secrets[i].secret, secrets[i].from, secrets[i].until);
}

int
fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct fault fault = {0};

	assert_non_null(f);
	*state = f;
	atomic_store(&f->now, FIXTURE_NOW);
	f->peer = "127.0.0.1";
	f->peer_is_loopback = true;
	snprintf(f->folder, sizeof f->folder, "/tmp/actas-api-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	open_platform(f);
	fill_world(f);
	must(api_new(&f->platform, &f->api, &fault), &fault);
	return 0;
}

static int
remove_one(
    const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(path);
}

int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	api_free(f->api);
	store_close(f->platform.store);
	audit_close(f->platform.audit);
	value_keys_close(f->platform.value_keys);
	master_close(f->platform.master);
	nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_release(&f->arena);
	free(f);
	return 0;
}

json_t *
fixture_get(struct fixture *f, const char *key)
{
	const struct snapshot *snapshot = store_pin(f->platform.store);
	json_t *value = entity_get(snapshot->state, slice_of(key));

	store_unpin(f->platform.store, snapshot);
	return value;
}

struct tick {
	struct job job;
	struct fixture *f;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done;
};

static void
run_tick(struct job *job)
{
	struct tick *tick = (struct tick *)job;

	api_tick(tick->f->api);
	pthread_mutex_lock(&tick->lock);
	tick->is_done = true;
	pthread_cond_signal(&tick->done);
	pthread_mutex_unlock(&tick->lock);
}

void
fixture_tick(struct fixture *f)
{
	struct tick tick = {.job.run = run_tick,
	    .job.lane = WORKER_TICKS,
	    .f = f,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .done = PTHREAD_COND_INITIALIZER};

	assert_int_equal(worker_submit(f->api->worker, &tick.job), ACTAS_OK);
	pthread_mutex_lock(&tick.lock);
	while (!tick.is_done)
		pthread_cond_wait(&tick.done, &tick.lock);
	pthread_mutex_unlock(&tick.lock);
}

static enum actas_error
take_line(void *context, struct slice text)
{
	json_t *line = json_loadb(text.at, text.length, 0, NULL);

	assert_non_null(line);
	json_array_append_new(context, line);
	return ACTAS_OK;
}

json_t *
fixture_audit(struct fixture *f)
{
	struct audit_filter filter = {
	    .from = MOMENT_UNKNOWN, .to = MOMENT_UNKNOWN};
	struct fault fault = {0};
	json_t *lines = json_array();

	must(audit_read(f->folder, NULL, &filter, take_line, lines, &fault),
	    &fault);
	return lines;
}

/* --- tokens --- */

const char *
fixture_token(struct fixture *f, const char *principal, const char *audience)
{
	const struct snapshot *snapshot = store_pin(f->platform.store);
	const struct estate *e = snapshot_view(snapshot)->estate;
	struct token_order order = {
	    .audience = slice_of(audience),
	    .strength = TOKEN_BY_SECRET,
	    .seconds = 3599,
	};
	struct token token;
	principal_id p;
	const char *text;

	assert_true(guid_parse(slice_of(principal), &order.object_id));
	p = estate_by_object_id(e, order.object_id);
	assert_int_not_equal(p, NONE);
	order.app_id = e->principals.at[p].app_id;
	store_unpin(f->platform.store, snapshot);
	assert_int_equal(
	    tokens_issue(f->api->tokens, &order, &token), ACTAS_OK);
	text = arena_text(&f->arena, buffer_slice(&token.text));
	token_release(&token);
	return text;
}

const char *
fixture_bearer(struct fixture *f, const char *principal, const char *audience)
{
	return arena_printf(&f->arena, "Authorization: Bearer %s",
	    fixture_token(f, principal, audience));
}

json_t *
fixture_claims(const char *token)
{
	struct jwt jwt;
	json_t *claims;

	assert_int_equal(jwt_parse(slice_of(token), &jwt), ACTAS_OK);
	claims = json_incref(jwt.claims);
	jwt_release(&jwt);
	return claims;
}

/* --- requests --- */

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	uint32_t answers;
};

static void
take_answer(struct exchange *x, void *context)
{
	struct waiting *w = context;

	(void)x;
	pthread_mutex_lock(&w->lock);
	w->answers++;
	pthread_cond_signal(&w->answered);
	pthread_mutex_unlock(&w->lock);
}

static void
await_answer(struct waiting *w, const char *target)
{
	struct timespec until;
	int late = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 30;
	pthread_mutex_lock(&w->lock);
	while (w->answers == 0 && late == 0)
		late = pthread_cond_timedwait(&w->answered, &w->lock, &until);
	pthread_mutex_unlock(&w->lock);
	if (w->answers != 1)
		fail_msg("%s: %u answers", target, w->answers);
}

enum { HEADERS_MOST = 32 };

/* "Name: value\n…" as rows. */
static void
split_headers(struct arena *arena, const char *host, const char *headers,
    struct http_header rows[HEADERS_MOST])
{
	struct slice rest = slice_of(headers), line, name;
	uint32_t count = 0;

	rows[count++] = (struct http_header){"Host", host};
	while (headers != NULL && slice_cut(&rest, '\n', &line)) {
		assert_true(count + 1 < HEADERS_MOST);
		slice_cut(&line, ':', &name);
		rows[count].name = arena_text(arena, name);
		rows[count++].value = arena_text(arena, slice_trim(line));
	}
	rows[count] = (struct http_header){NULL, NULL};
}

static enum http_method
method_of(const char *name)
{
	static const char *const names[] = {
	    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum http_method)(1 << i);
	return HTTP_OTHER;
}

struct reply
ask(struct fixture *f, const char *method, const char *host, const char *target,
    const char *headers, const char *body)
{
	struct waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER,
	    .answered = PTHREAD_COND_INITIALIZER};
	struct http_header rows[HEADERS_MOST];
	struct arena arena = {0}; /* several threads may ask at once */
	struct reply r = {0};
	uint32_t refused;

	split_headers(&arena, host, headers, rows);
	r.x = exchange_new(method_of(method), slice_of(target), rows,
	    slice_of(body), take_answer, &w, &refused);
	arena_release(&arena);
	if (r.x == NULL) {
		r.status = refused;
		return r;
	}
	r.x->context = f->api;
	r.x->peer = slice_of(f->peer);
	r.x->peer_is_loopback = f->peer_is_loopback;
	api_handle(r.x);
	await_answer(&w, target);
	r.status = r.x->status;
	r.text = buffer_slice(&r.x->answer);
	r.body = json_loadb(r.text.at, r.text.length, JSON_DECODE_ANY, NULL);
	return r;
}

void
reply_free(struct reply *r)
{
	json_decref(r->body);
	exchange_free(r->x);
	*r = (struct reply){0};
}

const char *
reply_header(const struct reply *r, const char *name)
{
	return r->x == NULL ? NULL : exchange_answered(r->x, name);
}

const char *
json_at(const json_t *value, const char *path)
{
	static char text[4][4096];
	static unsigned turn;
	char *into = text[turn++ % 4];
	struct slice rest = slice_of(path), part;
	uint64_t index;
	size_t length;

	while (value != NULL && slice_cut(&rest, '.', &part)) {
		if (json_is_array(value) && slice_u64(part, &index))
			value = json_array_get(value, (size_t)index);
		else
			value = json_object_getn(value, part.at, part.length);
	}
	if (value == NULL)
		return "";
	if (json_is_string(value))
		return json_string_value(value);
	length = json_dumpb(
	    value, into, sizeof text[0] - 1, JSON_COMPACT | JSON_ENCODE_ANY);
	into[length < sizeof text[0] ? length : 0] = '\0';
	return into;
}

const char *
reply_at(const struct reply *r, const char *path)
{
	return json_at(r->body, path);
}

void
assert_reply_(const struct reply *r, uint32_t status, const char *path,
    const char *expected, const char *file, int line)
{
	if (r->status != status) {
		print_error("status %u, not %u: %.*s\n", r->status, status,
		    SLICE_ARGS(r->text));
		_fail(file, line);
	}
	if (path == NULL || strcmp(reply_at(r, path), expected) == 0)
		return;
	print_error("%s is \"%s\", not \"%s\": %.*s\n", path, reply_at(r, path),
	    expected, SLICE_ARGS(r->text));
	_fail(file, line);
}
