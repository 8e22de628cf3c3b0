/* Until the store and the audit log have landed. */
#include "fixture.h"
#include "journal/writes.h"
#include "http/client.h"
#include <pthread.h>
#include <stdio.h>

struct store {
	pthread_mutex_t lock;
	struct store_options options;
	const struct state *state;
	const void *view;
	uint64_t revision, edition;
	struct snapshot *kept[4096];
	unsigned count;
};
enum actas_error
journal_create(const char *path, struct fault *fault)
{
	(void)path;
	(void)fault;
	return ACTAS_OK;
}
enum actas_error
store_open(const struct store_options *options, struct store **store,
    struct fault *fault)
{
	struct store *s = calloc(1, sizeof *s);
	pthread_mutexattr_t a;
	s->options = *options;
	s->options.path = NULL;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&s->lock, &a);
	s->view = NULL;
	s->edition = 1;
	*store = s;
	return s->options.view.make(NULL, NULL, 0, NULL, &s->view, fault);
}
void
store_close(struct store *s)
{
	for (unsigned i = 0; i < s->count; i++)
		free(s->kept[i]);
	s->options.view.free(s->view);
	state_release(s->state);
	free(s);
}
const struct snapshot *
store_pin(struct store *s)
{
	struct snapshot *n = calloc(1, sizeof *n);
	pthread_mutex_lock(&s->lock);
	n->revision = s->revision;
	n->state = state_hold(s->state);
	n->view = s->view;
	pthread_mutex_unlock(&s->lock);
	return n;
}
void
store_unpin(struct store *s, const struct snapshot *snapshot)
{
	pthread_mutex_lock(&s->lock);
	state_release(snapshot->state);
	pthread_mutex_unlock(&s->lock);
	free((void *)(uintptr_t)snapshot);
}
enum actas_error
store_commit(struct store *s, struct change *change, uint64_t *revision)
{
	struct writes w = {0};
	const struct snapshot *now = store_pin(s);
	enum actas_error error;
	struct fault fault = {0};
	pthread_mutex_lock(&s->lock);
	error = change->apply(change, now, &w);
	if (error == ACTAS_OK && w.at.count > 0) {
		for (uint32_t i = 0; i < w.at.count && error == ACTAS_OK; i++)
			error = state_put(
			    &s->state, w.at.at[i].key, w.at.at[i].value);
		s->revision++;
		/* leaks the old view: other pins may use it */
		if (error == ACTAS_OK)
			error = s->options.view.make(NULL, s->state,
			    s->revision, NULL, &s->view, &fault);
	}
	if (error == ACTAS_OK)
		error = w.error;
	if (revision != NULL)
		*revision = s->revision;
	pthread_mutex_unlock(&s->lock);
	writes_release(&w);
	store_unpin(s, now);
	return error;
}
void
store_submit(struct store *s, struct change *change)
{
	uint64_t revision;
	enum actas_error e = store_commit(s, change, &revision);
	change->done(change, e, revision);
}

struct audit {
	json_t *lines;
	pthread_mutex_t lock;
};
static struct audit the_audit;
static const char *const kinds[] = {
    "token", "token denied", "allowed", "denied", "life"};
enum actas_error
audit_open(const char *folder, struct clock clock,
    void (*log)(void *context, const char *line), void *log_context,
    struct audit **audit, struct fault *fault)
{
	(void)folder;
	(void)clock;
	(void)log;
	(void)log_context;
	(void)fault;
	pthread_mutex_init(&the_audit.lock, NULL);
	the_audit.lines = json_array();
	*audit = &the_audit;
	return ACTAS_OK;
}
void
audit_close(struct audit *a)
{
	json_decref(a->lines);
	a->lines = NULL;
}
static void
put(json_t *o, const char *n, struct slice s)
{
	if (s.length)
		json_object_set_new(o, n, json_stringn(s.at, s.length));
}
enum actas_error
audit_write(struct audit *a, const struct audit_line *l)
{
	json_t *o = json_object();
	char id[40];
	put(o, "kind", slice_of(kinds[l->kind]));
	put(o, "request", l->request);
	if (!guid_is_nil(l->object_id)) {
		guid_format(l->object_id, id);
		put(o, "object_id", slice_of(id));
	}
	if (!guid_is_nil(l->app_id)) {
		guid_format(l->app_id, id);
		put(o, "app_id", slice_of(id));
	}
	put(o, "key_id", l->key_id);
	put(o, "operation", l->operation);
	put(o, "resource", l->resource);
	put(o, "reason", l->reason);
	put(o, "detail", l->detail);
	put(o, "peer", l->peer);
	json_object_set_new(o, "status", json_integer(l->status));
	pthread_mutex_lock(&a->lock);
	json_array_append_new(a->lines, o);
	pthread_mutex_unlock(&a->lock);
	return ACTAS_OK;
}
enum actas_error
audit_read(const char *folder, const struct audit_filter *filter,
    enum actas_error (*line)(void *context, struct slice text), void *context,
    struct fault *fault)
{
	size_t i;
	json_t *o;
	(void)folder;
	(void)filter;
	(void)fault;
	json_array_foreach(the_audit.lines, i, o)
	{
		char *t = json_dumps(o, JSON_COMPACT);
		line(context, slice_of(t));
		mem_free(t);
	}
	return ACTAS_OK;
}
enum actas_error
http_ask(const struct http_query *query, struct http_answer *answer,
    struct fault *fault)
{
	(void)query;
	(void)answer;
	return fault_set(fault, ACTAS_EIO, NULL, 0, "fake");
}
void
http_answer_release(struct http_answer *answer)
{
	(void)answer;
}
enum actas_error
store_pin_at(struct store *s, uint64_t revision,
    const struct snapshot **snapshot, struct fault *fault)
{
	(void)s;
	(void)revision;
	(void)snapshot;
	(void)fault;
	return ACTAS_ENOTFOUND;
}
enum actas_error
store_pin_when(struct store *s, moment when, const struct snapshot **snapshot,
    struct fault *fault)
{
	(void)s;
	(void)when;
	(void)snapshot;
	(void)fault;
	return ACTAS_ENOTFOUND;
}
