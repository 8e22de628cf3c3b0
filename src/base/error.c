#include "base/error.h"

#include <stdio.h>

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

enum actas_error
fault_set(struct fault *fault, enum actas_error error, const char *file,
    uint32_t line, const char *format, ...)
{
	va_list args;

	if (fault == NULL || fault->error != ACTAS_OK)
		return error;
	fault->error = error;
	fault->line = line;
	snprintf(
	    fault->file, sizeof fault->file, "%s", file == NULL ? "" : file);
	va_start(args, format);
	vsnprintf(fault->message, sizeof fault->message, format, args);
	va_end(args);
	return error;
}

enum actas_error
fault_plain(struct fault *fault, enum actas_error error)
{
	return fault_set(fault, error, NULL, 0, "%s", actas_strerror(error));
}
