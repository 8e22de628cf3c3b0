#ifndef ACTAS_H
#define ACTAS_H

/*
 * libactas: which identity acts here, and what may it touch? Embeds the
 * decisions of actas in a program.
 *
 *	struct actas_estate *estate;
 *	struct actas_decision *decision;
 *
 *	if (actas_load("access.md", &estate, &failure) != ACTAS_SUCCESS)
 *		…failure.message…
 *	if (actas_decide(estate, "sp-worker", "get-secret", "kv-data",
 *	        &decision, &failure) != ACTAS_SUCCESS)
 *		…
 *	if (actas_decision_allowed(decision))
 *		…
 *	actas_decision_free(decision);
 *	actas_estate_free(estate);
 *
 * Ownership: what a function hands out through a pointer to a pointer is the
 * caller's, who frees it with the function named after it; NULL may be freed.
 * After a failure that pointer is NULL. Texts that accessors return belong to
 * the object that they were asked of and live as long as it. Answers
 * (actions, decisions, lists, findings) must be freed before their estate.
 *
 * Threads: an estate never changes. Any number of threads may ask one estate
 * at once; an answer never changes either.
 *
 * Names are taken as the command line takes them: a principal by display
 * name, UPN, object id or app id; an action by its name or alias; a scope by
 * path or unique name. Text is UTF-8. Nothing is ever printed.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACTAS_VERSION_MAJOR 0
#define ACTAS_VERSION_MINOR 1
#define ACTAS_VERSION_PATCH 0

#if defined(__GNUC__)
#define ACTAS_API     __attribute__((visibility("default")))
#define ACTAS_CHECKED __attribute__((warn_unused_result))
#else
#define ACTAS_API
#define ACTAS_CHECKED
#endif

enum actas_result {
	ACTAS_SUCCESS = 0,
	ACTAS_OUT_OF_MEMORY = -1,
	ACTAS_IO = -2,        /* the system refused to read */
	ACTAS_MALFORMED = -3, /* input is not of the form that it claims */
	ACTAS_TOO_LARGE = -4, /* input passes a limit */
	ACTAS_MISUSE = -5,    /* the request makes no sense */
	ACTAS_UNKNOWN = -6,   /* a name that nothing bears */
	ACTAS_AMBIGUOUS = -7  /* a name that several things bear */
};

/* What went wrong, for a person. Filled by a function that fails; NULL may be
 * given where it is taken. */
struct actas_failure {
	enum actas_result result;
	uint32_t line;      /* 0 where no line is to blame */
	char file[256];     /* "" where no file is to blame */
	char message[1024]; /* what was wrong and what was expected */
};

struct actas_estate;   /* everything known about one platform */
struct actas_action;   /* an action made ready for one estate */
struct actas_decision; /* allow or deny, with its reason */
struct actas_list;     /* who may */
struct actas_findings; /* what is wrong */

/* The version that runs, "0.1.0"; that of this header is in the macros. */
ACTAS_API const char *actas_version(void);

/* Reads an access page (.md), a file of Azure JSON, or a folder of it. */
ACTAS_CHECKED ACTAS_API enum actas_result actas_load(const char *path,
    struct actas_estate **estate, struct actas_failure *failure);

enum actas_form {
	ACTAS_PAGE, /* an access page, Markdown */
	ACTAS_JSON  /* one document of Azure JSON */
};

/* Reads a source from memory, which is not kept; 'name' is for messages. */
ACTAS_CHECKED ACTAS_API enum actas_result actas_load_memory(const char *name,
    enum actas_form form, const void *bytes, size_t length,
    struct actas_estate **estate, struct actas_failure *failure);

ACTAS_API void actas_estate_free(struct actas_estate *estate);

/* Looks names up once, for programs that ask often. The ids are those of
 * this estate only. */
ACTAS_CHECKED ACTAS_API enum actas_result actas_find_principal(
    const struct actas_estate *estate, const char *name, uint32_t *principal,
    struct actas_failure *failure);
ACTAS_CHECKED ACTAS_API enum actas_result actas_find_scope(
    const struct actas_estate *estate, const char *name, uint32_t *scope,
    struct actas_failure *failure);
ACTAS_CHECKED ACTAS_API enum actas_result actas_action_new(
    const struct actas_estate *estate, const char *name,
    struct actas_action **action, struct actas_failure *failure);
ACTAS_API void actas_action_free(struct actas_action *action);

/* Only yes (1) or no (0), as fast as it can be; needs no memory. The ids must
 * be those that the finders gave for this estate. */
ACTAS_API int actas_allowed(const struct actas_estate *estate,
    uint32_t principal, const struct actas_action *action, uint32_t scope);

/* One decision, with its reason and its path. */
ACTAS_CHECKED ACTAS_API enum actas_result actas_decide(
    const struct actas_estate *estate, const char *principal,
    const char *action, const char *scope, struct actas_decision **decision,
    struct actas_failure *failure);
ACTAS_API void actas_decision_free(struct actas_decision *decision);

ACTAS_API int actas_decision_allowed(const struct actas_decision *decision);
/* One of the reasons of docs/json.md, such as "DeniedWithNoValidRBAC". */
ACTAS_API const char *actas_decision_reason(
    const struct actas_decision *decision);
/* The role whose grant decided, or would have but for the reason; or NULL. */
ACTAS_API const char *actas_decision_role(
    const struct actas_decision *decision);
/* The path to it: principal, groups, role, scope; empty without a role. */
ACTAS_API size_t actas_decision_path_length(
    const struct actas_decision *decision);
/* NULL from the length on. */
ACTAS_API const char *actas_decision_path(
    const struct actas_decision *decision, size_t i);
/* Of a denial: grants any one of which would turn it, least role first. */
ACTAS_API size_t actas_decision_missing_count(
    const struct actas_decision *decision);
/* NULL from the count on. In a vault that goes by access policies it is none,
 * but as in "Key Vault access policy: get". */
ACTAS_API const char *actas_decision_missing_role(
    const struct actas_decision *decision, size_t i);
ACTAS_API const char *actas_decision_missing_scope(
    const struct actas_decision *decision, size_t i);

/* Everyone who may. */
ACTAS_CHECKED ACTAS_API enum actas_result actas_who(
    const struct actas_estate *estate, const char *action, const char *scope,
    struct actas_list **list, struct actas_failure *failure);
ACTAS_API void actas_list_free(struct actas_list *list);
ACTAS_API size_t actas_list_count(const struct actas_list *list);
/* NULL from the count on. */
ACTAS_API const char *actas_list_principal(
    const struct actas_list *list, size_t i);
ACTAS_API const char *actas_list_role(const struct actas_list *list, size_t i);

/* What is wrong, but for what the source silences. 'now', in seconds since
 * 1970, judges expiry; 0 stands for the system's clock. */
ACTAS_CHECKED ACTAS_API enum actas_result actas_check(
    const struct actas_estate *estate, int64_t now,
    struct actas_findings **findings, struct actas_failure *failure);
ACTAS_API void actas_findings_free(struct actas_findings *findings);
ACTAS_API size_t actas_findings_count(const struct actas_findings *findings);
/* Of the i-th finding; NULL (line: 0) from the count on. */
ACTAS_API const char *actas_finding_rule(
    const struct actas_findings *findings, size_t i);
/* "error", "warning" or "note" */
ACTAS_API const char *actas_finding_severity(
    const struct actas_findings *findings, size_t i);
ACTAS_API const char *actas_finding_message(
    const struct actas_findings *findings, size_t i);
/* Where it shows first; NULL where no file is to blame. */
ACTAS_API const char *actas_finding_file(
    const struct actas_findings *findings, size_t i);
ACTAS_API uint32_t actas_finding_line(
    const struct actas_findings *findings, size_t i);

#ifdef __cplusplus
}
#endif

#endif
