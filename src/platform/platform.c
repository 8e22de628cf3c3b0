#include "platform/platform.h"

#include "platform/folder.h"

#include <stdlib.h>

/*
 * A platform opened: the lock first, then the master key, then what lives
 * under it. Closing goes the other way round.
 */

enum actas_error
platform_default_folder(struct buffer *path, struct fault *fault)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	/* One that is not absolute is none, by the specification. */
	if (data != NULL && data[0] == '/')
		buffer_addf(path, "%s/actas", data);
	else if (home != NULL && home[0] == '/')
		buffer_addf(path, "%s/.local/share/actas", home);
	else
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "there is no home folder for the platform: name one, or "
		    "set HOME");
	return path->error == ACTAS_OK ? ACTAS_OK
				       : fault_plain(fault, path->error);
}

static enum actas_error
read_hosts(struct platform *p, const json_t *hosts)
{
	size_t count = json_array_size(hosts);
	const char **list = arena_zero(&p->arena, count + 1, sizeof *list);

	for (size_t i = 0; i < count && list != NULL; i++) {
		const char *host = json_string_value(json_array_get(hosts, i));

		list[i] =
		    host == NULL ? NULL : arena_text(&p->arena, slice_of(host));
		if (list[i] == NULL)
			return ACTAS_ENOMEM;
	}
	p->hosts = list;
	return list == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

const char *const *
platform_hosts(const struct platform *p)
{
	return p->hosts;
}

static enum actas_error
read_tenant(struct platform *p, struct fault *fault)
{
	const struct snapshot *now = store_pin(p->store);
	json_t *tenant = entity_get(now->state, SLICE("tenant"));
	struct slice id =
	    slice_of(json_string_value(json_object_get(tenant, "id")));
	bool known = guid_parse(id, &p->tenant);
	enum actas_error error =
	    read_hosts(p, json_object_get(tenant, "hosts"));

	json_decref(tenant);
	store_unpin(p->store, now);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	return known ? ACTAS_OK
		     : fault_set(fault, ACTAS_EPARSE, p->folder, 0,
			   "the journal in this folder is no platform's");
}

static enum actas_error
open_store(struct platform *p, const char *path, struct fault *fault)
{
	return store_open(&(struct store_options){.path = path,
			      .view = view_maker(),
			      .shredder = value_keys_shredder(p->value_keys),
			      .clock = p->clock,
			      .log = p->log,
			      .log_context = p->log_context},
	    &p->store, fault);
}

/* The log first: the store's changes are to be told. */
static enum actas_error
open_records(struct platform *p, struct fault *fault)
{
	struct buffer journal = {0}, log = {0};
	const struct snapshot *now;
	enum actas_error error = ACTAS_OK;

	buffer_addf(&journal, "%s/platform.db", p->folder);
	buffer_addf(&log, "%s/audit", p->folder);
	if (journal.error != ACTAS_OK || log.error != ACTAS_OK)
		error = fault_plain(fault, ACTAS_ENOMEM);
	if (error == ACTAS_OK)
		error = audit_open(
		    log.at, p->clock, p->log, p->log_context, &p->audit, fault);
	if (error == ACTAS_OK)
		error = open_store(p, journal.at, fault);
	if (error == ACTAS_OK) {
		now = store_pin(p->store);
		error = audit_follow(p->audit, journal.at, now->revision);
		store_unpin(p->store, now);
		if (error != ACTAS_OK)
			fault_plain(fault, error);
	}
	buffer_release(&journal);
	buffer_release(&log);
	return error;
}

enum actas_error
platform_commit(struct platform *p, struct change *change)
{
	uint64_t revision;
	enum actas_error error = store_commit(p->store, change, &revision);

	if (error == ACTAS_OK)
		audit_made(p->audit, revision);
	return error;
}

static enum actas_error
open_keys(struct platform *p, const struct secret_bytes *passphrase,
    struct fault *fault)
{
	enum actas_error error =
	    master_open(p->folder, passphrase, &p->master, fault);

	if (error != ACTAS_OK)
		return error;
	return value_keys_open(p->folder, p->master, p->log, p->log_context,
	    &p->value_keys, fault);
}

/* Finishes the purges that a crash cut off. */
static enum actas_error
sweep_keys(struct platform *p, struct fault *fault)
{
	const struct snapshot *now = store_pin(p->store);
	enum actas_error error =
	    value_keys_sweep(p->value_keys, now->state, fault);

	store_unpin(p->store, now);
	return error;
}

static void
tell_unlocked(const struct platform *p)
{
	if (!secrets_are_locked() && p->log != NULL)
		p->log(p->log_context,
		    "keys cannot be locked in memory and could be swapped out: "
		    "raise RLIMIT_MEMLOCK, or encrypt the swap");
}

enum actas_error
platform_open(const struct platform_options *options, struct platform *platform,
    struct fault *fault)
{
	struct buffer folder = {0};
	enum actas_error error;

	*platform = (struct platform){.clock = options->clock,
	    .chance = options->chance,
	    .log = options->log,
	    .log_context = options->log_context,
	    .lock = -1};
	buffer_puts(&folder, options->folder);
	if (folder.error != ACTAS_OK)
		return fault_plain(fault, folder.error);
	platform->folder = folder.at;
	error = folder_check(platform->folder, fault);
	if (error == ACTAS_OK)
		error = folder_lock(platform->folder, &platform->lock, fault);
	if (error == ACTAS_OK)
		error = open_keys(platform, options->passphrase, fault);
	if (error == ACTAS_OK)
		error = open_records(platform, fault);
	if (error == ACTAS_OK)
		error = sweep_keys(platform, fault);
	if (error == ACTAS_OK)
		error = read_tenant(platform, fault);
	if (error == ACTAS_OK)
		tell_unlocked(platform);
	else
		platform_close(platform);
	return error;
}

void
platform_close(struct platform *p)
{
	if (p->store != NULL)
		store_close(p->store);
	if (p->audit != NULL)
		audit_close(p->audit);
	value_keys_close(p->value_keys);
	if (p->master != NULL)
		master_close(p->master);
	folder_unlock(&p->lock);
	arena_release(&p->arena);
	mem_free(p->folder);
	*p = (struct platform){.lock = -1};
}
