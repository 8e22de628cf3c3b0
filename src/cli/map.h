#ifndef CLI_MAP_H
#define CLI_MAP_H

/* The access graph, and the forms in which it is drawn. */

#include "cli/words.h"

struct node {
	bool is_scope;
	uint32_t id;
};

enum edge_kind {
	EDGE_GRANT,      /* principal to scope: roles */
	EDGE_MEMBER,     /* principal to group */
	EDGE_BACKED,     /* connection to principal */
	EDGE_CREDENTIAL, /* secret or connection to the one whose it holds */
	EDGE_RUNS_AS,    /* item to principal */
	EDGE_CONTAINS    /* scope to scope; drawn without an arrow */
};

struct edge {
	struct node from, to;
	uint8_t kind;
	bool disputed;
	bool idle;         /* none of its grants works as it stands */
	const char *label; /* in the arena; "" for none */
};

struct map {
	struct {
		struct edge *at;
		uint32_t count, capacity;
	} edges;
	bool *principals, *scopes; /* those that are drawn */
};

/* cli/graph.c: 'focus' may be NULL. Release it, also on failure. */
enum actas_error map_make(
    struct cli *cli, const char *focus, struct map *map) ACTAS_MUST_USE;
void map_release(struct map *map);

/* cli/draw.c */
enum actas_error map_write_mermaid(
    struct cli *cli, const struct map *map, struct buffer *out) ACTAS_MUST_USE;
enum actas_error map_write_dot(
    struct cli *cli, const struct map *map, struct buffer *out) ACTAS_MUST_USE;
/* By Graphviz's dot. */
enum actas_error map_write_svg(
    struct cli *cli, const struct map *map, struct buffer *out) ACTAS_MUST_USE;

#endif
