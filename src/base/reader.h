#ifndef BASE_READER_H
#define BASE_READER_H

/*
 * The seam through which bytes come in: a file, standard input, or memory in
 * tests and fuzzers.
 */

#include "base/buffer.h"

struct reader {
	/*
	 * Reads at most 'size' bytes, '*got' of them; 0 at the end.
	 * ACTAS_EIO with errno set.
	 */
	enum actas_error (*read)(
	    struct reader *r, void *into, size_t size, size_t *got);
	void (*close)(struct reader *r);
	const char *name;  /* for messages; outlives the reader */
	int descriptor;    /* of a file */
	struct slice rest; /* of memory */
};

/* "-" is standard input. ACTAS_EIO with a fault that says why. */
enum actas_error reader_open(
    struct reader *r, const char *path, struct fault *fault) ACTAS_MUST_USE;
/* Reads 'text', which must outlive the reader. */
struct reader reader_memory(const char *name, struct slice text);
void reader_close(struct reader *r);

/*
 * Everything up to the end, appended to 'into'. ACTAS_ELIMIT past 'ceiling'
 * bytes, ACTAS_EIO, ACTAS_ENOMEM; the fault names the reader.
 */
enum actas_error reader_all(struct reader *r, struct buffer *into,
    size_t ceiling, struct fault *fault) ACTAS_MUST_USE;

#endif
