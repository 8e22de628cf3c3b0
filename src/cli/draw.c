#include "cli/map.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes of a drawing that are worth keeping. */
#define SVG_MOST ((size_t)256 << 20)

/* How a form writes a text inside quotes. */
struct escapes {
	char character;
	const char *written;
};

static const struct escapes mermaid_escapes[] = {
    {'"', "#quot;"},
    {'#', "#35;"},
    {'<', "#lt;"},
    {'>', "#gt;"},
    {'&', "#amp;"},
    {'`', "#96;"},
    {0, NULL},
};

static const struct escapes dot_escapes[] = {
    {'"', "\\\""},
    {'\\', "\\\\"},
    {0, NULL},
};

static void
write_escaped(
    struct buffer *out, const struct escapes *escapes, struct slice text)
{
	struct buffer harmless = {0};
	const struct escapes *e;

	text_harmless(&harmless, text);
	for (size_t i = 0; i < harmless.length; i++) {
		for (e = escapes; e->written != NULL; e++) {
			if (e->character == harmless.at[i])
				break;
		}
		if (e->written != NULL)
			buffer_puts(out, e->written);
		else
			buffer_putc(out, harmless.at[i]);
	}
	if (harmless.error != ACTAS_OK)
		out->error = harmless.error;
	buffer_release(&harmless);
}

/* The three boxes that nodes lie in. */
enum box { BOX_IDENTITIES, BOX_GROUPS, BOX_RESOURCES, BOXES };

static const char *const box_names[BOXES] = {
    [BOX_IDENTITIES] = "Identities",
    [BOX_GROUPS] = "Groups",
    [BOX_RESOURCES] = "Resources",
};

static enum box
box_of(const struct estate *e, struct node n)
{
	if (n.is_scope)
		return BOX_RESOURCES;
	return e->principals.at[n.id].kind == PRINCIPAL_GROUP ? BOX_GROUPS
							      : BOX_IDENTITIES;
}

static const char *
node_name(struct cli *cli, struct node n)
{
	if (!n.is_scope)
		return word_principal(cli, n.id);
	return n.id == 0 ? "tenant" : word_scope(cli, n.id);
}

static const char *
node_kind(struct cli *cli, struct node n)
{
	return n.is_scope ? scope_kind_name(cli->estate->scopes.at[n.id].kind)
			  : word_kind(cli, n.id);
}

/* One form of drawing: how it writes a node, an edge, a box. */
struct form {
	void (*begin)(struct buffer *out);
	void (*open)(struct buffer *out, enum box box);
	void (*node)(struct cli *cli, struct buffer *out, struct node n);
	void (*close)(struct buffer *out);
	void (*edge)(struct buffer *out, const struct edge *edge);
	void (*end)(struct buffer *out);
};

static bool
is_drawn(const struct map *map, struct node n)
{
	return n.is_scope ? map->scopes[n.id] : map->principals[n.id];
}

static void
write_box(struct cli *cli, const struct map *map, const struct form *form,
    enum box box, struct buffer *out)
{
	const struct estate *e = cli->estate;
	bool scopes = box == BOX_RESOURCES, opened = false;
	uint32_t count = scopes ? e->scopes.count : e->principals.count;

	for (uint32_t id = 0; id < count; id++) {
		struct node n = {scopes, id};

		if (!is_drawn(map, n) || box_of(e, n) != box)
			continue;
		if (!opened)
			form->open(out, box);
		opened = true;
		form->node(cli, out, n);
	}
	if (opened)
		form->close(out);
}

static enum actas_error
write_form(struct cli *cli, const struct map *map, const struct form *form,
    struct buffer *out)
{
	form->begin(out);
	for (unsigned box = 0; box < BOXES; box++)
		write_box(cli, map, form, (enum box)box, out);
	for (uint32_t i = 0; i < map->edges.count; i++)
		form->edge(out, &map->edges.at[i]);
	form->end(out);
	return out->error;
}

static char
node_letter(struct node n)
{
	return n.is_scope ? 's' : 'p';
}

static void
mermaid_begin(struct buffer *out)
{
	buffer_puts(out, "graph LR\n");
}

static void
mermaid_open(struct buffer *out, enum box box)
{
	buffer_addf(out, "    subgraph %s\n", box_names[box]);
}

static void
mermaid_node(struct cli *cli, struct buffer *out, struct node n)
{
	buffer_addf(out, "        %c%u[\"", node_letter(n), n.id);
	write_escaped(out, mermaid_escapes, slice_of(node_name(cli, n)));
	buffer_addf(out, "<br/>(%s)\"]\n", node_kind(cli, n));
}

static void
mermaid_close(struct buffer *out)
{
	buffer_puts(out, "    end\n");
}

static void
mermaid_edge(struct buffer *out, const struct edge *edge)
{
	bool dotted = edge->disputed || edge->idle || edge->kind != EDGE_GRANT;
	const char *arrow = edge->kind == EDGE_CONTAINS ? "---"
	    : dotted                                    ? "-.->"
							: "-->";

	buffer_addf(
	    out, "    %c%u %s", node_letter(edge->from), edge->from.id, arrow);
	if (edge->label[0] != '\0') {
		buffer_puts(out, "|\"");
		write_escaped(out, mermaid_escapes, slice_of(edge->label));
		buffer_puts(out, edge->disputed ? " (disputed)\"|" : "\"|");
	}
	buffer_addf(out, " %c%u\n", node_letter(edge->to), edge->to.id);
}

static void
mermaid_end(struct buffer *out ACTAS_UNUSED)
{
}

enum actas_error
map_write_mermaid(struct cli *cli, const struct map *map, struct buffer *out)
{
	static const struct form form = {mermaid_begin, mermaid_open,
	    mermaid_node, mermaid_close, mermaid_edge, mermaid_end};

	return write_form(cli, map, &form, out);
}

static void
dot_begin(struct buffer *out)
{
	buffer_puts(out,
	    "digraph access {\n"
	    "    rankdir=LR;\n"
	    "    ranksep=1.6;\n"
	    "    graph [fontname=\"sans-serif\", fontsize=12];\n"
	    "    node [shape=box, style=\"rounded,filled\", "
	    "fillcolor=white, fontname=\"sans-serif\", fontsize=11];\n"
	    "    edge [fontname=\"sans-serif\", fontsize=9, "
	    "color=\"#555555\"];\n");
}

static void
dot_open(struct buffer *out, enum box box)
{
	static const char *const colours[BOXES] = {
	    [BOX_IDENTITIES] = "#e8f0fe",
	    [BOX_GROUPS] = "#fef7e0",
	    [BOX_RESOURCES] = "#e6f4ea",
	};

	buffer_addf(out,
	    "    subgraph cluster_%u {\n"
	    "        label=\"%s\"; style=\"rounded,filled\"; color=\"%s\";\n",
	    (unsigned)box, box_names[box], colours[box]);
}

static void
dot_node(struct cli *cli, struct buffer *out, struct node n)
{
	buffer_addf(out, "        %c%u [label=\"", node_letter(n), n.id);
	write_escaped(out, dot_escapes, slice_of(node_name(cli, n)));
	buffer_addf(out, "\\n(%s)\"];\n", node_kind(cli, n));
}

static void
dot_close(struct buffer *out)
{
	buffer_puts(out, "    }\n");
}

/* All that begins at one node has one colour, so that the eye can follow it
 * where edges cross; dark enough for the labels. */
static const char *
edge_colour(const struct edge *edge)
{
	static const char *const colours[] = {"#1a56b0", "#a8324a", "#1c7a3f",
	    "#7a3fa0", "#9a5b00", "#00707a", "#5a5a5a", "#b0307f"};

	return edge->kind == EDGE_CONTAINS
	    ? "#aaaaaa"
	    : colours[edge->from.id % (sizeof colours / sizeof *colours)];
}

/* Roles stand below each other: a long line of them pushes all apart. */
static void
write_dot_label(struct buffer *out, const struct edge *edge)
{
	struct slice rest = slice_of(edge->label);
	size_t at;

	while ((at = slice_find(rest, SLICE(", "))) != SIZE_MAX) {
		write_escaped(out, dot_escapes, slice_sub(rest, 0, at));
		buffer_puts(out, "\\n");
		rest = slice_from(rest, at + 2);
	}
	write_escaped(out, dot_escapes, rest);
	if (edge->disputed)
		buffer_puts(out, "\\n(disputed)");
}

static void
dot_edge(struct buffer *out, const struct edge *edge)
{
	bool dashed = edge->disputed || edge->idle || edge->kind != EDGE_GRANT;
	const char *colour = edge_colour(edge);

	buffer_addf(out, "    %c%u -> %c%u [label=\"", node_letter(edge->from),
	    edge->from.id, node_letter(edge->to), edge->to.id);
	write_dot_label(out, edge);
	buffer_addf(out, "\", color=\"%s\", fontcolor=\"%s\"%s%s];\n", colour,
	    colour, dashed ? ", style=dashed" : "",
	    edge->kind == EDGE_CONTAINS ? ", arrowhead=none" : "");
}

static void
dot_end(struct buffer *out)
{
	buffer_puts(out, "}\n");
}

enum actas_error
map_write_dot(struct cli *cli, const struct map *map, struct buffer *out)
{
	static const struct form form = {
	    dot_begin, dot_open, dot_node, dot_close, dot_edge, dot_end};

	return write_form(cli, map, &form, out);
}

/* The text in a file that only this process and its children can reach, so
 * that dot can be fed without a second pipe to take turns with. */
static int
memory_file(struct slice text)
{
	int fd = memfd_create("actas-map", MFD_CLOEXEC);

	while (fd >= 0 && text.length > 0) {
		ssize_t n = write(fd, text.at, text.length);

		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		text = slice_from(text, n < 0 ? 0 : (size_t)n);
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

extern char **environ;

static int
spawn_dot(int in, int out, pid_t *child)
{
	static const char *const arguments[] = {"dot", "-Tsvg", NULL};
	char *argv[3];
	posix_spawn_file_actions_t actions;
	int status;

	/* posix_spawn's argv is not const for reasons of age only. */
	memcpy(argv, arguments, sizeof argv);
	status = posix_spawn_file_actions_init(&actions);
	if (status != 0)
		return status;
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	status = posix_spawnp(child, "dot", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

static enum actas_error
read_drawing(struct cli *cli, int from, struct buffer *out)
{
	struct reader r;
	enum actas_error error = reader_open(&r, "-", &cli->fault);

	if (error != ACTAS_OK)
		return error;
	r.name = "Graphviz's dot";
	r.descriptor = from;
	return reader_all(&r, out, SVG_MOST, &cli->fault);
}

static enum actas_error
run_dot(struct cli *cli, int in, struct buffer *out)
{
	int ends[2], status, state = 0;
	pid_t child = 0;
	enum actas_error error;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
		    "no pipe to Graphviz: %s", strerror(errno));
	status = spawn_dot(in, ends[1], &child);
	close(ends[1]);
	if (status != 0) {
		close(ends[0]);
		return fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
		    status == ENOENT
			? "SVG is drawn by Graphviz, and there is no 'dot' "
			  "here: install it (apt install graphviz), or use "
			  "--format mermaid"
			: "Graphviz's dot cannot be run: %s",
		    strerror(status));
	}
	error = read_drawing(cli, ends[0], out);
	close(ends[0]);
	while (waitpid(child, &state, 0) < 0 && errno == EINTR)
		continue;
	if (error == ACTAS_OK && (!WIFEXITED(state) || WEXITSTATUS(state) != 0))
		error = fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
		    "Graphviz's dot failed; --format dot writes what it was "
		    "given");
	return error;
}

enum actas_error
map_write_svg(struct cli *cli, const struct map *map, struct buffer *out)
{
	struct buffer dot = {0};
	enum actas_error error = map_write_dot(cli, map, &dot);
	int in = -1;

	if (error == ACTAS_OK) {
		in = memory_file(buffer_slice(&dot));
		if (in < 0)
			error = fault_set(&cli->fault, ACTAS_EIO, NULL, 0,
			    "no room for the graph: %s", strerror(errno));
	}
	progress_say(&cli->progress, "drawing", "with Graphviz");
	if (error == ACTAS_OK)
		error = run_dot(cli, in, out);
	if (in >= 0)
		close(in);
	buffer_release(&dot);
	return error;
}
