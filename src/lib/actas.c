#include "actas.h"

#include "engine/engine.h"
#include "source/source.h"

/*
 * The public face. It only translates: public structs hold an inner one, and
 * every answer keeps the texts that it hands out in an arena of its own.
 */

#define REMEDIES_MOST 8

_Static_assert((int)ACTAS_SUCCESS == (int)ACTAS_OK, "one numbering");
_Static_assert((int)ACTAS_OUT_OF_MEMORY == (int)ACTAS_ENOMEM, "one numbering");
_Static_assert((int)ACTAS_IO == (int)ACTAS_EIO, "one numbering");
_Static_assert((int)ACTAS_MALFORMED == (int)ACTAS_EPARSE, "one numbering");
_Static_assert((int)ACTAS_TOO_LARGE == (int)ACTAS_ELIMIT, "one numbering");
_Static_assert((int)ACTAS_MISUSE == (int)ACTAS_EUSAGE, "one numbering");
_Static_assert((int)ACTAS_UNKNOWN == (int)ACTAS_ENOTFOUND, "one numbering");
_Static_assert((int)ACTAS_AMBIGUOUS == (int)ACTAS_EAMBIGUOUS, "one numbering");
_Static_assert(sizeof(((struct actas_failure *)0)->file) ==
	sizeof(((struct fault *)0)->file),
    "faults are copied whole");
_Static_assert(sizeof(((struct actas_failure *)0)->message) ==
	sizeof(((struct fault *)0)->message),
    "faults are copied whole");

struct actas_estate {
	struct estate *estate;
};

struct actas_action {
	struct action action;
};

struct grant_text {
	const char *role, *scope;
};

struct actas_decision {
	struct arena arena;
	struct decision decision;
	const char *role;
	const char **path;
	size_t path_length;
	struct grant_text *missing;
	size_t missing_count;
};

struct list_row {
	const char *principal, *role;
};

struct actas_list {
	struct arena arena;
	struct list_row *rows;
	size_t count;
};

struct actas_findings {
	struct arena arena;
	const struct estate *estate;
	const struct finding **at;
	size_t count;
};

/* A question, in ids of the estate. */
struct asked {
	principal_id principal;
	struct action action;
	scope_id scope;
};

static enum actas_result
finish(
    enum actas_error error, struct fault *fault, struct actas_failure *failure)
{
	if (error == ACTAS_OK)
		return ACTAS_SUCCESS;
	/* Some failures need no sentence but the general one. */
	fault_plain(fault, error);
	if (failure == NULL)
		return (enum actas_result)error;
	failure->result = (enum actas_result)error;
	failure->line = fault->line;
	memcpy(failure->file, fault->file, sizeof failure->file);
	memcpy(failure->message, fault->message, sizeof failure->message);
	return failure->result;
}

const char *
actas_version(void)
{
	return ACTAS_VERSION;
}

static enum actas_error
wrap(struct estate *inner, struct actas_estate **estate)
{
	*estate = mem_alloc(sizeof **estate);
	if (*estate == NULL) {
		estate_free(inner);
		return ACTAS_ENOMEM;
	}
	(*estate)->estate = inner;
	return ACTAS_OK;
}

enum actas_result
actas_load(const char *path, struct actas_estate **estate,
    struct actas_failure *failure)
{
	struct fault fault = {0};
	struct estate *inner = NULL;
	enum actas_error error;

	*estate = NULL;
	error = source_load(path, &inner, &fault);
	if (error == ACTAS_OK)
		error = wrap(inner, estate);
	return finish(error, &fault, failure);
}

static enum actas_error
read_form(struct builder *b, enum actas_form form, struct reader *r,
    struct fault *fault)
{
	if (form == ACTAS_PAGE)
		return source_read_page(b, r, fault);
	if (form == ACTAS_JSON)
		return source_read_json(b, r, SLICE(""), fault);
	return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
	    "form is ACTAS_PAGE or ACTAS_JSON, not %d", (int)form);
}

enum actas_result
actas_load_memory(const char *name, enum actas_form form, const void *bytes,
    size_t length, struct actas_estate **estate, struct actas_failure *failure)
{
	struct fault fault = {0};
	struct reader r = reader_memory(name, (struct slice){bytes, length});
	struct builder *b = builder_new(&fault);
	struct estate *inner = NULL;
	enum actas_error error = b == NULL ? ACTAS_ENOMEM : ACTAS_OK;

	*estate = NULL;
	if (error == ACTAS_OK)
		error = read_form(b, form, &r, &fault);
	if (error == ACTAS_OK)
		error = builder_finish(b, &inner);
	else
		builder_free(b);
	if (error == ACTAS_OK)
		error = wrap(inner, estate);
	reader_close(&r);
	return finish(error, &fault, failure);
}

void
actas_estate_free(struct actas_estate *estate)
{
	if (estate == NULL)
		return;
	estate_free(estate->estate);
	mem_free(estate);
}

enum actas_result
actas_find_principal(const struct actas_estate *estate, const char *name,
    uint32_t *principal, struct actas_failure *failure)
{
	struct fault fault = {0};
	enum actas_error error = estate_find_principal(
	    estate->estate, slice_of(name), principal, &fault);

	return finish(error, &fault, failure);
}

enum actas_result
actas_find_scope(const struct actas_estate *estate, const char *name,
    uint32_t *scope, struct actas_failure *failure)
{
	struct fault fault = {0};
	enum actas_error error =
	    estate_find_scope(estate->estate, slice_of(name), scope, &fault);

	return finish(error, &fault, failure);
}

enum actas_result
actas_action_new(const struct actas_estate *estate, const char *name,
    struct actas_action **action, struct actas_failure *failure)
{
	struct fault fault = {0};
	enum actas_error error = ACTAS_ENOMEM;

	*action = mem_zero(1, sizeof **action);
	if (*action != NULL)
		error = action_prepare(estate->estate, slice_of(name),
		    ACTION_AS_KNOWN, &(*action)->action, &fault);
	if (error != ACTAS_OK) {
		actas_action_free(*action);
		*action = NULL;
	}
	return finish(error, &fault, failure);
}

void
actas_action_free(struct actas_action *action)
{
	if (action == NULL)
		return;
	action_release(&action->action);
	mem_free(action);
}

int
actas_allowed(const struct actas_estate *estate, uint32_t principal,
    const struct actas_action *action, uint32_t scope)
{
	return decide(estate->estate, principal, &action->action, scope, NULL)
	    .allowed;
}

/* Keeps what was written, and releases the buffer. */
static enum actas_error
keep(struct arena *arena, struct buffer *text, const char **kept)
{
	enum actas_error error = text->error;

	if (error == ACTAS_OK) {
		*kept = arena_text(arena, buffer_slice(text));
		error = *kept == NULL ? ACTAS_ENOMEM : ACTAS_OK;
	}
	buffer_release(text);
	return error;
}

static enum actas_error
keep_principal(const struct estate *e, struct arena *arena, principal_id p,
    const char **kept)
{
	struct buffer text = {0};

	estate_write_principal(e, p, &text);
	return keep(arena, &text, kept);
}

static enum actas_error
keep_scope(
    const struct estate *e, struct arena *arena, scope_id s, const char **kept)
{
	struct buffer text = {0};

	estate_write_scope(e, s, &text);
	return keep(arena, &text, kept);
}

static enum actas_error
keep_role(
    const struct estate *e, struct arena *arena, role_id r, const char **kept)
{
	*kept = arena_text(arena, estate_text(e, e->roles.at[r].name));
	return *kept == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

/* An access policy has no role; it is called as an access page calls it. */
static enum actas_error
keep_grant(const struct estate *e, struct arena *arena,
    const struct remedy *remedy, const char **kept)
{
	struct buffer text = {0};

	if (remedy->role != NONE)
		return keep_role(e, arena, remedy->role, kept);
	buffer_addf(&text, "Key Vault access policy: %s", remedy->permission);
	return keep(arena, &text, kept);
}

static enum actas_error
make_path(const struct estate *e, principal_id p, struct actas_decision *d)
{
	struct assignment by;
	const principal_id *chain;
	uint32_t count = 0;
	enum actas_error error;

	if (d->decision.assignment == NONE)
		return ACTAS_OK;
	by = estate_assignment(e, d->decision.assignment);
	chain = decision_chain(e, p, by.principal, &d->arena, &count);
	d->path = arena_zero(&d->arena, (size_t)count + 2, sizeof *d->path);
	if (chain == NULL || d->path == NULL)
		return ACTAS_ENOMEM;
	d->path_length = (size_t)count + 2;
	error = keep_role(e, &d->arena, by.role, &d->role);
	d->path[count] = d->role;
	if (error == ACTAS_OK)
		error = keep_scope(e, &d->arena, by.scope, &d->path[count + 1]);
	for (uint32_t i = 0; error == ACTAS_OK && i < count; i++)
		error = keep_principal(e, &d->arena, chain[i], &d->path[i]);
	return error;
}

static enum actas_error
make_missing(
    const struct estate *e, const struct asked *q, struct actas_decision *d)
{
	const struct remedy *remedies = NULL;
	uint32_t count = 0;
	enum actas_error error;

	if (d->decision.allowed)
		return ACTAS_OK;
	error = decision_remedies(e, &q->action, q->scope, &d->decision,
	    REMEDIES_MOST, &d->arena, &remedies, &count);
	if (error != ACTAS_OK || count == 0)
		return error;
	d->missing = arena_zero(&d->arena, count, sizeof *d->missing);
	if (d->missing == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; error == ACTAS_OK && i < count; i++) {
		struct grant_text *to = &d->missing[i];

		error = keep_grant(e, &d->arena, &remedies[i], &to->role);
		if (error == ACTAS_OK)
			error = keep_scope(
			    e, &d->arena, remedies[i].scope, &to->scope);
	}
	d->missing_count = count;
	return error;
}

static enum actas_error
make_decision(const struct estate *e, const struct asked *q,
    struct actas_decision **decision)
{
	struct actas_decision *d = mem_zero(1, sizeof *d);
	enum actas_error error;

	if (d == NULL)
		return ACTAS_ENOMEM;
	d->decision = decide(e, q->principal, &q->action, q->scope, NULL);
	error = make_path(e, q->principal, d);
	if (error == ACTAS_OK)
		error = make_missing(e, q, d);
	if (error == ACTAS_OK)
		*decision = d;
	else
		actas_decision_free(d);
	return error;
}

enum actas_result
actas_decide(const struct actas_estate *estate, const char *principal,
    const char *action, const char *scope, struct actas_decision **decision,
    struct actas_failure *failure)
{
	const struct estate *e = estate->estate;
	struct fault fault = {0};
	struct asked q = {0};
	enum actas_error error =
	    estate_find_principal(e, slice_of(principal), &q.principal, &fault);

	*decision = NULL;
	if (error == ACTAS_OK)
		error = action_prepare(
		    e, slice_of(action), ACTION_AS_KNOWN, &q.action, &fault);
	if (error == ACTAS_OK)
		error = estate_find_scope(e, slice_of(scope), &q.scope, &fault);
	if (error == ACTAS_OK)
		error = action_check_scope(e, &q.action, q.scope, &fault);
	if (error == ACTAS_OK)
		error = make_decision(e, &q, decision);
	action_release(&q.action);
	return finish(error, &fault, failure);
}

void
actas_decision_free(struct actas_decision *decision)
{
	if (decision == NULL)
		return;
	arena_release(&decision->arena);
	mem_free(decision);
}

int
actas_decision_allowed(const struct actas_decision *decision)
{
	return decision->decision.allowed;
}

const char *
actas_decision_reason(const struct actas_decision *decision)
{
	return reason_name(decision->decision.reason);
}

const char *
actas_decision_role(const struct actas_decision *decision)
{
	return decision->role;
}

size_t
actas_decision_path_length(const struct actas_decision *decision)
{
	return decision->path_length;
}

const char *
actas_decision_path(const struct actas_decision *decision, size_t i)
{
	return i < decision->path_length ? decision->path[i] : NULL;
}

size_t
actas_decision_missing_count(const struct actas_decision *decision)
{
	return decision->missing_count;
}

const char *
actas_decision_missing_role(const struct actas_decision *decision, size_t i)
{
	return i < decision->missing_count ? decision->missing[i].role : NULL;
}

const char *
actas_decision_missing_scope(const struct actas_decision *decision, size_t i)
{
	return i < decision->missing_count ? decision->missing[i].scope : NULL;
}

static enum actas_error
add_row(const struct estate *e, struct actas_list *list, const struct access *a)
{
	struct list_row *row = &list->rows[list->count];
	enum actas_error error =
	    keep_principal(e, &list->arena, a->principal, &row->principal);

	if (error == ACTAS_OK && a->assignment != NONE)
		error = keep_role(e, &list->arena,
		    estate_assignment(e, a->assignment).role, &row->role);
	list->count++;
	return error;
}

static enum actas_error
make_list(
    const struct estate *e, const struct asked *q, struct actas_list *list)
{
	struct access_list found = {0};
	enum actas_error error =
	    reach_who(e, &q->action, q->scope, &list->arena, &found);

	if (error != ACTAS_OK || found.count == 0)
		return error;
	list->rows = arena_zero(&list->arena, found.count, sizeof *list->rows);
	if (list->rows == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; error == ACTAS_OK && i < found.count; i++) {
		if (found.at[i].allowed)
			error = add_row(e, list, &found.at[i]);
	}
	return error;
}

enum actas_result
actas_who(const struct actas_estate *estate, const char *action,
    const char *scope, struct actas_list **list, struct actas_failure *failure)
{
	const struct estate *e = estate->estate;
	struct fault fault = {0};
	struct asked q = {0};
	enum actas_error error = action_prepare(
	    e, slice_of(action), ACTION_AS_KNOWN, &q.action, &fault);

	*list = NULL;
	if (error == ACTAS_OK)
		error = estate_find_scope(e, slice_of(scope), &q.scope, &fault);
	if (error == ACTAS_OK)
		error = action_check_scope(e, &q.action, q.scope, &fault);
	if (error == ACTAS_OK) {
		*list = mem_zero(1, sizeof **list);
		error = *list == NULL ? ACTAS_ENOMEM : make_list(e, &q, *list);
	}
	if (error != ACTAS_OK) {
		actas_list_free(*list);
		*list = NULL;
	}
	action_release(&q.action);
	return finish(error, &fault, failure);
}

void
actas_list_free(struct actas_list *list)
{
	if (list == NULL)
		return;
	arena_release(&list->arena);
	mem_free(list);
}

size_t
actas_list_count(const struct actas_list *list)
{
	return list->count;
}

const char *
actas_list_principal(const struct actas_list *list, size_t i)
{
	return i < list->count ? list->rows[i].principal : NULL;
}

const char *
actas_list_role(const struct actas_list *list, size_t i)
{
	return i < list->count ? list->rows[i].role : NULL;
}

static enum actas_error
make_findings(const struct estate *e, moment now, struct actas_findings *f)
{
	struct rules_options options = rules_defaults(now);
	struct findings all = {0};
	enum actas_error error = rules_run(e, &options, &f->arena, &all);

	if (error != ACTAS_OK || all.count == 0)
		return error;
	f->at = arena_zero(&f->arena, all.count, sizeof *f->at);
	if (f->at == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < all.count; i++) {
		if (all.at[i].silenced == NULL)
			f->at[f->count++] = &all.at[i];
	}
	return ACTAS_OK;
}

enum actas_result
actas_check(const struct actas_estate *estate, int64_t now,
    struct actas_findings **findings, struct actas_failure *failure)
{
	struct fault fault = {0};
	struct clock clock = clock_system();
	struct actas_findings *f = mem_zero(1, sizeof *f);
	enum actas_error error = ACTAS_ENOMEM;

	*findings = NULL;
	if (f != NULL) {
		f->estate = estate->estate;
		error = make_findings(
		    f->estate, now == 0 ? clock.now(clock.context) : now, f);
	}
	if (error == ACTAS_OK)
		*findings = f;
	else
		actas_findings_free(f);
	return finish(error, &fault, failure);
}

void
actas_findings_free(struct actas_findings *findings)
{
	if (findings == NULL)
		return;
	arena_release(&findings->arena);
	mem_free(findings);
}

size_t
actas_findings_count(const struct actas_findings *findings)
{
	return findings->count;
}

const char *
actas_finding_rule(const struct actas_findings *findings, size_t i)
{
	return i < findings->count ? findings->at[i]->rule->id : NULL;
}

const char *
actas_finding_severity(const struct actas_findings *findings, size_t i)
{
	return i < findings->count ? severity_name(findings->at[i]->severity)
				   : NULL;
}

const char *
actas_finding_message(const struct actas_findings *findings, size_t i)
{
	return i < findings->count ? findings->at[i]->message : NULL;
}

static struct origin
first_place(const struct actas_findings *findings, size_t i)
{
	if (i >= findings->count || findings->at[i]->location_count == 0)
		return (struct origin){0, 0};
	return findings->at[i]->locations[0];
}

const char *
actas_finding_file(const struct actas_findings *findings, size_t i)
{
	struct slice file =
	    estate_text(findings->estate, first_place(findings, i).file);

	return file.length == 0 ? NULL : file.at;
}

uint32_t
actas_finding_line(const struct actas_findings *findings, size_t i)
{
	return first_place(findings, i).line;
}
