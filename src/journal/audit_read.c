#include "journal/audit_folder.h"

#include "journal/journal.h"

#include <inttypes.h>

/* Lines of one file, one at a time, in a window that holds the longest. */
struct lines {
	struct reader from;
	char *window;
	size_t begin, end;
	uint32_t number;
	bool is_used_up;
};

enum { WINDOW = 2 * LIMIT_AUDIT_LINE_BYTES };

static enum actas_error
fill(struct lines *l, struct fault *fault)
{
	size_t got;

	memmove(l->window, l->window + l->begin, l->end - l->begin);
	l->end -= l->begin;
	l->begin = 0;
	if (l->end > LIMIT_AUDIT_LINE_BYTES)
		return fault_set(fault, ACTAS_EPARSE, l->from.name,
		    l->number + 1, "is longer than any line of the audit log");
	if (l->from.read(&l->from, l->window + l->end, WINDOW - l->end, &got) !=
	    ACTAS_OK)
		return fault_set(fault, ACTAS_EIO, l->from.name, l->number + 1,
		    "cannot be read");
	l->end += got;
	l->is_used_up = got == 0;
	return ACTAS_OK;
}

/* '*line' without its newline; its pointer is NULL at the end. What stands
 * behind the last newline is being written, or was by who crashed. */
static enum actas_error
next_line(struct lines *l, struct slice *line, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;

	*line = (struct slice){0};
	while (error == ACTAS_OK) {
		char *at = l->window + l->begin;
		char *end = memchr(at, '\n', l->end - l->begin);

		if (end != NULL) {
			*line = (struct slice){at, (size_t)(end - at)};
			l->begin += line->length + 1;
			l->number++;
			return ACTAS_OK;
		}
		if (l->is_used_up)
			return ACTAS_OK;
		error = fill(l, fault);
	}
	return error;
}

/* What is done with every line of the log. */
struct visit {
	enum actas_error (*line)(struct visit *v, const struct lines *at,
	    struct slice text, struct fault *fault);
};

static enum actas_error
visit_file(struct visit *v, const char *path, struct fault *fault)
{
	struct lines l = {.window = mem_alloc(WINDOW)};
	enum actas_error error = l.window == NULL
	    ? fault_plain(fault, ACTAS_ENOMEM)
	    : reader_open(&l.from, path, fault);
	struct slice text = {0};

	while (error == ACTAS_OK) {
		error = next_line(&l, &text, fault);
		if (error != ACTAS_OK || text.at == NULL)
			break;
		error = v->line(v, &l, text, fault);
	}
	reader_close(&l.from);
	mem_free(l.window);
	return error;
}

static enum actas_error
visit_all(struct visit *v, const char *folder, struct fault *fault)
{
	struct audit_names names;
	enum actas_error error = audit_names_read(folder, &names, fault);
	char path[PATH_MAX];

	for (uint32_t i = 0; error == ACTAS_OK && i < names.all.count; i++) {
		if (audit_path(path, folder, &names.all.at[i]))
			error = visit_file(v, path, fault);
		else
			error = fault_set(fault, ACTAS_EUSAGE, folder, 0,
			    "is too long a path");
	}
	vector_release(&names.all);
	return error;
}

struct filtering {
	struct visit visit;
	const struct audit_filter *filter;
	enum actas_error (*line)(void *context, struct slice text);
	void *context;
	uint64_t told; /* by the last line */
};

static enum actas_error
filter_line(struct visit *v, const struct lines *at, struct slice text,
    struct fault *fault)
{
	struct filtering *f = (struct filtering *)v;
	bool passes;

	f->told = audit_line_told(text);
	if (audit_line_passes(text, f->filter, &passes) != ACTAS_OK)
		return fault_set(fault, ACTAS_EPARSE, at->from.name, at->number,
		    "is no line of the audit log");
	return passes ? f->line(f->context, text) : ACTAS_OK;
}

static enum actas_error
filter_change(void *context, const struct journal_change *change)
{
	struct filtering *f = context;
	struct buffer text = {0};
	enum actas_error error;
	bool passes = false;

	audit_line_of_change(&text, change);
	buffer_putc(&text, '}');
	error = text.error;
	if (error == ACTAS_OK)
		error =
		    audit_line_passes(buffer_slice(&text), f->filter, &passes);
	if (passes)
		error = f->line(f->context, buffer_slice(&text));
	buffer_release(&text);
	return error;
}

enum actas_error
audit_read(const char *folder, const char *journal,
    const struct audit_filter *filter,
    enum actas_error (*line)(void *context, struct slice text), void *context,
    struct fault *fault)
{
	struct filtering f = {{filter_line}, filter, line, context, 0};
	enum actas_error error = visit_all(&f.visit, folder, fault);

	if (error != ACTAS_OK || journal == NULL)
		return error;
	return journal_changes(
	    journal, f.told, UINT64_MAX, filter_change, &f, fault);
}

struct verifying {
	struct visit visit;
	struct audit_hash last; /* of the line before */
	struct audit_head head;
	bool has_head; /* its line was seen, or there is nothing to see */
	uint64_t lines;
};

static const char *const breaks[] = {
    [AUDIT_NO_LINE] = "is no line of the audit log",
    [AUDIT_ALTERED] = "was altered: its hash is not its own",
    [AUDIT_NO_MEMORY] = "cannot be checked: out of memory",
};

static const char *
gap_before(const struct verifying *v)
{
	if (v->lines == 0)
		return "does not follow what the log should begin with: what "
		       "stood before it was removed";
	return "does not follow the line before it: lines between them were "
	       "removed, or put in";
}

static enum actas_error
verify_line(struct visit *visit, const struct lines *at, struct slice text,
    struct fault *fault)
{
	struct verifying *v = (struct verifying *)visit;
	struct audit_hash previous, hash;
	enum audit_state state = audit_line_check(text, &previous, &hash);

	if (state != AUDIT_SOUND)
		return fault_set(fault, ACTAS_EPARSE, at->from.name, at->number,
		    "%s", breaks[state]);
	if (!audit_hash_eq(&previous, &v->last))
		return fault_set(fault, ACTAS_EPARSE, at->from.name, at->number,
		    "%s", gap_before(v));
	v->last = hash;
	v->has_head |= audit_hash_eq(&hash, &v->head.hash);
	v->lines++;
	return ACTAS_OK;
}

enum actas_error
audit_verify(const char *folder, struct slice after, uint64_t *lines,
    struct fault *fault)
{
	struct verifying v = {
	    .visit = {verify_line}, .last = audit_hash_none()};
	struct fault headless = {0};
	/* Before the lines, of which there may be more meanwhile. */
	enum actas_error head = audit_head_read(folder, &v.head, &headless);
	enum actas_error error;

	*lines = 0;
	if (after.length > 0 && !audit_hash_read(after, &v.last))
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "a hash has 64 digits and letters from a to f");
	v.has_head = v.head.name.at[0] == '\0';
	error = visit_all(&v.visit, folder, fault);
	*lines = v.lines;
	if (error != ACTAS_OK)
		return error;
	if (head != ACTAS_OK)
		return fault_set(
		    fault, head, headless.file, 0, "%s", headless.message);
	if (v.has_head)
		return ACTAS_OK;
	return fault_set(fault, ACTAS_EPARSE, v.head.name.at, 0,
	    "lines at the end of the log were removed: it had reached the disk "
	    "up to byte %" PRIu64 " of this file",
	    v.head.size);
}
