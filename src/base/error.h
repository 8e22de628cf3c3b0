#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * How things fail.
 *
 * A function that can fail returns an enum actas_error and is marked
 * ACTAS_MUST_USE. Where a person will read the failure it also takes a
 * struct fault, which names the file and the line and says what was expected.
 * Running out of memory is an error like any other, never an exit.
 */

#include <stdarg.h>
#include <stdint.h>

#define ACTAS_MUST_USE     __attribute__((warn_unused_result))
#define ACTAS_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define ACTAS_UNUSED       __attribute__((unused))

enum actas_error {
	ACTAS_OK = 0,
	ACTAS_ENOMEM = -1,    /* out of memory */
	ACTAS_EIO = -2,       /* the system refused to read or write */
	ACTAS_EPARSE = -3,    /* input is not of the form that it claims */
	ACTAS_ELIMIT = -4,    /* input passes a ceiling (base/limits.h) */
	ACTAS_EUSAGE = -5,    /* the caller asked for something meaningless */
	ACTAS_ENOTFOUND = -6, /* a name that nothing bears */
	ACTAS_EAMBIGUOUS = -7 /* a name that several things bear */
};

/* One sentence for each error, without a full stop. Static storage. */
const char *actas_strerror(enum actas_error error);

/*
 * What went wrong, for a person. Filled by the function that failed; only
 * the first fault is kept, since later ones are its consequences.
 */
struct fault {
	enum actas_error error;
	char file[256];     /* "" where no file is to blame */
	uint32_t line;      /* 0 where no line is to blame */
	char message[1024]; /* what was wrong and what was expected */
};

/*
 * Records a fault and returns 'error', so that a failing function can end
 * with `return fault_set(...)`. 'fault' may be NULL, 'file' may be NULL.
 */
enum actas_error fault_set(struct fault *fault, enum actas_error error,
    const char *file, uint32_t line, const char *format, ...)
    ACTAS_PRINTF(5, 6);

/* The same with the sentence of actas_strerror as message. */
enum actas_error fault_plain(struct fault *fault, enum actas_error error);

#endif
