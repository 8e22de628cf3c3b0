#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

/*
 * Asking other servers (libcurl): a JWKS of an external issuer, a running
 * actas as a source. HTTPS only (http where 'allow_http' and the host is
 * loopback), no redirects to another host, TLS verified, bounded answer.
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
	bool body_is_secret; /* wiped afterwards, also in the library's copies
				that we can reach */
};

struct http_answer {
	long status;
	struct buffer body;
	char content_type[128];
};

/* ACTAS_EIO with a fault that says why (never with the body or headers). Any
 * status is an answer. */
enum actas_error http_ask(const struct http_query *query,
    struct http_answer *answer, struct fault *fault) ACTAS_MUST_USE;
void http_answer_release(struct http_answer *answer);

#endif
