#include "cli/report.h"

#include "cli/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/*
 * SARIF 2.1.0, as GitHub code scanning takes it: every rule of the program is
 * described, a finding points at its rule by number, paths are relative to
 * where the program runs (%SRCROOT%), and a finding keeps its fingerprint
 * when lines move, because it is made of what it is about and not of where.
 */

#define SCHEMA                                                                \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"

static const char *
level(enum severity severity)
{
	static const char *const levels[] = {
	    [SEVERITY_OFF] = "none",
	    [SEVERITY_NOTE] = "note",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_ERROR] = "error",
	};

	return levels[severity];
}

static void
put_message(struct json *j, const char *key, const char *text)
{
	json_open_object(j, key);
	json_put_string(j, "text", text);
	json_close(j);
}

static void
put_rule(struct json *j, const struct rule *rule)
{
	struct slice rest = slice_of(rule->references), part;

	json_open_object(j, NULL);
	json_put_string(j, "id", rule->id);
	put_message(j, "shortDescription", rule->title);
	put_message(j, "fullDescription", rule->protects);
	put_message(j, "help", rule->fix);
	json_open_object(j, "defaultConfiguration");
	json_put_flag(j, "enabled", rule->severity != SEVERITY_OFF);
	json_put_string(j, "level", level(rule->severity));
	json_close(j);
	json_open_object(j, "properties");
	json_open_array(j, "tags");
	json_put_string(j, NULL, "security");
	while (slice_cut(&rest, ' ', &part)) {
		if (part.length > 0)
			json_put_text(j, NULL, part);
	}
	json_close(j);
	json_close(j);
	json_close(j);
}

static void
put_driver(struct json *j)
{
	const struct rule *rule;

	json_open_object(j, "tool");
	json_open_object(j, "driver");
	json_put_string(j, "name", "actas");
	json_put_string(j, "version", ACTAS_VERSION);
	json_put_string(j, "semanticVersion", ACTAS_VERSION);
	json_open_array(j, "rules");
	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++)
		put_rule(j, rule);
	json_close(j);
	json_close(j);
	json_close(j);
}

/* Percent-encodes what cannot stand in the path of a URI (RFC 3986). */
static void
write_uri(struct buffer *uri, struct slice path)
{
	static const char kept[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-._~/!$&'()*+,;=@";

	while (slice_starts(path, SLICE("./")))
		path = slice_from(path, 2);
	for (size_t i = 0; i < path.length; i++) {
		if (memchr(kept, path.at[i], sizeof kept - 1) != NULL)
			buffer_putc(uri, path.at[i]);
		else
			buffer_addf(
			    uri, "%%%02X", (unsigned)(unsigned char)path.at[i]);
	}
}

/* A file below the working directory is told relative to it, as viewers
 * expect; any other absolute path becomes a file: URI. */
static void
put_artifact(struct json *j, struct slice file)
{
	char here[4096];
	struct buffer uri = {0};
	bool relative = !slice_starts(file, SLICE("/"));

	if (!relative && getcwd(here, sizeof here) != NULL) {
		size_t length = strlen(here);

		relative = slice_starts(file, slice_of(here)) &&
		    slice_starts(slice_from(file, length), SLICE("/"));
		file = slice_from(file, relative ? length + 1 : 0);
	}
	if (!relative)
		buffer_puts(&uri, "file://");
	write_uri(&uri, file);
	json_open_object(j, "artifactLocation");
	json_put_text(j, "uri", buffer_slice(&uri));
	if (relative)
		json_put_string(j, "uriBaseId", "%SRCROOT%");
	json_close(j);
	if (uri.error != ACTAS_OK)
		j->out->error = uri.error;
	buffer_release(&uri);
}

static void
put_location(
    const struct estate *e, struct json *j, struct origin origin, uint32_t id)
{
	struct slice file = estate_text(e, origin.file);

	if (file.length == 0)
		return;
	json_open_object(j, NULL);
	if (id > 0)
		json_put_number(j, "id", id);
	json_open_object(j, "physicalLocation");
	put_artifact(j, file);
	if (origin.line > 0) {
		json_open_object(j, "region");
		json_put_number(j, "startLine", origin.line);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void
put_locations(const struct estate *e, struct json *j, const struct finding *f)
{
	json_open_array(j, "locations");
	if (f->location_count > 0)
		put_location(e, j, f->locations[0], 0);
	json_close(j);
	if (f->location_count < 2)
		return;
	json_open_array(j, "relatedLocations");
	for (uint32_t i = 1; i < f->location_count; i++)
		put_location(e, j, f->locations[i], i);
	json_close(j);
}

/* FNV-1a: the fingerprint must be the same in every run, as a hash under a
 * seed of the process is not. */
static uint64_t
add_hash(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return (hash ^ 0xff) * 0x100000001b3u;
}

static void
put_fingerprint(struct json *j, const struct finding *f)
{
	uint64_t hash = add_hash(0xcbf29ce484222325u, f->rule->id);
	char text[17 + 2];

	for (uint32_t i = 0; i < f->subject_count; i++)
		hash = add_hash(hash, f->subjects[i]);
	snprintf(text, sizeof text, "%016" PRIx64, hash);
	json_open_object(j, "partialFingerprints");
	json_put_string(j, "actasSubjects/v1", text);
	json_close(j);
}

static uint32_t
rule_number(const struct rule *rule)
{
	uint32_t i = 0;

	while (rule_at(i) != NULL && rule_at(i) != rule)
		i++;
	return i;
}

static void
put_result(const struct estate *e, struct json *j, const struct finding *f)
{
	json_open_object(j, NULL);
	json_put_string(j, "ruleId", f->rule->id);
	json_put_number(j, "ruleIndex", rule_number(f->rule));
	json_put_string(j, "level", level(f->severity));
	put_message(j, "message", f->message);
	put_locations(e, j, f);
	put_fingerprint(j, f);
	json_open_array(j, "suppressions");
	if (f->silenced != NULL) {
		json_open_object(j, NULL);
		json_put_string(j, "kind", "inSource");
		json_put_string(j, "justification", f->silenced);
		json_close(j);
	}
	json_close(j);
	if (f->fix != NULL) {
		json_open_object(j, "properties");
		json_put_string(j, "fix", f->fix);
		json_close(j);
	}
	json_close(j);
}

enum actas_error
report_sarif(struct cli *cli, const struct report *r)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_string(&j, "$schema", SCHEMA);
	json_put_string(&j, "version", "2.1.0");
	json_open_array(&j, "runs");
	json_open_object(&j, NULL);
	put_driver(&j);
	json_put_string(&j, "columnKind", "unicodeCodePoints");
	json_open_array(&j, "results");
	for (uint32_t i = 0; i < r->findings->count; i++)
		put_result(cli->estate, &j, &r->findings->at[i]);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	return json_send(cli, &text);
}
