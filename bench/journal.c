#include "bench.h"

#include "journal/store.h"

#include <ftw.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The state of a platform, its journal and its store, beside what SQLite
 * itself does on the same disk in the same run. */

enum { VALUE = 500, CLIENTS = 64, PRELOADED = 100000, SECONDS = 4 };

static char folder[256], path[300];

static void
make_folder(void)
{
	const char *parent = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/actas-bench-XXXXXX",
	    parent == NULL ? "/tmp" : parent);
	need(mkdtemp(folder) != NULL, "a temporary folder");
	snprintf(path, sizeof path, "%s/platform.db", folder);
}

static int
remove_one(const char *name, const struct stat *s ACTAS_UNUSED,
    int flag ACTAS_UNUSED, struct FTW *place ACTAS_UNUSED)
{
	return remove(name);
}

static void
remove_folder(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* "version/kv-data/secret-…", as entities are named; in no order. */
static struct slice
key_of(char text[static 64], uint32_t i)
{
	struct draw d = {i};
	int length = snprintf(text, 64, "version/kv-data/secret-%08x/%08x%08x",
	    draw_below(&d, 1u << 31), i, draw_below(&d, 1u << 31));

	return (struct slice){text, (size_t)length};
}

static struct slice
value_of(void)
{
	static char value[VALUE];

	memset(value, 'v', sizeof value);
	return (struct slice){value, sizeof value};
}

static const struct state *
state_of(uint32_t entries, bool in_order)
{
	const struct state *s = NULL;
	char text[64];

	for (uint32_t i = 0; i < entries; i++) {
		struct slice key = key_of(text, i);

		if (in_order)
			key.length =
			    (size_t)snprintf(text, sizeof text, "%012u", i);
		need(state_put(&s, key, value_of()) == ACTAS_OK, "memory");
	}
	return s;
}

static void
measure_get(const struct state *s, uint32_t entries)
{
	enum { TIMES = 200000 };
	struct sample sample;
	struct draw d = {3};
	struct slice value;
	char text[64];

	sample_reserve(&sample, TIMES);
	for (int i = 0; i < TIMES; i++) {
		struct slice key = key_of(text, draw_below(&d, entries));
		uint64_t from = clock_ticks();

		need(state_get(s, key, &value), "an entry");
		sample_add(&sample, clock_ticks() - from);
	}
	row("get", "", "median %.0f ns, p99 %.0f ns",
	    sample_quantile(&sample, 0.5), sample_quantile(&sample, 0.99));
	sample_release(&sample);
}

/* What a change costs that lands on a state which somebody else holds. */
static void
measure_put(const struct state **s, uint32_t entries)
{
	enum { TIMES = 50000 };
	struct sample sample;
	struct draw d = {5};
	char text[64];

	sample_reserve(&sample, TIMES);
	for (int i = 0; i < TIMES; i++) {
		struct slice key = key_of(text, draw_below(&d, entries));
		const struct state *old = state_hold(*s);
		uint64_t from = clock_ticks();

		need(state_put(s, key, value_of()) == ACTAS_OK, "memory");
		state_release(old);
		sample_add(&sample, clock_ticks() - from);
	}
	row("put, the old state held and let go", "",
	    "median %.1f us, p99 %.1f us", sample_quantile(&sample, 0.5) * 1e-3,
	    sample_quantile(&sample, 0.99) * 1e-3);
	sample_release(&sample);
}

void
bench_state(uint32_t entries)
{
	double from = clock_own_seconds();
	const struct state *s = state_of(entries, false);
	double made = clock_own_seconds() - from;
	struct state_walk w;
	struct entry e;
	char title[64];
	size_t bytes = 0;

	snprintf(title, sizeof title, "State of %u entries", entries);
	row_heading(title);
	row("made in no order, entry by entry", "", "%.0f ns an entry",
	    made * 1e9 / entries);
	row("memory", "", "%.0f bytes an entry beside key and value",
	    (double)state_memory(s) / entries - VALUE - 47);
	measure_get(s, entries);
	measure_put(&s, entries);
	from = clock_own_seconds();
	state_walk_prefix(&w, s, SLICE(""));
	while (state_walk_next(&w, &e))
		bytes += e.value.length;
	row("walk", "", "%.0f ns an entry",
	    (clock_own_seconds() - from) * 1e9 / entries);
	need(bytes == (size_t)entries * VALUE, "all entries");
	from = clock_own_seconds();
	state_release(s);
	row("release", "", "%.0f ns an entry",
	    (clock_own_seconds() - from) * 1e9 / entries);
}

/* SQLite alone: the same bytes into one table, CLIENTS rows a transaction. */
static double
sqlite_rate(void)
{
	sqlite3 *db;
	sqlite3_stmt *put;
	double from;
	uint32_t rows = 0;
	char text[64];

	need(sqlite3_open(path, &db) == SQLITE_OK &&
		sqlite3_exec(db,
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		    "CREATE TABLE t (key TEXT UNIQUE, value BLOB) STRICT",
		    NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(db,
		    "INSERT OR REPLACE INTO t VALUES (?1, ?2)", -1, &put,
		    NULL) == SQLITE_OK,
	    "SQLite");
	from = clock_seconds();
	while (clock_seconds() - from < SECONDS) {
		bool ok = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == 0;

		for (int i = 0; i < CLIENTS; i++, rows++) {
			struct slice key = key_of(text, rows % PRELOADED);

			sqlite3_bind_text(
			    put, 1, key.at, (int)key.length, SQLITE_STATIC);
			sqlite3_bind_blob(
			    put, 2, value_of().at, VALUE, SQLITE_STATIC);
			ok &= sqlite3_step(put) == SQLITE_DONE;
			ok &= sqlite3_reset(put) == SQLITE_OK;
		}
		ok &= sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == 0;
		need(ok, "room on the disk");
	}
	from = clock_seconds() - from;
	sqlite3_finalize(put);
	sqlite3_close(db);
	return rows / from;
}

static bool
touches_nothing(struct slice key ACTAS_UNUSED)
{
	return false;
}

static enum actas_error
make_nothing(void *context ACTAS_UNUSED, const struct state *state ACTAS_UNUSED,
    uint64_t revision ACTAS_UNUSED, const struct view_step *from ACTAS_UNUSED,
    const void **view, struct fault *fault ACTAS_UNUSED)
{
	*view = "";
	return ACTAS_OK;
}

static void
free_nothing(const void *view ACTAS_UNUSED)
{
}

static struct store *
open_store(void)
{
	struct store_options options = {.path = path,
	    .view = {touches_nothing, make_nothing, free_nothing, NULL},
	    .clock = clock_system()};
	struct fault fault = {0};
	struct store *s;

	if (store_open(&options, &s, &fault) != ACTAS_OK)
		need(false, fault.message);
	return s;
}

struct put {
	struct change change;
	uint32_t first, count;
	struct draw draw;
};

static enum actas_error
put_apply(struct change *change, const struct snapshot *now ACTAS_UNUSED,
    struct writes *writes)
{
	struct put *p = (struct put *)change;
	char text[64];

	for (uint32_t i = 0; i < p->count; i++)
		writes_put(writes, key_of(text, p->first + i), value_of());
	return ACTAS_OK;
}

static void
preload(struct store *s, uint32_t entries)
{
	struct put p = {.change.apply = put_apply, .count = 10000};

	for (; p.first < entries; p.first += p.count)
		need(store_commit(s, &p.change, NULL) == ACTAS_OK,
		    "room on the disk");
}

struct client {
	struct store *store;
	struct put put;
	struct sample sample;
	_Atomic bool *over;
};

static void *
put_all_the_time(void *context)
{
	struct client *c = context;

	while (!*c->over) {
		uint64_t from = clock_ticks();

		c->put.first = draw_below(&c->put.draw, 2 * PRELOADED);
		need(store_commit(c->store, &c->put.change, NULL) == ACTAS_OK,
		    "room on the disk");
		sample_add(&c->sample, (clock_ticks() - from) / 1000);
	}
	return NULL;
}

static double
process_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
put_clients(struct store *s, double sqlite)
{
	static struct client clients[CLIENTS];
	static pthread_t threads[CLIENTS];
	_Atomic bool over = false;
	struct sample all;
	double from = clock_seconds(), own = process_seconds(), took;

	for (uint32_t i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){.store = s, .over = &over};
		clients[i].put = (struct put){
		    .change.apply = put_apply, .count = 1, .draw = {i}};
		sample_reserve(&clients[i].sample, 100000);
		need(pthread_create(
			 &threads[i], NULL, put_all_the_time, &clients[i]) == 0,
		    "a thread");
	}
	sleep(SECONDS);
	over = true;
	sample_reserve(&all, CLIENTS * 100000);
	for (uint32_t i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		memcpy(all.ticks + all.count, clients[i].sample.ticks,
		    clients[i].sample.count * sizeof *all.ticks);
		all.count += clients[i].sample.count;
		sample_release(&clients[i].sample);
	}
	took = clock_seconds() - from;
	row("durable puts, 64 clients", "goal 20000/s",
	    "%.0f/s = %.2f x SQLite's rate", all.count / took,
	    all.count / took / sqlite);
	row("the processor's time of a put", "", "%.1f us, all threads",
	    (process_seconds() - own) * 1e6 / all.count);
	row("latency", "goal p99 < 5 ms",
	    "median %.1f ms, p99 %.1f ms, most %.0f ms",
	    sample_quantile(&all, 0.5) * 1e-3,
	    sample_quantile(&all, 0.99) * 1e-3,
	    sample_quantile(&all, 1) * 1e-3);
	sample_release(&all);
}

static void
measure_pin(struct store *s)
{
	enum { TIMES = 2000000 };
	double from = clock_own_seconds();

	for (int i = 0; i < TIMES; i++)
		store_unpin(s, store_pin(s));
	row("pin and unpin", "", "%.1f ns",
	    (clock_own_seconds() - from) * 1e9 / TIMES);
}

void
bench_store(void)
{
	struct store *s;
	double sqlite;

	make_folder();
	row_heading("Store, 500-byte values, 10^5 entities before the start");
	sqlite = sqlite_rate();
	row("SQLite alone, 64 rows a transaction", "", "%.0f/s", sqlite);
	unlink(path);
	need(journal_create(path, NULL) == ACTAS_OK, "a journal");
	s = open_store();
	preload(s, PRELOADED);
	measure_pin(s);
	put_clients(s, sqlite);
	store_close(s);
	remove_folder();
}

void
bench_start(uint32_t entities)
{
	const struct snapshot *now;
	struct store *s;
	double from, own;
	char title[64];

	make_folder();
	snprintf(title, sizeof title, "Start with %u entities", entities);
	row_heading(title);
	need(journal_create(path, NULL) == ACTAS_OK, "a journal");
	s = open_store();
	preload(s, entities);
	store_close(s);
	from = clock_seconds();
	own = clock_own_seconds();
	s = open_store();
	row("open and load", "goal 1 s for 10^6",
	    "%.2f s, %.2f s of them on the processor", clock_seconds() - from,
	    clock_own_seconds() - own);
	from = clock_seconds();
	need(store_pin_at(s, entities / 20000, &now, NULL) == ACTAS_OK,
	    "the past");
	row("the state at half of the history", "", "%.2f s",
	    clock_seconds() - from);
	store_unpin(s, now);
	store_close(s);
	remove_folder();
}
