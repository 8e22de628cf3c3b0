#include "http/server_private.h"

#include <stdio.h>
#include <time.h>

int64_t
server_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

void
server_logv(struct server_log *log, const char *format, va_list args)
{
	int64_t now = server_seconds(), last = atomic_load(&log->last);
	uint32_t left_out;
	char line[320];
	size_t n;

	if (log->log == NULL)
		return;
	if (now == last ||
	    !atomic_compare_exchange_strong(&log->last, &last, now)) {
		atomic_fetch_add(&log->left_out, 1);
		return;
	}
	left_out = atomic_exchange(&log->left_out, 0);
	vsnprintf(line, 256, format, args);
	n = strcspn(line, "\r\n");
	line[n] = '\0';
	if (left_out > 0)
		snprintf(line + n, sizeof line - n,
		    " (and %u lines before it left out)", left_out);
	log->log(log->context, line);
}

void
server_log(struct server_log *log, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	server_logv(log, format, args);
	va_end(args);
}
