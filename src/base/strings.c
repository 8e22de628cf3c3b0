#include "base/strings.h"

#include "base/limits.h"

enum { CHUNK_BYTES = 256 * 1024 };

_Static_assert(LIMIT_STRING_BYTES < CHUNK_BYTES, "any text fits a chunk");

void
strings_release(struct strings *s)
{
	for (uint32_t i = 0; i < s->chunks.count; i++)
		mem_free(s->chunks.at[i]);
	for (uint32_t i = 0; i < s->outgrown.count; i++)
		mem_free(s->outgrown.at[i]);
	vector_release(&s->chunks);
	vector_release(&s->texts);
	vector_release(&s->lengths);
	vector_release(&s->outgrown);
	index_release(&s->index);
	*s = (struct strings){0};
}

bool
strings_find(const struct strings *s, struct slice text, string_id *id)
{
	struct index_walk walk;
	uint32_t row;

	*id = 0;
	if (text.length == 0)
		return true;
	walk = index_start(&s->index, slice_hash(text));
	while (index_next(&walk, &row)) {
		if (!slice_eq(strings_get(s, row + 1), text))
			continue;
		*id = row + 1;
		return true;
	}
	return false;
}

static enum actas_error
new_chunk(struct strings *s)
{
	char *chunk = mem_alloc(CHUNK_BYTES);
	enum actas_error error;

	if (chunk == NULL)
		return ACTAS_ENOMEM;
	error = vector_push(&s->chunks, chunk);
	if (error != ACTAS_OK) {
		mem_free(chunk);
		return error;
	}
	s->chunk_used = 0;
	s->chunk_size = CHUNK_BYTES;
	s->total += CHUNK_BYTES;
	return ACTAS_OK;
}

/* Copies the text into the newest chunk. */
static enum actas_error
keep(struct strings *s, struct slice text, const char **kept)
{
	enum actas_error error;
	char *at;

	if (s->chunk_size - s->chunk_used <= text.length) {
		error = new_chunk(s);
		if (error != ACTAS_OK)
			return error;
	}
	at = s->chunks.at[s->chunks.count - 1] + s->chunk_used;
	memcpy(at, text.at, text.length);
	at[text.length] = '\0';
	s->chunk_used += text.length + 1;
	*kept = at;
	return ACTAS_OK;
}

enum actas_error
strings_add(struct strings *s, struct slice text, string_id *id)
{
	enum actas_error error;
	const char *kept;

	if (strings_find(s, text, id))
		return ACTAS_OK;
	if (text.length > LIMIT_STRING_BYTES ||
	    s->texts.count >= LIMIT_STRINGS ||
	    s->total >= LIMIT_STRING_POOL_BYTES)
		return ACTAS_ELIMIT;
	error = vector_reserve(&s->texts, 1);
	if (error == ACTAS_OK)
		error = vector_reserve(&s->lengths, 1);
	if (error == ACTAS_OK)
		error = keep(s, text, &kept);
	if (error == ACTAS_OK)
		error = index_add(&s->index, slice_hash(text), s->texts.count);
	if (error != ACTAS_OK)
		return error;
	s->texts.at[s->texts.count++] = kept;
	s->lengths.at[s->lengths.count++] = (uint32_t)text.length;
	*id = s->texts.count;
	return ACTAS_OK;
}

/* Doubles both columns; the old ones stay. */
static enum actas_error
outgrow(struct strings *s)
{
	uint32_t capacity = s->texts.count * 2 + 64;
	const char **texts = mem_alloc(capacity * sizeof *texts);
	uint32_t *lengths = mem_alloc(capacity * sizeof *lengths);

	if (texts == NULL || lengths == NULL ||
	    vector_reserve(&s->outgrown, 2) != ACTAS_OK) {
		mem_free(texts);
		mem_free(lengths);
		return ACTAS_ENOMEM;
	}
	if (s->texts.count > 0) {
		memcpy(texts, s->texts.at, s->texts.count * sizeof *texts);
		memcpy(
		    lengths, s->lengths.at, s->texts.count * sizeof *lengths);
	}
	s->outgrown.at[s->outgrown.count++] = s->texts.at;
	s->outgrown.at[s->outgrown.count++] = s->lengths.at;
	s->texts.at = texts;
	s->lengths.at = lengths;
	s->texts.capacity = s->lengths.capacity = capacity;
	return ACTAS_OK;
}

enum actas_error
strings_add_beside(struct strings *s, struct slice text, string_id *id)
{
	enum actas_error error;

	if (strings_find(s, text, id))
		return ACTAS_OK;
	if (s->texts.count == s->texts.capacity ||
	    s->lengths.count == s->lengths.capacity) {
		error = outgrow(s);
		if (error != ACTAS_OK)
			return error;
	}
	return strings_add(s, text, id);
}

struct slice
strings_get(const struct strings *s, string_id id)
{
	if (id == 0)
		return SLICE("");
	return (struct slice){s->texts.at[id - 1], s->lengths.at[id - 1]};
}

size_t
strings_memory(const struct strings *s)
{
	size_t slots = s->index.slots == NULL ? 0 : (size_t)s->index.mask + 1;

	return s->total + s->chunks.capacity * sizeof(char *) +
	    slots * 2 * sizeof(uint32_t) + s->texts.capacity * sizeof(char *) +
	    s->lengths.capacity * sizeof(uint32_t);
}
