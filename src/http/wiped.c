#include "http/exchange_private.h"

#include "keys/secret.h"

/* Moves the buffer to a place of 'capacity' bytes. */
static bool
move(struct buffer *b, size_t capacity)
{
	char *grown = mem_alloc(capacity);

	if (grown == NULL)
		return false;
	if (b->length > 0)
		memcpy(grown, b->at, b->length);
	if (b->at != NULL)
		secret_wipe(b->at, b->capacity);
	mem_free(b->at);
	b->at = grown;
	b->capacity = capacity;
	return true;
}

void
wiped_add(struct buffer *b, struct slice more)
{
	size_t ceiling = b->ceiling == 0 ? LIMIT_BODY_BYTES : b->ceiling;

	if (b->error != ACTAS_OK)
		return;
	if (b->length > ceiling || more.length > ceiling - b->length) {
		b->error = ACTAS_ELIMIT;
		return;
	}
	if (b->length + more.length >= b->capacity &&
	    !move(b, (b->length + more.length) * 2 + 512)) {
		b->error = ACTAS_ENOMEM;
		return;
	}
	if (more.length > 0)
		memcpy(b->at + b->length, more.at, more.length);
	b->length += more.length;
	b->at[b->length] = '\0';
}

void
wiped_release(struct buffer *b)
{
	if (b->at != NULL)
		secret_wipe(b->at, b->capacity);
	buffer_release(b);
}
