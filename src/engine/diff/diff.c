/*
 * Two lists of facts, merged: what only the first has is lost, what only the
 * second has is gained, and a value that differs has changed. Of a page and
 * an export, a kind of fact is compared only where both speak of it: that a
 * page has no table of credentials does not mean that there are none.
 */

#include "engine/diff/diff_facts.h"

#include <stdlib.h>

struct differ {
	struct match match;
	struct facts before, after;
	struct strings texts;
	struct arena *arena;
	VECTOR(struct difference) found;
	enum actas_error error;
};

static const uint8_t change_of[FACT_KINDS] = {
    [FACT_DENIAL] = CHANGE_DENIAL,
    [FACT_MEMBERSHIP] = CHANGE_MEMBERSHIP,
    [FACT_ROLE] = CHANGE_ROLE,
    [FACT_PRINCIPAL] = CHANGE_PRINCIPAL,
    [FACT_ENABLED_PRINCIPAL] = CHANGE_PRINCIPAL,
    [FACT_CONNECTION] = CHANGE_CONNECTION,
    [FACT_BACKED] = CHANGE_CONNECTION,
    [FACT_OPEN] = CHANGE_CONNECTION,
    [FACT_MODEL] = CHANGE_VAULT,
    [FACT_SECRET] = CHANGE_SECRET,
    [FACT_ENABLED_SECRET] = CHANGE_SECRET,
    [FACT_EXPIRES] = CHANGE_SECRET,
    [FACT_CREDENTIAL] = CHANGE_CREDENTIAL,
    [FACT_ENDS] = CHANGE_CREDENTIAL,
    [FACT_OWNED_ITEM] = CHANGE_OWNERSHIP,
    [FACT_OWNED_KIND] = CHANGE_OWNERSHIP,
};

static const char *
keep(struct differ *d, struct buffer *b)
{
	char *text = NULL;

	if (d->error == ACTAS_OK)
		d->error = b->error;
	if (d->error == ACTAS_OK) {
		text = arena_text(d->arena, buffer_slice(b));
		if (text == NULL)
			d->error = ACTAS_ENOMEM;
	}
	buffer_release(b);
	return text == NULL ? "" : text;
}

/* The estate that a common number is of, and its number there. */
static const struct estate *
estate_of(const struct differ *d, const struct numbering *n, uint32_t *id)
{
	if (*id < n->before_count)
		return d->match.before;
	*id -= n->before_count;
	return d->match.after;
}

static const char *
principal_name(struct differ *d, uint32_t id)
{
	struct buffer b = {0};
	const struct estate *e;

	if (id == NONE)
		return NULL;
	e = estate_of(d, &d->match.principals, &id);
	estate_write_principal(e, id, &b);
	return keep(d, &b);
}

static bool
starts_with_kind(struct slice name, const char *kind)
{
	size_t n = strlen(kind);

	return slice_starts(name, slice_of(kind)) && name.length > n &&
	    name.at[n] == ' ';
}

static const char *
scope_name(struct differ *d, uint32_t id)
{
	struct buffer name = {0}, b = {0};
	const struct estate *e;
	const char *kind;

	if (id == NONE)
		return NULL;
	e = estate_of(d, &d->match.scopes, &id);
	kind = scope_kind_name(e->scopes.at[id].kind);
	estate_write_scope(e, id, &name);
	/* Where only its kind tells it from others, the name begins with it. */
	if (id == 0)
		buffer_puts(&b, "the tenant");
	else if (starts_with_kind(buffer_slice(&name), kind))
		buffer_add(&b, buffer_slice(&name));
	else
		buffer_addf(&b, "%s %s", kind, buffer_text(&name));
	if (d->error == ACTAS_OK)
		d->error = name.error;
	buffer_release(&name);
	return keep(d, &b);
}

static const char *
role_name(struct differ *d, uint32_t id)
{
	char guid[GUID_TEXT_LENGTH + 1];
	struct buffer b = {0};
	const struct estate *e;
	const struct role *role;

	if (id == NONE)
		return NULL;
	e = estate_of(d, &d->match.roles, &id);
	role = &e->roles.at[id];
	guid_format(role->id, guid);
	if (role->plane == PLANE_POLICY)
		buffer_puts(&b, "access policy: ");
	if (role->name != 0)
		buffer_add(&b, estate_text(e, role->name));
	else
		buffer_puts(&b, guid);
	return keep(d, &b);
}

static void
write_expiry_change(struct buffer *out, uint64_t was, uint64_t is)
{
	char before[MOMENT_TEXT_LENGTH + 1], now[MOMENT_TEXT_LENGTH + 1];

	moment_format_date((moment)was, before);
	moment_format_date((moment)is, now);
	if ((moment)is == MOMENT_UNKNOWN)
		buffer_addf(
		    out, " no longer has an expiry date: it was %s", before);
	else if ((moment)was == MOMENT_UNKNOWN)
		buffer_addf(out, " expires on %s: it had no expiry date", now);
	else
		buffer_addf(
		    out, " expires on %s, no longer on %s", now, before);
}

/* Takes the next line that is not empty off a role's text. */
static bool
next_line(struct slice *rest, struct slice *line)
{
	while (slice_cut(rest, '\n', line)) {
		while (line->length > 0 && line->at[0] == '\f')
			*line = slice_from(*line, 1);
		if (line->length > 0)
			return true;
	}
	return false;
}

static bool
has_line(struct slice text, struct slice wanted)
{
	struct slice line;

	while (next_line(&text, &line))
		if (slice_eq(line, wanted))
			return true;
	return false;
}

/* Lines of the one text that the other lacks, as a list. */
static uint32_t
write_missing(
    struct slice of, struct slice in, const char *first, struct buffer *out)
{
	struct slice line;
	uint32_t n = 0;

	while (next_line(&of, &line))
		if (!has_line(in, line))
			buffer_addf(out, "%s%.*s", n++ == 0 ? first : ", ",
			    SLICE_ARGS(line));
	return n;
}

static void
write_role_change(struct differ *d, const struct fact *was,
    const struct fact *is, struct buffer *out)
{
	struct slice old = strings_get(&d->texts, (string_id)was->value);
	struct slice new = strings_get(&d->texts, (string_id)is->value);
	const char *name = role_name(d, is->role);
	uint32_t n;

	buffer_addf(out, "role %s", name == NULL ? "" : name);
	n = write_missing(new, old, " now contains ", out);
	n += write_missing(old, new,
	    n == 0 ? " no longer contains " : "; it no longer contains ", out);
	if (n == 0)
		buffer_puts(out, " joins its permissions differently");
}

static const char *
model_name(uint64_t model)
{
	return model == MODEL_RBAC ? "RBAC" : "access policies";
}

/* A value that is another one than it was. */
static const char *
changed_text(struct differ *d, const struct fact *was, const struct fact *is)
{
	const char *scope = scope_name(d, is->scope);
	const char *who = principal_name(d, is->principal);
	struct buffer b = {0};

	if (is->kind == FACT_ROLE) {
		write_role_change(d, was, is, &b);
	} else if (is->kind == FACT_BACKED) {
		buffer_addf(&b, "%s is backed by %s, no longer by %s", scope,
		    principal_name(d, (uint32_t)is->value),
		    principal_name(d, (uint32_t)was->value));
	} else if (is->kind == FACT_OPEN) {
		buffer_addf(&b, "%s is %s open to all pipelines", scope,
		    is->value == YES ? "now" : "no longer");
	} else if (is->kind == FACT_MODEL) {
		buffer_addf(&b, "%s uses %s, no longer %s", scope,
		    model_name(is->value), model_name(was->value));
	} else if (is->kind == FACT_ENABLED_PRINCIPAL) {
		buffer_addf(&b, "%s is %s", who,
		    is->value ? "enabled again" : "disabled");
	} else if (is->kind == FACT_ENABLED_SECRET) {
		buffer_addf(&b, "%s is %s", scope,
		    is->value == YES ? "enabled again" : "disabled");
	} else {
		buffer_addf(&b, "%s%s%s%s",
		    scope == NULL ? "credential " : scope,
		    scope == NULL ? strings_get(&d->texts, is->detail).at : "",
		    scope == NULL ? " of " : "", who == NULL ? "" : who);
		write_expiry_change(&b, was->value, is->value);
	}
	return keep(d, &b);
}

/* More access than before, where that can be said of a change of value. */
static bool
is_gain(const struct differ *d, const struct fact *was, const struct fact *is)
{
	if (is->kind == FACT_ROLE) {
		struct buffer more = {0};
		bool gain =
		    write_missing(strings_get(&d->texts, (string_id)is->value),
			strings_get(&d->texts, (string_id)was->value), "",
			&more) > 0;

		buffer_release(&more);
		return gain;
	}
	if (is->kind == FACT_OPEN || is->kind == FACT_ENABLED_SECRET)
		return is->value == YES;
	return is->kind != FACT_ENABLED_PRINCIPAL || is->value != 0;
}

static const char *
appears(bool gained)
{
	return gained ? "is new" : "is gone";
}

/* A fact that only one of the estates has. */
static const char *
text_of(struct differ *d, const struct fact *f, bool gained)
{
	const char *who = principal_name(d, f->principal);
	const char *scope = f->kind == FACT_MEMBERSHIP
	    ? principal_name(d, f->scope)
	    : scope_name(d, f->scope);
	const char *detail = strings_get(&d->texts, f->detail).at;
	struct buffer b = {0};

	if (f->kind < FACT_DENIAL)
		buffer_addf(&b, "%s %s %s on %s%s%s", who,
		    gained ? "gains" : "loses", role_name(d, f->role), scope,
		    f->detail == 0 ? "" : " under the condition ", detail);
	else if (f->kind == FACT_DENIAL)
		buffer_addf(&b, "deny assignment %s on %s %s", detail, scope,
		    appears(gained));
	else if (f->kind == FACT_MEMBERSHIP)
		buffer_addf(&b, "%s %s group %s", who,
		    gained ? "joins" : "leaves", scope);
	else if (f->kind == FACT_PRINCIPAL)
		buffer_addf(&b, "%s %s", who, appears(gained));
	else if (f->kind == FACT_CREDENTIAL)
		buffer_addf(&b, "credential %s of %s %s", detail,
		    who == NULL ? "an unnamed application" : who,
		    appears(gained));
	else if (f->kind == FACT_OWNED_ITEM || f->kind == FACT_OWNED_KIND)
		buffer_addf(&b, "%s %s %s%s%s", who,
		    gained ? "now owns" : "no longer owns",
		    scope == NULL ? "all " : scope,
		    scope == NULL ? item_kind_name((enum item_kind)f->role)
				  : "",
		    scope == NULL ? "s" : "");
	else
		buffer_addf(&b, "%s %s", scope, appears(gained));
	return keep(d, &b);
}

/* Completes the change from its fact. */
static void
found(struct differ *d, const struct fact *f, struct difference change)
{
	change.kind =
	    f->kind < FACT_DENIAL ? (uint8_t)CHANGE_GRANT : change_of[f->kind];
	change.principal = principal_name(d, f->principal);
	change.scope = f->kind == FACT_MEMBERSHIP ? principal_name(d, f->scope)
						  : scope_name(d, f->scope);
	change.role = f->kind == FACT_OWNED_KIND ? NULL : role_name(d, f->role);
	if (d->error == ACTAS_OK)
		d->error = vector_push(&d->found, change);
}

/* A fact of one estate only: a difference where the other could have told. */
static void
only_one(struct differ *d, const struct fact *f, bool gained)
{
	struct difference change;
	const struct estate *e = gained ? d->match.after : d->match.before;

	if (fact_has_value((enum fact_kind)f->kind))
		return;
	if (d->match.cross &&
	    (d->before.counts[f->kind] == 0 || d->after.counts[f->kind] == 0))
		return;
	/* A page lists the identities that it is about, not a directory. */
	if (d->match.cross && f->kind == FACT_PRINCIPAL && !estate_is_page(e))
		return;
	change = (struct difference){
	    .gained = gained, .text = text_of(d, f, gained)};
	if (gained)
		change.after = f->origin;
	else
		change.before = f->origin;
	found(d, f, change);
}

static void
merge(struct differ *d)
{
	uint32_t i = 0, j = 0;

	while (d->error == ACTAS_OK &&
	    (i < d->before.at.count || j < d->after.at.count)) {
		const struct fact *a =
		    i < d->before.at.count ? &d->before.at.at[i] : NULL;
		const struct fact *b =
		    j < d->after.at.count ? &d->after.at.at[j] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : fact_cmp(a, b);

		if (order < 0)
			only_one(d, a, false);
		else if (order > 0)
			only_one(d, b, true);
		else if (a->value != b->value)
			found(d, b,
			    (struct difference){.gained = is_gain(d, a, b),
				.before = a->origin,
				.after = b->origin,
				.text = changed_text(d, a, b)});
		i += order <= 0;
		j += order >= 0;
	}
}

static int
text_cmp(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int
by_change(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int d = (int)x->gained - (int)y->gained;

	if (d == 0)
		d = (int)x->kind - (int)y->kind;
	if (d == 0)
		d = text_cmp(x->principal, y->principal);
	if (d == 0)
		d = text_cmp(x->scope, y->scope);
	if (d == 0)
		d = text_cmp(x->role, y->role);
	return d != 0 ? d : strcmp(x->text, y->text);
}

static void
hand_over(struct differ *d, struct differences *changes)
{
	if (d->found.count > 1)
		qsort(d->found.at, d->found.count, sizeof *d->found.at,
		    by_change);
	changes->at = arena_copy(
	    d->arena, d->found.at, d->found.count, sizeof *d->found.at);
	if (changes->at == NULL)
		d->error = ACTAS_ENOMEM;
	else
		changes->count = d->found.count;
}

enum actas_error
diff(const struct estate *before, const struct estate *after,
    struct arena *arena, struct differences *changes)
{
	struct differ d = {.arena = arena};
	string_id empty;

	*changes = (struct differences){0};
	d.error = strings_add(&d.texts, SLICE(""), &empty);
	if (!d.error)
		d.error = match_estates(&d.match, before, after);
	if (!d.error)
		d.error = facts_collect(&d.before, &d.match, false, &d.texts);
	if (!d.error)
		d.error = facts_collect(&d.after, &d.match, true, &d.texts);
	if (!d.error)
		merge(&d);
	if (!d.error)
		hand_over(&d, changes);
	facts_release(&d.before);
	facts_release(&d.after);
	match_release(&d.match);
	strings_release(&d.texts);
	vector_release(&d.found);
	return d.error;
}
