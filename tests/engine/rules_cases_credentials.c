#include "rules_world.h"

#define DAY MOMENT_DAY

/* The CI identity reads what holds the administrator's credential. */
static void
readable(struct world *w, bool near)
{
	principal_id ci = service(w, "ci", 2), admin = service(w, "admin", 3);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	scope_id key = secret(w, kv, "admin-key", 5);
	role_id all = role_of(w, PLANE_FABRIC, "Admin");

	sink(w, admin, SINK_SECRET, key, NONE, false, 6);
	grant(w, ci, role_of(w, PLANE_AZURE, "Key Vault Secrets User"), kv, 7);
	grant(w, admin, all, workspace(w, "Gold"), 8);
	grant(w, admin, all, workspace(w, "Bronze"), 9);
	if (near) {
		grant(w, ci, all, workspace(w, "Gold"), 10);
		grant(w, ci, all, workspace(w, "Bronze"), 11);
	}
}

/* Names that are stored beside a credential are none. */
static void
readable_set(struct world *w, bool near)
{
	principal_id ci = service(w, "ci", 2), admin = service(w, "admin", 3);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);

	sink(w, admin, SINK_SECRET, secret(w, kv, "admin-tenant-id", 5), NONE,
	    false, 6);
	if (!near) {
		sink(w, admin, SINK_SECRET, secret(w, kv, "admin-pfx", 5), NONE,
		    false, 6);
		sink(w, admin, SINK_SECRET, secret(w, kv, "admin-secret", 5),
		    NONE, false, 6);
	}
	grant(w, ci, role_of(w, PLANE_AZURE, "Key Vault Secrets User"), kv, 7);
	grant(w, admin, role_of(w, PLANE_FABRIC, "Admin"), workspace(w, "Gold"),
	    8);
}

static void
readable_under_either_model(struct world *w, bool near)
{
	principal_id ci = service(w, "ci", 2), admin = service(w, "admin", 3);
	principal_id mi = service(w, "other", 3);
	scope_id kv = vault(w, "kv", MODEL_UNSAID, 4);
	scope_id key = secret(w, kv, "admin-key", 5);

	sink(w, admin, SINK_SECRET, key, NONE, false, 6);
	if (!near)
		grant(w, ci, role_of(w, PLANE_AZURE, "Key Vault Secrets User"),
		    kv, 7);
	grant(w, mi, role_of(w, PLANE_AZURE, "Key Vault Reader"), kv, 7);
	grant(w, admin, policy_of(w, "get"), kv, 7);
	grant(w, admin, role_of(w, PLANE_FABRIC, "Admin"), workspace(w, "Gold"),
	    8);
}

/* A right for "admin-*" reaches no other secret. */
static void
readable_by_pattern(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2),
		     admin = service(w, "admin", 3);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	uint32_t table = role_table(w, p, 6);

	sink(w, admin, SINK_SECRET, secret(w, kv, "admin-key", 5), NONE, false,
	    9);
	tell(w, table,
	    (struct said_role){p, role_of(w, PLANE_CLAIMED, "Get Secrets"), kv,
		near ? "Read `worker-*` secrets" : "Read (`admin-*` secrets)",
		false},
	    7);
	grant(w, admin, role_of(w, PLANE_FABRIC, "Admin"), workspace(w, "Gold"),
	    8);
}

static void
own_only(struct world *w, bool near)
{
	principal_id p = service(w, "admin", 3), ci = service(w, "ci", 4);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id role = role_of(w, PLANE_AZURE, "Key Vault Secrets User");

	sink(w, p, SINK_SECRET, secret(w, kv, "admin-key", 5), NONE, false, 6);
	grant(w, p, role, kv, 7);
	if (near)
		grant(w, ci, role, kv, 8);
}

static void
own_by_purpose(struct world *w, bool near)
{
	principal_id p = service(w, "admin", 3), ci = service(w, "ci", 4);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id role = role_of(w, PLANE_AZURE, "Key Vault Secrets User");
	uint32_t table = role_table(w, p, 6);

	sink(w, p, SINK_SECRET, secret(w, kv, "admin-key", 5), NONE, false, 9);
	tell(w, table,
	    (struct said_role){p, role, kv,
		near ? "Read secrets" : "Read own credentials", false},
	    7);
	grant(w, ci, role, kv, 8);
}

static void
no_expiry(struct world *w, bool near)
{
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);

	secret(w, kv, "a", 5);
	secret(w, kv, "x-client-id", 6);
	secret(w, kv, "b", 7);
	if (near) {
		w->b->secrets.at[0].expires = TODAY + 100 * DAY;
		w->b->secrets.at[2].expires = TODAY + 100 * DAY;
	}
}

static void
credential(struct world *w, const char *name, moment starts, moment ends)
{
	assert_int_equal(vector_push(&w->b->credentials,
			     {.principal = service(w, "app", 2),
				 .application = NONE,
				 .name = said(w, name),
				 .kind = CREDENTIAL_SECRET,
				 .starts = starts,
				 .ends = ends,
				 .origin = at(w, 5)}),
	    ACTAS_OK);
}

static void
endless_credential(struct world *w, bool near)
{
	credential(
	    w, "key", MOMENT_UNKNOWN, near ? TODAY + 50 * DAY : MOMENT_UNKNOWN);
}

static void
expired_credential(struct world *w, bool near)
{
	credential(w, "key", MOMENT_UNKNOWN, near ? TODAY + 1 : TODAY);
}

static void
expired_secret(struct world *w, bool near)
{
	secret(w, vault(w, "kv", MODEL_RBAC, 4), "a", 5);
	w->b->secrets.at[0].expires = TODAY - DAY;
	w->b->secrets.at[0].enabled = near ? NO : YES;
}

static void
expiring(struct world *w, bool near)
{
	credential(w, "key", MOMENT_UNKNOWN, TODAY + (near ? 31 : 10) * DAY);
}

static void
long_lived(struct world *w, bool near)
{
	credential(
	    w, "key", TODAY - 30 * DAY, TODAY + (near ? 335 : 700) * DAY);
}

static void
old_secret(struct world *w, bool near)
{
	secret(w, vault(w, "kv", MODEL_RBAC, 4), "a", 5);
	w->b->secrets.at[0].created = TODAY - 900 * DAY;
	w->b->secrets.at[0].updated = TODAY - (near ? 20 : 400) * DAY;
	w->b->secrets.at[0].expires = TODAY + 90 * DAY;
}

static const struct rule_case cases[] = {
    {"readable-credential", readable,
	"ci may read secret admin-key (Key Vault Secrets User on vault kv, "
	"line 7), which holds the credential of admin (line 6). It can sign in "
	"as admin and so gains Admin on workspaces Gold and Bronze.",
	"7 6"},
    {"readable-credential", readable_set,
	"ci may read secrets admin-pfx and admin-secret (Key Vault Secrets "
	"User on vault kv, line 7), which hold the credential of admin (line "
	"6). It can sign in as admin and so gains Admin on workspace Gold.",
	"7 6"},
    {"readable-credential", readable_under_either_model,
	"If vault kv uses RBAC, ci may read secret admin-key (Key Vault "
	"Secrets User on vault kv, line 7), which holds the credential of "
	"admin (line 6). It can sign in as admin and so gains access policy "
	"(get) on vault kv and Admin on workspace Gold.",
	"7 6"},
    {"readable-credential", readable_by_pattern,
	"worker may read secret admin-key (Get Secrets on vault kv, line 7), "
	"which holds the credential of admin (line 9). It can sign in as admin "
	"and so gains Admin on workspace Gold.",
	"7 9"},
    {"own-credential", own_only,
	"admin is to read its own credential from secret admin-key (Key Vault "
	"Secrets User on vault kv, line 7), but to read it there it must have "
	"signed in with it already, and nobody else may read it.",
	"7 6"},
    {"own-credential", own_by_purpose,
	"admin is to read its own credential from secret admin-key (Key Vault "
	"Secrets User on vault kv, line 7), but to read it there it must have "
	"signed in with it already.",
	"7 9"},
    {"secret-without-expiry", no_expiry,
	"No expiry date is given for secrets a and b of vault kv.", "5 7"},
    {"secret-without-expiry", endless_credential,
	"No expiry date is given for client secret key of app.", "5"},
    {"expired", expired_credential,
	"The client secret key of app ended on 2026-11-21: signing in with it "
	"fails (AADSTS7000222).",
	"5"},
    {"expired", expired_secret,
	"The expiry date of secret a, 2026-11-20, is past. The vault hands it "
	"out all the same; what it holds may no longer work.",
	"5"},
    {"expiring", expiring,
	"The client secret key of app ends on 2026-12-01, in 10 days.", "5"},
    {"long-lived", long_lived,
	"The client secret key of app lives from 2026-10-22 to 2028-10-21: 730 "
	"days, and 365 are allowed.",
	"5"},
    {"long-lived", old_secret,
	"The secret a has not been changed since 2025-10-17: 400 days, and 365 "
	"are allowed.",
	"5"},
};

const struct rule_cases cases_of_credentials = {
    cases, sizeof cases / sizeof cases[0]};
