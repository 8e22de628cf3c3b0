#include "keys/slots.h"

#include "keys/private_file.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SLOT_BYTES = 64,
	GENERATION_BYTES = 4,
	SEALED_BYTES = SLOT_BYTES - GENERATION_BYTES,
	KEY_BYTES = 32,
	MADE_AHEAD = 1024, /* keys at a time */
	LOW_WATER = 256,   /* left when the next are made */
	AT_ONCE = 256,     /* slots in one write */
	SWEPT = 1024,      /* slots at a time */
};

static const char form[SLOT_BYTES] = "actas value keys 1\n";

struct slot_list {
	VECTOR(struct slot) all;
};

/*
 * 'spare' are slots with a key that nobody has, 'returned' those that may be
 * spare again, 'empty' those without a key, with the generation of the last.
 * Whoever finds few spare ones makes more, while the others take what is
 * left; whoever finds none waits for him.
 */
struct slots {
	const struct master *master;
	int fd;
	pthread_mutex_t lock;
	pthread_cond_t made;
	bool is_making;
	uint32_t count; /* of the file */
	struct slot_list spare;
	struct slot_list returned;
	struct slot_list empty;
	struct slot_list kept; /* before the sweep */
};

/* Where there is no memory for it, it waits for the next sweep. */
static void
put_aside(struct slot_list *list, struct slot slot)
{
	if (vector_push(&list->all, slot) != ACTAS_OK)
		return;
}

/* --- the file --- */

static off_t
place_of(uint32_t number)
{
	return ((off_t)number + 1) * SLOT_BYTES;
}

static bool
read_at(int fd, void *into, size_t length, off_t from)
{
	ssize_t n;

	do
		n = pread(fd, into, length, from);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)length;
}

static bool
write_at(int fd, const void *bytes, size_t length, off_t to)
{
	ssize_t n;

	do
		n = pwrite(fd, bytes, length, to);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)length;
}

static uint32_t
generation_of(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	    (uint32_t)at[2] << 8 | at[3];
}

static void
put_generation(uint8_t *at, uint32_t generation)
{
	for (int i = 0; i < GENERATION_BYTES; i++)
		at[i] = (uint8_t)(generation >> (8 * (3 - i)));
}

static bool
has_key(const uint8_t *at)
{
	uint8_t any = 0;

	for (int i = GENERATION_BYTES; i < SLOT_BYTES; i++)
		any |= at[i];
	return any != 0;
}

static struct slice
about(char text[static 64], struct slot slot)
{
	int n = snprintf(
	    text, 64, "value-key\n%u.%u", slot.number, slot.generation);

	return (struct slice){text, (size_t)n};
}

/* --- opening --- */

enum actas_error
slots_create(const char *folder, struct fault *fault)
{
	return key_file_create(folder, SLOTS_FILE, S_IRUSR | S_IWUSR,
	    (struct slice){form, sizeof form}, fault);
}

static enum actas_error
check_form(struct slots *s, const char *folder, struct fault *fault)
{
	char found[SLOT_BYTES];
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return fault_set(fault, ACTAS_EIO, folder, 0,
		    SLOTS_FILE " cannot be looked at: %s", strerror(errno));
	if (!read_at(s->fd, found, sizeof found, 0) ||
	    memcmp(found, form, sizeof form) != 0 ||
	    st.st_size / SLOT_BYTES - 1 > LIMIT_VALUE_KEYS)
		return fault_set(fault, ACTAS_EPARSE, folder, 0,
		    SLOTS_FILE " does not hold keys of values");
	/* What a crash left of a slot at the end was never handed out. */
	s->count = (uint32_t)(st.st_size / SLOT_BYTES - 1);
	return ACTAS_OK;
}

enum actas_error
slots_open(const char *folder, const struct master *m, struct slots **slots,
    struct fault *fault)
{
	struct slots *s = mem_zero(1, sizeof *s);
	enum actas_error error;

	*slots = NULL;
	if (s == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	s->master = m;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->made, NULL);
	error = key_file_open(folder, SLOTS_FILE, &s->fd, fault);
	if (error == ACTAS_OK)
		error = check_form(s, folder, fault);
	if (error == ACTAS_OK)
		*slots = s;
	else
		slots_close(s);
	return error;
}

void
slots_close(struct slots *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	pthread_cond_destroy(&s->made);
	pthread_mutex_destroy(&s->lock);
	vector_release(&s->spare.all);
	vector_release(&s->returned.all);
	vector_release(&s->empty.all);
	vector_release(&s->kept.all);
	mem_free(s);
}

/* --- making keys --- */

static enum actas_error
make_key(struct slots *s, struct slot slot, uint8_t *at)
{
	struct secret_bytes key = {0};
	struct buffer sealed = {0};
	char text[64];
	enum actas_error error = secret_bytes_random(KEY_BYTES, &key);

	if (error == ACTAS_OK)
		error = seal(master_key(s->master, PURPOSE_DATA_KEYS),
		    about(text, slot), secret_bytes_reveal(&key), &sealed);
	if (error == ACTAS_OK && sealed.length != SEALED_BYTES)
		error = ACTAS_EPARSE;
	if (error == ACTAS_OK) {
		put_generation(at, slot.generation);
		memcpy(at + GENERATION_BYTES, sealed.at, SEALED_BYTES);
	}
	secret_bytes_release(&key);
	if (sealed.length > 0)
		secret_wipe(sealed.at, sealed.length);
	buffer_release(&sealed);
	return error;
}

/* Chooses places for new keys: empty ones, then behind the last. */
static uint32_t
choose(struct slots *s, struct slot chosen[static MADE_AHEAD])
{
	uint32_t n = 0;

	while (n < MADE_AHEAD && s->empty.all.count > 0)
		chosen[n++] = s->empty.all.at[--s->empty.all.count];
	for (uint32_t i = s->count; n < MADE_AHEAD && i < LIMIT_VALUE_KEYS; i++)
		chosen[n++] = (struct slot){.number = i};
	for (uint32_t i = 0; i < n; i++)
		chosen[i].generation++;
	return n;
}

/* What lies side by side is written at once. */
static enum actas_error
write_keys(struct slots *s, const struct slot *slots, uint32_t n)
{
	uint8_t bytes[AT_ONCE * SLOT_BYTES];
	enum actas_error error = ACTAS_OK;
	uint32_t i = 0, k;

	while (error == ACTAS_OK && i < n) {
		for (k = 0; k < AT_ONCE && i + k < n &&
		     slots[i + k].number == slots[i].number + k &&
		     error == ACTAS_OK;
		     k++)
			error = make_key(
			    s, slots[i + k], bytes + (size_t)k * SLOT_BYTES);
		if (error == ACTAS_OK &&
		    !write_at(s->fd, bytes, (size_t)k * SLOT_BYTES,
			place_of(slots[i].number)))
			error = ACTAS_EIO;
		i += k;
	}
	secret_wipe(bytes, sizeof bytes);
	if (error == ACTAS_OK && fdatasync(s->fd) != 0)
		error = ACTAS_EIO;
	return error;
}

/* With the lock, which is let go meanwhile. */
static enum actas_error
make_more(struct slots *s)
{
	struct slot chosen[MADE_AHEAD];
	uint32_t n = choose(s, chosen), last;
	enum actas_error error =
	    n == 0 ? ACTAS_ELIMIT : vector_reserve(&s->spare.all, MADE_AHEAD);

	s->is_making = true;
	pthread_mutex_unlock(&s->lock);
	if (error == ACTAS_OK)
		error = write_keys(s, chosen, n);
	pthread_mutex_lock(&s->lock);
	s->is_making = false;
	pthread_cond_broadcast(&s->made);
	for (uint32_t i = 0; i < n; i++) {
		last = chosen[i].number;
		/* A place behind the end that was not written is none. */
		if (error == ACTAS_OK)
			put_aside(&s->spare, chosen[i]);
		else if (last < s->count)
			put_aside(&s->empty, chosen[i]);
		if (error == ACTAS_OK && last >= s->count)
			s->count = last + 1;
	}
	return error;
}

static enum actas_error
take_spare(struct slots *s, struct slot *slot)
{
	enum actas_error error = ACTAS_OK;

	pthread_mutex_lock(&s->lock);
	while (s->spare.all.count == 0 && s->is_making)
		pthread_cond_wait(&s->made, &s->lock);
	if (s->spare.all.count <= LOW_WATER && !s->is_making)
		error = make_more(s);
	if (s->spare.all.count > 0) {
		*slot = s->spare.all.at[--s->spare.all.count];
		error = ACTAS_OK;
	} else if (error == ACTAS_OK) {
		error = ACTAS_EIO;
	}
	pthread_mutex_unlock(&s->lock);
	return error;
}

enum actas_error
slots_take(struct slots *s, struct slot *slot, struct secret_bytes *key)
{
	enum actas_error error = take_spare(s, slot);

	*key = (struct secret_bytes){0};
	if (error == ACTAS_OK)
		error = slots_key(s, *slot, key);
	return error == ACTAS_ENOTFOUND ? ACTAS_EIO : error;
}

void
slots_give_back(struct slots *s, struct slot slot)
{
	pthread_mutex_lock(&s->lock);
	put_aside(&s->returned, slot);
	pthread_mutex_unlock(&s->lock);
}

void
slots_reuse(struct slots *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->returned.all.count > 0) {
		put_aside(
		    &s->spare, s->returned.all.at[s->returned.all.count - 1]);
		s->returned.all.count--;
	}
	pthread_mutex_unlock(&s->lock);
}

/* --- using them --- */

enum actas_error
slots_key(struct slots *s, struct slot slot, struct secret_bytes *key)
{
	uint8_t bytes[SLOT_BYTES];
	enum actas_error error = ACTAS_OK;
	char text[64];

	*key = (struct secret_bytes){0};
	errno = 0;
	if (slot.number >= LIMIT_VALUE_KEYS)
		return ACTAS_ENOTFOUND;
	if (!read_at(s->fd, bytes, sizeof bytes, place_of(slot.number)))
		return errno == 0 ? ACTAS_ENOTFOUND : ACTAS_EIO;
	if (generation_of(bytes) != slot.generation || !has_key(bytes))
		error = ACTAS_ENOTFOUND;
	else
		error = unseal(master_key(s->master, PURPOSE_DATA_KEYS),
		    about(text, slot),
		    (struct slice){
			(const char *)bytes + GENERATION_BYTES, SEALED_BYTES},
		    key);
	secret_wipe(bytes, sizeof bytes);
	if (error == ACTAS_OK && key->length != KEY_BYTES) {
		secret_bytes_release(key);
		error = ACTAS_EPARSE;
	}
	return error;
}

/* --- destroying them --- */

static const uint8_t zeros[SLOT_BYTES];

/* '*had': whether there was such a key. Zeros are written again over zeros, of
 * which it is not known whether they reached the disk. */
static enum actas_error
blank(struct slots *s, struct slot slot, bool *had)
{
	uint8_t bytes[SLOT_BYTES];
	bool is_there;

	*had = false;
	errno = 0;
	if (!read_at(s->fd, bytes, sizeof bytes, place_of(slot.number)))
		return errno == 0 ? ACTAS_OK : ACTAS_EIO;
	is_there = generation_of(bytes) == slot.generation;
	*had = is_there && has_key(bytes);
	secret_wipe(bytes, sizeof bytes);
	if (!is_there ||
	    write_at(s->fd, zeros, SEALED_BYTES,
		place_of(slot.number) + GENERATION_BYTES))
		return ACTAS_OK;
	return ACTAS_EIO;
}

/*
 * A slot is empty only once that is on the disk. One of which it is not known
 * because the disk failed in between is found by the next sweep.
 */
enum actas_error
slots_destroy(struct slots *s, const struct slot *slots, uint32_t count)
{
	struct slot_list blanked = {0};
	enum actas_error error = ACTAS_OK;
	bool had;

	for (uint32_t i = 0; i < count; i++) {
		enum actas_error one = blank(s, slots[i], &had);

		/* The last generation is used up. */
		if (one == ACTAS_OK && had && slots[i].generation < UINT32_MAX)
			put_aside(&blanked, slots[i]);
		error = error == ACTAS_OK ? one : error;
	}
	if (count > 0 && fdatasync(s->fd) != 0)
		error = ACTAS_EIO;
	pthread_mutex_lock(&s->lock);
	for (uint32_t i = 0; error == ACTAS_OK && i < blanked.all.count; i++)
		put_aside(&s->empty, blanked.all.at[i]);
	pthread_mutex_unlock(&s->lock);
	vector_release(&blanked.all);
	return error;
}

/* --- the sweep --- */

enum actas_error
slots_keep(struct slots *s, struct slot slot)
{
	return vector_push(&s->kept.all, slot);
}

static int
by_number(const void *a, const void *b)
{
	const struct slot *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

struct sweep {
	struct slots *s;
	uint32_t next;    /* of 'kept' */
	uint32_t missing; /* of those in force */
	bool is_dirty;
};

/* Whether the slot's key is in force; 'kept' is in order. */
static bool
is_kept(struct sweep *w, struct slot slot, bool there)
{
	const struct slots *s = w->s;
	bool kept = false;

	for (; w->next < s->kept.all.count &&
	     s->kept.all.at[w->next].number <= slot.number;
	     w->next++) {
		bool found = there &&
		    s->kept.all.at[w->next].number == slot.number &&
		    s->kept.all.at[w->next].generation == slot.generation;

		kept |= found;
		w->missing += !found;
	}
	return kept;
}

static enum actas_error
sweep_slot(struct sweep *w, uint32_t number, const uint8_t *at)
{
	struct slot slot = {number, generation_of(at)};
	bool there = has_key(at);

	if (is_kept(w, slot, there))
		return ACTAS_OK;
	if (there &&
	    !write_at(w->s->fd, zeros, SEALED_BYTES,
		place_of(number) + GENERATION_BYTES))
		return ACTAS_EIO;
	w->is_dirty |= there;
	return slot.generation == UINT32_MAX
	    ? ACTAS_OK
	    : vector_push(&w->s->empty.all, slot);
}

static enum actas_error
sweep_all(struct sweep *w, uint8_t *bytes)
{
	enum actas_error error = ACTAS_OK;
	uint32_t n;

	for (uint32_t at = 0; error == ACTAS_OK && at < w->s->count; at += n) {
		n = w->s->count - at < SWEPT ? w->s->count - at : SWEPT;
		if (!read_at(
			w->s->fd, bytes, (size_t)n * SLOT_BYTES, place_of(at)))
			return ACTAS_EIO;
		for (uint32_t i = 0; error == ACTAS_OK && i < n; i++)
			error = sweep_slot(
			    w, at + i, bytes + (size_t)i * SLOT_BYTES);
	}
	return error;
}

/* Whether any of the first keys was made under this master key: else all
 * would be destroyed that another platform has. One that the disk altered does
 * not make it another's. */
static bool
is_ours(struct slots *s)
{
	enum { LOOKED_AT = 16 };
	uint8_t bytes[SLOT_BYTES];
	uint32_t looked = 0;
	bool ours = false;

	for (uint32_t i = 0; i < s->count && looked < LOOKED_AT && !ours; i++) {
		struct secret_bytes key;

		if (!read_at(s->fd, bytes, sizeof bytes, place_of(i)) ||
		    !has_key(bytes))
			continue;
		looked++;
		ours = slots_key(s, (struct slot){i, generation_of(bytes)},
			   &key) != ACTAS_EPARSE;
		secret_bytes_release(&key);
	}
	secret_wipe(bytes, sizeof bytes);
	return ours || looked == 0;
}

enum actas_error
slots_sweep(struct slots *s, uint32_t *missing, struct fault *fault)
{
	struct sweep w = {.s = s};
	uint8_t *bytes = mem_alloc((size_t)SWEPT * SLOT_BYTES);
	enum actas_error error = bytes == NULL ? ACTAS_ENOMEM : ACTAS_OK;

	if (s->kept.all.count > 1)
		qsort(s->kept.all.at, s->kept.all.count, sizeof *s->kept.all.at,
		    by_number);
	if (error == ACTAS_OK && !is_ours(s))
		error = ACTAS_EUSAGE;
	if (error == ACTAS_OK)
		error = sweep_all(&w, bytes);
	if (error == ACTAS_OK && w.is_dirty && fdatasync(s->fd) != 0)
		error = ACTAS_EIO;
	if (bytes != NULL)
		secret_wipe(bytes, (size_t)SWEPT * SLOT_BYTES);
	mem_free(bytes);
	*missing = w.missing + (s->kept.all.count - w.next);
	vector_release(&s->kept.all);
	if (error == ACTAS_EUSAGE)
		return fault_set(fault, error, SLOTS_FILE, 0,
		    "holds keys of another platform: put this one's back");
	if (error == ACTAS_EIO)
		return fault_set(fault, error, SLOTS_FILE, 0,
		    "cannot be swept of keys that are not in force: %s",
		    strerror(errno));
	return fault_plain(fault, error);
}
