#include "estate/private.h"

#include "estate/builtin.h"

#include <stdio.h>

enum { MESSAGE_BYTES = 4096 };

static struct scope
root_scope(void)
{
	return (struct scope){
	    .parent = NONE, .kind = SCOPE_ROOT, .declared = 1};
}

struct builder *
builder_new_bare(struct fault *fault)
{
	struct builder *b = mem_zero(1, sizeof *b);

	if (b != NULL)
		b->private = mem_zero(1, sizeof *b->private);
	if (b == NULL || b->private == NULL) {
		mem_free(b);
		fault_plain(fault, ACTAS_ENOMEM);
		return NULL;
	}
	b->fault = fault;
	builder_stick(b, vector_push(&b->scopes, root_scope()));
	builder_stick(b, vector_push(&b->private->made_under, NONE));
	builder_stick(b, vector_push(&b->private->described_by, NONE));
	return b;
}

struct builder *
builder_new(struct fault *fault)
{
	struct builder *b = builder_new_bare(fault);

	if (b == NULL)
		return NULL;
	builtin_add(b);
	return b;
}

void
private_release(struct builder_private *p)
{
	index_release(&p->by_object_id);
	index_release(&p->by_app_id);
	index_release(&p->by_application);
	index_release(&p->by_scope);
	index_release(&p->by_role_id);
	index_release(&p->by_role_name);
	vector_release(&p->made_under);
	vector_release(&p->described_by);
	vector_release(&p->keys);
	vector_release(&p->ids);
	vector_release(&p->origins);
	vector_release(&p->conditions);
	vector_release(&p->united);
}

void
builder_free(struct builder *b)
{
	if (b == NULL)
		return;
	private_release(b->private);
	mem_free(b->private);
	tables_release(b);
	mem_free(b);
}

void
builder_stick(struct builder *b, enum actas_error error)
{
	if (error == ACTAS_OK || b->error != ACTAS_OK)
		return;
	b->error = error;
	if (error == ACTAS_ELIMIT)
		fault_set(b->fault, error, NULL, 0,
		    "the source has more than %u rows of one kind",
		    LIMIT_ENTITIES);
	else
		fault_plain(b->fault, error);
}

void
builder_fail(struct builder *b, enum actas_error error, struct origin origin,
    const char *format, ...)
{
	struct buffer message = {0};
	va_list args;

	if (b->error != ACTAS_OK)
		return;
	b->error = error;
	va_start(args, format);
	buffer_addv(&message, format, args);
	va_end(args);
	fault_set(b->fault, error, strings_get(&b->strings, origin.file).at,
	    origin.line, "%s",
	    message.error == ACTAS_OK ? buffer_text(&message)
				      : actas_strerror(error));
	buffer_release(&message);
}

string_id
builder_string(struct builder *b, struct slice text)
{
	string_id id = 0;
	enum actas_error error;

	if (b->error != ACTAS_OK)
		return 0;
	error = strings_add(&b->strings, text, &id);
	if (error == ACTAS_ELIMIT && text.length > LIMIT_STRING_BYTES)
		builder_fail(b, error, b->private->reading,
		    "the text that begins \"%.*s\" is longer than %u bytes, "
		    "the most a name or condition may have",
		    40, text.at, LIMIT_STRING_BYTES);
	builder_stick(b, error);
	return b->error == ACTAS_OK ? id : 0;
}

struct origin
builder_origin(struct builder *b, const char *file, uint32_t line)
{
	struct origin origin = {builder_string(b, slice_of(file)), line};

	if (b->error == ACTAS_OK)
		b->private->reading = origin;
	return origin;
}

/* At most 'most' bytes, cut between characters. */
static struct slice
clipped(struct slice text, size_t most)
{
	if (text.length <= most)
		return text;
	while (most > 0 && ((unsigned char)text.at[most] & 0xc0) == 0x80)
		most--;
	return slice_sub(text, 0, most);
}

void
builder_problem(struct builder *b, enum problem_kind kind, struct slice subject,
    struct origin origin, struct origin other, const char *format, ...)
{
	struct problem problem = {
	    .kind = (uint8_t)kind, .origin = origin, .other = other};
	struct buffer message = {0};
	va_list args;

	if (b->error != ACTAS_OK)
		return;
	va_start(args, format);
	buffer_addv(&message, format, args);
	va_end(args);
	builder_stick(b, message.error);
	problem.message =
	    builder_string(b, clipped(buffer_slice(&message), MESSAGE_BYTES));
	problem.subject = builder_string(b, clipped(subject, MESSAGE_BYTES));
	buffer_release(&message);
	if (b->error == ACTAS_OK)
		builder_stick(b, vector_push(&b->problems, problem));
}

static principal_id
find_principal(const struct builder *b, const struct index *ix, struct guid id,
    bool by_app)
{
	struct index_walk walk = index_start(ix, guid_hash(id));
	principal_id p;

	while (index_next(&walk, &p)) {
		const struct principal *row = &b->principals.at[p];

		if (guid_eq(by_app ? row->app_id : row->object_id, id))
			return p;
	}
	return NONE;
}

principal_id
builder_known(const struct builder *b, struct guid object_id)
{
	if (guid_is_nil(object_id))
		return NONE;
	return find_principal(b, &b->private->by_object_id, object_id, false);
}

principal_id
builder_principal_by_app_id(const struct builder *b, struct guid app_id)
{
	if (guid_is_nil(app_id))
		return NONE;
	return find_principal(b, &b->private->by_app_id, app_id, true);
}

principal_id
builder_principal_new(struct builder *b, struct slice name,
    enum principal_kind kind, struct origin origin)
{
	struct principal row = {
	    .workspace = NONE, .kind = (uint8_t)kind, .origin = origin};

	row.name = builder_string(b, name);
	if (b->error == ACTAS_OK)
		builder_stick(b, vector_push(&b->principals, row));
	return b->error == ACTAS_OK ? b->principals.count - 1 : NONE;
}

principal_id
builder_principal(
    struct builder *b, struct guid object_id, struct origin origin)
{
	principal_id p;

	if (b->error != ACTAS_OK)
		return NONE;
	p = builder_known(b, object_id);
	if (p != NONE)
		return p;
	p = builder_principal_new(b, SLICE(""), PRINCIPAL_UNKNOWN, origin);
	if (p != NONE)
		builder_identify(b, p, object_id, (struct guid){0});
	return b->error == ACTAS_OK ? p : NONE;
}

void
builder_write_principal(
    const struct builder *b, principal_id p, struct buffer *out)
{
	const struct principal *row = &b->principals.at[p];
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(
	    guid_is_nil(row->object_id) ? row->app_id : row->object_id, text);
	if (row->name != 0 || row->upn != 0)
		buffer_add(out,
		    strings_get(
			&b->strings, row->name != 0 ? row->name : row->upn));
	else
		buffer_puts(out,
		    guid_is_nil(row->object_id) && guid_is_nil(row->app_id)
			? "unnamed"
			: text);
}

/* Says that 'p' is given an id that contradicts what is known. */
static void
dispute_id(struct builder *b, principal_id p, principal_id owner,
    struct guid id, const char *kind)
{
	struct buffer first = {0}, second = {0};
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	builder_write_principal(b, owner, &first);
	builder_write_principal(b, p, &second);
	if (p == owner)
		builder_problem(b, PROBLEM_SELF_CONTRADICTION,
		    buffer_slice(&first), b->principals.at[p].origin,
		    (struct origin){0},
		    "%s is given a second id, %s; the first one is kept",
		    buffer_text(&first), text);
	else
		builder_problem(b, PROBLEM_DUPLICATE, buffer_slice(&second),
		    b->principals.at[p].origin, b->principals.at[owner].origin,
		    "%s has the %s id %s, which is that of %s already",
		    buffer_text(&second), kind, text, buffer_text(&first));
	builder_stick(b, first.error != ACTAS_OK ? first.error : second.error);
	buffer_release(&first);
	buffer_release(&second);
}

static void
set_id(struct builder *b, principal_id p, struct guid id, bool by_app)
{
	struct principal *row = &b->principals.at[p];
	struct guid *field = by_app ? &row->app_id : &row->object_id;
	struct index *ix =
	    by_app ? &b->private->by_app_id : &b->private->by_object_id;
	principal_id owner;

	if (guid_is_nil(id) || guid_eq(*field, id))
		return;
	owner = find_principal(b, ix, id, by_app);
	if (owner == NONE && !guid_is_nil(*field))
		owner = p;
	if (owner != NONE) {
		dispute_id(b, p, owner, id, by_app ? "app" : "object");
		return;
	}
	*field = id;
	builder_stick(b, index_add(ix, guid_hash(id), p));
}

void
builder_identify(struct builder *b, principal_id p, struct guid object_id,
    struct guid app_id)
{
	if (b->error == ACTAS_OK && p >= b->principals.count)
		builder_fail(b, ACTAS_EUSAGE, (struct origin){0},
		    "an id is given to principal %u, which was not made", p);
	if (b->error != ACTAS_OK)
		return;
	set_id(b, p, object_id, false);
	set_id(b, p, app_id, true);
}

void
builder_member(struct builder *b, principal_id group, principal_id member,
    struct origin origin)
{
	if (b->error == ACTAS_OK)
		builder_stick(
		    b, vector_push(&b->memberships, {group, member, origin}));
}

uint32_t
builder_application(struct builder *b, struct guid app_id, struct origin origin)
{
	struct application row = {.app_id = app_id,
	    .principal = NONE,
	    .scope = NONE,
	    .origin = origin};
	struct index_walk walk;
	uint32_t id;

	if (b->error != ACTAS_OK)
		return NONE;
	walk = index_start(&b->private->by_application, guid_hash(app_id));
	while (index_next(&walk, &id))
		if (guid_eq(b->applications.at[id].app_id, app_id))
			return id;
	id = b->applications.count;
	builder_stick(b, vector_push(&b->applications, row));
	if (b->error == ACTAS_OK)
		builder_stick(b,
		    index_add(
			&b->private->by_application, guid_hash(app_id), id));
	return b->error == ACTAS_OK ? id : NONE;
}
