#ifndef API_GRAPH_PROPERTIES_H
#define API_GRAPH_PROPERTIES_H

/* What the objects of the directory may be made of, and how a body sets it. */

#include <jansson.h>
#include <stdbool.h>

struct graph_call;

/* What a property may be set to. */
enum graph_type {
	GRAPH_TEXT,
	GRAPH_FLAG,
	GRAPH_TEXTS,
	GRAPH_OBJECT,
	GRAPH_OBJECTS,
	GRAPH_NOTHING /* null only */
};

struct graph_property {
	const char *name;
	enum graph_type type;
	bool required; /* to create one */
	bool fixed;    /* set when it is created, never again */
};

/* Whether the body's members may be set, and to such values: graph_refuse. */
void graph_check_properties(struct graph_call *c, bool creates);
/* Whether all are there that an object needs. */
void graph_want_properties(struct graph_call *c);
/* Sets them. Of an object only the members that are named are touched; null
 * takes a property away. False: no memory. */
bool graph_take_properties(const struct graph_call *c, json_t *into);

#endif
