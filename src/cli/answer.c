#include "cli/answer.h"

/* More ways to say yes than anybody reads. */
#define REMEDIES_MOST 5

enum actas_error
answer_make(const struct estate *e, struct answer *a, struct arena *arena)
{
	assignment_id by;

	a->decision = decide(e, a->principal, a->action, a->scope, NULL);
	by = a->decision.assignment;
	if (by != NONE) {
		a->chain = decision_chain(
		    e, a->principal, e->holders[by], arena, &a->chain_count);
		if (a->chain == NULL)
			return ACTAS_ENOMEM;
	}
	return ACTAS_OK;
}

enum actas_error
answer_remedies(const struct estate *e, struct answer *a, struct arena *arena)
{
	if (a->decision.allowed)
		return ACTAS_OK;
	return decision_remedies(e, a->action, a->scope, &a->decision,
	    REMEDIES_MOST, arena, &a->remedies, &a->remedy_count);
}

const char *
answer_chain(struct cli *cli, const principal_id *chain, uint32_t count)
{
	const char *text = "";

	for (uint32_t i = 0; i < count; i++)
		text = word_format(cli, "%s%s%s", text, i > 0 ? " → " : "",
		    word_principal(cli, chain[i]));
	return text;
}

const char *
answer_grant(struct cli *cli, assignment_id a)
{
	struct assignment row = estate_assignment(cli->estate, a);

	return word_format(cli, "%s at %s", word_role(cli, row.role),
	    word_place(cli, row.scope));
}

/* "Key Vault Secrets User at vault kv-x". */
static const char *
answer_remedy(struct cli *cli, const struct remedy *remedy)
{
	const char *place = word_place(cli, remedy->scope);

	if (remedy->role == NONE)
		return word_format(cli,
		    "the secret permission \"%s\" in the access policies of %s",
		    remedy->permission, place);
	return word_format(
	    cli, "%s at %s", word_role(cli, remedy->role), place);
}

/* The rest contain the action as well, and are told without advice: what they
 * give besides is for the reader to want. */
static const char *
wider_remedies(struct cli *cli, const struct remedy *remedies, uint32_t count)
{
	const char *text = "";

	for (uint32_t i = 1; i < count; i++)
		text = word_format(cli, "%s%s%s", text,
		    i == 1              ? ""
			: i + 1 < count ? ", "
					: " or ",
		    word_role(cli, remedies[i].role));
	return word_format(cli,
	    "%s would do too, and give%s other rights as well", text,
	    count == 2 ? "s" : "");
}

void
answer_write_remedies(struct cli *cli, const char *indent,
    const struct decision *d, const struct remedy *remedies, uint32_t count)
{
	bool eligible = d->reason == REASON_ELIGIBLE_ONLY;

	if (eligible)
		text_label(&cli->out, word_format(cli, "%sfix", indent),
		    STYLE_PLAIN,
		    word_format(
			cli, "activate %s", answer_grant(cli, d->assignment)));
	if (count > 0)
		text_label(&cli->out,
		    word_format(cli, "%s%s", indent, eligible ? "or" : "fix"),
		    STYLE_PLAIN,
		    word_format(
			cli, "grant it %s", answer_remedy(cli, &remedies[0])));
	if (count > 1)
		text_label(&cli->out, word_format(cli, "%swider", indent),
		    STYLE_PLAIN, wider_remedies(cli, remedies, count));
}

void
answer_put_assignment(
    const struct estate *e, struct json *j, const char *key, assignment_id a)
{
	struct assignment row;

	if (a == NONE) {
		json_put_null(j, key);
		return;
	}
	row = estate_assignment(e, a);
	json_open_object(j, key);
	json_put_guid(j, "id", row.id);
	json_put_principal(e, j, "principal", row.principal);
	json_put_role(e, j, "role", row.role);
	json_put_scope(e, j, "scope", row.scope);
	json_put_flag(j, "disputed", (row.flags & ASSIGNMENT_DISPUTED) != 0);
	if (row.condition == 0)
		json_put_null(j, "condition");
	else
		json_put_text(j, "condition", estate_text(e, row.condition));
	json_put_origin(e, j, row.origin);
	json_close(j);
}

static void
put_node(struct json *j, const char *kind, struct buffer *name)
{
	json_open_object(j, NULL);
	json_put_string(j, "kind", kind);
	json_put_text(j, "name", buffer_slice(name));
	json_close(j);
	buffer_clear(name);
}

void
answer_put_path(const struct estate *e, struct json *j, const char *key,
    const principal_id *chain, uint32_t count, assignment_id a)
{
	struct buffer name = {0};

	json_open_array(j, key);
	for (uint32_t i = 0; i < count; i++) {
		estate_write_principal(e, chain[i], &name);
		put_node(j,
		    principal_kind_name(e->principals.at[chain[i]].kind),
		    &name);
	}
	if (a != NONE) {
		struct assignment row = estate_assignment(e, a);

		buffer_add(&name, estate_text(e, e->roles.at[row.role].name));
		put_node(j, "role", &name);
		estate_write_scope(e, row.scope, &name);
		put_node(
		    j, scope_kind_name(e->scopes.at[row.scope].kind), &name);
	}
	json_close(j);
	if (name.error != ACTAS_OK)
		j->out->error = name.error;
	buffer_release(&name);
}

void
answer_put_remedies(const struct estate *e, struct json *j, const char *key,
    const struct remedy *remedies, uint32_t count)
{
	json_open_array(j, key);
	for (uint32_t i = 0; i < count; i++) {
		json_open_object(j, NULL);
		json_put_role(e, j, "role", remedies[i].role);
		json_put_guid(j, "roleId",
		    remedies[i].role == NONE
			? (struct guid){0}
			: e->roles.at[remedies[i].role].id);
		json_put_string(j, "permission", remedies[i].permission);
		json_put_scope(e, j, "scope", remedies[i].scope);
		json_close(j);
	}
	json_close(j);
}

static void
put_denial(const struct estate *e, struct json *j, uint32_t denial)
{
	const struct deny_assignment *row;

	if (denial == NONE) {
		json_put_null(j, "denyAssignment");
		return;
	}
	row = &e->denials.at[denial];
	json_open_object(j, "denyAssignment");
	json_put_guid(j, "id", row->id);
	json_put_text(j, "name", estate_text(e, row->name));
	json_put_scope(e, j, "scope", row->scope);
	json_put_origin(e, j, row->origin);
	json_close(j);
}

void
answer_put_json(const struct estate *e, struct json *j, const char *key,
    const struct answer *a)
{
	const struct decision *d = &a->decision;

	json_open_object(j, key);
	json_put_string(j, "decision", d->allowed ? "allow" : "deny");
	json_put_string(j, "reason", reason_name(d->reason));
	json_put_principal(e, j, "principal", a->principal);
	json_put_text(j, "action", a->action->name);
	json_put_scope(e, j, "scope", a->scope);
	answer_put_assignment(e, j, "assignment", d->assignment);
	json_put_role(e, j, "role",
	    d->assignment == NONE ? NONE
				  : estate_assignment(e, d->assignment).role);
	put_denial(e, j, d->denial);
	answer_put_path(e, j, "path", a->chain, a->chain_count, d->assignment);
	if (a->missing.at != NULL)
		json_put_ready(j, "missing", a->missing);
	else
		answer_put_remedies(
		    e, j, "missing", a->remedies, a->remedy_count);
	json_put_number(j, "revision", e->revision);
	json_close(j);
}
