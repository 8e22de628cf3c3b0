#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "journal/chain.h"
#include "scratch.h"

/* Somebody edits the file of a closed journal of four revisions. */

static int
make_four(void **unused)
{
	struct journal *j;

	if (scratch_make_journal(unused) != 0 ||
	    journal_open(scratch_path, &j, NULL) != ACTAS_OK)
		return -1;
	if (scratch_append(j, 1, "a=1 b=1") != ACTAS_OK ||
	    scratch_append(j, 2, "a=2 c=1") != ACTAS_OK ||
	    scratch_append(j, 3, "b") != ACTAS_OK ||
	    scratch_append(j, 4, "d=") != ACTAS_OK)
		return -1;
	journal_close(j);
	return 0;
}

static void
assert_verify(enum actas_error expected, const char *message)
{
	struct verification_report report;
	struct fault fault = {0};
	enum actas_error error = journal_verify(scratch_path, &report, &fault);

	assert_string_equal(fault.message, message);
	assert_int_equal(error, expected);
	if (expected != ACTAS_OK)
		assert_int_equal(report.revisions, 0);
}

static void
what_was_not_touched_holds(void **unused ACTAS_UNUSED)
{
	struct verification_report report;
	char head[65];

	assert_verify(ACTAS_OK, "");
	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	assert_int_equal(report.revisions, 4);
	assert_int_equal(report.entities, 3);
	assert_int_equal(strlen(report.head), 64);
	memcpy(head, report.head, sizeof head);
	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	assert_string_equal(report.head, head);
}

static void
a_new_journal_holds(void **unused ACTAS_UNUSED)
{
	struct verification_report report;

	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	assert_int_equal(report.revisions, 0);
	assert_int_equal(report.entities, 0);
	assert_int_equal(journal_verify("/nowhere", &report, NULL), ACTAS_EIO);
}

#define SWAP(column)                                      \
	"UPDATE journal SET " column " = (SELECT " column \
	" FROM journal AS other"                          \
	" WHERE other.revision = 5 - journal.revision)"   \
	" WHERE revision IN (2, 3)"

static const struct {
	const char *name, *sql, *message;
} edits[] = {
    {"value in the history",
	"UPDATE journal SET changes = CAST(replace(CAST(changes AS TEXT),"
	" '1', '7') AS BLOB) WHERE revision = 2;"
	"UPDATE entity SET value = CAST('7' AS BLOB) WHERE key = 'c'",
	"revision 2 was altered"},
    {"actor", "UPDATE journal SET actor = 'other' WHERE revision = 3",
	"revision 3 was altered"},
    {"border of actor and request",
	"UPDATE journal SET actor = 'actorr', request = 'equest'"
	" WHERE revision = 3",
	"revision 3 was altered"},
    {"request", "UPDATE journal SET request = '' WHERE revision = 4",
	"revision 4 was altered"},
    {"time", "UPDATE journal SET at = at + 1 WHERE revision = 1",
	"revision 1 was altered"},
    {"hash", "UPDATE journal SET hash = zeroblob(32) WHERE revision = 4",
	"revision 4 was altered"},
    {"hash before",
	"UPDATE journal SET previous_hash = zeroblob(32) WHERE revision = 2",
	"revision 2 does not follow from the one before it"},
    {"hash that is none", "UPDATE journal SET hash = x'00' WHERE revision = 2",
	"revision 2 has no hash"},
    {"first row", "DELETE FROM journal WHERE revision = 1",
	"revision 1 is not there"},
    {"row in the middle", "DELETE FROM journal WHERE revision = 3",
	"revision 3 is not there"},
    {"row in the middle, gap closed",
	"DELETE FROM journal WHERE revision = 3;"
	"UPDATE journal SET revision = 3 WHERE revision = 4",
	"revision 3 does not follow from the one before it"},
    {"last row", "DELETE FROM journal WHERE revision = 4",
	"entity 'd' was never written"},
    {"rows swapped",
	"UPDATE journal SET revision = -2 WHERE revision = 2;"
	"UPDATE journal SET revision = 2 WHERE revision = 3;"
	"UPDATE journal SET revision = 3 WHERE revision = -2",
	"revision 2 does not follow from the one before it"},
    {"contents swapped", SWAP("changes") ";" SWAP("at"),
	"revision 2 was altered"},
    {"row forged",
	"INSERT INTO journal SELECT 5, at, 'boss', request, changes, hash,"
	" zeroblob(32) FROM journal WHERE revision = 4",
	"revision 5 was altered"},
    {"row repeated",
	"INSERT INTO journal SELECT 5, at, actor, request, changes,"
	" previous_hash, hash FROM journal WHERE revision = 4",
	"revision 5 does not follow from the one before it"},
    {"row before the first",
	"INSERT INTO journal SELECT 0, at, actor, request, changes,"
	" previous_hash, hash FROM journal WHERE revision = 4",
	"revision 1 is not there"},
    {"entity's value",
	"UPDATE entity SET value = CAST('9' AS BLOB) WHERE key = 'a'",
	"entity 'a' is not what was written last"},
    {"entity's revision", "UPDATE entity SET revision = 1 WHERE key = 'a'",
	"entity 'a' is not what was written last"},
    {"entity's key", "UPDATE entity SET key = 'e' WHERE key = 'a'",
	"entity 'a' is not there"},
    {"entity gone", "DELETE FROM entity WHERE key = 'd'",
	"entity 'd' is not there"},
    {"entity too many",
	"INSERT INTO entity SELECT 'aa', revision, value FROM entity"
	" WHERE key = 'a'",
	"entity 'aa' was never written"},
    {"entity behind all others",
	"INSERT INTO entity SELECT 'z', revision, value FROM entity"
	" WHERE key = 'a'",
	"entity 'z' was never written"},
    {"removed entity is back",
	"INSERT INTO entity VALUES ('b', 1, CAST('1' AS BLOB))",
	"entity 'b' was never written"},
};

static void
every_edit_is_found(void **unused)
{
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		assert_int_equal(make_four(unused), 0);
		scratch_sql(edits[i].sql);
		print_message("# %s\n", edits[i].name);
		assert_verify(ACTAS_EPARSE, edits[i].message);
		assert_int_equal(scratch_remove(unused), 0);
	}
}

/* Changes that are not whole are found by who reads the past, too. */
static void
changes_that_are_cut_are_refused(void **unused ACTAS_UNUSED)
{
	struct fault fault = {0};
	const struct state *s;
	moment at;

	scratch_sql("UPDATE journal SET changes = substr(changes, 1,"
		    " length(changes) - 1) WHERE revision = 2");
	assert_int_equal(
	    journal_state_at(scratch_path, 1, &s, &at, NULL), ACTAS_OK);
	state_release(s);
	assert_int_equal(
	    journal_state_at(scratch_path, 4, &s, &at, &fault), ACTAS_EPARSE);
	assert_null(s);
	assert_string_equal(
	    fault.message, "revision 2 has changes that are not whole");
	assert_verify(ACTAS_EPARSE, "revision 2 was altered");
}

/* An index that does not agree with its table. */
static void
damage_to_the_file_is_found(void **unused ACTAS_UNUSED)
{
	struct verification_report report;
	struct fault fault = {0};

	scratch_sql("PRAGMA writable_schema = 1;"
		    "CREATE TABLE other (key TEXT UNIQUE);"
		    "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM"
		    " sqlite_schema WHERE name = 'sqlite_autoindex_other_1')"
		    " WHERE name = 'sqlite_autoindex_entity_1'");
	assert_int_equal(
	    journal_verify(scratch_path, &report, &fault), ACTAS_EPARSE);
	assert_int_equal(fault.error, ACTAS_EPARSE);
}

static void
changes_are_read_to_the_letter(void **unused ACTAS_UNUSED)
{
	const struct {
		struct slice bytes;
		uint32_t whole; /* writes in front of what is not */
		size_t left;
	} cases[] = {
	    {SLICE(""), 0, 0},
	    {SLICE("\0"), 0, 1},
	    {SLICE("\0\0\0\1k"), 0, 5},
	    {SLICE("\0\0\0\2k"), 0, 5},
	    {SLICE("\0\0\0\1k\0\0\0\1"), 0, 9},
	    {SLICE("\0\0\0\1k\0\0\0\1v"), 1, 0},
	    {SLICE("\0\0\0\0\0\0\0\0"), 1, 0},
	    {SLICE("\0\0\0\1k\xff\xff\xff\xff"), 1, 0},
	    {SLICE("\0\0\0\1k\xff\xff\xff\xfe"), 0, 9},
	    {SLICE("\xff\xff\xff\xffk\0\0\0\0"), 0, 9},
	    {SLICE("\0\0\0\1k\0\0\0\1vx"), 1, 1},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice rest = cases[i].bytes;
		struct write w;
		uint32_t whole = 0;

		while (changes_next(&rest, &w))
			whole++;
		assert_int_equal(whole, cases[i].whole);
		assert_int_equal(rest.length, cases[i].left);
	}
}

/* No two records are the same bytes. */
static void
links_of_different_records_differ(void **unused ACTAS_UNUSED)
{
	const struct write empty = {SLICE("k"), SLICE("")};
	const struct write gone = {SLICE("k"), {NULL, 0}};
	const struct write two[] = {
	    {SLICE("a"), SLICE("b")}, {SLICE("c"), SLICE("d")}};
	const struct write one = {SLICE("a"), SLICE("b\0\0\0\1c\0\0\0\1d")};
	const struct record records[] = {
	    {1, 2, SLICE("ab"), SLICE("c"), &empty, 1},
	    {1, 2, SLICE("ab"), SLICE("c"), &gone, 1},
	    {1, 2, SLICE("a"), SLICE("bc"), &empty, 1},
	    {1, 2, SLICE("abc"), SLICE(""), &empty, 1},
	    {2, 1, SLICE("ab"), SLICE("c"), &empty, 1},
	    {1, 2, SLICE("ab"), SLICE("c"), NULL, 0},
	    {1, 2, SLICE("ab"), SLICE("c"), two, 2},
	    {1, 2, SLICE("ab"), SLICE("c"), &one, 1},
	};
	enum { COUNT = sizeof records / sizeof *records };
	struct digest before = {{0}}, hashes[COUNT];
	struct buffer link = {0};

	for (size_t i = 0; i < COUNT; i++) {
		struct slice changes;
		struct digest again;

		assert_int_equal(
		    chain_link(&link, &changes, &before, &records[i]),
		    ACTAS_OK);
		assert_int_equal(chain_hash(&link, &hashes[i]), ACTAS_OK);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
			    &hashes[i], &hashes[k], DIGEST_BYTES);
		before.bytes[0] = 1;
		assert_int_equal(
		    chain_link(&link, &changes, &before, &records[i]),
		    ACTAS_OK);
		assert_int_equal(chain_hash(&link, &again), ACTAS_OK);
		assert_memory_not_equal(&hashes[i], &again, DIGEST_BYTES);
		before.bytes[0] = 0;
	}
	buffer_release(&link);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_new_journal_holds, scratch_make_journal, scratch_remove),
	    cmocka_unit_test_setup_teardown(
		what_was_not_touched_holds, make_four, scratch_remove),
	    cmocka_unit_test(every_edit_is_found),
	    cmocka_unit_test_setup_teardown(
		changes_that_are_cut_are_refused, make_four, scratch_remove),
	    cmocka_unit_test_setup_teardown(
		damage_to_the_file_is_found, make_four, scratch_remove),
	    cmocka_unit_test(changes_are_read_to_the_letter),
	    cmocka_unit_test(links_of_different_records_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
