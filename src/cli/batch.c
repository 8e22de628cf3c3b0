#include "cli/batch.h"

#include "cli/answer.h"

#include <errno.h>
#include <jansson.h>
#include <unistd.h>

/*
 * A million questions name few principals, actions and scopes. What a name
 * means, and what would help against a denial, is looked up once and kept
 * until a memo is full: then it is emptied, so that memory stays bounded
 * whatever comes in.
 */

#define MEMO_MOST  ((uint32_t)1 << 16)
#define LINE_MOST  ((size_t)64 << 10)
#define CHUNK      ((size_t)64 << 10)
#define ARENA_MOST 4096 /* questions between two releases of the arena */

struct memo {
	struct strings names;
	VECTOR(uint32_t) ids; /* by string_id; NONE: not looked up yet */
};

struct batch {
	struct cli *cli;
	enum action_class otherwise;
	struct memo principals, scopes, actions, helps;
	VECTOR(struct action) prepared;
	struct strings remedies; /* JSON; 'helps' has their ids */
	struct arena arena;
	struct buffer line, out;
	uint64_t lines, answered, refused;
	uint64_t first_refused;
	struct fault fault; /* of the current line */
};

static void
memo_release(struct memo *m)
{
	strings_release(&m->names);
	vector_release(&m->ids);
}

/* The place of a name in the memo; *slot lives until the next call. */
static enum actas_error
memo_slot(struct memo *m, struct slice name, uint32_t **slot)
{
	string_id id;
	enum actas_error error;

	if (m->ids.count > MEMO_MOST)
		memo_release(m);
	error = strings_add(&m->names, name, &id);
	while (error == ACTAS_OK && m->ids.count <= id)
		error = vector_push(&m->ids, NONE);
	if (error == ACTAS_OK)
		*slot = &m->ids.at[id];
	return error;
}

static enum actas_error
find_principal(struct batch *b, struct slice name, principal_id *id)
{
	uint32_t *slot = NULL;
	enum actas_error error = memo_slot(&b->principals, name, &slot);

	if (error == ACTAS_OK && *slot == NONE)
		error = estate_find_principal(
		    b->cli->estate, name, slot, &b->fault);
	if (error == ACTAS_OK)
		*id = *slot;
	return error;
}

static enum actas_error
find_scope(struct batch *b, struct slice name, scope_id *id)
{
	uint32_t *slot = NULL;
	enum actas_error error = memo_slot(&b->scopes, name, &slot);

	if (error == ACTAS_OK && *slot == NONE)
		error =
		    estate_find_scope(b->cli->estate, name, slot, &b->fault);
	if (error == ACTAS_OK)
		*id = *slot;
	return error;
}

static void
forget_actions(struct batch *b)
{
	for (uint32_t i = 0; i < b->prepared.count; i++)
		action_release(&b->prepared.at[i]);
	vector_release(&b->prepared);
	memo_release(&b->actions);
	memo_release(&b->helps);
	strings_release(&b->remedies);
}

/* The class is the first byte of the key: one name may be asked as both. */
static enum actas_error
find_action(struct batch *b, struct slice name, enum action_class class,
    const struct action **action)
{
	struct buffer key = {0};
	struct action made = {0};
	uint32_t *slot = NULL;
	enum actas_error error;

	if (b->prepared.count >= MEMO_MOST)
		forget_actions(b);
	buffer_putc(&key, (char)('0' + (int)class));
	buffer_add(&key, name);
	error = key.error;
	if (error == ACTAS_OK)
		error = memo_slot(&b->actions, buffer_slice(&key), &slot);
	buffer_release(&key);
	if (error == ACTAS_OK && *slot == NONE) {
		error = action_prepare(
		    b->cli->estate, name, class, &made, &b->fault);
		if (error == ACTAS_OK)
			error = vector_push(&b->prepared, made);
		if (error != ACTAS_OK)
			action_release(&made);
		else
			*slot = b->prepared.count - 1;
	}
	if (error == ACTAS_OK)
		*action = &b->prepared.at[*slot];
	return error;
}

/* What would help depends on the action, the scope and the reason only. */
static enum actas_error
find_remedies(struct batch *b, struct answer *a)
{
	const uint32_t key[] = {(uint32_t)(a->action - b->prepared.at),
	    a->scope, (uint32_t)a->decision.reason};
	struct slice name = {(const char *)key, sizeof key};
	struct buffer text = {0};
	struct json j = {.out = &text};
	uint32_t *slot = NULL;
	enum actas_error error = memo_slot(&b->helps, name, &slot);

	/* The memo is new, or was full and has been emptied. */
	if (error == ACTAS_OK && *slot == NONE && b->helps.ids.count <= 2)
		strings_release(&b->remedies);
	if (error == ACTAS_OK && *slot == NONE) {
		error = answer_remedies(b->cli->estate, a, &b->arena);
		answer_put_remedies(
		    b->cli->estate, &j, NULL, a->remedies, a->remedy_count);
		if (error == ACTAS_OK)
			error = text.error;
		if (error == ACTAS_OK)
			error = strings_add(&b->remedies,
			    slice_trim(buffer_slice(&text)), slot);
	}
	if (error == ACTAS_OK)
		a->missing = strings_get(&b->remedies, *slot);
	buffer_release(&text);
	return error;
}

/* A line, taken apart. Slices lie in the JSON value. */
struct asked {
	struct slice principal, action, scope;
	enum action_class class;
};

static enum actas_error
take_text(struct batch *b, json_t *value, const char *key, struct slice *text)
{
	if (!json_is_string(value))
		return fault_set(&b->fault, ACTAS_EPARSE, NULL, 0,
		    "\"%s\" is expected to be a string", key);
	*text =
	    (struct slice){json_string_value(value), json_string_length(value)};
	return ACTAS_OK;
}

static enum actas_error
take_member(struct batch *b, const char *key, json_t *value, struct asked *q)
{
	const struct {
		const char *key;
		struct slice *into;
	} texts[] = {
	    {"principal", &q->principal},
	    {"action", &q->action},
	    {"scope", &q->scope},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (strcmp(texts[i].key, key) == 0)
			return take_text(b, value, key, texts[i].into);
	}
	if (strcmp(key, "data") == 0 && json_is_boolean(value)) {
		q->class = json_is_true(value) ? ACTION_DATA : ACTION_CONTROL;
		return ACTAS_OK;
	}
	if (strcmp(key, "data") == 0)
		return fault_set(&b->fault, ACTAS_EPARSE, NULL, 0,
		    "\"data\" is expected to be true or false");
	return fault_set(&b->fault, ACTAS_EPARSE, NULL, 0,
	    "a question has no \"%s\"; it has \"principal\", \"action\", "
	    "\"scope\" and perhaps \"data\"",
	    key);
}

static enum actas_error
read_question(struct batch *b, json_t *value, struct asked *q)
{
	enum actas_error error = ACTAS_OK;
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return fault_set(&b->fault, ACTAS_EPARSE, NULL, 0,
		    "an object is expected: {\"principal\":…,\"action\":…,"
		    "\"scope\":…}");
	json_object_foreach(value, key, member)
	{
		error = take_member(b, key, member, q);
		if (error != ACTAS_OK)
			return error;
	}
	if (q->principal.at == NULL || q->action.at == NULL ||
	    q->scope.at == NULL)
		return fault_set(&b->fault, ACTAS_EPARSE, NULL, 0,
		    "\"%s\" is missing",
		    q->principal.at == NULL    ? "principal"
			: q->action.at == NULL ? "action"
					       : "scope");
	return ACTAS_OK;
}

static enum actas_error
answer_value(struct batch *b, json_t *value)
{
	struct asked q = {.class = b->otherwise};
	struct answer a = {0};
	struct json j = {.out = &b->out};
	enum actas_error error = read_question(b, value, &q);

	if (error == ACTAS_OK)
		error = find_principal(b, q.principal, &a.principal);
	if (error == ACTAS_OK)
		error = find_action(b, q.action, q.class, &a.action);
	if (error == ACTAS_OK)
		error = find_scope(b, q.scope, &a.scope);
	if (error == ACTAS_OK)
		error = action_check_scope(
		    b->cli->estate, a.action, a.scope, &b->fault);
	if (error == ACTAS_OK)
		error = answer_make(b->cli->estate, &a, &b->arena);
	if (error == ACTAS_OK && !a.decision.allowed)
		error = find_remedies(b, &a);
	if (error == ACTAS_OK)
		answer_put_json(b->cli->estate, &j, NULL, &a);
	return error;
}

static enum actas_error
answer_line(struct batch *b, struct slice line)
{
	json_error_t problem;
	json_t *value;
	enum actas_error error;

	if (line.length > LINE_MOST)
		return fault_set(&b->fault, ACTAS_ELIMIT, NULL, 0,
		    "the line is longer than %zu bytes", LINE_MOST);
	value =
	    json_loadb(line.at, line.length, JSON_REJECT_DUPLICATES, &problem);
	if (value == NULL)
		return fault_set(&b->fault, ACTAS_EPARSE, NULL, 0,
		    "this is no JSON: %s at column %d", problem.text,
		    problem.column);
	error = answer_value(b, value);
	json_decref(value);
	return error;
}

static const char *
error_code(enum actas_error error)
{
	static const struct {
		enum actas_error error;
		const char *code;
	} codes[] = {
	    {ACTAS_EPARSE, "malformed"},
	    {ACTAS_ELIMIT, "too-large"},
	    {ACTAS_EUSAGE, "meaningless"},
	    {ACTAS_ENOTFOUND, "unknown-name"},
	    {ACTAS_EAMBIGUOUS, "ambiguous-name"},
	};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (codes[i].error == error)
			return codes[i].code;
	}
	return "failed";
}

static void
refuse_line(struct batch *b, enum actas_error error)
{
	struct json j = {.out = &b->out};

	fault_plain(&b->fault, error);
	json_open_object(&j, NULL);
	json_open_object(&j, "error");
	json_put_string(&j, "code", error_code(error));
	json_put_number(&j, "line", b->lines);
	json_put_string(&j, "message", b->fault.message);
	json_close(&j);
	json_close(&j);
	if (b->refused++ == 0)
		b->first_refused = b->lines;
}

static enum actas_error
take_line(struct batch *b)
{
	struct slice line = slice_trim(buffer_slice(&b->line));
	enum actas_error error;

	b->lines++;
	b->fault = (struct fault){.error = ACTAS_OK};
	if (line.length == 0)
		return ACTAS_OK;
	error = answer_line(b, line);
	if (error == ACTAS_ENOMEM || error == ACTAS_EIO)
		return fault_plain(&b->cli->fault, error);
	if (error != ACTAS_OK)
		refuse_line(b, error);
	if (++b->answered % ARENA_MOST == 0)
		arena_release(&b->arena);
	error = b->out.error;
	output_raw(&b->cli->out, buffer_slice(&b->out));
	buffer_clear(&b->out);
	return error;
}

/* What lies between two line ends, over any number of chunks. A line that
 * is too long is kept only so far that it is known to be. */
static void
add_to_line(struct batch *b, struct slice part)
{
	size_t room =
	    b->line.length > LINE_MOST ? 0 : LINE_MOST + 1 - b->line.length;

	buffer_add(&b->line, slice_sub(part, 0, room));
}

static enum actas_error
take_chunk(struct batch *b, struct slice chunk)
{
	struct slice part;
	enum actas_error error = ACTAS_OK;

	while (error == ACTAS_OK && slice_cut(&chunk, '\n', &part)) {
		add_to_line(b, part);
		if (chunk.at == NULL)
			break;
		error =
		    b->line.error == ACTAS_OK ? take_line(b) : b->line.error;
		buffer_clear(&b->line);
	}
	return error;
}

static enum actas_error
take_all(struct batch *b, struct reader *r, char *chunk)
{
	enum actas_error error = ACTAS_OK;
	size_t got = 1;

	while (error == ACTAS_OK && got > 0 && b->cli->out.refused == 0 &&
	    b->cli->out.pending.error == ACTAS_OK) {
		/* Whoever asks one question at a time waits for its answer. */
		output_flush(&b->cli->out);
		error = r->read(r, chunk, CHUNK, &got);
		if (error != ACTAS_OK)
			return fault_set(&b->cli->fault, error, r->name, 0,
			    "cannot be read: %s", strerror(errno));
		error = take_chunk(b, (struct slice){chunk, got});
	}
	if (error == ACTAS_OK)
		error = b->line.error;
	if (error == ACTAS_OK && b->line.length > 0)
		error = take_line(b);
	return error;
}

static void
batch_release(struct batch *b)
{
	forget_actions(b);
	memo_release(&b->principals);
	memo_release(&b->scopes);
	arena_release(&b->arena);
	buffer_release(&b->line);
	buffer_release(&b->out);
}

enum actas_error
batch_run(struct cli *cli, enum action_class otherwise)
{
	struct batch b = {.cli = cli, .otherwise = otherwise};
	struct reader r;
	char *chunk = NULL;
	enum actas_error error = reader_open(&r, "-", &cli->fault);

	if (error != ACTAS_OK)
		return error;
	progress_stop(&cli->progress);
	chunk = mem_alloc(CHUNK);
	error = chunk == NULL ? ACTAS_ENOMEM : take_all(&b, &r, chunk);
	output_flush(&cli->out);
	/* Nobody is sent to answers that could not be written. */
	if (error == ACTAS_OK && b.refused > 0 && cli->out.refused == 0 &&
	    cli->out.pending.error == ACTAS_OK)
		error = fault_set(&cli->fault, ACTAS_EPARSE, r.name,
		    (uint32_t)b.first_refused,
		    "%llu of %llu questions could not be answered; this is "
		    "the first, and the answer in its place says why",
		    (unsigned long long)b.refused,
		    (unsigned long long)b.answered);
	mem_free(chunk);
	reader_close(&r);
	batch_release(&b);
	return error;
}
