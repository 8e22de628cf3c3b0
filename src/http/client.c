/*
 * One easy handle a call: what asks is a person at a command line or a fetch
 * of keys now and then, so that connections need not be kept. The proxy of
 * the environment is honoured, but never on the way to this machine.
 */
#include "http/client.h"
#include "http/exchange_private.h"

#include "keys/secret.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

enum { ANSWER_BYTES = 64 << 20, SECONDS = 30 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_ready;

/* Bodies and headers pass through many of the library's buffers, so that all
 * of them are wiped when they are freed: each begins with its size. */
struct curl_piece {
	size_t size;
	_Alignas(16) char bytes[];
};

static struct curl_piece *
piece_of(void *bytes)
{
	return (struct curl_piece *)((char *)bytes -
	    offsetof(struct curl_piece, bytes));
}

static void *
piece_zero(size_t count, size_t size)
{
	size_t bytes, all;
	struct curl_piece *p;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    __builtin_add_overflow(bytes, sizeof *p, &all))
		return NULL;
	p = mem_zero(1, all);
	if (p == NULL)
		return NULL;
	p->size = bytes;
	return p->bytes;
}

static void *
piece_new(size_t size)
{
	return piece_zero(1, size);
}

static void
piece_free(void *bytes)
{
	if (bytes == NULL)
		return;
	secret_wipe(bytes, piece_of(bytes)->size);
	mem_free(piece_of(bytes));
}

static void *
piece_resize(void *bytes, size_t size)
{
	void *moved = piece_new(size);
	size_t before = bytes == NULL ? 0 : piece_of(bytes)->size;

	if (moved == NULL)
		return NULL;
	if (bytes != NULL)
		memcpy(moved, bytes, before < size ? before : size);
	piece_free(bytes);
	return moved;
}

static char *
piece_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = piece_new(size);

	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

static void
prepare(void)
{
	is_ready =
	    curl_global_init_mem(CURL_GLOBAL_DEFAULT, piece_new, piece_free,
		piece_resize, piece_text, piece_zero) == CURLE_OK;
}

static bool
is_loopback(const char *host)
{
	struct slice s = slice_of(host);

	if (host == NULL)
		return false;
	return slice_eq_case(s, SLICE("localhost")) ||
	    slice_ends_case(s, SLICE(".localhost")) ||
	    slice_eq(s, SLICE("[::1]")) ||
	    (slice_starts(s, SLICE("127.")) &&
		strspn(host, "0123456789.") == s.length);
}

/* What is needed of a URL; curl's own parser, so that both read the same. */
struct place {
	char *scheme, *host, *user;
};

static void
place_release(struct place *p)
{
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->user);
}

static enum actas_error
place_read(const char *url, struct place *p, struct fault *fault)
{
	CURLU *u = curl_url();
	CURLUcode code = CURLUE_OUT_OF_MEMORY;

	if (u != NULL)
		code = curl_url_set(u, CURLUPART_URL, url, 0);
	if (code == CURLUE_OK)
		code = curl_url_get(u, CURLUPART_SCHEME, &p->scheme, 0);
	if (code == CURLUE_OK)
		code = curl_url_get(u, CURLUPART_HOST, &p->host, 0);
	if (code == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_USER, &p->user, 0) ==
		CURLUE_OUT_OF_MEMORY)
		code = CURLUE_OUT_OF_MEMORY;
	curl_url_cleanup(u);
	if (code == CURLUE_OUT_OF_MEMORY)
		return fault_plain(fault, ACTAS_ENOMEM);
	if (code != CURLUE_OK)
		return fault_set(
		    fault, ACTAS_EUSAGE, NULL, 0, "this is no URL");
	return ACTAS_OK;
}

static enum actas_error
place_check(
    const struct place *p, const struct http_query *query, struct fault *fault)
{
	if (p->scheme == NULL || p->host == NULL)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "a URL names a scheme and a host");
	if (p->user != NULL)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "a URL may not hold a user name");
	if (strcmp(p->scheme, "https") == 0)
		return ACTAS_OK;
	if (strcmp(p->scheme, "http") == 0 && query->allow_http &&
	    is_loopback(p->host))
		return ACTAS_OK;
	return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
	    "%s is asked over https only", p->host);
}

static size_t
on_body(char *at, size_t size, size_t count, void *context)
{
	struct buffer *body = context;

	wiped_add(body, (struct slice){at, size * count});
	return body->error == ACTAS_OK ? size * count : 0;
}

/* Headers of the caller; without "Expect", which costs a second. */
static enum actas_error
make_headers(const struct http_query *query, struct curl_slist **list)
{
	const char *const *header = query->headers;
	struct curl_slist *longer = curl_slist_append(NULL, "Expect:");

	for (*list = longer;
	     longer != NULL && header != NULL && *header != NULL; header++) {
		longer = curl_slist_append(*list, *header);
		*list = longer == NULL ? *list : longer;
	}
	return longer == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

static void
set_request(CURL *curl, const struct http_query *query)
{
	const char *method = query->method == NULL ? "GET" : query->method;

	curl_easy_setopt(curl, CURLOPT_URL, query->url);
	if (query->body.length > 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, query->body.at);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)query->body.length);
	}
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1l);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

static void
set_transport(
    CURL *curl, const struct http_query *query, const struct place *place)
{
	const long seconds = query->seconds == 0 ? SECONDS : query->seconds;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
	    query->allow_http ? "https,http" : "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0l);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1l);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (query->ca_path != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, query->ca_path);
	if (is_loopback(place->host))
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

/* With CURLOPT_NOSIGNAL the library leaves SIGPIPE to us. */
static CURLcode
perform(CURL *curl)
{
	const struct timespec now = {0};
	sigset_t pipe, before, pending;
	CURLcode code;
	bool was_pending;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe, &before);
	code = curl_easy_perform(curl);
	if (!was_pending)
		while (sigtimedwait(&pipe, NULL, &now) == SIGPIPE)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

static enum actas_error
explain(CURLcode code, const struct place *place, const char *details,
    const struct buffer *body, struct fault *fault)
{
	if (code == CURLE_OK)
		return ACTAS_OK;
	if (code == CURLE_OUT_OF_MEMORY || body->error == ACTAS_ENOMEM)
		return fault_plain(fault, ACTAS_ENOMEM);
	if (body->error == ACTAS_ELIMIT)
		return fault_set(fault, ACTAS_ELIMIT, NULL, 0,
		    "the answer of %s is larger than %zu bytes", place->host,
		    body->ceiling);
	return fault_set(fault, ACTAS_EIO, NULL, 0, "cannot ask %s: %s",
	    place->host,
	    details[0] != '\0' ? details : curl_easy_strerror(code));
}

static void
take_answer(CURL *curl, struct http_answer *answer)
{
	const char *type = NULL;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	snprintf(answer->content_type, sizeof answer->content_type, "%s",
	    type == NULL ? "" : type);
}

static enum actas_error
ask_place(const struct http_query *query, const struct place *place,
    struct http_answer *answer, struct fault *fault)
{
	char details[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	enum actas_error e = make_headers(query, &headers);

	if (curl == NULL || e != ACTAS_OK) {
		e = fault_plain(fault, ACTAS_ENOMEM);
		goto out;
	}
	answer->body.ceiling =
	    query->ceiling == 0 ? ANSWER_BYTES : query->ceiling;
	set_request(curl, query);
	set_transport(curl, query, place);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, details);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer->body);
	e = explain(perform(curl), place, details, &answer->body, fault);
	if (e == ACTAS_OK)
		take_answer(curl, answer);
out:
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return e;
}

enum actas_error
http_ask(const struct http_query *query, struct http_answer *answer,
    struct fault *fault)
{
	struct place place = {NULL, NULL, NULL};
	enum actas_error e;

	*answer = (struct http_answer){0};
	if (pthread_once(&once, prepare) != 0 || !is_ready)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "the HTTP library does not start");
	e = place_read(query->url, &place, fault);
	if (e == ACTAS_OK)
		e = place_check(&place, query, fault);
	if (e == ACTAS_OK)
		e = ask_place(query, &place, answer, fault);
	place_release(&place);
	if (e != ACTAS_OK)
		http_answer_release(answer);
	return e;
}

void
http_answer_release(struct http_answer *answer)
{
	wiped_release(&answer->body);
}
