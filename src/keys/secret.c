#include "keys/secret.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <errno.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* The smallest block of the heap: a power of two, no less than OpenSSL's own
 * list entry. Keys have 32 bytes. */
enum { SMALLEST_BLOCK = 32 };

static pthread_once_t heap_once = PTHREAD_ONCE_INIT;
static bool heap_is_there, heap_is_locked;

/* As far as it may without asking anybody. */
static void
raise_lock_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 ||
	    limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_MEMLOCK, &limit);
}

static void
make_heap(void)
{
	raise_lock_limit();
	heap_is_locked = CRYPTO_secure_malloc_init(
			     LIMIT_SECURE_HEAP_BYTES, SMALLEST_BLOCK) == 1;
	heap_is_there = CRYPTO_secure_malloc_initialized() == 1;
}

enum actas_error
secrets_heap(void)
{
	if (pthread_once(&heap_once, make_heap) != 0 || !heap_is_there)
		return ACTAS_ENOMEM;
	return ACTAS_OK;
}

bool
secrets_are_locked(void)
{
	return secrets_heap() == ACTAS_OK && heap_is_locked;
}

enum actas_error
secrets_start(struct fault *fault)
{
	static const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "core dumps cannot be forbidden: %s", strerror(errno));
	if (secrets_heap() != ACTAS_OK)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "there is no memory for secrets: %u bytes are needed",
		    LIMIT_SECURE_HEAP_BYTES);
	return ACTAS_OK;
}

enum actas_error
secret_bytes_new(size_t length, struct secret_bytes *s)
{
	*s = (struct secret_bytes){0};
	if (length == 0)
		return ACTAS_OK;
	if (secrets_heap() != ACTAS_OK)
		return ACTAS_ENOMEM;
	s->at = OPENSSL_secure_zalloc(length);
	if (s->at == NULL) {
		ERR_clear_error();
		return ACTAS_ENOMEM;
	}
	s->length = length;
	return ACTAS_OK;
}

enum actas_error
secret_bytes_copy(struct slice from, struct secret_bytes *s)
{
	enum actas_error error = secret_bytes_new(from.length, s);

	if (error == ACTAS_OK && from.length > 0)
		memcpy(s->at, from.at, from.length);
	return error;
}

static bool
system_fill(void *context ACTAS_UNUSED, void *into, size_t length)
{
	bool filled =
	    length <= INT_MAX && RAND_priv_bytes(into, (int)length) == 1;

	if (!filled)
		ERR_clear_error();
	return filled;
}

enum actas_error
secret_bytes_random(size_t length, struct secret_bytes *s)
{
	enum actas_error error = secret_bytes_new(length, s);

	if (error != ACTAS_OK || system_fill(NULL, s->at, length))
		return error;
	secret_bytes_release(s);
	return ACTAS_EIO;
}

void
secret_bytes_release(struct secret_bytes *s)
{
	OPENSSL_secure_clear_free(s->at, s->length);
	*s = (struct secret_bytes){0};
}

bool
secret_bytes_eq(const struct secret_bytes *a, struct slice b)
{
	if (a->length != b.length)
		return false;
	return a->length == 0 || CRYPTO_memcmp(a->at, b.at, a->length) == 0;
}

struct slice
secret_bytes_reveal(const struct secret_bytes *s)
{
	return (struct slice){(const char *)s->at, s->length};
}

void
secret_wipe(void *at, size_t length)
{
	if (length > 0)
		OPENSSL_cleanse(at, length);
}

struct chance
chance_system(void)
{
	return (struct chance){system_fill, NULL};
}

struct guid
chance_guid(struct chance chance)
{
	struct guid id = {{0}};

	if (!chance.fill(chance.context, id.bytes, sizeof id.bytes))
		return (struct guid){{0}};
	id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x40);
	id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
	return id;
}
