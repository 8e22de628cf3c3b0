#include "source/page/page_write.h"

/*
 * The access page of an estate: docs/page.md says what each part looks like
 * and in which order they stand. Rows stand in the order of the estate's
 * tables, so that one estate has one page; nothing is ordered by a hash.
 */

void
writer_keep(struct page_writer *w, enum actas_error error)
{
	if (w->error == ACTAS_OK)
		w->error = error;
}

static void (*const parts[])(struct page_writer *w) = {
    write_diagram,
    write_identities,
    write_applications,
    write_groups,
    write_roles,
    write_definitions,
    write_denials,
    write_resources,
    write_vaults,
    write_secrets,
    write_readers,
    write_matrix,
    write_connections,
    write_items,
    write_owners,
    write_credentials,
    write_copies,
    write_rotation,
    write_key_rules,
    write_settings,
};

enum actas_error
page_write(const struct estate *e, struct buffer *out)
{
	struct page_writer w = {.e = e, .out = out};

	buffer_puts(out, "# Access map\n");
	writer_learn_names(&w);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (w.error == ACTAS_OK)
			parts[i](&w);
	}
	writer_keep(&w, out->error);
	index_release(&w.names);
	vector_release(&w.texts);
	vector_release(&w.owners);
	arena_release(&w.arena);
	return w.error;
}
