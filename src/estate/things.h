#ifndef ESTATE_THINGS_H
#define ESTATE_THINGS_H

/*
 * What access is to: vaults, secrets, credentials and the places that hold
 * their copies, connections, items and what starts them. Rows like those of
 * model.h.
 */

#include "estate/model.h"

/* A vault has one permission model at a time (facts 2.3). */
enum vault_model {
	MODEL_UNSAID,
	MODEL_RBAC,
	MODEL_POLICY,
	MODEL_DISPUTED /* the source speaks of both */
};

struct vault {
	scope_id scope;
	uint8_t model;
	uint8_t stated; /* model read as such; else inferred from the grants */
	uint8_t purge_protection, soft_delete, public_access; /* enum tri */
	uint8_t firewall; /* enum tri: default action is deny */
	struct guid tenant;
	string_id location;
	struct origin origin;
};

struct secret {
	scope_id scope;
	uint8_t enabled;    /* enum tri */
	uint8_t not_secret; /* a source says that it holds no secret value */
	moment expires, not_before, created, updated;
	string_id purpose;
	struct origin origin;
};

/* Who fetches a secret: a principal, or an item such as a pipeline. */
struct usage {
	scope_id secret;
	principal_id principal; /* or NONE */
	item_id item;           /* or NONE */
	struct origin origin;
};

enum credential_kind {
	CREDENTIAL_SECRET,
	CREDENTIAL_CERTIFICATE,
	CREDENTIAL_FEDERATED
};

struct credential {
	principal_id principal; /* whose it is, or NONE: see application */
	uint32_t application;   /* row, or NONE */
	struct guid key_id;
	string_id name;
	string_id issuer, subject; /* federated */
	uint8_t kind;
	moment starts, ends;
	struct origin origin;
};

enum sink_kind { SINK_SECRET, SINK_CONNECTION, SINK_FILE };

/* A place that holds a copy of a principal's credential. */
struct sink {
	principal_id principal;
	scope_id scope; /* secret or connection; NONE for a file */
	string_id file; /* of a file, or a sink that only text describes */
	uint32_t plan;  /* the rotation plan that lists it, or NONE */
	uint8_t kind;
	uint8_t in_steps; /* a step of the plan updates it; a place that both
			     the list of the plan and a step name is two
			     rows */
	struct origin origin;
};

struct connection {
	scope_id scope;
	principal_id principal; /* backed by; NONE: not said */
	string_id scheme; /* ServicePrincipal, WorkloadIdentityFederation */
	string_id purpose;
	uint8_t all_pipelines; /* enum tri */
	uint8_t ready;         /* enum tri */
	struct origin origin;
};

/* A pipeline that may use a connection. */
struct authorization {
	uint32_t connection; /* row */
	item_id item;
	struct origin origin;
};

enum item_kind {
	ITEM_OTHER,
	ITEM_NOTEBOOK,
	ITEM_PIPELINE, /* Fabric data pipeline */
	ITEM_SPARK_JOB,
	ITEM_AIRFLOW_JOB, /* Fabric Apache Airflow job */
	ITEM_SEMANTIC_MODEL,
	ITEM_WAREHOUSE,
	ITEM_LAKEHOUSE,
	ITEM_FLOW,            /* Power Automate */
	ITEM_DEVOPS_PIPELINE, /* Azure DevOps */
	ITEM_KINDS
};

/* What can be started. Scope kind SCOPE_ITEM. */
struct item {
	scope_id scope;
	uint8_t kind;
	principal_id owner, modified_by;
	principal_id run_identity;    /* "run as", where one is set */
	principal_id run_identity_by; /* who set it */
	struct origin origin;
};

/* A schedule of an item: runs as who last changed it. */
struct schedule {
	item_id item;
	string_id name;
	principal_id updated_by;
	uint8_t enabled; /* enum tri */
	struct origin origin;
};

/* A pipeline's activity or a notebook's reference run that starts 'child';
 * 'identity' where it goes through a connection with a credential. */
struct activity {
	item_id parent, child;
	string_id name;
	principal_id identity; /* or NONE */
	struct origin origin;
};

/* An item needs an action on a scope to do its work. */
struct need {
	item_id item;
	string_id action;
	scope_id scope;
	struct origin origin;
};

/* Somebody owns a thing, or all things of a kind ("semantic models"). */
struct ownership {
	principal_id principal;
	scope_id scope; /* NONE: the kind at large */
	uint8_t item_kind;
	struct origin origin;
};

#endif
