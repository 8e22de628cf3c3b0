#include "engine/explain/explain_private.h"

/*
 * Sign-ins that failed (facts 5). There is no token yet, so no role matters;
 * what matters is the credential, the application and the tenant.
 */

enum { MOST_SINKS = 32 };

enum hint {
	HINT_SINKS = 1 << 0,   /* where copies of the secret lie */
	HINT_TENANT = 1 << 1,  /* the directory that was asked */
	HINT_SUBJECT = 1 << 2, /* federated credentials that are known */
	HINT_USER = 1 << 3     /* a user's sign-in, not an application's */
};

static const struct sign_in {
	uint32_t number;
	unsigned hints;
	const char *headline; /* {app}: the application */
	const char *why;      /* NULL: the headline says it */
	const char *steps[3];
} sign_ins[] = {
    {7000215, HINT_SINKS, "{App} presented a client secret that is wrong.",
	"Often it is the secret's id in place of its value, or the value "
	"from before a rotation.",
	{"Use the value of the secret, which is shown once when it is made, "
	 "not its id.",
	    "If the secret was rotated, put the new value into every place "
	    "that holds a copy."}},
    {7000222, HINT_SINKS, "The client secrets of {app} have expired.", NULL,
	{"Make a new secret and put it into every place that holds a copy, "
	 "then delete the expired one.",
	    "Or use a federated credential or a managed identity, which have "
	    "no secret that expires."}},
    {700016, HINT_TENANT,
	"{App} was not found in the directory that was asked.",
	"Either the client id or the tenant is wrong, or the application has "
	"no service principal in that tenant (never consented to, or "
	"deleted).",
	{"Compare the client id and the tenant id of the configuration with "
	 "those of the application.",
	    "An object id in place of the client id gives the same error."}},
    {90002, HINT_TENANT, "The tenant that was asked does not exist.", NULL,
	{"Check the tenant id, and that the sign-in goes to the right cloud."}},
    {700027, 0,
	"The signature with which {app} proves itself was not accepted.",
	"The certificate is not, or is no longer, one that is registered for "
	"the application, or the assertion was signed with another key.",
	{"Register the certificate in use for the application, or use the "
	 "one that is registered.",
	    "Check that the certificate has not expired."}},
    {7000112, 0, "{App} is disabled.",
	"A disabled application gets no tokens, whatever its credentials and "
	"roles.",
	{"Have an administrator enable its service principal (Enterprise "
	 "applications, Properties, Enabled for users to sign in), after "
	 "finding out why it was disabled."}},
    {53003, 0, "A Conditional Access policy blocked the sign-in of {app}.",
	"The credentials were in order; a policy of the tenant (location, "
	"device, risk) does not let a token be issued.",
	{"Look the sign-in up in the sign-in logs: they name the policy.",
	    "Change where the sign-in comes from, or have the policy exclude "
	    "this identity."}},
    {70021, HINT_SUBJECT,
	"No federated credential of {app} fits the assertion.",
	"Issuer, subject and audience have to be equal to the letter; a "
	"federated credential that was just made takes some minutes to be "
	"known.",
	{"Compare issuer and subject of the assertion with those of the "
	 "federated credential.",
	    "Renaming an Azure DevOps organization, project or service "
	    "connection changes the old form of subject."}},
    {700211, HINT_SUBJECT,
	"No federated credential of {app} has the issuer of the assertion.",
	NULL,
	{"Compare the issuer in the error with that of the federated "
	 "credential, to the letter."}},
    {700213, HINT_SUBJECT,
	"No federated credential of {app} has the subject of the assertion.",
	NULL,
	{"Compare the subject in the error with that of the federated "
	 "credential, to the letter.",
	    "Renaming an Azure DevOps organization, project or service "
	    "connection changes the old form of subject."}},
    {70025, 0, "{App} has no federated credential.", NULL,
	{"Add a federated credential with the issuer and subject of the "
	 "assertion.",
	    "Check the client id: it may be that of another application."}},
    {700024, 0, "The assertion of {app} is not valid at this time.",
	"It has expired, is not valid yet, or the clock of the machine that "
	"made it is wrong.",
	{"Fetch a fresh assertion for each sign-in, and check the clock."}},
    {700223, 0, "Workload identity federation is disabled for {app}.", NULL,
	{"Have an administrator allow federated credentials for the "
	 "application or the tenant, or use another credential."}},
    {700238, 0,
	"The tenant does not allow the issuer of the assertion of {app}.", NULL,
	{"Have an administrator allow the issuer in the tenant's policy, or "
	 "use another credential."}},
    {70052, 0, "{App} may not use this kind of federated credential.",
	"The identity has to be a managed identity or a single-tenant "
	"application.",
	{"Make the application single-tenant, or use a managed identity."}},
    {50034, HINT_USER | HINT_TENANT,
	"The user does not exist in the directory that was asked.", NULL,
	{"Check the user name and the tenant."}},
    {50126, HINT_USER, "The user name or the password is wrong.", NULL,
	{"Check the password; an automated process should not sign in as a "
	 "user, but as a service principal or managed identity."}},
    {65001, HINT_USER,
	"Nobody has consented to {app} asking for these permissions.", NULL,
	{"Have the user, or an administrator for all users, consent to the "
	 "permissions that the application asks for."}},
    {7000218, 0, "{App} presented no credential.",
	"The request had neither client_secret nor client_assertion.",
	{"Give the client its secret, certificate or federated token: an "
	 "environment variable that is empty is the usual cause.",
	    "If it is an application on users' own machines, register it as a "
	    "public client."}},
    {7000216, 0, "{App} presented no credential.",
	"The request for a token as itself had neither client_secret nor "
	"client_assertion.",
	{"Give the client its secret, certificate or federated token: an "
	 "environment variable that is empty is the usual cause."}},
    {700229, 0,
	"{App} was given a user's token as federated credential; only "
	"app-only tokens are taken from an Entra issuer.",
	NULL,
	{"Use the token of a managed identity or service principal as the "
	 "assertion."}},
    {7000114, 0, "{App} is not allowed to use the on-behalf-of flow.", NULL,
	{"Let the application sign in as itself, or use one that may act on "
	 "behalf of users."}},
};

static const struct sign_in *
find_sign_in(uint64_t number)
{
	for (size_t i = 0; i < sizeof sign_ins / sizeof *sign_ins; i++)
		if (sign_ins[i].number == number)
			return &sign_ins[i];
	return NULL;
}

static const char *
application_name(struct telling *x)
{
	const char *id = tell_guid(&x->t, x->r.app_id);

	if (x->out->caller.principal != NONE)
		return x->who;
	return guid_is_nil(x->r.app_id) ? "the application"
					: tell(&x->t, "application %s", id);
}

static const char *
sink_name(struct telling *x, const struct sink *s)
{
	if (s->scope != NONE && s->kind == SINK_SECRET)
		return tell(&x->t, "%s of %s", tell_scope(&x->t, s->scope),
		    tell_scope(&x->t, x->t.e->scopes.at[s->scope].parent));
	if (s->scope != NONE)
		return tell_scope(&x->t, s->scope);
	return tell_slice(&x->t, estate_text(x->t.e, s->file));
}

/* The same at the beginning of a sentence; names stay as they are. */
static const char *
capital(struct telling *x, const char *name)
{
	if (name[0] == '\0') /* no memory */
		return name;
	return tell(&x->t, "%c%s", name[0] == 't' ? 'T' : 'A', name + 1);
}

static bool
is_sink(const struct estate *e, principal_id p, scope_id s)
{
	for (uint32_t i = 0; i < e->sinks.count; i++)
		if (e->sinks.at[i].principal == p && e->sinks.at[i].scope == s)
			return true;
	return false;
}

static void
tell_sinks(struct telling *x)
{
	const struct estate *e = x->t.e;
	const char *names[MOST_SINKS];
	uint32_t count = 0;

	for (uint32_t i = 0; i < e->sinks.count; i++) {
		if (e->sinks.at[i].principal != x->judged)
			continue;
		if (count < MOST_SINKS)
			names[count] = sink_name(x, &e->sinks.at[i]);
		count++;
	}
	for (uint32_t i = 0; i < e->connections.count; i++) {
		scope_id s = e->connections.at[i].scope;

		if (e->connections.at[i].principal != x->judged ||
		    is_sink(e, x->judged, s))
			continue;
		if (count < MOST_SINKS)
			names[count] = tell_scope(&x->t, s);
		count++;
	}
	if (count > 0)
		tell_step(&x->t, "Copies of it that the source knows: %s.",
		    tell_list(&x->t, names, count, MOST_SINKS));
}

static void
tell_federated(struct telling *x)
{
	const struct estate *e = x->t.e;

	for (uint32_t i = 0; i < e->credentials.count; i++) {
		const struct credential *c = &e->credentials.at[i];
		principal_id p = c->principal;

		if (p == NONE && c->application != NONE)
			p = e->applications.at[c->application].principal;
		if (c->kind != CREDENTIAL_FEDERATED || p != x->judged)
			continue;
		tell_reason(&x->t,
		    "The source knows a federated credential of it with "
		    "issuer %.*s and subject %.*s.",
		    SLICE_ARGS(estate_text(e, c->issuer)),
		    SLICE_ARGS(estate_text(e, c->subject)));
	}
}

static void
tell_directory(struct telling *x)
{
	struct guid asked;
	size_t at = pasted_after(&x->text, "in the directory", 0);

	if (!pasted_guid(&x->text, at, &asked))
		at = pasted_after(&x->text, "Tenant", 0);
	if (!pasted_guid(&x->text, at, &asked) || guid_is_nil(x->t.e->tenant))
		return;
	tell_reason(&x->t, "Tenant %s was asked, which is %s of this source.",
	    tell_guid(&x->t, asked),
	    guid_eq(asked, x->t.e->tenant) ? "that" : "not that");
}

static void
tell_hints(struct telling *x, const struct sign_in *s)
{
	if ((s->hints & HINT_TENANT) != 0)
		tell_directory(x);
	if (x->judged == NONE)
		return;
	if ((s->hints & HINT_SINKS) != 0)
		tell_sinks(x);
	if ((s->hints & HINT_SUBJECT) != 0)
		tell_federated(x);
}

void
tell_entra(struct telling *x)
{
	const struct sign_in *s = find_sign_in(x->r.number);
	const char *name = application_name(x);
	const char *const app[] = {"app", name, "App",
	    x->out->caller.principal == NONE ? capital(x, name) : name, NULL};

	tell_reason(&x->t,
	    "It is the sign-in that failed: there is no token yet, so no role "
	    "and no permission helps.");
	if (s == NULL) {
		x->out->headline = tell(&x->t,
		    "The sign-in failed with %s, which actas has no "
		    "explanation for.",
		    x->r.code == NULL ? "an AADSTS error" : x->r.code);
		if (x->r.code != NULL)
			tell_step(&x->t,
			    "See https://login.microsoftonline.com/"
			    "error?code=%u.",
			    (unsigned)x->r.number);
		return;
	}
	x->out->headline = tell_filled(&x->t, s->headline, app);
	if (s->why != NULL)
		tell_reason(&x->t, "%s", s->why);
	for (size_t i = 0; i < 3 && s->steps[i] != NULL; i++)
		tell_step(&x->t, "%s", s->steps[i]);
	tell_hints(x, s);
}
