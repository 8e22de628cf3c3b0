#include "base/vector.h"

#include "base/limits.h"

#include <string.h>

/* Any object pointer has the representation of a void pointer here, so the
 * field is read and written by bytes, which no aliasing rule forbids. */
static enum actas_error
resize(void *field, uint32_t *capacity, uint64_t wanted, size_t size)
{
	void *old, *grown;

	memcpy(&old, field, sizeof old);
	grown = mem_resize(old, wanted * size);
	if (grown == NULL)
		return ACTAS_ENOMEM;
	memcpy(field, &grown, sizeof grown);
	*capacity = (uint32_t)wanted;
	return ACTAS_OK;
}

enum actas_error
vector_reserve_(
    void *field, uint32_t *capacity, uint32_t count, size_t more, size_t size)
{
	uint64_t wanted;

	if (more <= *capacity - count)
		return ACTAS_OK;
	if (more > LIMIT_ENTITIES - count)
		return ACTAS_ELIMIT;
	wanted = (uint64_t)*capacity + *capacity / 2 + 8;
	if (wanted < count + more)
		wanted = count + more;
	if (wanted > LIMIT_ENTITIES)
		wanted = LIMIT_ENTITIES;
	return resize(field, capacity, wanted, size);
}

enum actas_error
vector_push_(void *field, uint32_t *capacity, uint32_t *count,
    const void *element, size_t size)
{
	enum actas_error error =
	    vector_reserve_(field, capacity, *count, 1, size);
	char *elements;

	if (error != ACTAS_OK)
		return error;
	memcpy(&elements, field, sizeof elements);
	memcpy(elements + *count * size, element, size);
	++*count;
	return ACTAS_OK;
}

void
vector_trim_(void *field, uint32_t *capacity, uint32_t count, size_t size)
{
	if (*capacity > count &&
	    resize(field, capacity, count, size) != ACTAS_OK)
		return;
}
