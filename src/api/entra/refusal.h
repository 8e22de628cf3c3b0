#ifndef API_ENTRA_REFUSAL_H
#define API_ENTRA_REFUSAL_H

/*
 * How the token service says no: AADSTS numbers with the service's own words
 * (facts section 5 and the public record of its answers; "[U]" where neither
 * shows the case).
 */

#include "api/api.h"

enum refusal {
	/* the request */
	REFUSE_MALFORMED,
	REFUSE_MISSING,      /* %1: parameter */
	REFUSE_NO_SCOPE,     /* %1: parameter */
	REFUSE_DUPLICATE,    /* %1: parameter */
	REFUSE_GRANT_TYPE,   /* %1: grant type */
	REFUSE_NO_TENANT,    /* %1: tenant */
	REFUSE_TENANT_NAME,  /* %1: tenant */
	REFUSE_V1_PARAMETER, /* %1: parameter */
	/* what is asked for */
	REFUSE_SCOPE_FORM,   /* %1: scope */
	REFUSE_SCOPES,       /* %1: scope */
	REFUSE_RESOURCE,     /* %1: resource, %2: tenant */
	REFUSE_NOT_ASSIGNED, /* %1: id, %2: name, %3: resource */
	/* the application */
	REFUSE_NO_APPLICATION, /* %1: id, %2: tenant */
	REFUSE_NO_PRINCIPAL,   /* %1: id, %2: tenant id */
	REFUSE_DISABLED,       /* %1: id, %2: name */
	/* its secret */
	REFUSE_NO_CREDENTIAL,
	REFUSE_WRONG_SECRET,   /* %1: id */
	REFUSE_EXPIRED_SECRET, /* %1: id */
	/* its assertion */
	REFUSE_ASSERTION_TYPE, /* %1: type */
	REFUSE_ASSERTION_FORM,
	REFUSE_ASSERTION_ALGORITHM, /* %1: alg, %2: those that are taken */
	REFUSE_ASSERTION_KEY,       /* %1: reason, %2: id */
	REFUSE_ASSERTION_TIME,      /* %1: now, %2: valid from, %3: expires */
	REFUSE_ASSERTION_AUDIENCE,
	REFUSE_ASSERTION_SUBJECT,
	/* an assertion of somebody else */
	REFUSE_NO_FEDERATED,       /* %1: id, %2: name */
	REFUSE_FEDERATED_ISSUER,   /* %1: issuer */
	REFUSE_FEDERATED_SUBJECT,  /* %1: subject */
	REFUSE_FEDERATED_CASE,     /* %1: subject */
	REFUSE_FEDERATED_AUDIENCE, /* %1: audience */
	REFUSE_FEDERATED_KEYS,
	/* too many of them */
	REFUSE_TOO_OFTEN,
	/* instance discovery */
	REFUSE_INSTANCE,
	REFUSALS
};

enum { REFUSAL_ARGUMENTS = 3 };

/* The AADSTS number as text, for the audit log. */
const char *refusal_number(enum refusal refusal);
uint32_t refusal_status(enum refusal refusal);
/* Answers. 'arguments' are REFUSAL_ARGUMENTS slices, or NULL. */
void refusal_answer(
    struct exchange *x, enum refusal refusal, const struct slice *arguments);

#endif
