#include "keyvault_world.h"

#include "fixture_world.h"

static enum actas_error
apply_clear(struct change *change ACTAS_UNUSED, const struct snapshot *now,
    struct writes *writes)
{
	static const char *const kinds[] = {
	    "secret/", "current/", "version/", "assignment/"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct state_walk walk;
		struct entry entry;

		state_walk_prefix(&walk, now->state, slice_of(kinds[i]));
		while (state_walk_next(&walk, &entry))
			writes_remove(writes, entry.key);
	}
	return ACTAS_OK;
}

static void
put_back(struct fixture *f, const char *kind)
{
	for (const struct world_entity *e = fixture_world; e->key != NULL; e++)
		if (slice_starts(slice_of(e->key), slice_of(kind)))
			fixture_put(f, e->key, e->value, NULL);
}

int
vault_reset(void **state)
{
	struct fixture *f = *state;
	struct change clear = {.apply = apply_clear};

	atomic_store(&f->now, FIXTURE_NOW);
	f->peer = "127.0.0.1";
	if (store_commit(f->platform.store, &clear, NULL) != ACTAS_OK)
		return -1;
	put_back(f, "vault/");
	put_back(f, "assignment/");
	return 0;
}

const char *
quoted(struct fixture *f, const char *text)
{
	char *copy =
	    text == NULL ? NULL : arena_text(&f->arena, slice_of(text));

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	return copy;
}

struct reply
vault_ask_at(struct fixture *f, const char *host, const char *method,
    const char *target, const char *principal, const char *body)
{
	bool has_query = strchr(target, '?') != NULL;

	return ask(f, method, host,
	    arena_printf(
		&f->arena, "%s%s" SEVEN, target, has_query ? "&" : "?"),
	    principal == NULL ? NULL : fixture_bearer(f, principal, VAULT),
	    quoted(f, body));
}

struct reply
vault_ask(struct fixture *f, const char *method, const char *target,
    const char *principal, const char *body)
{
	return vault_ask_at(f, VAULT_HOST, method, target, principal, body);
}

void
vault_do(struct fixture *f, const char *method, const char *target,
    const char *body, uint32_t status)
{
	struct reply r = vault_ask(f, method, target, ADMIN, body);

	if (r.status != status)
		fail_msg("%s %s: %u, not %u: %.*s", method, target, r.status,
		    status, SLICE_ARGS(r.text));
	reply_free(&r);
}

const char *
vault_set(struct fixture *f, const char *name, const char *value)
{
	const char *target = arena_printf(&f->arena, "/secrets/%s", name);
	struct reply r = vault_ask(f, "PUT", target, ADMIN,
	    arena_printf(&f->arena, "{'value':'%s'}", value));
	const char *id;

	assert_reply(&r, 200, "value", value);
	id = arena_text(&f->arena, slice_of(strrchr(reply_at(&r, "id"), '/')));
	reply_free(&r);
	return id + 1;
}

unsigned
audit_count(struct fixture *f, const char *operation, const char *kind)
{
	json_t *lines = fixture_audit(f), *line;
	unsigned count = 0;
	size_t i;

	json_array_foreach(lines, i, line) count +=
	    strcmp(json_at(line, "operation"), operation) == 0 &&
	    strcmp(json_at(line, "kind"), kind) == 0;
	json_decref(lines);
	return count;
}
