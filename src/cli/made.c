#include "cli/made.h"

#include "cli/words.h"

enum { NAME_MOST = 40 };

static const char *
guid_word(struct cli *cli, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	return word_format(cli, "%s", text);
}

/* Whoever cannot be told them will not be told again. */
static enum actas_error
check_written(struct cli *cli, const char *folder)
{
	output_flush(&cli->out);
	if (cli->out.refused == 0)
		return ACTAS_OK;
	return fault_set(&cli->fault, ACTAS_EIO, "standard output", 0,
	    "cannot be written (%s), and the secrets of the new platform "
	    "stand nowhere else: remove %s and make it again",
	    strerror(cli->out.refused), folder);
}

/* --- text --- */

static void
put_secret(struct output *o, const struct new_credential *c)
{
	output_secret(o, secret_bytes_reveal(&c->secret));
	text_newline(o);
}

static void
label(struct output *o, const char *name)
{
	text_puts(o, STYLE_PLAIN, "  ");
	text_puts(o, STYLE_DIM, name);
	text_to(o, 14);
}

static void
tell_admin(struct cli *cli, const struct new_credential *admin)
{
	struct output *o = &cli->out;

	text_newline(o);
	text_puts(o, STYLE_BOLD, "First administrator");
	text_puts(o, STYLE_PLAIN, ", shown this once:");
	text_newline(o);
	label(o, "name");
	text_puts(o, STYLE_PLAIN, admin->name);
	text_newline(o);
	label(o, "client id");
	text_puts(o, STYLE_PLAIN, guid_word(cli, admin->app_id));
	text_newline(o);
	label(o, "secret");
	put_secret(o, admin);
}

static size_t
name_width(const struct new_credential *c)
{
	size_t width = text_width(slice_of(c->name));

	return width > NAME_MOST ? NAME_MOST : width;
}

static void
tell_imported(struct cli *cli, const struct new_credentials *all)
{
	struct output *o = &cli->out;
	size_t widest = 0;

	if (all->at.count < 2)
		return;
	text_newline(o);
	text_puts(o, STYLE_BOLD, "Imported applications");
	text_puts(
	    o, STYLE_PLAIN, ", shown this once (name, client id, new secret):");
	text_newline(o);
	for (uint32_t i = 1; i < all->at.count; i++)
		if (name_width(&all->at.at[i]) > widest)
			widest = name_width(&all->at.at[i]);
	for (uint32_t i = 1; i < all->at.count; i++) {
		const struct new_credential *c = &all->at.at[i];

		text_puts(o, STYLE_PLAIN, "  ");
		text_puts(o, STYLE_PLAIN, c->name);
		text_to(o, 2 + widest);
		text_puts(o, STYLE_PLAIN, "  ");
		text_puts(o, STYLE_DIM, guid_word(cli, c->app_id));
		text_puts(o, STYLE_PLAIN, "  ");
		put_secret(o, c);
	}
}

static void
tell_told(struct cli *cli, struct slice told)
{
	struct output *o = &cli->out;
	struct slice line;

	if (told.length == 0)
		return;
	text_newline(o);
	text_puts(
	    o, STYLE_BOLD, "Otherwise than the source has it, or left out:");
	text_newline(o);
	while (slice_cut(&told, '\n', &line)) {
		if (line.length == 0)
			continue;
		text_puts(o, STYLE_PLAIN, "  - ");
		text_flow(o, STYLE_PLAIN, 4,
		    word_format(cli, "%.*s", SLICE_ARGS(line)));
		text_newline(o);
	}
}

static void
tell_next(struct cli *cli, const char *folder, const struct platform_made *made)
{
	const struct new_credential *admin = &made->credentials.at.at[0];
	struct output *o = &cli->out;

	text_newline(o);
	text_puts(o, STYLE_BOLD, "Next:");
	text_newline(o);
	text_printf(o, STYLE_PLAIN, "  actas serve %s", folder);
	text_newline(o);
	text_printf(o, STYLE_PLAIN,
	    "  actas exec --dir %s -- az login --service-principal -u %s "
	    "--tenant %s",
	    folder, guid_word(cli, admin->app_id),
	    guid_word(cli, made->tenant));
	text_newline(o);
}

enum actas_error
made_tell_text(
    struct cli *cli, const char *folder, const struct platform_made *made)
{
	struct output *o = &cli->out;

	text_printf(o, STYLE_BOLD, "Made a platform in %s", folder);
	text_newline(o);
	label(o, "tenant");
	text_puts(o, STYLE_PLAIN, guid_word(cli, made->tenant));
	text_newline(o);
	tell_admin(cli, &made->credentials.at.at[0]);
	tell_imported(cli, &made->credentials);
	tell_told(cli, buffer_slice(&made->told));
	tell_next(cli, folder, made);
	return check_written(cli, folder);
}

/* --- JSON --- */

/* What was written so far goes out, then the secret, which has no character
 * that JSON would escape. */
static void
put_json_secret(
    struct cli *cli, struct json *j, const struct secret_bytes *secret)
{
	json_put_ready(j, "secret", SLICE("\""));
	output_raw(&cli->out, buffer_slice(j->out));
	buffer_clear(j->out);
	output_secret(&cli->out, secret_bytes_reveal(secret));
	buffer_putc(j->out, '"');
}

static void
put_credential(struct cli *cli, struct json *j, const char *key,
    const struct new_credential *c)
{
	json_open_object(j, key);
	json_put_string(j, "name", c->name);
	json_put_guid(j, "clientId", c->app_id);
	json_put_guid(j, "objectId", c->object_id);
	put_json_secret(cli, j, &c->secret);
	json_close(j);
}

enum actas_error
made_tell_json(
    struct cli *cli, const char *folder, const struct platform_made *made)
{
	const struct new_credentials *all = &made->credentials;
	struct slice told = buffer_slice(&made->told), line;
	struct buffer written = {0};
	struct json j = {.out = &written, .pretty = true};
	enum actas_error error;

	json_open_object(&j, NULL);
	json_put_string(&j, "folder", folder);
	json_put_guid(&j, "tenant", made->tenant);
	put_credential(cli, &j, "administrator", &all->at.at[0]);
	json_open_array(&j, "applications");
	for (uint32_t i = 1; i < all->at.count; i++)
		put_credential(cli, &j, NULL, &all->at.at[i]);
	json_close(&j);
	json_open_array(&j, "told");
	while (slice_cut(&told, '\n', &line))
		if (line.length > 0)
			json_put_text(&j, NULL, line);
	json_close(&j);
	json_close(&j);
	error = json_send(cli, &written);
	return error == ACTAS_OK ? check_written(cli, folder) : error;
}

enum actas_error
made_folder(struct cli *cli, const char **folder)
{
	struct buffer path = {0};
	enum actas_error error;

	*folder = cli->arguments.operands[0];
	if (*folder != NULL)
		return ACTAS_OK;
	error = platform_default_folder(&path, &cli->fault);
	if (error == ACTAS_OK) {
		*folder = arena_text(&cli->arena, buffer_slice(&path));
		if (*folder == NULL)
			error = fault_plain(&cli->fault, ACTAS_ENOMEM);
	}
	buffer_release(&path);
	return error;
}
