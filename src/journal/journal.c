#include "journal/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/*
 * The writing half: one connection, a statement for each thing that is said
 * to it, the hash of the newest record.
 *
 * Other processes are kept from writing by a lock on a file beside the
 * database, "PATH-lock", and not by a lock of SQLite's, so that they may read.
 *
 * The write-ahead log is carried over into the database when the writer has
 * nothing else to do (journal_rest), or where it has become long.
 *
 * Entities have row ids and an index on their key: a change then touches two
 * pages of few bytes, and a start reads the table from one end to the other,
 * then the index, which says in which order the rows belong into the state.
 */

static const char schema[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
    "CREATE TABLE journal (revision INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " actor TEXT NOT NULL, request TEXT NOT NULL, changes BLOB NOT NULL,"
    " previous_hash BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE entity (key TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL,"
    " value BLOB NOT NULL) STRICT;"
    "INSERT INTO meta VALUES ('schema', '1');";

enum statement { BEGIN, APPEND, PUT, REMOVE, COMMIT, ROLLBACK, STATEMENTS };

static const char *const statement_sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [APPEND] = "INSERT INTO journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PUT] = "INSERT INTO entity VALUES (?1, ?2, ?3) ON CONFLICT (key)"
	    " DO UPDATE SET revision = excluded.revision,"
	    " value = excluded.value",
    [REMOVE] = "DELETE FROM entity WHERE key = ?1",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
};

struct journal {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	int lock;
	uint64_t revision; /* the newest */
	moment at;
	struct digest head;
	struct buffer link;
	uint32_t log_pages; /* not known to be carried over */
};

static enum actas_error
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buffer folder = {0};
	int f;
	bool ok;

	buffer_add(&folder,
	    slash == NULL ? SLICE(".")
			  : (struct slice){path, (size_t)(slash - path) + 1});
	f = open(buffer_text(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buffer_release(&folder);
	if (f < 0)
		return ACTAS_EIO;
	ok = fsync(f) == 0;
	close(f);
	return ok ? ACTAS_OK : ACTAS_EIO;
}

enum actas_error
journal_create(const char *path, struct fault *fault)
{
	sqlite3 *db = NULL;
	enum actas_error error;
	int f = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (f < 0)
		return fault_set(fault,
		    errno == EEXIST ? ACTAS_EUSAGE : ACTAS_EIO, path, 0,
		    "cannot make a journal: %s", strerrordesc_np(errno));
	close(f);
	error = database_open_any(path, SQLITE_OPEN_READWRITE, &db, fault);
	if (error == ACTAS_OK)
		error = database_run(
		    db, "PRAGMA journal_mode = WAL", "make", fault);
	if (error == ACTAS_OK)
		error = database_run(db, "BEGIN IMMEDIATE", "make", fault);
	if (error == ACTAS_OK)
		error = database_run(db, schema, "make", fault);
	if (error == ACTAS_OK)
		error = database_run(db, "COMMIT", "make", fault);
	sqlite3_close(db);
	if (error == ACTAS_OK && sync_folder(path) != ACTAS_OK)
		error = fault_set(fault, ACTAS_EIO, path, 0,
		    "cannot make a journal durable: %s",
		    strerrordesc_np(errno));
	if (error != ACTAS_OK)
		unlink(path);
	return error;
}

static enum actas_error
take_lock(struct journal *j, const char *path, struct fault *fault)
{
	struct buffer name = {0};
	enum actas_error error;

	buffer_addf(&name, "%s-lock", path);
	error = name.error;
	if (error == ACTAS_OK)
		j->lock = open(
		    name.at, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	buffer_release(&name);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	if (j->lock >= 0 && flock(j->lock, LOCK_EX | LOCK_NB) == 0)
		return ACTAS_OK;
	if (j->lock >= 0 && errno == EWOULDBLOCK)
		return fault_set(fault, ACTAS_EUSAGE, path, 0,
		    "another process serves this journal");
	return fault_set(fault, ACTAS_EIO, path, 0,
	    "cannot lock the journal: %s", strerrordesc_np(errno));
}

static enum actas_error
read_head(struct journal *j, struct fault *fault)
{
	sqlite3_stmt *row = NULL;
	enum actas_error error = database_prepare(j->db,
	    "SELECT revision, at, hash FROM journal"
	    " ORDER BY revision DESC LIMIT 1",
	    &row, fault);
	int code;

	if (error != ACTAS_OK)
		return error;
	code = sqlite3_step(row);
	if (code == SQLITE_ROW) {
		j->revision = (uint64_t)sqlite3_column_int64(row, 0);
		j->at = sqlite3_column_int64(row, 1);
		if (!database_digest(row, 2, &j->head))
			error = fault_set(fault, ACTAS_EPARSE,
			    sqlite3_db_filename(j->db, "main"), 0,
			    "revision %ju has no hash", (uintmax_t)j->revision);
	} else if (code != SQLITE_DONE) {
		error = database_fault(j->db, "read", fault);
	}
	sqlite3_finalize(row);
	return error;
}

static int
count_log(void *context, sqlite3 *db ACTAS_UNUSED,
    const char *database ACTAS_UNUSED, int pages)
{
	((struct journal *)context)->log_pages = (uint32_t)pages;
	return SQLITE_OK;
}

static enum actas_error
journal_prepare(struct journal *j, const char *path, struct fault *fault)
{
	enum actas_error error =
	    database_open(path, SQLITE_OPEN_READWRITE, &j->db, fault);

	if (error == ACTAS_OK)
		error = take_lock(j, path, fault);
	if (error == ACTAS_OK)
		error = database_run(
		    j->db, "PRAGMA journal_mode = WAL", "open", fault);
	for (int i = 0; error == ACTAS_OK && i < STATEMENTS; i++)
		error = database_prepare(
		    j->db, statement_sql[i], &j->statements[i], fault);
	if (error == ACTAS_OK)
		error = read_head(j, fault);
	if (error == ACTAS_OK)
		sqlite3_wal_hook(j->db, count_log, j);
	return error;
}

enum actas_error
journal_open(const char *path, struct journal **journal, struct fault *fault)
{
	struct journal *j = mem_zero(1, sizeof *j);
	enum actas_error error;

	*journal = NULL;
	if (j == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	j->lock = -1;
	j->at = MOMENT_UNKNOWN;
	error = journal_prepare(j, path, fault);
	if (error == ACTAS_OK)
		*journal = j;
	else
		journal_close(j);
	return error;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(j->statements[i]);
	sqlite3_close(j->db);
	if (j->lock >= 0)
		close(j->lock);
	buffer_release(&j->link);
	mem_free(j);
}

struct loading {
	struct journal *j;
	struct fault *fault;
	struct state_build build;
	VECTOR(int64_t) rows;      /* ids, ascending; by the build's places */
	VECTOR(uint32_t) places;   /* of ids from the first on, if these lie */
	VECTOR(uint32_t) in_order; /* close together; and in that of keys */
};

static enum actas_error
load_row(struct loading *l, sqlite3_stmt *row)
{
	enum actas_error error =
	    vector_push(&l->rows, sqlite3_column_int64(row, 0));

	if (error == ACTAS_OK)
		error = state_build_aside(
		    &l->build, database_bytes(row, 1), database_bytes(row, 2));
	return error;
}

/* Where not too many ids are missing, one look finds a place. */
static enum actas_error
index_rows(struct loading *l)
{
	uint32_t count = l->rows.count;
	const int64_t *at = l->rows.at;
	enum actas_error error = ACTAS_OK;

	if (count == 0 || (uint64_t)(at[count - 1] - at[0]) / 4 > count)
		return ACTAS_OK;
	for (uint32_t i = 0; error == ACTAS_OK && i < count; i++) {
		while (error == ACTAS_OK &&
		    (int64_t)l->places.count < at[i] - at[0])
			error = vector_push(&l->places, count);
		if (error == ACTAS_OK)
			error = vector_push(&l->places, i);
	}
	return error;
}

/* The number of rows where there is none of this id. */
static uint32_t
place_of(const struct loading *l, int64_t id)
{
	const int64_t *at = l->rows.at;
	uint32_t low = 0, high = l->rows.count;

	if (high == 0 || id < at[0] || id > at[high - 1])
		return high;
	if (l->places.count > 0)
		return l->places.at[id - at[0]];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (at[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return at[low] == id ? low : l->rows.count;
}

static enum actas_error
load_order(struct loading *l, sqlite3_stmt *row)
{
	return vector_push(
	    &l->in_order, place_of(l, sqlite3_column_int64(row, 0)));
}

static enum actas_error
load_each(struct loading *l, const char *sql,
    enum actas_error (*each)(struct loading *l, sqlite3_stmt *row))
{
	sqlite3_stmt *row = NULL;
	enum actas_error error =
	    database_prepare(l->j->db, sql, &row, l->fault);
	int code = SQLITE_DONE;

	if (error != ACTAS_OK)
		return error;
	while (error == ACTAS_OK && (code = sqlite3_step(row)) == SQLITE_ROW)
		error = each(l, row);
	if (error == ACTAS_OK && code != SQLITE_DONE)
		error = database_fault(l->j->db, "read", l->fault);
	sqlite3_finalize(row);
	return error;
}

static enum actas_error
load_all(struct loading *l, const struct state **state)
{
	enum actas_error error = load_each(
	    l, "SELECT rowid, key, value FROM entity NOT INDEXED", load_row);

	if (error == ACTAS_OK)
		error = index_rows(l);
	if (error == ACTAS_OK)
		error = load_each(
		    l, "SELECT rowid FROM entity ORDER BY key", load_order);
	if (error == ACTAS_OK)
		error = state_build_end(
		    &l->build, l->in_order.at, l->in_order.count, state);
	return error;
}

enum actas_error
journal_load(struct journal *j, const struct state **state, uint64_t *revision,
    moment *at, struct fault *fault)
{
	struct loading l = {.j = j, .fault = fault};
	enum actas_error error = load_all(&l, state);

	*revision = j->revision;
	*at = j->at;
	state_build_drop(&l.build);
	vector_release(&l.rows);
	vector_release(&l.places);
	vector_release(&l.in_order);
	if (error == ACTAS_OK)
		return ACTAS_OK;
	*state = NULL;
	if (error == ACTAS_EUSAGE)
		return fault_set(fault, ACTAS_EPARSE,
		    sqlite3_db_filename(j->db, "main"), 0,
		    "the file is damaged: the index of its entities does not "
		    "fit them");
	return fault_plain(fault, error);
}

static int
run(struct journal *j, enum statement which)
{
	int code = sqlite3_step(j->statements[which]);

	sqlite3_reset(j->statements[which]);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static void
bind_text(sqlite3_stmt *s, int at, struct slice text)
{
	sqlite3_bind_text64(s, at, text.at == NULL ? "" : text.at, text.length,
	    SQLITE_STATIC, SQLITE_UTF8);
}

static void
bind_bytes(sqlite3_stmt *s, int at, const void *bytes, size_t length)
{
	sqlite3_bind_blob64(s, at, bytes, length, SQLITE_STATIC);
}

static int
append_row(struct journal *j, const struct record *r, struct slice changes,
    const struct digest *before, const struct digest *hash)
{
	sqlite3_stmt *s = j->statements[APPEND];

	sqlite3_bind_int64(s, 1, (int64_t)r->revision);
	sqlite3_bind_int64(s, 2, r->at);
	bind_text(s, 3, r->actor);
	bind_text(s, 4, r->request);
	bind_bytes(s, 5, changes.at, changes.length);
	bind_bytes(s, 6, before->bytes, sizeof before->bytes);
	bind_bytes(s, 7, hash->bytes, sizeof hash->bytes);
	return run(j, APPEND);
}

static int
write_entity(struct journal *j, uint64_t revision, const struct write *w)
{
	enum statement which = w->value.at == NULL ? REMOVE : PUT;
	sqlite3_stmt *s = j->statements[which];

	bind_text(s, 1, w->key);
	if (which == PUT) {
		sqlite3_bind_int64(s, 2, (int64_t)revision);
		bind_bytes(s, 3, w->value.at, w->value.length);
	}
	return run(j, which);
}

/* Writes one record behind '*head', which becomes its hash. */
static enum actas_error
append_record(struct journal *j, const struct record *r, struct digest *head,
    struct fault *fault)
{
	struct digest hash;
	struct slice changes;
	enum actas_error error = chain_link(&j->link, &changes, head, r);
	int code;

	if (error == ACTAS_OK)
		error = chain_hash(&j->link, &hash);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	code = append_row(j, r, changes, head, &hash);
	for (uint32_t i = 0; code == SQLITE_OK && i < r->write_count; i++)
		code = write_entity(j, r->revision, &r->writes[i]);
	if (code != SQLITE_OK)
		return database_fault(j->db, "write", fault);
	*head = hash;
	return ACTAS_OK;
}

static enum actas_error
append_all(struct journal *j, const struct record *records, uint32_t count,
    struct digest *head, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;

	if (run(j, BEGIN) != SQLITE_OK)
		return database_fault(j->db, "write", fault);
	for (uint32_t i = 0; error == ACTAS_OK && i < count; i++) {
		if (records[i].revision != j->revision + i + 1)
			return fault_plain(fault, ACTAS_EUSAGE);
		error = append_record(j, &records[i], head, fault);
	}
	if (error == ACTAS_OK && run(j, COMMIT) != SQLITE_OK)
		error = database_fault(j->db, "write", fault);
	return error;
}

enum actas_error
journal_append(struct journal *j, const struct record *records, uint32_t count,
    struct fault *fault)
{
	struct digest head = j->head;
	enum actas_error error;

	if (count == 0)
		return ACTAS_OK;
	error = append_all(j, records, count, &head, fault);
	if (error != ACTAS_OK) {
		/* Most errors of the disk have rolled back by themselves. */
		if (sqlite3_get_autocommit(j->db) == 0)
			(void)run(j, ROLLBACK);
		return error;
	}
	j->head = head;
	j->revision = records[count - 1].revision;
	j->at = records[count - 1].at;
	if (j->log_pages >= LIMIT_LOG_PAGES)
		journal_rest(j);
	return ACTAS_OK;
}

void
journal_rest(struct journal *j)
{
	/* What fails is tried again behind the next append. */
	if (j->log_pages > 0)
		(void)sqlite3_wal_checkpoint_v2(
		    j->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	j->log_pages = 0;
}
