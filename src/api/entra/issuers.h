#ifndef API_ENTRA_ISSUERS_H
#define API_ENTRA_ISSUERS_H

/*
 * The keys of external issuers, whose tokens are taken as assertions. The
 * data folder's issuers.json says where each issuer's key set (JWKS) is:
 *
 *	{"https://token.actions.githubusercontent.com":
 *	     "https://token.actions.githubusercontent.com/.well-known/jwks",
 *	 "https://kubernetes.default.svc": "keys/cluster.json"}
 *
 * an https address, an http one on this machine, or a file, from the folder
 * if its path is relative. Nothing else is ever fetched: what a token says of
 * its issuer leads nowhere. Keys are kept for a day; a key that is not among
 * them has the set read again, at most once a minute.
 */

#include "keys/jwt.h"
#include "platform/platform.h"

struct issuers;

struct issuers *issuers_new(struct platform *platform); /* NULL: no memory */
void issuers_free(struct issuers *i);

enum issuer_result {
	ISSUER_GOOD,    /* the signature is one of its keys' */
	ISSUER_BAD,     /* its key, but not its signature */
	ISSUER_NO_KEY,  /* none of the keys that it had last */
	ISSUER_NOT_READ /* no keys of it are known */
};
/* Any thread; never waits for a peer. */
enum issuer_result issuers_verify(
    struct issuers *i, struct slice issuer, const struct jwt *jwt);
/* Reads the issuer's keys, unless that was done within the minute. May take
 * long: the worker's, in the issuer's lane. */
void issuers_fetch(struct issuers *i, struct slice issuer);

#endif
