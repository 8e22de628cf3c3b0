#ifndef API_TOKENS_H
#define API_TOKENS_H

/*
 * Access tokens: issued, and verified when they come back.
 *
 * A token says what Entra's say (facts section 5), and one thing more:
 * "actas_kid", the id of the credential that got it, so that every request is
 * known by its credential. A token dies with its service principal (removed
 * or disabled), at once; a credential that is removed gets no new tokens, and
 * those that it got live until they expire, as Entra's do.
 */

#include "api/keyring.h"
#include "api/verified.h"

struct tokens {
	struct platform *platform;
	struct keyring *ring;
	struct verified *verified;
	moment rotation_failed; /* 0: it did not */
};

enum actas_error tokens_new(struct platform *platform, struct tokens **tokens,
    struct fault *fault) ACTAS_MUST_USE;
void tokens_free(struct tokens *t);
/* Makes the next signing key when it is time; tried again after a minute
 * where that failed. One thread at a time. */
enum actas_error tokens_rotate(
    struct tokens *t, struct fault *fault) ACTAS_MUST_USE;

/* How a client proved itself, as tokens say it. */
enum token_strength { TOKEN_BY_SECRET = 1, TOKEN_BY_KEY = 2 };

struct token_order {
	struct guid object_id, app_id;
	struct slice audience; /* as the client named the resource */
	struct slice key_id;   /* of the credential, or "" */
	struct slice identity; /* ARM id of a managed identity, or "" */
	enum token_strength strength;
	bool v2; /* the resource wants a v2.0 token */
	/* App roles of the resource that the principal has. */
	const char *const *roles;
	size_t role_count;
	uint32_t seconds;
};

struct token {
	struct buffer text;
	char uti[32];
	moment issued, expires;
};
void token_release(struct token *token);

enum actas_error tokens_issue(struct tokens *t, const struct token_order *order,
    struct token *token) ACTAS_MUST_USE;

/*
 * Whose token it is, if it is one of ours, holds at this time and its
 * principal may act according to the snapshot. 'about' gets the audience or,
 * for TOKEN_WRONG_ISSUER, the issuer. The audience is the caller's to judge.
 */
enum { TOKEN_ABOUT_BYTES = 256 };
enum token_fault tokens_verify(struct tokens *t,
    const struct snapshot *snapshot, struct slice token, struct caller *caller,
    char about[static TOKEN_ABOUT_BYTES]);

/* The platform's issuers: of v1.0 and v2.0 tokens. */
enum { TOKEN_ISSUER_BYTES = 96 };
void tokens_issuer(const struct platform *platform, bool v2,
    char issuer[static TOKEN_ISSUER_BYTES]);

#endif
