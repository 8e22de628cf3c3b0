#include "journal/database.h"

/* The changes of the journal, one after the other, as the audit log tells of
 * them. */

static const char rows_between[] =
    "SELECT revision, at, actor, request, changes FROM journal"
    " WHERE revision > ?1 AND revision <= ?2 ORDER BY revision";

static void
read_row(sqlite3_stmt *row, struct journal_change *change)
{
	struct slice rest = database_bytes(row, 4);
	struct write w;

	*change = (struct journal_change){
	    .revision = (uint64_t)sqlite3_column_int64(row, 0),
	    .at = sqlite3_column_int64(row, 1),
	    .actor = database_bytes(row, 2),
	    .request = database_bytes(row, 3),
	};
	for (; changes_next(&rest, &w); change->entities++)
		if (change->entities == 0)
			change->first = w.key;
}

static int64_t
bound(uint64_t revision)
{
	return revision > INT64_MAX ? INT64_MAX : (int64_t)revision;
}

enum actas_error
journal_changes(const char *path, uint64_t after, uint64_t to,
    enum actas_error (*each)(
	void *context, const struct journal_change *change),
    void *context, struct fault *fault)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	struct journal_change change;
	int code = SQLITE_DONE;
	enum actas_error error =
	    database_open(path, SQLITE_OPEN_READONLY, &db, fault);

	if (error == ACTAS_OK)
		error = database_prepare(db, rows_between, &row, fault);
	if (error == ACTAS_OK &&
	    (sqlite3_bind_int64(row, 1, bound(after)) != SQLITE_OK ||
		sqlite3_bind_int64(row, 2, bound(to)) != SQLITE_OK))
		error = database_fault(db, "read", fault);
	while (error == ACTAS_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
		read_row(row, &change);
		error = each(context, &change);
	}
	if (error == ACTAS_OK && code != SQLITE_DONE)
		error = database_fault(db, "read", fault);
	sqlite3_finalize(row);
	sqlite3_close(db);
	return error;
}
