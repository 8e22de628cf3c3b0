#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

/*
 * Asking other servers (libcurl): a JWKS of an external issuer, a running
 * actas as a source. HTTPS only (http where 'allow_http' and the host is
 * loopback), redirects are answers and not followed, TLS 1.2 or newer,
 * verified, bounded answer. HTTPS_PROXY of the environment is honoured, but
 * not for loopback. Everything that libcurl frees is wiped, and so is the
 * answer when it is released.
 */

#include "base/base.h"

struct http_query {
	const char *method; /* default GET */
	const char *url;
	const char *const
	    *headers;        /* "Name: value", NULL-terminated, or NULL */
	struct slice body;   /* "" for none */
	const char *ca_path; /* PEM; NULL: the system's */
	uint32_t seconds;    /* whole time; 0: 30 */
	size_t ceiling;      /* bytes of the answer; 0: 64 MiB */
	bool allow_http;
};

struct http_answer {
	long status;
	struct buffer body;
	char content_type[128];
};

/* Any status is an answer. ACTAS_EIO, ACTAS_ELIMIT (the ceiling), ACTAS_EUSAGE
 * (the URL) with a fault that says why, never with the body, headers or
 * path. */
enum actas_error http_ask(const struct http_query *query,
    struct http_answer *answer, struct fault *fault) ACTAS_MUST_USE;
void http_answer_release(struct http_answer *answer);

#endif
