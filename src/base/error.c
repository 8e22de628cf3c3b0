#include "base/error.h"

#include <stdio.h>
#include <string.h>

const char *
actas_strerror(enum actas_error error)
{
	switch (error) {
	case ACTAS_OK:
		return "no error";
	case ACTAS_ENOMEM:
		return "out of memory";
	case ACTAS_EIO:
		return "input or output failed";
	case ACTAS_EPARSE:
		return "the input is not of the expected form";
	case ACTAS_ELIMIT:
		return "the input passes a limit";
	case ACTAS_EUSAGE:
		return "the request makes no sense";
	case ACTAS_ENOTFOUND:
		return "nothing bears that name";
	case ACTAS_EAMBIGUOUS:
		return "several things bear that name";
	}
	return "unknown error";
}

/* Takes a character off that was cut in two. */
static void
mend_end(char *text)
{
	size_t length = strlen(text), lead = length;
	unsigned char first;

	while (lead > 0 && ((unsigned char)text[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	first = (unsigned char)text[--lead];
	if (first >= 0xc0 &&
	    length - lead < (first < 0xe0          ? 2u
				    : first < 0xf0 ? 3u
						   : 4u))
		text[lead] = '\0';
}

enum actas_error
fault_set(struct fault *fault, enum actas_error error, const char *file,
    uint32_t line, const char *format, ...)
{
	va_list args;
	int length;

	if (fault == NULL || fault->error != ACTAS_OK)
		return error;
	fault->error = error;
	fault->line = line;
	snprintf(
	    fault->file, sizeof fault->file, "%s", file == NULL ? "" : file);
	va_start(args, format);
	length = vsnprintf(fault->message, sizeof fault->message, format, args);
	va_end(args);
	if (length >= (int)sizeof fault->message)
		mend_end(fault->message);
	return error;
}

enum actas_error
fault_plain(struct fault *fault, enum actas_error error)
{
	return fault_set(fault, error, NULL, 0, "%s", actas_strerror(error));
}
