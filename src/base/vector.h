#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

/*
 * Growable arrays: `VECTOR(struct row) rows = {0};`. Elements are read as
 * rows.at[i], i < rows.count, and move when the vector grows. At most
 * LIMIT_ENTITIES elements.
 */

#include "base/error.h"
#include "base/memory.h"

#define VECTOR(type)               \
	struct {                   \
		type *at;          \
		uint32_t count;    \
		uint32_t capacity; \
	}

/* Room for 'n' more elements. ACTAS_ENOMEM, ACTAS_ELIMIT. */
#define vector_reserve(v, n) \
	vector_reserve_(     \
	    &(v)->at, &(v)->capacity, (v)->count, n, sizeof *(v)->at)

/* Appends the element given as the last argument. */
#define vector_push(v, ...)                                 \
	vector_push_(&(v)->at, &(v)->capacity, &(v)->count, \
	    (__typeof__(*(v)->at)[1]){__VA_ARGS__}, sizeof *(v)->at)

/* Gives unused room back; failing to is harmless. */
#define vector_trim(v) \
	vector_trim_(&(v)->at, &(v)->capacity, (v)->count, sizeof *(v)->at)

/* Leaves an empty vector behind. */
#define vector_release(v)          \
	do {                       \
		mem_free((v)->at); \
		(v)->at = NULL;    \
		(v)->count = 0;    \
		(v)->capacity = 0; \
	} while (0)

/* Behind the macros; 'field' is the address of the pointer to elements. */
enum actas_error vector_reserve_(void *field, uint32_t *capacity,
    uint32_t count, size_t more, size_t size) ACTAS_MUST_USE;
enum actas_error vector_push_(void *field, uint32_t *capacity, uint32_t *count,
    const void *element, size_t size) ACTAS_MUST_USE;
void vector_trim_(void *field, uint32_t *capacity, uint32_t count, size_t size);

#endif
