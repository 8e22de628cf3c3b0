#ifndef JOURNAL_DATABASE_H
#define JOURNAL_DATABASE_H

/* The SQLite side of a journal; private to it. */

#include "journal/chain.h"

#include <sqlite3.h>

/*
 * Opens the file, which is there, with everything off that a file could
 * misuse, and checks that it is a journal of this version. ACTAS_EIO,
 * ACTAS_EPARSE, ACTAS_ENOMEM.
 */
enum actas_error database_open(const char *path, int flags, sqlite3 **db,
    struct fault *fault) ACTAS_MUST_USE;
/* The same, without the check. */
enum actas_error database_open_any(const char *path, int flags, sqlite3 **db,
    struct fault *fault) ACTAS_MUST_USE;

/* What SQLite said last, as an error: 'doing' completes "cannot …". */
enum actas_error database_fault(
    sqlite3 *db, const char *doing, struct fault *fault);
enum actas_error database_run(sqlite3 *db, const char *sql, const char *doing,
    struct fault *fault) ACTAS_MUST_USE;
enum actas_error database_prepare(sqlite3 *db, const char *sql,
    sqlite3_stmt **statement, struct fault *fault) ACTAS_MUST_USE;

/* A column's bytes, as they stand; they live until the next step. */
struct slice database_bytes(sqlite3_stmt *row, int column);
bool database_digest(sqlite3_stmt *row, int column, struct digest *digest);

#endif
