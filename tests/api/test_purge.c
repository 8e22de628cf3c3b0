#include "keyvault_world.h"

#include "api/keyvault/secrets.h"
#include "journal/journal.h"
#include "keys/jwt.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * What a purge leaves on the disk, looked at as somebody would who has the
 * master key and every file of the folder.
 */

enum { SLOT_BYTES = 64, GENERATION_BYTES = 4, FILES = 12 };

/* The folder's files, as bytes. */
struct remains {
	char names[FILES][64];
	struct buffer at[FILES];
	size_t count;
};

static void
remains_read(struct fixture *f, struct remains *r)
{
	DIR *folder = opendir(f->folder);
	const struct dirent *entry;

	*r = (struct remains){0};
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		const char *path =
		    arena_printf(&f->arena, "%s/%s", f->folder, entry->d_name);
		struct reader reader;

		if (entry->d_type != DT_REG)
			continue;
		assert_true(r->count < FILES);
		snprintf(r->names[r->count], 64, "%.63s", entry->d_name);
		assert_int_equal(reader_open(&reader, path, NULL), ACTAS_OK);
		assert_int_equal(
		    reader_all(&reader, &r->at[r->count], 1 << 26, NULL),
		    ACTAS_OK);
		reader_close(&reader);
		r->count++;
	}
	closedir(folder);
}

static void
remains_release(struct remains *r)
{
	for (size_t i = 0; i < r->count; i++)
		buffer_release(&r->at[i]);
}

static bool
remains_hold(const struct remains *r, struct slice bytes)
{
	bool found = false;

	for (size_t i = 0; i < r->count; i++)
		found |= slice_find(buffer_slice(&r->at[i]), bytes) != SIZE_MAX;
	return found;
}

/* "{slot}.{generation}.{base64}" */
struct sealed {
	uint32_t slot, generation;
	struct slice base64;
};

static struct sealed
sealed_read(struct slice text)
{
	struct sealed s;
	struct slice part, rest = text;
	uint64_t n = 0;

	assert_true(slice_cut(&rest, '.', &part) && slice_u64(part, &n));
	s.slot = (uint32_t)n;
	assert_true(slice_cut(&rest, '.', &part) && slice_u64(part, &n));
	s.generation = (uint32_t)n;
	s.base64 = rest;
	return s;
}

/* Tries the master key on these 60 bytes, as the key of the value. */
static bool
opens_with(struct fixture *f, struct slice bytes, const struct sealed *s,
    struct slice about)
{
	char name[64];
	int n = snprintf(
	    name, sizeof name, "value-key\n%u.%u", s->slot, s->generation);
	struct secret_bytes key, value;
	struct buffer raw = {0};
	bool opened;

	if (unseal(master_key(f->platform.master, PURPOSE_DATA_KEYS),
		(struct slice){name, (size_t)n}, bytes, &key) != ACTAS_OK)
		return false;
	assert_int_equal(base64_get(s->base64, &raw), ACTAS_OK);
	opened = unseal(&key, about, buffer_slice(&raw), &value) == ACTAS_OK;
	secret_bytes_release(&key);
	secret_bytes_release(&value);
	buffer_release(&raw);
	return opened;
}

/* Whether any slot of the file of keys opens the value. */
static bool
can_be_opened(struct fixture *f, const struct remains *r, struct slice sealed,
    struct slice about)
{
	struct sealed s = sealed_read(sealed);

	for (size_t i = 0; i < r->count; i++) {
		struct slice all = buffer_slice(&r->at[i]);

		if (strcmp(r->names[i], "value.keys") != 0)
			continue;
		for (size_t at = GENERATION_BYTES; at < all.length;
		     at += SLOT_BYTES)
			if (opens_with(f,
				slice_sub(
				    all, at, SLOT_BYTES - GENERATION_BYTES),
				&s, about))
				return true;
	}
	return false;
}

/* --- a value, watched --- */

struct watched {
	const char *key; /* of its entity */
	struct slice sealed;
	struct slice wrapped; /* its key, as the file had it */
	uint64_t revision;    /* at which it was there */
};

static struct watched
watch(struct fixture *f, const char *name, const char *value)
{
	const char *version = vault_set(f, name, value);
	struct watched w = {.key = arena_printf(&f->arena,
				"version/kv-data/%s/%s", name, version)};
	json_t *entity = fixture_get(f, w.key);
	const struct snapshot *now = store_pin(f->platform.store);
	struct remains r;
	struct sealed s;

	w.sealed = slice_of(
	    arena_text(&f->arena, slice_of(json_at(entity, "sealed"))));
	w.revision = now->revision;
	store_unpin(f->platform.store, now);
	json_decref(entity);
	s = sealed_read(w.sealed);
	remains_read(f, &r);
	for (size_t i = 0; i < r.count; i++)
		if (strcmp(r.names[i], "value.keys") == 0) {
			size_t at = (s.slot + 1) * (size_t)SLOT_BYTES +
			    GENERATION_BYTES;

			w.wrapped.length = SLOT_BYTES - GENERATION_BYTES;
			w.wrapped.at = arena_text(&f->arena,
			    slice_sub(
				buffer_slice(&r.at[i]), at, w.wrapped.length));
		}
	/* The way in is the right one: it opens while it should. */
	assert_true(can_be_opened(f, &r, w.sealed, slice_of(w.key)));
	assert_true(remains_hold(&r, w.wrapped));
	remains_release(&r);
	return w;
}

static void
chain_holds(struct fixture *f)
{
	const char *path = arena_printf(&f->arena, "%s/platform.db", f->folder);
	struct verification_report report;
	struct fault fault = {0};

	if (journal_verify(path, &report, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
}

/* In the state of a past revision the entity stands as ever, and does not
 * open. */
static void
past_does_not_open(struct fixture *f, const struct watched *w)
{
	const struct snapshot *past;
	struct secret_bytes value;
	struct slice entity;

	assert_int_equal(
	    store_pin_at(f->platform.store, w->revision, &past, NULL),
	    ACTAS_OK);
	assert_true(state_get(past->state, slice_of(w->key), &entity));
	assert_true(slice_find(entity, w->sealed) != SIZE_MAX);
	store_unpin(f->platform.store, past);
	assert_int_equal(value_unseal(f->platform.value_keys, slice_of(w->key),
			     w->sealed, &value),
	    ACTAS_ENOTFOUND);
}

static void
is_beyond_recovery(struct fixture *f, const struct watched *w)
{
	struct remains r;

	remains_read(f, &r);
	/* The history has the value still, and nobody its key. */
	assert_true(remains_hold(&r, w->sealed));
	assert_false(remains_hold(&r, w->wrapped));
	for (size_t i = 0; i + 12 <= w->wrapped.length; i += 12)
		assert_false(remains_hold(&r, slice_sub(w->wrapped, i, 12)));
	assert_false(can_be_opened(f, &r, w->sealed, slice_of(w->key)));
	remains_release(&r);
	past_does_not_open(f, w);
	chain_holds(f);
}

static void
purge(struct fixture *f, const char *name)
{
	vault_do(f, "DELETE", arena_printf(&f->arena, "/secrets/%s", name),
	    NULL, 200);
	vault_do(f, "DELETE",
	    arena_printf(&f->arena, "/deletedsecrets/%s", name), NULL, 204);
}

static void
reads(struct fixture *f, const char *name, const char *value)
{
	struct reply r = vault_ask(f, "GET",
	    arena_printf(&f->arena, "/secrets/%s", name), READER, NULL);

	assert_reply(&r, 200, "value", value);
	reply_free(&r);
}

/* --- tests --- */

static void
a_purged_secret_opens_for_nobody(void **state)
{
	struct fixture *f = *state;
	struct watched first = watch(f, "gone", "one");
	struct watched second = watch(f, "gone", "two");

	(void)vault_set(f, "stays", "three");
	reads(f, "gone", "two"); /* and so into the cache */
	purge(f, "gone");
	is_beyond_recovery(f, &first);
	is_beyond_recovery(f, &second);
	reads(f, "stays", "three");
}

static void
a_deleted_one_can_be_recovered_until_then(void **state)
{
	struct fixture *f = *state;

	(void)vault_set(f, "back", "again");
	vault_do(f, "DELETE", "/secrets/back", NULL, 200);
	vault_do(f, "POST", "/deletedsecrets/back/recover", NULL, 200);
	reads(f, "back", "again");
}

static void
the_name_made_again_has_another_key(void **state)
{
	struct fixture *f = *state;
	struct watched old = watch(f, "name", "old");

	purge(f, "name");
	(void)vault_set(f, "name", "new");
	reads(f, "name", "new");
	is_beyond_recovery(f, &old);
	/* Long enough for its slot to be used again. */
	for (int i = 0; i < 1100; i++)
		(void)vault_set(f, "many", "x");
	is_beyond_recovery(f, &old);
	reads(f, "name", "new");
}

static void
a_purged_vault_opens_for_nobody(void **state)
{
	struct fixture *f = *state;
	struct watched w = watch(f, "inside", "value");
	const char *admin = fixture_bearer(f, ADMIN, ARM);
	struct reply r = ask(f, "DELETE", ARM_HOST,
	    KV_PATH "?api-version=2023-07-01", admin, NULL);

	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	r = ask(f, "POST", ARM_HOST,
	    SUB_PATH "/providers/Microsoft.KeyVault/locations/westeurope/"
		     "deletedVaults/kv-data/purge?api-version=2023-07-01",
	    admin, "{}");
	assert_reply(&r, 202, NULL, NULL);
	reply_free(&r);
	is_beyond_recovery(f, &w);
}

/* Nobody has to ask: what is past its date is swept away. */
static void
time_purges_secrets(void **state)
{
	struct fixture *f = *state;
	struct watched w = watch(f, "timed", "value");
	uint32_t removed;

	(void)vault_set(f, "stays", "three");
	vault_do(f, "DELETE", "/secrets/timed", NULL, 200);
	atomic_fetch_add(&f->now, 89 * MOMENT_DAY);
	assert_int_equal(secrets_sweep(&f->platform, &removed), ACTAS_OK);
	assert_int_equal(removed, 0);
	atomic_fetch_add(&f->now, 2 * MOMENT_DAY);
	fixture_tick(f);
	is_beyond_recovery(f, &w);
	reads(f, "stays", "three");
}

static void
time_purges_vaults(void **state)
{
	struct fixture *f = *state;
	struct watched w = watch(f, "timed", "value");
	struct reply r =
	    ask(f, "DELETE", ARM_HOST, KV_PATH "?api-version=2023-07-01",
		fixture_bearer(f, ADMIN, ARM), NULL);
	uint32_t removed;

	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	assert_int_equal(secrets_sweep(&f->platform, &removed), ACTAS_OK);
	assert_int_equal(removed, 0);
	atomic_fetch_add(&f->now, 91 * MOMENT_DAY);
	assert_int_equal(secrets_sweep(&f->platform, &removed), ACTAS_OK);
	assert_int_equal(removed, 1);
	assert_null(fixture_get(f, "deleted-vault/kv-data"));
	assert_null(fixture_get(f, w.key));
	is_beyond_recovery(f, &w);
}

/* A backup is there to outlive a purge. */
static void
a_backup_outlives_it(void **state)
{
	struct fixture *f = *state;
	struct reply r;
	const char *body;

	(void)vault_set(f, "saved", "one");
	(void)vault_set(f, "saved", "two");
	r = vault_ask(f, "POST", "/secrets/saved/backup", ADMIN, "{}");
	assert_reply(&r, 200, NULL, NULL);
	body = arena_printf(&f->arena, "{'value':'%s'}", reply_at(&r, "value"));
	reply_free(&r);
	purge(f, "saved");
	vault_do(f, "POST", "/secrets/restore", body, 200);
	reads(f, "saved", "two");
	purge(f, "saved");
	vault_do(f, "POST", "/secrets/restore", body, 200);
	reads(f, "saved", "two");
}

static void
swap_keys(struct fixture *f, struct buffer *content, bool read)
{
	const char *path = arena_printf(&f->arena, "%s/value.keys", f->folder);
	int fd = open(path, O_RDWR);

	assert_true(fd >= 0);
	if (read) {
		off_t size = lseek(fd, 0, SEEK_END);

		buffer_fill(content, ' ', (size_t)size);
		assert_int_equal(
		    pread(fd, content->at, content->length, 0), size);
	} else {
		assert_int_equal(pwrite(fd, content->at, content->length, 0),
		    (ssize_t)content->length);
	}
	close(fd);
}

/* The journal has the purge, and then the process dies: the keys are as they
 * were. Opening the folder makes an end of them. */
static void
a_crash_in_between_is_made_good(void **state)
{
	struct fixture *f = *state;
	struct platform *p = &f->platform;
	struct watched w = watch(f, "crashed", "value");
	struct buffer before = {0};
	struct remains r;
	struct fault fault = {0};
	const struct snapshot *now;
	struct value_keys *opened;

	(void)vault_set(f, "stays", "three");
	swap_keys(f, &before, true);
	purge(f, "crashed");
	swap_keys(f, &before, false);
	remains_read(f, &r);
	assert_true(can_be_opened(f, &r, w.sealed, slice_of(w.key)));
	remains_release(&r);
	assert_int_equal(
	    value_keys_open(f->folder, p->master, NULL, NULL, &opened, &fault),
	    ACTAS_OK);
	now = store_pin(p->store);
	assert_int_equal(
	    value_keys_sweep(opened, now->state, &fault), ACTAS_OK);
	store_unpin(p->store, now);
	value_keys_close(opened);
	is_beyond_recovery(f, &w);
	reads(f, "stays", "three");
	buffer_release(&before);
}

/* Each takes a key before it is refused, and must give it back. */
static void
refused_writes_use_up_no_keys(void **state)
{
	struct fixture *f = *state;
	struct buffer before = {0}, after = {0};

	(void)vault_set(f, "deleted", "value");
	vault_do(f, "DELETE", "/secrets/deleted", NULL, 200);
	for (int i = 0; i < 1200; i++) {
		vault_do(f, "PUT", "/secrets/deleted", "{'value':'x'}", 409);
		if (i % 50 == 0)
			(void)vault_set(f, "other", "x");
		if (i == 0)
			swap_keys(f, &before, true);
	}
	swap_keys(f, &after, true);
	assert_int_equal(after.length, before.length);
	buffer_release(&before);
	buffer_release(&after);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(a_purged_secret_opens_for_nobody),
	    VAULT_TEST(a_deleted_one_can_be_recovered_until_then),
	    VAULT_TEST(the_name_made_again_has_another_key),
	    VAULT_TEST(time_purges_secrets),
	    VAULT_TEST(a_backup_outlives_it),
	    VAULT_TEST(refused_writes_use_up_no_keys),
	    VAULT_TEST(time_purges_vaults),
	    VAULT_TEST(a_purged_vault_opens_for_nobody),
	    /* The last: the platform's own keys know nothing of the other. */
	    VAULT_TEST(a_crash_in_between_is_made_good),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
