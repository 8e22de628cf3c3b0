#include "import_test.h"

#include "engine/diff.h"

#include <unistd.h>

static const struct guid tenant = {{0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x43,
    0x33, 0x84, 0x44, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55}};

static bool
count_up(void *context, void *into, size_t length)
{
	uint64_t *counter = context;
	uint8_t *at = into;

	(*counter)++;
	for (size_t i = 0; i < length; i++)
		at[i] = (uint8_t)((*counter * 0x9e3779b97f4a7c15u) >>
		    (8 * (i % 8)));
	return true;
}

struct chance
import_chance(uint64_t *counter)
{
	return (struct chance){count_up, counter};
}

static bool
no_fill(void *context ACTAS_UNUSED, void *into ACTAS_UNUSED,
    size_t length ACTAS_UNUSED)
{
	return false;
}

struct chance
import_no_chance(void)
{
	return (struct chance){no_fill, NULL};
}

/* Keys whose files have no name any more. */
static void
make_keys(struct imported *i)
{
	char folder[] = "/tmp/actas-import-XXXXXX", path[64];
	struct fault fault = {0};

	assert_non_null(mkdtemp(folder));
	assert_int_equal(master_create(folder, NULL, &fault), ACTAS_OK);
	assert_int_equal(
	    master_open(folder, NULL, &i->master, &fault), ACTAS_OK);
	assert_int_equal(slots_create(folder, &fault), ACTAS_OK);
	assert_int_equal(value_keys_open(folder, i->master, NULL, NULL,
			     &i->value_keys, &fault),
	    ACTAS_OK);
	snprintf(path, sizeof path, "%s/master.key", folder);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof path, "%s/" SLOTS_FILE, folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* Takes the estate. */
static void
bring_in(struct imported *i, struct estate *estate)
{
	struct fault fault = {0};
	uint64_t counter = 0;
	enum actas_error error;

	*i = (struct imported){.before = estate};
	make_keys(i);
	error = import_estate(&(struct import_options){.estate = i->before,
				  .master = i->master,
				  .value_keys = i->value_keys,
				  .chance = import_chance(&counter),
				  .now = IMPORT_NOW,
				  .tenant = tenant,
				  .domain = "example.org",
				  .writes = &i->writes},
	    &i->credentials, &i->told, &fault);
	if (error != ACTAS_OK)
		fail_msg("import: %s", fault.message);
	assert_int_equal(writes_apply(&i->writes, &i->state), ACTAS_OK);
	error = view_estate(i->state, 1, NULL, &i->after, &fault);
	if (error != ACTAS_OK)
		fail_msg("read back: %s:%u: %s", fault.file, fault.line,
		    fault.message);
	if (getenv("IMPORT_SHOW") != NULL)
		print_message("%s", buffer_text(&i->told));
}

void
import_file(struct imported *i, const char *path)
{
	struct fault fault = {0};
	struct estate *estate;
	char full[512];

	snprintf(full, sizeof full, "%s/%s", getenv("ACTAS_ROOT"), path);
	if (source_load(path[0] == '/' ? path : full, &estate, &fault) !=
	    ACTAS_OK)
		fail_msg("%s", fault.message);
	bring_in(i, estate);
}

void
import_text_of(struct imported *i, const char *text, const char *request)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);
	struct reader reader = reader_memory("test", slice_of(text));
	struct estate *estate;
	enum actas_error error;

	assert_non_null(b);
	error = request == NULL
	    ? source_read_page(b, &reader, &fault)
	    : source_read_json(b, &reader, slice_of(request), &fault);
	if (error != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	assert_int_equal(builder_finish(b, &estate), ACTAS_OK);
	bring_in(i, estate);
}

void
import_release(struct imported *i)
{
	estate_free(i->before);
	estate_free(i->after);
	state_release(i->state);
	writes_release(&i->writes);
	new_credentials_release(&i->credentials);
	buffer_release(&i->told);
	value_keys_close(i->value_keys);
	master_close(i->master);
}

json_t *
import_entity(const struct imported *i, const char *key)
{
	json_t *found = entity_get(i->state, slice_of(key));

	if (found == NULL)
		fail_msg("there is no %s", key);
	return found;
}

bool
import_told(const struct imported *i, const char *text)
{
	return slice_find(buffer_slice(&i->told), slice_of(text)) != SIZE_MAX;
}

/* --- what comes back --- */

static void
show(const struct differences *d)
{
	for (uint32_t i = 0; i < d->count; i++)
		print_error(
		    "%s %s\n", d->at[i].gained ? "+" : "-", d->at[i].text);
}

static bool
is_announced(const struct announced *rows, const struct difference *d)
{
	for (; rows->text != NULL; rows++)
		if (strcmp(rows->text, d->text) == 0)
			return true;
	return false;
}

void
import_expect_same(const struct imported *i, const struct announced *announced)
{
	struct differences found;
	struct arena arena = {0};
	uint32_t rows = 0, differences = 0;

	assert_int_equal(diff(i->before, i->after, &arena, &found), ACTAS_OK);
	for (uint32_t k = 0; k < found.count; k++)
		if (!is_announced(announced, &found.at[k])) {
			print_error("%s %s\n", found.at[k].gained ? "+" : "-",
			    found.at[k].text);
			differences++;
		}
	for (; announced[rows].text != NULL; rows++)
		if (!import_told(i, announced[rows].told))
			fail_msg("not told: %s", announced[rows].told);
	if (differences == 0 && found.count != rows)
		show(&found);
	assert_int_equal(differences, 0);
	assert_int_equal(found.count, rows);
	arena_release(&arena);
}
