/*
 * When secrets and credentials end. A vault's expiry date is information: the
 * vault hands an expired secret out all the same (facts 2.2). An
 * application's credential really stops.
 */

#include "engine/rules/rules_secrets.h"

static const char *const ids[] = {"-tenant-id", "-client-id", "-app-id",
    "-application-id", "-object-id", "-subscription-id"};

bool
holds_secret(const struct check *c, scope_id s)
{
	const struct secret *secret = estate_secret(c->e, s);
	struct slice name = estate_text(c->e, c->e->scopes.at[s].segment);

	if (secret != NULL && secret->not_secret)
		return false;
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (slice_ends_case(name, slice_of(ids[i])))
			return false;
	return true;
}

bool
sink_is_secret(const struct check *c, const struct sink *sink)
{
	return sink->kind == SINK_SECRET && sink->scope != NONE &&
	    sink->principal != NONE && holds_secret(c, sink->scope);
}

/* A secret or a credential, as far as its dates go; named only when told. */
struct dated {
	const struct secret *secret;         /* or NULL */
	const struct credential *credential; /* or NULL */
	moment starts, ends;
};

static principal_id
principal_of(const struct check *c, const struct credential *row)
{
	if (row->principal != NONE || row->application == NONE)
		return row->principal;
	return c->e->applications.at[row->application].principal;
}

static const char *
owner_of(struct check *c, const struct credential *row)
{
	principal_id p = principal_of(c, row);

	if (p != NONE)
		return name_principal(c, p);
	if (row->application == NONE)
		return "an unnamed application";
	return string(c, c->e->applications.at[row->application].name);
}

/* What the directory calls it, else its key id, else nothing. */
static const char *
label_of(struct check *c, const struct credential *row)
{
	char id[GUID_TEXT_LENGTH + 1];

	if (row->name != 0)
		return string(c, row->name);
	guid_format(row->key_id, id);
	return guid_is_nil(row->key_id) ? "" : text(c, "%s", id);
}

static const char *
name_dated(struct check *c, const struct dated *d)
{
	const char *label;

	if (d->secret != NULL)
		return text(c, "secret %s", short_scope(c, d->secret->scope));
	label = label_of(c, d->credential);
	return text(c, "%s %s%sof %s",
	    d->credential->kind == CREDENTIAL_SECRET ? "client secret"
						     : "certificate",
	    label, label[0] == '\0' ? "" : " ", owner_of(c, d->credential));
}

static struct dated
dated_credential(const struct credential *row)
{
	return (struct dated){
	    .credential = row, .starts = row->starts, .ends = row->ends};
}

static struct dated
dated_secret(const struct secret *row)
{
	return (struct dated){
	    .secret = row,
	    .starts =
		row->updated != MOMENT_UNKNOWN ? row->updated : row->created,
	    .ends = row->expires,
	};
}

/* Shows each row with dates to 'look'. */
static void
each_dated(
    struct check *c, void (*look)(struct check *c, const struct dated *d))
{
	const struct estate *e = c->e;

	for (uint32_t i = 0; i < e->secrets.count; i++) {
		struct dated d = dated_secret(&e->secrets.at[i]);

		if (e->secrets.at[i].enabled != NO &&
		    holds_secret(c, e->secrets.at[i].scope))
			look(c, &d);
	}
	for (uint32_t i = 0; i < e->credentials.count; i++) {
		struct dated d = dated_credential(&e->credentials.at[i]);

		if (e->credentials.at[i].kind != CREDENTIAL_FEDERATED)
			look(c, &d);
	}
}

static void
emit_dated(struct check *c, const struct dated *d, const char *message)
{
	if (d->secret != NULL) {
		finding_place(c, d->secret->origin);
		finding_subject(c, short_scope(c, d->secret->scope));
	} else {
		finding_place(c, d->credential->origin);
		finding_subject(c, label_of(c, d->credential));
		finding_subject(c, owner_of(c, d->credential));
	}
	finding_emit(c, message, c->rule->fix);
}

static const char *
date(struct check *c, moment when)
{
	char day[MOMENT_TEXT_LENGTH + 1];

	moment_format_date(when, day);
	return text(c, "%s", day);
}

static void
look_expired(struct check *c, const struct dated *d)
{
	if (d->ends == MOMENT_UNKNOWN || d->ends > c->options->now)
		return;
	emit_dated(c, d,
	    d->credential != NULL
		? text(c,
		      "The %s ended on %s: signing in with it fails "
		      "(AADSTS7000222).",
		      name_dated(c, d), date(c, d->ends))
		: text(c,
		      "The expiry date of %s, %s, is past. The vault "
		      "hands it out all the same; what it holds may no "
		      "longer work.",
		      name_dated(c, d), date(c, d->ends)));
}

void
check_expired(struct check *c)
{
	each_dated(c, look_expired);
}

static void
look_expiring(struct check *c, const struct dated *d)
{
	moment soon = c->options->expires_soon_days * MOMENT_DAY, left;

	if (d->ends == MOMENT_UNKNOWN || d->ends <= c->options->now ||
	    d->ends > c->options->now + soon)
		return;
	left = (d->ends - c->options->now) / MOMENT_DAY;
	emit_dated(c, d,
	    text(c, "The %s ends on %s, in %lld day%s.", name_dated(c, d),
		date(c, d->ends), (long long)left, left == 1 ? "" : "s"));
}

void
check_expiring(struct check *c)
{
	each_dated(c, look_expiring);
}

/* A credential's life is known beforehand; a secret's is how long it has been
 * left as it is. Years lie between 1 and 9999, so nothing overflows. */
static void
look_long_lived(struct check *c, const struct dated *d)
{
	moment most = c->options->max_age_days * MOMENT_DAY;
	bool known = d->credential != NULL && d->ends != MOMENT_UNKNOWN;
	moment end = known ? d->ends : c->options->now;
	long long days;

	if (d->starts == MOMENT_UNKNOWN || end - d->starts <= most ||
	    (d->ends != MOMENT_UNKNOWN && d->ends <= c->options->now))
		return;
	days = (end - d->starts) / MOMENT_DAY;
	emit_dated(c, d,
	    known ? text(c,
			"The %s lives from %s to %s: %lld days, and %u "
			"are allowed.",
			name_dated(c, d), date(c, d->starts), date(c, d->ends),
			days, c->options->max_age_days)
		  : text(c,
			"The %s has not been changed since %s: %lld days, "
			"and %u are allowed.",
			name_dated(c, d), date(c, d->starts), days,
			c->options->max_age_days));
}

void
check_long_lived(struct check *c)
{
	each_dated(c, look_long_lived);
}

static bool
lacks_expiry(const struct check *c, scope_id s)
{
	const struct secret *secret = estate_secret(c->e, s);

	return secret != NULL && secret->expires == MOMENT_UNKNOWN &&
	    secret->enabled != NO && holds_secret(c, s);
}

static void
check_vault_expiry(struct check *c, scope_id vault)
{
	struct ids secrets = estate_children(c->e, vault);
	const char **names = check_zero(c, secrets.count + 1, sizeof *names);
	uint32_t n = 0;

	for (uint32_t i = 0; names != NULL && i < secrets.count; i++) {
		if (!lacks_expiry(c, secrets.at[i]))
			continue;
		finding_place(c, estate_secret(c->e, secrets.at[i])->origin);
		names[n] = short_scope(c, secrets.at[i]);
		finding_subject(c, names[n++]);
	}
	if (n == 0 || names == NULL)
		return;
	finding_subject(c, short_scope(c, vault));
	finding_emit(c,
	    text(c, "No expiry date is given for %s %s of %s.",
		n == 1 ? "secret" : "secrets", name_list(c, names, n, 8),
		name_scope(c, vault)),
	    "Set an expiry date on each secret and write it down, so that "
	    "nobody finds out by a failure.");
}

static void
check_endless_credential(struct check *c, const struct credential *row)
{
	struct dated d = dated_credential(row);

	emit_dated(c, &d,
	    text(c, "No expiry date is given for %s.", name_dated(c, &d)));
}

void
check_no_expiry(struct check *c)
{
	const struct estate *e = c->e;

	for (uint32_t i = 0; i < e->vaults.count; i++)
		check_vault_expiry(c, e->vaults.at[i].scope);
	for (uint32_t i = 0; i < e->credentials.count; i++)
		if (e->credentials.at[i].kind != CREDENTIAL_FEDERATED &&
		    e->credentials.at[i].ends == MOMENT_UNKNOWN)
			check_endless_credential(c, &e->credentials.at[i]);
}
