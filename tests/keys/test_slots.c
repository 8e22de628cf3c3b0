#include "keys_test.h"

#include "keys/slots.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { SLOT = 64, MADE_AHEAD = 1024 };

struct place {
	char folder[64];
	struct master *master;
	struct slots *slots;
};

static int
begin(void **state)
{
	struct place *p = mem_zero(1, sizeof *p);
	struct fault fault = {0};

	assert_non_null(p);
	test_folder_make(p->folder);
	p->master = test_master();
	assert_int_equal(slots_create(p->folder, &fault), ACTAS_OK);
	assert_int_equal(
	    slots_open(p->folder, p->master, &p->slots, &fault), ACTAS_OK);
	*state = p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	slots_close(p->slots);
	master_close(p->master);
	test_folder_remove(p->folder);
	mem_free(p);
	return 0;
}

/* Opens the file anew, with these in force; returns how many are missing. */
static uint32_t
open_again(struct place *p, const struct slot *kept, uint32_t count)
{
	struct fault fault = {0};
	uint32_t missing;

	slots_close(p->slots);
	assert_int_equal(
	    slots_open(p->folder, p->master, &p->slots, &fault), ACTAS_OK);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(slots_keep(p->slots, kept[i]), ACTAS_OK);
	assert_int_equal(slots_sweep(p->slots, &missing, &fault), ACTAS_OK);
	return missing;
}

static struct slot
take(struct place *p, struct secret_bytes *key)
{
	struct secret_bytes own = {0};
	struct slot slot;

	assert_int_equal(
	    slots_take(p->slots, &slot, key == NULL ? &own : key), ACTAS_OK);
	secret_bytes_release(&own);
	return slot;
}

static void
is_gone(struct place *p, struct slot slot)
{
	struct secret_bytes key;

	assert_int_equal(slots_key(p->slots, slot, &key), ACTAS_ENOTFOUND);
	assert_null(key.at);
}

static void
is_there(struct place *p, struct slot slot, const struct secret_bytes *expected)
{
	struct secret_bytes key;

	assert_int_equal(slots_key(p->slots, slot, &key), ACTAS_OK);
	assert_true(secret_bytes_eq(&key, secret_bytes_reveal(expected)));
	secret_bytes_release(&key);
}

static off_t
size_of(struct place *p)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "%s/" SLOTS_FILE, p->folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	return st.st_size;
}

static void
each_key_is_another_and_stays(void **state)
{
	struct place *p = *state;
	struct secret_bytes a, b;
	struct slot one = take(p, &a), two = take(p, &b);
	const struct slot both[] = {two, one};

	assert_false(one.number == two.number);
	assert_int_equal(a.length, 32);
	assert_false(secret_bytes_eq(&a, secret_bytes_reveal(&b)));
	is_there(p, one, &a);
	is_there(p, two, &b);
	assert_int_equal(open_again(p, both, 2), 0);
	is_there(p, one, &a);
	is_there(p, two, &b);
	secret_bytes_release(&a);
	secret_bytes_release(&b);
}

/* What stood in the file while the key was there stands nowhere in it. */
static void
what_is_destroyed_is_not_in_the_file(void **state)
{
	struct place *p = *state;
	struct secret_bytes kept;
	struct slot doomed = take(p, NULL), other = take(p, &kept);
	struct buffer before = test_read(p->folder, SLOTS_FILE), after;
	struct slice wrapped = slice_sub(
	    buffer_slice(&before), SLOT * (doomed.number + 1) + 4, 60);

	assert_int_equal(slots_destroy(p->slots, &doomed, 1), ACTAS_OK);
	after = test_read(p->folder, SLOTS_FILE);
	assert_int_equal(after.length, before.length);
	assert_true(slice_find(buffer_slice(&before), wrapped) != SIZE_MAX);
	for (size_t i = 0; i + 8 <= wrapped.length; i++)
		assert_int_equal(
		    slice_find(buffer_slice(&after), slice_sub(wrapped, i, 8)),
		    SIZE_MAX);
	is_gone(p, doomed);
	is_there(p, other, &kept);
	/* Again is no error. */
	assert_int_equal(slots_destroy(p->slots, &doomed, 1), ACTAS_OK);
	secret_bytes_release(&kept);
	buffer_release(&before);
	buffer_release(&after);
}

static void
a_slot_is_used_again_under_the_next_generation(void **state)
{
	struct place *p = *state;
	struct slot old = take(p, NULL), fresh;
	unsigned taken = 0;

	assert_int_equal(slots_destroy(p->slots, &old, 1), ACTAS_OK);
	do
		fresh = take(p, NULL);
	while (fresh.number != old.number && ++taken < 3 * MADE_AHEAD);
	assert_int_equal(fresh.number, old.number);
	assert_int_equal(fresh.generation, old.generation + 1);
	is_gone(p, old);
	/* Late word of the old one does the new one no harm. */
	assert_int_equal(slots_destroy(p->slots, &old, 1), ACTAS_OK);
	assert_int_equal(open_again(p, &fresh, 1), 0);
}

static void
opening_destroys_what_is_not_in_force(void **state)
{
	struct place *p = *state;
	struct secret_bytes key;
	struct slot kept = take(p, &key), purged = take(p, NULL);
	const struct slot claimed[] = {kept, {kept.number, 9}, {77777, 1}};

	assert_int_equal(open_again(p, claimed, 3), 2);
	is_there(p, kept, &key);
	is_gone(p, purged);
	/* Nor is any that was made ahead: all but one are zeros. */
	for (uint32_t i = 0; i < MADE_AHEAD; i++)
		if (i != kept.number)
			is_gone(p, (struct slot){i, 1});
	secret_bytes_release(&key);
}

/* Keys that nothing was sealed under come back, but not before the journal
 * went on. */
static void
what_is_given_back_is_taken_again(void **state)
{
	struct place *p = *state;

	for (unsigned i = 0; i < 5 * MADE_AHEAD; i++) {
		struct slot slot = take(p, NULL);

		slots_give_back(p->slots, slot);
		if (i % 100 == 0)
			slots_reuse(p->slots);
	}
	assert_int_equal(size_of(p), SLOT * (1 + MADE_AHEAD));
}

static void
another_master_opens_nothing_and_destroys_nothing(void **state)
{
	struct place *p = *state;
	struct secret_bytes made, key;
	struct slot slot = take(p, &made);
	struct master *mine = p->master, *other = test_master();
	struct fault fault;
	uint32_t missing;

	slots_close(p->slots);
	assert_int_equal(
	    slots_open(p->folder, other, &p->slots, &fault), ACTAS_OK);
	assert_int_equal(slots_key(p->slots, slot, &key), ACTAS_EPARSE);
	assert_int_equal(slots_sweep(p->slots, &missing, &fault), ACTAS_EUSAGE);
	p->master = mine;
	assert_int_equal(open_again(p, &slot, 1), 0);
	is_there(p, slot, &made);
	secret_bytes_release(&made);
	master_close(other);
}

static void
files_that_are_none_are_refused(void **state)
{
	static const char form[SLOT] = "actas value keys 1\n";
	static const struct {
		const char *content;
		size_t length;
		mode_t mode;
		enum actas_error error;
	} rows[] = {
	    {"", 0, 0600, ACTAS_EPARSE},
	    {"x", 1, 0600, ACTAS_EPARSE},
	    {form, SLOT - 1, 0600, ACTAS_EPARSE},
	    {form, SLOT, 0644, ACTAS_EUSAGE},
	    {form, SLOT, 0600, ACTAS_OK},
	};
	struct place *p = *state;
	struct slots *slots;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fault fault = {0};

		test_file(p->folder, SLOTS_FILE, rows[i].mode,
		    (struct slice){rows[i].content, rows[i].length});
		assert_int_equal(
		    slots_open(p->folder, p->master, &slots, &fault),
		    rows[i].error);
		slots_close(slots);
	}
	assert_int_equal(
	    slots_open("/nowhere", p->master, &slots, NULL), ACTAS_ENOTFOUND);
	assert_int_equal(slots_create(p->folder, NULL), ACTAS_EIO);
}

/* A limit of the file's size stands for a full disk. */
static void
a_full_disk_makes_no_keys_but_destroys_them(void **state)
{
	struct place *p = *state;
	struct slot first = take(p, NULL), slot;
	struct rlimit before, tight;
	struct secret_bytes key;
	unsigned left = 0;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)size_of(p) + SLOT / 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	while (slots_take(p->slots, &slot, &key) == ACTAS_OK) {
		secret_bytes_release(&key);
		left++;
	}
	assert_int_equal(left, MADE_AHEAD - 1);
	assert_int_equal(slots_destroy(p->slots, &first, 1), ACTAS_OK);
	is_gone(p, first);
	/* Its place has room for one. */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	slot = take(p, NULL);
	assert_int_equal(open_again(p, &slot, 1), 0);
}

enum { THREADS = 4, EACH = 3000 };

struct hand {
	struct place *p;
	pthread_t thread;
	struct slot kept[EACH];
	uint32_t count;
};

static void *
work(void *context)
{
	struct hand *h = context;
	struct slot slot;
	struct secret_bytes key, again;

	for (unsigned i = 0; i < EACH; i++) {
		if (slots_take(h->p->slots, &slot, &key) != ACTAS_OK ||
		    slots_key(h->p->slots, slot, &again) != ACTAS_OK ||
		    !secret_bytes_eq(&again, secret_bytes_reveal(&key)))
			return h;
		secret_bytes_release(&key);
		secret_bytes_release(&again);
		if (i % 3 == 0)
			h->kept[h->count++] = slot;
		else if (i % 3 == 1)
			slots_give_back(h->p->slots, slot);
		else if (slots_destroy(h->p->slots, &slot, 1) != ACTAS_OK)
			return h;
		if (i % 64 == 0)
			slots_reuse(h->p->slots);
	}
	return NULL;
}

/* No two hands ever have the same key. */
static void
many_hands(void **state)
{
	struct place *p = *state;
	struct hand *hands = mem_zero(THREADS, sizeof *hands);
	VECTOR(struct slot) all = {0};

	assert_non_null(hands);
	for (int i = 0; i < THREADS; i++) {
		hands[i].p = p;
		assert_int_equal(
		    pthread_create(&hands[i].thread, NULL, work, &hands[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		void *failed;

		pthread_join(hands[i].thread, &failed);
		assert_null(failed);
		for (uint32_t k = 0; k < hands[i].count; k++)
			assert_int_equal(
			    vector_push(&all, hands[i].kept[k]), ACTAS_OK);
	}
	for (uint32_t i = 0; i < all.count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (all.at[i].number == all.at[k].number)
				fail_msg("slot %u twice", all.at[i].number);
	assert_int_equal(open_again(p, all.at, all.count), 0);
	vector_release(&all);
	mem_free(hands);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	    TEST(each_key_is_another_and_stays),
	    TEST(what_is_destroyed_is_not_in_the_file),
	    TEST(a_slot_is_used_again_under_the_next_generation),
	    TEST(opening_destroys_what_is_not_in_force),
	    TEST(what_is_given_back_is_taken_again),
	    TEST(another_master_opens_nothing_and_destroys_nothing),
	    TEST(files_that_are_none_are_refused),
	    TEST(a_full_disk_makes_no_keys_but_destroys_them),
	    TEST(many_hands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
