#include "journal/database.h"

#include <stdatomic.h>

/*
 * The reading half, for any thread and any process: each call opens the file
 * for itself and reads one moment of it, while a server may be writing.
 *
 * A past state is the fold of all changes up to it. Verification folds marks
 * in place of values and compares what comes out with the table of entities.
 */

struct mark {
	uint64_t revision;
	struct digest value;
};

struct history {
	sqlite3 *db;
	sqlite3_stmt *row;
	const char *path;
	struct fault *fault;
	const struct state *state;
	struct buffer link, value;
	/* of the newest row that was read */
	struct record record;
	struct slice changes;
	struct digest head;
};

static enum actas_error
history_open(struct history *h, const char *path, struct fault *fault)
{
	enum actas_error error;

	*h = (struct history){.path = path, .fault = fault};
	error = database_open(path, SQLITE_OPEN_READONLY, &h->db, fault);
	if (error == ACTAS_OK)
		error = database_run(h->db, "BEGIN", "read", fault);
	return error;
}

static void
history_close(struct history *h)
{
	sqlite3_finalize(h->row);
	sqlite3_close(h->db);
	buffer_release(&h->link);
	buffer_release(&h->value);
	state_release(h->state);
}

static enum actas_error
history_broken(struct history *h, const char *what)
{
	return fault_set(h->fault, ACTAS_EPARSE, h->path, 0, "revision %ju %s",
	    (uintmax_t)h->record.revision, what);
}

/* Prepares a question with one number in it, 'bound'. */
static enum actas_error
history_ask(struct history *h, const char *sql, int64_t bound)
{
	enum actas_error error;

	sqlite3_finalize(h->row);
	h->row = NULL;
	error = database_prepare(h->db, sql, &h->row, h->fault);
	if (error == ACTAS_OK &&
	    sqlite3_bind_int64(h->row, 1, bound) != SQLITE_OK)
		error = database_fault(h->db, "read", h->fault);
	return error;
}

/* The next row of the answer; '*more' is false at the end. */
static enum actas_error
history_step(struct history *h, bool *more)
{
	int code = sqlite3_step(h->row);

	*more = code == SQLITE_ROW;
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return ACTAS_OK;
	return database_fault(h->db, "read", h->fault);
}

static const char rows_between[] =
    "SELECT revision, at, changes, actor, request, previous_hash, hash"
    " FROM journal WHERE revision <= ?1 AND revision > ?2 ORDER BY revision";

/* What lies before the first revision is asked for with it, so that it is
 * found not to belong there. */
static enum actas_error
ask_rows(struct history *h, uint64_t from, int64_t to)
{
	enum actas_error error = history_ask(h, rows_between, to);

	h->record.revision = from;
	if (error == ACTAS_OK &&
	    sqlite3_bind_int64(
		h->row, 2, from == 0 ? INT64_MIN : (int64_t)from) != SQLITE_OK)
		error = database_fault(h->db, "read", h->fault);
	return error;
}

static enum actas_error
history_next(struct history *h, bool *more)
{
	uint64_t expected = h->record.revision + 1;
	enum actas_error error = history_step(h, more);

	if (error != ACTAS_OK || !*more)
		return error;
	h->record.revision = (uint64_t)sqlite3_column_int64(h->row, 0);
	h->record.at = sqlite3_column_int64(h->row, 1);
	h->changes = database_bytes(h->row, 2);
	if (h->record.revision == expected)
		return ACTAS_OK;
	h->record.revision = expected;
	return history_broken(h, "is not there");
}

/* What verification keeps of a value: its revision and its hash. */
static enum actas_error
history_mark(
    struct history *h, uint64_t revision, struct slice value, struct mark *mark)
{
	mark->revision = revision;
	buffer_clear(&h->value);
	buffer_add(&h->value, value);
	if (h->value.error != ACTAS_OK)
		return h->value.error;
	return chain_hash(&h->value, &mark->value);
}

static struct slice
mark_slice(const struct mark *mark)
{
	return (struct slice){(const char *)mark, sizeof *mark};
}

/* Applies the row's changes; of a value only its mark, if 'marks'. */
static enum actas_error
history_fold(struct history *h, bool marks)
{
	struct slice rest = h->changes;
	enum actas_error error = ACTAS_OK;
	struct mark mark;
	struct write w;

	while (error == ACTAS_OK && changes_next(&rest, &w)) {
		if (marks && w.value.at != NULL) {
			error =
			    history_mark(h, h->record.revision, w.value, &mark);
			w.value = mark_slice(&mark);
		}
		if (error == ACTAS_OK)
			error = state_put(&h->state, w.key, w.value);
	}
	if (error != ACTAS_OK)
		return fault_plain(h->fault, error);
	if (rest.length > 0)
		return history_broken(h, "has changes that are not whole");
	return ACTAS_OK;
}

/* Up to the end of the answer. */
static enum actas_error
fold_all(struct history *h, const _Atomic bool *stop)
{
	enum actas_error error = ACTAS_OK;
	bool more = true;

	while (error == ACTAS_OK && more) {
		error = history_next(h, &more);
		if (error == ACTAS_OK && more)
			error = history_fold(h, false);
		if (error == ACTAS_OK && stop != NULL && atomic_load(stop))
			error = fault_set(h->fault, ACTAS_EIO, h->path, 0,
			    "the journal is being closed");
	}
	return error;
}

enum actas_error
journal_fold(const char *path, uint64_t from, uint64_t revision,
    const _Atomic bool *stop, const struct state **state, moment *at,
    struct fault *fault)
{
	struct history h;
	enum actas_error error = history_open(&h, path, fault);

	h.state = *state;
	*state = NULL;
	*at = MOMENT_UNKNOWN;
	if (error == ACTAS_OK)
		error = ask_rows(&h, from, (int64_t)revision);
	if (error == ACTAS_OK)
		error = fold_all(&h, stop);
	if (error == ACTAS_OK && h.record.revision < revision)
		error = fault_set(fault, ACTAS_ENOTFOUND, path, 0,
		    "the newest revision is %ju", (uintmax_t)h.record.revision);
	if (error == ACTAS_OK) {
		*state = h.state;
		*at = revision == 0 ? MOMENT_UNKNOWN : h.record.at;
		h.state = NULL;
	}
	history_close(&h);
	return error;
}

enum actas_error
journal_state_at(const char *path, uint64_t revision,
    const struct state **state, moment *at, struct fault *fault)
{
	*state = NULL;
	return journal_fold(path, 0, revision, NULL, state, at, fault);
}

/* The time of a revision; MOMENT_UNKNOWN where it is not there. */
static enum actas_error
time_of(struct history *h, uint64_t revision, moment *at)
{
	enum actas_error error;
	bool found;

	*at = MOMENT_UNKNOWN;
	sqlite3_reset(h->row);
	if (sqlite3_bind_int64(h->row, 1, (int64_t)revision) != SQLITE_OK)
		return database_fault(h->db, "read", h->fault);
	error = history_step(h, &found);
	if (error == ACTAS_OK && found)
		*at = sqlite3_column_int64(h->row, 0);
	return error;
}

static enum actas_error
newest_revision(struct history *h, uint64_t *revision)
{
	enum actas_error error = history_ask(h,
	    "SELECT revision FROM journal WHERE revision >= ?1"
	    " ORDER BY revision DESC LIMIT 1",
	    0);
	bool found = false;

	if (error == ACTAS_OK)
		error = history_step(h, &found);
	*revision = found ? (uint64_t)sqlite3_column_int64(h->row, 0) : 0;
	return error;
}

/* Times never go back, so that the revision is found by halves. */
static enum actas_error
find_time(struct history *h, moment when, uint64_t *revision)
{
	uint64_t low = 0, high;
	enum actas_error error = newest_revision(h, &high);

	if (error == ACTAS_OK)
		error = history_ask(
		    h, "SELECT at FROM journal WHERE revision = ?1", 0);
	while (error == ACTAS_OK && low < high) {
		uint64_t middle = high - (high - low) / 2;
		moment at;

		error = time_of(h, middle, &at);
		if (at <= when)
			low = middle;
		else
			high = middle - 1;
	}
	*revision = low;
	return error;
}

enum actas_error
journal_revision_at(
    const char *path, moment when, uint64_t *revision, struct fault *fault)
{
	struct history h;
	enum actas_error error = history_open(&h, path, fault);

	*revision = 0;
	if (error == ACTAS_OK)
		error = find_time(&h, when, revision);
	history_close(&h);
	return error;
}

/* Checks the row against the hash before it and its own. */
static enum actas_error
check_link(struct history *h)
{
	struct digest before, hash, expected;
	enum actas_error error;

	h->record.actor = database_bytes(h->row, 3);
	h->record.request = database_bytes(h->row, 4);
	if (!database_digest(h->row, 5, &before) ||
	    !database_digest(h->row, 6, &hash))
		return history_broken(h, "has no hash");
	if (memcmp(&before, &h->head, sizeof before) != 0)
		return history_broken(
		    h, "does not follow from the one before it");
	error = chain_relink(&h->link, &before, &h->record, h->changes);
	if (error == ACTAS_OK)
		error = chain_hash(&h->link, &expected);
	if (error != ACTAS_OK)
		return fault_plain(h->fault, error);
	if (memcmp(&hash, &expected, sizeof hash) != 0)
		return history_broken(h, "was altered");
	h->head = hash;
	return ACTAS_OK;
}

static enum actas_error
check_chain(struct history *h)
{
	enum actas_error error = ask_rows(h, 0, INT64_MAX);
	bool more = true;

	while (error == ACTAS_OK && more) {
		error = history_next(h, &more);
		if (error == ACTAS_OK && more)
			error = check_link(h);
		if (error == ACTAS_OK && more)
			error = history_fold(h, true);
	}
	return error;
}

static enum actas_error
entity_broken(struct history *h, struct slice key, const char *what)
{
	return fault_set(h->fault, ACTAS_EPARSE, h->path, 0, "entity '%.*s' %s",
	    SLICE_ARGS(key), what);
}

/* Compares the row of an entity with what the history made of it. */
static enum actas_error
check_entity(struct history *h, const struct entry *e)
{
	struct slice key = database_bytes(h->row, 0);
	int order = slice_cmp(key, e->key);
	enum actas_error error;
	struct mark mark;

	if (e->key.at == NULL || order < 0)
		return entity_broken(h, key, "was never written");
	if (order > 0)
		return entity_broken(h, e->key, "is not there");
	error = history_mark(h, (uint64_t)sqlite3_column_int64(h->row, 1),
	    database_bytes(h->row, 2), &mark);
	if (error != ACTAS_OK)
		return fault_plain(h->fault, error);
	if (!slice_eq(mark_slice(&mark), e->value))
		return entity_broken(h, key, "is not what was written last");
	return ACTAS_OK;
}

static enum actas_error
check_entities(struct history *h)
{
	enum actas_error error = history_ask(h,
	    "SELECT key, revision, value FROM entity WHERE ?1 ORDER BY key", 1);
	struct state_walk w;
	struct entry e;
	bool more = true;

	state_walk_prefix(&w, h->state, SLICE(""));
	while (error == ACTAS_OK && more) {
		bool expected = state_walk_next(&w, &e);

		error = history_step(h, &more);
		if (error == ACTAS_OK && more)
			error = check_entity(h, &e);
		else if (error == ACTAS_OK && expected)
			error = entity_broken(h, e.key, "is not there");
	}
	return error;
}

/* That the file's own indexes say what its tables say. */
static enum actas_error
check_file(struct history *h)
{
	enum actas_error error =
	    history_ask(h, "SELECT * FROM pragma_integrity_check(?1)", 1);
	bool more;

	if (error == ACTAS_OK)
		error = history_step(h, &more);
	if (error == ACTAS_OK && more &&
	    !slice_eq(database_bytes(h->row, 0), SLICE("ok")))
		error = fault_set(h->fault, ACTAS_EPARSE, h->path, 0,
		    "the file is damaged: %.*s",
		    SLICE_ARGS(database_bytes(h->row, 0)));
	return error;
}

static void
write_hex(const struct digest *digest, char text[static 2 * DIGEST_BYTES + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		text[2 * i] = digits[digest->bytes[i] >> 4];
		text[2 * i + 1] = digits[digest->bytes[i] & 15];
	}
	text[2 * DIGEST_BYTES] = '\0';
}

enum actas_error
journal_verify(
    const char *path, struct verification_report *report, struct fault *fault)
{
	struct history h;
	enum actas_error error = history_open(&h, path, fault);

	*report = (struct verification_report){0};
	if (error == ACTAS_OK)
		error = check_chain(&h);
	if (error == ACTAS_OK)
		error = check_entities(&h);
	if (error == ACTAS_OK)
		error = check_file(&h);
	if (error == ACTAS_OK) {
		report->revisions = h.record.revision;
		report->entities = state_count(h.state);
		write_hex(&h.head, report->head);
	}
	history_close(&h);
	return error;
}
