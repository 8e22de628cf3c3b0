#ifndef SOURCE_AZURE_H
#define SOURCE_AZURE_H

/*
 * Between the readers of Azure's JSON (azure*.c); nobody else includes it.
 *
 * A session reads any number of documents in any order and leaves in the
 * builder what they say together. Facts that name a thing by another id than
 * the one it is known by wait until the end, when everything that could
 * declare it has been read.
 *
 * Errors stick, in the session and in the builder: readers go on with nil
 * values after one, and whoever drives them checks once an element.
 */

#include "source/azure/json_stream.h"
#include "source/source.h"

struct azure;

enum { AZURE_CAPTURES = 4 };

/* A host and path, taken apart: "graph.microsoft.com/v1.0/groups/{id}/members"
 * without query, without what numbers a page. */
struct azure_request {
	struct buffer text; /* segments, decoded, joined by '/', lower case */
	struct slice captures[AZURE_CAPTURES]; /* what '*' stood for */
	uint32_t capture_count;
	struct buffer as_written; /* the same in the letters of the request */
};

/* What a document is a list of. */
struct azure_shape {
	const char *what; /* "a role assignment" */
	/* Keys that tell it, at the top or in "properties", separated by
	 * blanks; "type=Microsoft.KeyVault/vaults" asks for a value. */
	const char *keys;
	/* Tail of the request that tells it, '*' being captured, or NULL. */
	const char *request;
	void (*read)(struct azure *, const struct json_node *);
};

/* A fact that waits for the end of the session. */
enum waiting_for {
	WAITING_GRANT,       /* of 'role' at 'scope', holder by 'upn' */
	WAITING_OWNER,       /* owner of item 'row', by 'upn' */
	WAITING_BACKER,      /* of connection 'row', by app id */
	WAITING_APP_OWNER,   /* 'principal' owns the application 'id' */
	WAITING_SP_OWNER,    /* 'principal' owns the service principal 'id' */
	WAITING_CREDENTIAL,  /* 'row' of az->credentials, of application 'id' */
	WAITING_DIRECTORY,   /* 'principal' has 'role' at the object 'id' */
	WAITING_ROLE_NAME,   /* 'role' is called 'upn', if by nobody else */
	WAITING_IDENTITY,    /* 'row' of az->credentials, of the managed
				identity with the resource 'upn' */
	WAITING_ORPHAN,      /* 'principal' was not found in the directory */
	WAITING_ALIAS,       /* 'id' is another id of 'role' */
	WAITING_ROLE_MEMBER, /* 'principal' has the role with such an id */
	WAITING_TRANSITIVE   /* 'principal' is in group 'row', somehow */
};

struct waiting {
	uint8_t what;
	struct guid id;
	string_id upn; /* or another name */
	principal_id principal;
	role_id role;
	scope_id scope;
	uint32_t row;
	struct origin origin;
};

/* What may be listed twice and must be read once. */
enum seen_kind {
	SEEN_CREDENTIAL,
	SEEN_DENIAL,
	SEEN_DEFINITION,
	SEEN_ROLE_NAME,
	SEEN_ORPHAN,
	SEEN_SCHEDULE,
	SEEN_PIPELINE
};

struct seen {
	uint8_t kind;
	struct guid id;
	uint64_t number;
};

/* One request and its pages. */
struct azure_pages {
	string_id request;
	uint32_t files, links;
	struct origin link; /* of the last page that names a next one */
};

struct azure {
	struct builder *b;
	struct fault *fault;
	enum actas_error error;
	bool in_folder; /* other documents may say what this one does not */
	bool in_answer; /* which stands in a list of answers */
	/* of the document that is being read */
	string_id file;
	const char *file_name;
	struct azure_request request;
	const struct azure_shape *shape;
	uint64_t elements;
	bool in_list;
	const json_t *element; /* at hand */
	uint64_t said_count;   /* "count" of the envelope, or UINT64_MAX */
	struct origin link;    /* of a next page, line 0: none */
	/* of the session */
	VECTOR(struct waiting) waiting;
	VECTOR(struct credential) credentials;
	VECTOR(struct seen) seen;
	struct index seen_index;
	principal_id everyone; /* in the tenant, or NONE */
	VECTOR(uint8_t) ranks; /* enum azure_rank, by principal */
	VECTOR(struct azure_pages) pages;
	struct index page_index;
};

/* --- azure.c: sessions and documents --- */

void azure_begin(struct azure *az, struct builder *b, struct fault *fault);
/* One document; 'request' as in source_read_json. */
enum actas_error azure_read(
    struct azure *az, struct reader *from, struct slice request) ACTAS_MUST_USE;
/* Settles what waits and releases the session, also after an error. */
enum actas_error azure_end(struct azure *az) ACTAS_MUST_USE;
bool azure_failed(const struct azure *az);

/* --- azure_request.c --- */

enum actas_error azure_request_parse(
    struct azure_request *r, struct slice request) ACTAS_MUST_USE;
/* Whether the tail of the request is as the pattern; sets the captures. */
bool azure_request_matches(struct azure_request *r, const char *pattern);
void azure_request_release(struct azure_request *r);
/* A captured GUID, also of the form "applications(appId='…')"; complains
 * where it is none. */
struct guid azure_captured(struct azure *az, uint32_t capture);

/* --- azure_shapes.c: what is recognised --- */

/* The keys that the shape's reader reads, where there may be millions of
 * elements; NULL: all. */
const char *azure_wanted(const struct azure_shape *shape);
/* By request, else by the keys of the element; NULL if by neither. */
const struct azure_shape *azure_recognise(
    struct azure *az, const struct json_node *element);

/* --- azure_principal.c --- */

enum principal_kind azure_principal_kind(struct slice type);
/* How much weight words about a principal have. */
enum azure_rank {
	RANK_MENTION,  /* beside an assignment */
	RANK_RELATION, /* in a list of members or owners */
	RANK_LISTING   /* in a list of the directory's objects */
};

/* What a source says about a principal; nil, 0 and unknown are unsaid. */
struct azure_principal {
	struct guid object_id, app_id;
	enum principal_kind kind;
	struct slice name, upn;
	bool elsewhere; /* by its type no object of this directory */
	enum azure_rank rank;
};
/* The kind that the type says. */
void azure_say_kind(struct azure_principal *said, struct slice type);
principal_id azure_principal(
    struct azure *az, const struct azure_principal *said, uint32_t line);
void azure_wait(struct azure *az, const struct waiting *fact);
/* True if it was there already. */
bool azure_seen(
    struct azure *az, enum seen_kind kind, struct guid id, uint64_t number);
/* Settles what waits (azure_settle.c). */
void azure_settle(struct azure *az);
/* The transitive members among it (azure_groups.c). */
void azure_settle_groups(struct azure *az);
/* Whether 'a' comes first, by name of file and line. */
bool azure_is_earlier(const struct azure *az, struct origin a, struct origin b);
/* Marks a scope as declared in that line, under that name or under none. */
void azure_declare_scope(
    struct azure *az, scope_id s, struct slice name, uint32_t line);
/* Scope of an application, found or made. */
scope_id azure_application_scope(struct azure *az, uint32_t row);
/* Scope of a group, found or made. */
scope_id azure_group_scope(
    struct azure *az, principal_id group, struct origin origin);

#endif
