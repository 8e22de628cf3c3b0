#include "estate/names_private.h"

#include "estate/builtin.h"
#include "estate/private.h"
#include "estate/spelling.h"

/*
 * Names of principals and roles, and what all searches share. Principals are
 * looked up in an index over folded names, UPNs and the parts of UPNs before
 * the @, made once when the estate is frozen; roles are few and looked
 * through. Only when nothing is found are all names compared for spelling.
 */

void
nearest_offer(struct nearest *n, struct slice name, uint32_t id)
{
	uint32_t slack = spelling_slack(n->wanted), distance, i;

	if (name.length == 0 || n->wanted.length == 0)
		return;
	distance = spelling_distance(n->wanted, name, slack);
	if (distance > slack &&
	    (n->wanted.length < 3 ||
		slice_find_case(name, n->wanted) == SIZE_MAX))
		return;
	for (i = 0; i < n->count; i++) {
		if (n->at[i].id == id)
			return;
	}
	for (i = n->count; i > 0 && n->at[i - 1].distance > distance; i--) {
		if (i < NEAREST)
			n->at[i] = n->at[i - 1];
	}
	if (i == NEAREST)
		return;
	n->at[i].id = id;
	n->at[i].distance = distance;
	if (n->count < NEAREST)
		n->count++;
}

void
found_add(struct found *f, uint32_t id)
{
	if (f->count > 0 && f->last == id)
		return;
	for (uint32_t i = 0; i < f->count && i < CANDIDATES; i++) {
		if (f->at[i] == id)
			return;
	}
	if (f->count == 0)
		f->first = id;
	f->last = id;
	if (f->count < CANDIDATES)
		f->at[f->count] = id;
	f->count++;
}

void
found_write(const struct estate *e, const struct found *f,
    write_candidate write, struct buffer *out)
{
	for (uint32_t i = 0; i < f->count && i < CANDIDATES; i++) {
		buffer_puts(out, i == 0 ? "" : ", ");
		write(e, f->at[i], out);
	}
	if (f->count > CANDIDATES)
		buffer_addf(out, " and %u more", f->count - CANDIDATES);
}

void
nearest_write(const struct estate *e, const struct nearest *n,
    write_candidate write, struct buffer *out)
{
	for (uint32_t i = 0; i < n->count; i++) {
		buffer_puts(out,
		    i == 0                 ? "; did you mean "
			: i + 1 < n->count ? ", "
					   : " or ");
		write(e, n->at[i].id, out);
	}
	if (n->count > 0)
		buffer_putc(out, '?');
}

enum actas_error
found_settle(const struct estate *e, const struct search *search,
    const struct found *f, const struct nearest *n, uint32_t *id,
    struct fault *fault)
{
	enum actas_error error = ACTAS_ENOTFOUND;
	struct buffer text = {0};

	*id = f->count == 1 ? f->first : NONE;
	if (f->count == 1)
		return ACTAS_OK;
	if (f->count == 0) {
		buffer_addf(&text, "no %s is named \"%.*s\"", search->noun,
		    SLICE_ARGS(n->wanted));
		nearest_write(e, n, search->near, &text);
	} else {
		error = ACTAS_EAMBIGUOUS;
		buffer_addf(&text,
		    "\"%.*s\" names %u %s: ", SLICE_ARGS(n->wanted), f->count,
		    search->nouns);
		found_write(e, f, search->candidate, &text);
		buffer_addf(&text, "; %s", search->advice);
	}
	fault_set(fault, error, NULL, 0, "%s", buffer_text(&text));
	buffer_release(&text);
	return error;
}

static struct slice
local_part(struct slice upn)
{
	size_t at = slice_find(upn, SLICE("@"));

	return at == SIZE_MAX ? (struct slice){0} : slice_sub(upn, 0, at);
}

enum actas_error
names_index_principals(const struct estate *e, struct index *ix)
{
	enum actas_error error = ACTAS_OK;

	for (uint32_t p = 0; error == ACTAS_OK && p < e->principals.count;
	     p++) {
		const struct principal *row = &e->principals.at[p];
		struct slice texts[] = {estate_text(e, row->name),
		    estate_text(e, row->upn),
		    local_part(estate_text(e, row->upn)),
		    local_part(estate_text(e, row->name))};

		for (size_t i = 0; error == ACTAS_OK && i < 4; i++) {
			if (texts[i].length > 0)
				error =
				    index_add(ix, slice_hash_case(texts[i]), p);
		}
	}
	return error;
}

static void
write_principal_candidate(
    const struct estate *e, uint32_t p, struct buffer *out)
{
	const struct principal *row = &e->principals.at[p];
	char id[GUID_TEXT_LENGTH + 1];

	estate_write_principal(e, p, out);
	buffer_addf(out, " (%s", principal_kind_name(row->kind));
	if (row->upn != 0 && row->name != 0)
		buffer_addf(out, ", %s", estate_text(e, row->upn).at);
	if (!guid_is_nil(row->object_id)) {
		guid_format(row->object_id, id);
		buffer_addf(out, ", object id %s", id);
	} else if (!guid_is_nil(row->app_id)) {
		guid_format(row->app_id, id);
		buffer_addf(out, ", app id %s", id);
	}
	buffer_putc(out, ')');
}

static void
write_principal_near(const struct estate *e, uint32_t p, struct buffer *out)
{
	buffer_putc(out, '"');
	estate_write_principal(e, p, out);
	buffer_putc(out, '"');
}

static const struct search principal_search = {"identity", "identities",
    "say which by its object id, app id or UPN", write_principal_candidate,
    write_principal_near};

/* Principals whose full name, or else whose local part, is 'name'. */
static void
find_principals(
    const struct estate *e, struct slice name, bool local, struct found *found)
{
	struct index_walk walk =
	    index_start(&e->private->names.principals, slice_hash_case(name));
	principal_id p;

	while (index_next(&walk, &p)) {
		struct slice display = estate_text(e, e->principals.at[p].name);
		struct slice upn = estate_text(e, e->principals.at[p].upn);

		if (local) {
			display = local_part(display);
			upn = local_part(upn);
		}
		if (slice_eq_case(display, name) || slice_eq_case(upn, name))
			found_add(found, p);
	}
}

static principal_id
find_principal_by_id(const struct estate *e, struct slice text)
{
	struct guid id;
	principal_id p;

	if (!guid_parse(text, &id) || guid_is_nil(id))
		return NONE;
	p = estate_by_object_id(e, id);
	return p != NONE ? p : estate_by_app_id(e, id);
}

enum actas_error
estate_find_principal(const struct estate *e, struct slice name,
    principal_id *id, struct fault *fault)
{
	struct nearest nearest = {.wanted = name};
	struct found found = {.first = NONE};

	*id = find_principal_by_id(e, name);
	if (*id != NONE)
		return ACTAS_OK;
	if (name.length > 0) {
		find_principals(e, name, false, &found);
		if (found.count == 0)
			find_principals(e, name, true, &found);
	}
	if (found.count == 0) {
		for (uint32_t p = 0; p < e->principals.count; p++) {
			const struct principal *row = &e->principals.at[p];

			nearest_offer(&nearest, estate_text(e, row->name), p);
			nearest_offer(&nearest, estate_text(e, row->upn), p);
		}
	}
	return found_settle(e, &principal_search, &found, &nearest, id, fault);
}

void
estate_write_principal(
    const struct estate *e, principal_id p, struct buffer *out)
{
	const struct principal *row = &e->principals.at[p];
	char id[GUID_TEXT_LENGTH + 1];

	if (row->name != 0 || row->upn != 0) {
		buffer_add(
		    out, estate_text(e, row->name != 0 ? row->name : row->upn));
	} else if (!guid_is_nil(row->object_id) || !guid_is_nil(row->app_id)) {
		guid_format(
		    guid_is_nil(row->object_id) ? row->app_id : row->object_id,
		    id);
		buffer_puts(out, id);
	} else {
		buffer_puts(out,
		    row->flags & PRINCIPAL_EVERYONE ? "everyone" : "unnamed");
	}
}

static void
write_role_near(const struct estate *e, uint32_t r, struct buffer *out)
{
	buffer_addf(
	    out, "\"%.*s\"", SLICE_ARGS(estate_text(e, e->roles.at[r].name)));
}

static void
write_role_candidate(const struct estate *e, uint32_t r, struct buffer *out)
{
	const struct role *row = &e->roles.at[r];
	char id[GUID_TEXT_LENGTH + 1];

	buffer_addf(out, "\"%s %.*s\"", plane_name(row->plane),
	    SLICE_ARGS(estate_text(e, row->name)));
	if (!guid_is_nil(row->id)) {
		guid_format(row->id, id);
		buffer_addf(out, " (%s)", id);
	}
}

static const struct search role_search = {"role", "roles",
    "say which with the plane in front, or by its id", write_role_candidate,
    write_role_near};

/* "Fabric Admin" and "Fabric: Admin": the plane and the rest; PLANES and the
 * whole text where no plane stands in front. */
static enum plane
split_plane(struct slice *name)
{
	for (uint32_t i = 0; i < PLANES; i++) {
		struct slice plane = slice_of(plane_name(i));

		if (slice_starts_case(*name, plane) &&
		    name->length > plane.length + 1 &&
		    (name->at[plane.length] == ' ' ||
			name->at[plane.length] == ':')) {
			*name = slice_trim(slice_from(*name, plane.length + 1));
			return i;
		}
	}
	return PLANES;
}

static void
find_roles(const struct estate *e, struct slice name, enum plane plane,
    struct found *found)
{
	struct slice published = builtin_role_alias(name);

	for (uint32_t r = 0; r < e->roles.count; r++) {
		struct slice text = estate_text(e, e->roles.at[r].name);

		if (plane != PLANES && e->roles.at[r].plane != plane)
			continue;
		if (text.length > 0 &&
		    (slice_eq_case(text, name) ||
			slice_eq_case(text, published)))
			found_add(found, r);
	}
}

enum actas_error
estate_find_role(
    const struct estate *e, struct slice name, role_id *id, struct fault *fault)
{
	struct nearest nearest = {.wanted = name};
	struct found found = {.first = NONE};
	struct slice rest = name;
	struct guid guid;

	*id = guid_parse(name, &guid) && !guid_is_nil(guid)
	    ? estate_role_by_id(e, guid)
	    : NONE;
	if (*id != NONE)
		return ACTAS_OK;
	find_roles(e, name, PLANES, &found);
	if (found.count == 0) {
		enum plane plane = split_plane(&rest);

		if (plane != PLANES)
			find_roles(e, rest, plane, &found);
	}
	if (found.count == 0) {
		for (uint32_t r = 0; r < e->roles.count; r++)
			nearest_offer(
			    &nearest, estate_text(e, e->roles.at[r].name), r);
	}
	return found_settle(e, &role_search, &found, &nearest, id, fault);
}
