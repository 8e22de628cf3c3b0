#include "scratch.h"

#include <ftw.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

char scratch_folder[64], scratch_path[96];

int
scratch_make(void **unused ACTAS_UNUSED)
{
	snprintf(
	    scratch_folder, sizeof scratch_folder, "/tmp/actas-journal-XXXXXX");
	if (mkdtemp(scratch_folder) == NULL)
		return -1;
	snprintf(scratch_path, sizeof scratch_path, "%s/platform.db",
	    scratch_folder);
	return 0;
}

int
scratch_make_journal(void **unused)
{
	return scratch_make(unused) != 0 ||
	    journal_create(scratch_path, NULL) != ACTAS_OK;
}

static int
remove_one(const char *path, const struct stat *s ACTAS_UNUSED,
    int flag ACTAS_UNUSED, struct FTW *place ACTAS_UNUSED)
{
	return remove(path);
}

int
scratch_remove(void **unused ACTAS_UNUSED)
{
	return nftw(scratch_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

enum actas_error
scratch_append(struct journal *j, uint64_t revision, const char *writes)
{
	struct slice rest = slice_of(writes), part;
	struct write at[16];
	struct record r = {.revision = revision,
	    .at = (moment)revision * 100,
	    .actor = SLICE("actor"),
	    .request = SLICE("request"),
	    .writes = at};

	while (slice_cut(&rest, ' ', &part)) {
		struct write *w = &at[r.write_count++];

		*w = (struct write){.value = part};
		if (!slice_cut(&w->value, '=', &w->key))
			abort();
	}
	return journal_append(j, &r, 1, NULL);
}

const char *
scratch_text(const struct state *s)
{
	static char text[4096];
	struct state_walk w;
	struct entry e;
	size_t length = 0;

	text[0] = '\0';
	state_walk_prefix(&w, s, SLICE(""));
	while (state_walk_next(&w, &e))
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%s%.*s=%.*s", length == 0 ? "" : " ", SLICE_ARGS(e.key),
		    SLICE_ARGS(e.value));
	return text;
}

const char *
scratch_load(struct journal *j, uint64_t revision)
{
	const struct state *s;
	const char *text;
	uint64_t loaded;
	moment at;

	assert_int_equal(journal_load(j, &s, &loaded, &at, NULL), ACTAS_OK);
	assert_int_equal(loaded, revision);
	assert_int_equal(
	    at, revision == 0 ? MOMENT_UNKNOWN : (moment)revision * 100);
	text = scratch_text(s);
	state_release(s);
	return text;
}

void
scratch_sql(const char *sql)
{
	sqlite3 *db = NULL;
	char *message = NULL;

	assert_int_equal(sqlite3_open(scratch_path, &db), SQLITE_OK);
	sqlite3_exec(db, sql, NULL, NULL, &message);
	assert_string_equal(message == NULL ? "" : message, "");
	sqlite3_close(db);
}
