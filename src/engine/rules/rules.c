/*
 * The runner: rows of the table in order, then the source's settings over
 * what they found, then one order for all. Rules see only const things; what
 * they build lies in the caller's arena, what the runner itself needs is
 * given back before it returns.
 */

#include "engine/rules/rules_check.h"

#include <stdlib.h>

static const char *const severities[] = {
    [SEVERITY_OFF] = "off",
    [SEVERITY_NOTE] = "note",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_ERROR] = "error",
};

const char *
severity_name(enum severity severity)
{
	return severities[severity];
}

bool
severity_parse(struct slice name, enum severity *severity)
{
	for (unsigned i = SEVERITY_OFF; i <= SEVERITY_ERROR; i++)
		if (slice_eq_case(name, slice_of(severities[i]))) {
			*severity = (enum severity)i;
			return true;
		}
	return false;
}

struct rules_options
rules_defaults(moment now)
{
	return (struct rules_options){
	    .now = now, .expires_soon_days = 30, .max_age_days = 365};
}

const struct rule *
rule_at(uint32_t i)
{
	const struct rule_row *row = rule_row(i);

	return row == NULL ? NULL : &row->rule;
}

void
check_error(struct check *c, enum actas_error error)
{
	if (c->error == ACTAS_OK)
		c->error = error;
}

void *
check_zero(struct check *c, size_t count, size_t size)
{
	void *p =
	    c->error == ACTAS_OK ? arena_zero(c->arena, count, size) : NULL;

	if (p == NULL)
		check_error(c, ACTAS_ENOMEM);
	return p;
}

/*
 * A finding names each place and each subject once. Most have a handful; one
 * that is told of every row of a long table has so many that they are looked
 * up by hash.
 */
#define FEW 16u

static uint64_t
place_hash(const struct check *c, uint32_t i)
{
	return slice_hash((struct slice){
	    (const char *)&c->places.at[i], sizeof c->places.at[i]});
}

static uint64_t
subject_hash(const struct check *c, uint32_t i)
{
	return slice_hash(slice_of(c->subjects.at[i]));
}

/* Keeps up with the last of 'count' rows, all of them once they are many. */
static void
remember(struct check *c, struct index *seen, uint32_t count,
    uint64_t (*hash)(const struct check *c, uint32_t i))
{
	if (count <= FEW)
		return;
	for (uint32_t i = count == FEW + 1 ? 0 : count - 1; i < count; i++)
		check_error(c, index_add(seen, hash(c, i), i));
}

static bool
is_known_place(const struct check *c, struct origin place)
{
	uint32_t i, few = c->places.count <= FEW ? c->places.count : 0;
	struct index_walk walk = index_start(&c->seen_places,
	    slice_hash((struct slice){(const char *)&place, sizeof place}));

	while (index_next(&walk, &i))
		if (origin_eq(c->places.at[i], place))
			return true;
	for (i = 0; i < few; i++)
		if (origin_eq(c->places.at[i], place))
			return true;
	return false;
}

static bool
is_known_subject(const struct check *c, const char *name)
{
	uint32_t i, few = c->subjects.count <= FEW ? c->subjects.count : 0;
	struct index_walk walk =
	    index_start(&c->seen_subjects, slice_hash(slice_of(name)));

	while (index_next(&walk, &i))
		if (strcmp(c->subjects.at[i], name) == 0)
			return true;
	for (i = 0; i < few; i++)
		if (strcmp(c->subjects.at[i], name) == 0)
			return true;
	return false;
}

void
finding_place(struct check *c, struct origin place)
{
	if (c->error != ACTAS_OK || (place.line == 0 && place.file == 0) ||
	    is_known_place(c, place))
		return;
	check_error(c, vector_push(&c->places, place));
	if (c->error == ACTAS_OK)
		remember(c, &c->seen_places, c->places.count, place_hash);
}

void
finding_subject(struct check *c, const char *name)
{
	if (c->error != ACTAS_OK || name[0] == '\0' ||
	    is_known_subject(c, name))
		return;
	check_error(c, vector_push(&c->subjects, name));
	if (c->error == ACTAS_OK)
		remember(c, &c->seen_subjects, c->subjects.count, subject_hash);
}

void
finding_drop(struct check *c)
{
	c->places.count = 0;
	c->subjects.count = 0;
	index_release(&c->seen_places);
	index_release(&c->seen_subjects);
}

static int
by_reading(const void *a, const void *b, void *estate)
{
	const struct origin *x = a, *y = b;

	return origin_cmp(estate, *x, *y);
}

/* The first place is where it shows; the others follow in reading order. */
static void
order_places(struct check *c)
{
	if (c->places.count > 2)
		qsort_r(c->places.at + 1, c->places.count - 1,
		    sizeof *c->places.at, by_reading, (void *)(uintptr_t)c->e);
}

void
finding_emit(struct check *c, const char *message, const char *fix)
{
	struct finding f = {
	    .rule = c->rule,
	    .severity = settings_severity(c, c->rule),
	    .message = message,
	    .fix = fix,
	    .subject_count = c->subjects.count,
	    .location_count = c->places.count,
	};

	if (c->error != ACTAS_OK)
		return;
	order_places(c);
	f.subjects = arena_copy(c->arena, c->subjects.at, c->subjects.count,
	    sizeof *c->subjects.at);
	f.locations = arena_copy(
	    c->arena, c->places.at, c->places.count, sizeof *c->places.at);
	if (f.subjects == NULL || f.locations == NULL)
		check_error(c, ACTAS_ENOMEM);
	else
		check_error(c, vector_push(&c->findings, f));
	finding_drop(c);
}

static const struct {
	const char *name;
	enum action_class class;
} probes[] = {
    [PROBE_GET_SECRET] = {"Microsoft.KeyVault/vaults/secrets/getSecret/action",
	ACTION_DATA},
    [PROBE_SET_SECRET] = {"Microsoft.KeyVault/vaults/secrets/setSecret/action",
	ACTION_DATA},
    [PROBE_LIST_SECRETS] = {"Microsoft.KeyVault/vaults/secrets/readMetadata"
			    "/action",
	ACTION_DATA},
    [PROBE_READ_SECRET_RESOURCE] = {"Microsoft.KeyVault/vaults/secrets/read",
	ACTION_CONTROL},
    [PROBE_WRITE_SECRET_RESOURCE] = {"Microsoft.KeyVault/vaults/secrets/write",
	ACTION_CONTROL},
    [PROBE_WRITE_POLICIES] = {"Microsoft.KeyVault/vaults/accessPolicies/write",
	ACTION_CONTROL},
    [PROBE_WRITE_VAULT] = {"Microsoft.KeyVault/vaults/write", ACTION_CONTROL},
    [PROBE_ASSIGN_ROLES] = {"Microsoft.Authorization/roleAssignments/write",
	ACTION_CONTROL},
    [PROBE_LIST_KEYS] = {"Microsoft.Storage/storageAccounts/listKeys/action",
	ACTION_CONTROL},
    [PROBE_READ_BLOB] = {"Microsoft.Storage/storageAccounts/blobServices/"
			 "containers/blobs/read",
	ACTION_DATA},
    [PROBE_WRITE_BLOB] = {"Microsoft.Storage/storageAccounts/blobServices/"
			  "containers/blobs/write",
	ACTION_DATA},
};

static void
prepare_probes(struct check *c)
{
	for (uint32_t i = 0; i < PROBES && c->error == ACTAS_OK; i++)
		check_error(c,
		    action_prepare(c->e, slice_of(probes[i].name),
			probes[i].class, &c->probes[i], NULL));
}

static void
start(struct check *c)
{
	size_t settings = c->e->settings.count;

	c->matched = mem_zero(settings + 1, sizeof *c->matched);
	if (c->matched == NULL)
		check_error(c, ACTAS_ENOMEM);
	prepare_probes(c);
	tellings_order(c);
}

static void
release(struct check *c)
{
	for (uint32_t i = 0; i < PROBES; i++)
		action_release(&c->probes[i]);
	finding_drop(c);
	vector_release(&c->findings);
	vector_release(&c->places);
	vector_release(&c->subjects);
	mem_free(c->scope_names);
	mem_free(c->covers);
	mem_free(c->matched);
}

/* Silences that match nothing can be told only when all others have run. */
static bool
is_late(const struct rule_row *row)
{
	return row->run == check_unused_silence;
}

static void
run_rows(struct check *c, bool late)
{
	const struct rule_row *row;

	for (uint32_t i = 0; (row = rule_row(i)) != NULL; i++) {
		if (c->error != ACTAS_OK || is_late(row) != late ||
		    settings_severity(c, &row->rule) == SEVERITY_OFF)
			continue;
		c->rule = &row->rule;
		c->argument = row->argument;
		row->run(c);
		finding_drop(c);
	}
	settings_apply(c);
}

static int
by_place(const void *a, const void *b, void *estate)
{
	const struct finding *x = a, *y = b;
	const struct origin none = {0};
	int d = origin_cmp(estate, x->location_count ? x->locations[0] : none,
	    y->location_count ? y->locations[0] : none);

	if (d == 0)
		d = strcmp(x->rule->id, y->rule->id);
	return d != 0 ? d : strcmp(x->message, y->message);
}

enum actas_error
rules_run(const struct estate *e, const struct rules_options *options,
    struct arena *arena, struct findings *findings)
{
	struct check c = {.e = e, .options = options, .arena = arena};

	*findings = (struct findings){0};
	start(&c);
	run_rows(&c, false);
	run_rows(&c, true);
	if (c.error != ACTAS_OK)
		goto out;
	if (c.findings.count > 1)
		qsort_r(c.findings.at, c.findings.count, sizeof *c.findings.at,
		    by_place, (void *)(uintptr_t)e);
	findings->at = arena_copy(
	    arena, c.findings.at, c.findings.count, sizeof *c.findings.at);
	if (findings->at == NULL)
		c.error = ACTAS_ENOMEM;
	else
		findings->count = c.findings.count;
out:
	release(&c);
	return c.error;
}
