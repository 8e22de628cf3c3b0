#include "journal/database.h"

#include <string.h>

#define SCHEMA "1"

static enum actas_error
error_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
		return ACTAS_OK;
	case SQLITE_NOMEM:
		return ACTAS_ENOMEM;
	case SQLITE_TOOBIG:
		return ACTAS_ELIMIT;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_ERROR: /* of SQL: a table is not there */
		return ACTAS_EPARSE;
	default:
		return ACTAS_EIO;
	}
}

enum actas_error
database_fault(sqlite3 *db, const char *doing, struct fault *fault)
{
	int code = sqlite3_extended_errcode(db);
	int cause = sqlite3_system_errno(db);
	const char *file = sqlite3_db_filename(db, "main");
	bool io =
	    (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;

	return fault_set(fault, error_of(code), file, 0,
	    "cannot %s the journal: %s%s%s", doing, sqlite3_errmsg(db),
	    io && cause != 0 ? ": " : "",
	    io && cause != 0 ? strerrordesc_np(cause) : "");
}

enum actas_error
database_run(
    sqlite3 *db, const char *sql, const char *doing, struct fault *fault)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return database_fault(db, doing, fault);
	return ACTAS_OK;
}

enum actas_error
database_prepare(
    sqlite3 *db, const char *sql, sqlite3_stmt **statement, struct fault *fault)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT,
		statement, NULL) != SQLITE_OK)
		return database_fault(db, "read", fault);
	return ACTAS_OK;
}

struct slice
database_bytes(sqlite3_stmt *row, int column)
{
	const void *at = sqlite3_column_blob(row, column);

	/* SQLite gives NULL for no bytes. */
	return (struct slice){
	    at == NULL ? "" : at, (size_t)sqlite3_column_bytes(row, column)};
}

bool
database_digest(sqlite3_stmt *row, int column, struct digest *digest)
{
	struct slice bytes = database_bytes(row, column);

	if (bytes.length != sizeof digest->bytes)
		return false;
	memcpy(digest->bytes, bytes.at, bytes.length);
	return true;
}

/* A file is data: it brings no code, and no names that it does not have. */
static bool
defend(sqlite3 *db)
{
	static const struct {
		int option, value;
	} options[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
	    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	};
	int code = SQLITE_OK;

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (code == SQLITE_OK)
			code = sqlite3_db_config(
			    db, options[i].option, options[i].value, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	return code == SQLITE_OK;
}

enum actas_error
database_open_any(
    const char *path, int flags, sqlite3 **db, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;

	*db = NULL;
	if (sqlite3_open_v2(path, db,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK)
		error = *db == NULL ? fault_plain(fault, ACTAS_ENOMEM)
				    : database_fault(*db, "open", fault);
	else if (!defend(*db) ||
	    sqlite3_busy_timeout(*db, LIMIT_DATABASE_BUSY_MS) != SQLITE_OK)
		error = database_fault(*db, "open", fault);
	/* An I/O error under a mapping would be a signal. */
	if (error == ACTAS_OK)
		error = database_run(*db,
		    "PRAGMA mmap_size = 0; PRAGMA cell_size_check = 1;"
		    "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
		    "PRAGMA cache_size = -65536",
		    "open", fault);
	if (error != ACTAS_OK) {
		sqlite3_close(*db);
		*db = NULL;
	}
	return error;
}

static enum actas_error
check_schema(sqlite3 *db, struct fault *fault)
{
	const char *file = sqlite3_db_filename(db, "main");
	sqlite3_stmt *row = NULL;
	enum actas_error error = database_prepare(
	    db, "SELECT value FROM meta WHERE name = 'schema'", &row, fault);
	int code = SQLITE_OK;

	if (error != ACTAS_OK)
		return error;
	code = sqlite3_step(row);
	if (code == SQLITE_ROW &&
	    !slice_eq(database_bytes(row, 0), SLICE(SCHEMA)))
		error = fault_set(fault, ACTAS_EPARSE, file, 0,
		    "a journal of version %.*s, which is newer than this "
		    "program",
		    SLICE_ARGS(database_bytes(row, 0)));
	else if (code == SQLITE_DONE)
		error = fault_set(
		    fault, ACTAS_EPARSE, file, 0, "this is not a journal");
	else if (code != SQLITE_ROW)
		error = database_fault(db, "read", fault);
	sqlite3_finalize(row);
	return error;
}

enum actas_error
database_open(const char *path, int flags, sqlite3 **db, struct fault *fault)
{
	enum actas_error error = database_open_any(path, flags, db, fault);

	if (error == ACTAS_OK)
		error = check_schema(*db, fault);
	if (error != ACTAS_OK) {
		sqlite3_close(*db);
		*db = NULL;
	}
	return error;
}
