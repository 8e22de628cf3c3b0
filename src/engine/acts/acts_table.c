#include "engine/acts/acts_private.h"

/*
 * Who acts, and which document says so (facts 1). Where the platform's
 * documents speak of notebooks only, the row for other items says that it is
 * inferred from that. The rows are read from the top.
 */

#define BIT(kind) (1u << (kind))

static const char run_notebooks[] =
    "Microsoft Learn, How to use notebooks (who a run acts as), 2026-04-24";
static const char notebook_api[] =
    "Microsoft Learn, Notebook public API, 2026-04-24, and Service principal "
    "support in semantic link, 2025-09-01";
static const char job_api[] =
    "Fabric REST API specification, job scheduler, 2026-08-04: managed "
    "identities are supported; that the run acts as them is inferred";
static const char by_analogy[] =
    "Inferred from what Microsoft Learn documents for notebooks (How to use "
    "notebooks, 2026-04-24)";
static const char schedule_owner[] =
    "Fabric REST API specification, 2026-08-04: a schedule's owner, who may "
    "be a service principal, is who made or last changed it; that the run "
    "acts as that one is inferred";
static const char activity_connection[] =
    "Observed by practitioners, 2026-08-18: an activity can use a connection "
    "whose credential is a service principal or the workspace identity";
static const char reference_run[] =
    "Inferred: a reference run shares the session of its root; no document "
    "states its identity";
static const char airflow_identity[] =
    "Microsoft Learn, Apache Airflow jobs with workspace identity (preview), "
    "2026-06-18";
static const char airflow_item[] =
    "Microsoft Learn, Run a Fabric item from an Apache Airflow job, "
    "2025-10-13";
static const char service_connection[] =
    "Azure DevOps, service connections (REST API 7.1)";
static const char own_feature[] =
    "actas' own platform; Microsoft Fabric has no run identity for an item";
static const char source_only[] = "The source";

static const struct acts_row rows[] = {
    {TRIGGERS, MANNER_RUN_IDENTITY, 0, 0,
	"{actor} is set as the run identity of {started}, so every run of it "
	"acts as {actor}, whoever starts it.",
	own_feature, CONFIDENCE_DOCUMENTED},
    {TRIGGERS, MANNER_REFUSED, 0, 0,
	"The run identity of {started} was set by somebody who may not assign "
	"that identity, so a run is refused.",
	own_feature, CONFIDENCE_DOCUMENTED},
    {TRIGGERS, MANNER_SILENT, 0, 0,
	"No document that actas rests on says as whom a run of {item} acts: "
	"what is documented for notebooks need not hold for it.",
	run_notebooks, CONFIDENCE_INFERRED},
    {TRIGGERS, MANNER_CYCLE, 0, 0,
	"{item} and what starts it start each other in a circle: no trigger "
	"begins such a run.",
	source_only, CONFIDENCE_INFERRED},

    {TRIGGER_UI, MANNER_PLAIN, BIT(ITEM_NOTEBOOK), 0,
	"{actor} runs {item} by hand, and such a run acts as the signed-in "
	"user.",
	run_notebooks, CONFIDENCE_DOCUMENTED},
    {TRIGGER_UI, MANNER_PLAIN, 0, 0,
	"{actor} runs {item} by hand, and such a run acts as the signed-in "
	"user.",
	by_analogy, CONFIDENCE_INFERRED},

    {TRIGGER_API, MANNER_PLAIN, 0,
	BIT(PRINCIPAL_MANAGED_IDENTITY) | BIT(PRINCIPAL_WORKSPACE_IDENTITY),
	"{actor} calls the job API, and a run that is started over the API "
	"acts as its caller.",
	job_api, CONFIDENCE_INFERRED},
    {TRIGGER_API, MANNER_PLAIN, BIT(ITEM_NOTEBOOK), BIT(PRINCIPAL_SERVICE),
	"{actor} calls the job API with a token of its own, and a run that is "
	"started over the API acts as its caller.",
	notebook_api, CONFIDENCE_DOCUMENTED},
    {TRIGGER_API, MANNER_PLAIN, BIT(ITEM_NOTEBOOK), 0,
	"{actor} calls the job API, and a run that is started over the API "
	"acts as its caller.",
	run_notebooks, CONFIDENCE_DOCUMENTED},
    {TRIGGER_API, MANNER_PLAIN, 0, 0,
	"{actor} calls the job API, and a run that is started over the API "
	"acts as its caller.",
	by_analogy, CONFIDENCE_INFERRED},

    {TRIGGER_SCHEDULE, MANNER_UNSAID, 0, 0,
	"A scheduled run acts as whoever last changed the schedule, and the "
	"source does not say who last changed {schedule}.",
	run_notebooks, CONFIDENCE_DOCUMENTED},
    {TRIGGER_SCHEDULE, MANNER_PLAIN, 0,
	BIT(PRINCIPAL_SERVICE) | BIT(PRINCIPAL_MANAGED_IDENTITY) |
	    BIT(PRINCIPAL_WORKSPACE_IDENTITY),
	"{actor} made or last changed {schedule}, and a scheduled run acts as "
	"whoever did.",
	schedule_owner, CONFIDENCE_INFERRED},
    {TRIGGER_SCHEDULE, MANNER_PLAIN, BIT(ITEM_NOTEBOOK), 0,
	"{actor} made or last changed {schedule}, and a scheduled run acts as "
	"whoever did.",
	run_notebooks, CONFIDENCE_DOCUMENTED},
    {TRIGGER_SCHEDULE, MANNER_PLAIN, 0, 0,
	"{actor} made or last changed {schedule}, and a scheduled run acts as "
	"whoever did.",
	by_analogy, CONFIDENCE_INFERRED},

    {TRIGGER_PIPELINE, MANNER_UNSAID, 0, 0,
	"An activity acts as whoever last modified its pipeline, and the "
	"source does not say who last modified {via}.",
	run_notebooks, CONFIDENCE_DOCUMENTED},
    {TRIGGER_PIPELINE, MANNER_CONNECTION, 0, 0,
	"The activity of {via} that starts {item} goes through a connection "
	"with the credential of {actor}, and acts as that.",
	activity_connection, CONFIDENCE_OBSERVED},
    {TRIGGER_PIPELINE, MANNER_PLAIN, 0,
	BIT(PRINCIPAL_SERVICE) | BIT(PRINCIPAL_MANAGED_IDENTITY) |
	    BIT(PRINCIPAL_WORKSPACE_IDENTITY),
	"{actor} last modified {via} (a deployment counts), and a pipeline's "
	"activities act as its last modifier.",
	"Rule: Microsoft Learn, How to use notebooks, 2026-04-24; that a "
	"deployment by a service principal makes it the last modifier is "
	"inferred",
	CONFIDENCE_INFERRED},
    {TRIGGER_PIPELINE, MANNER_PLAIN, BIT(ITEM_NOTEBOOK), 0,
	"{actor} last modified {via}, and a pipeline's activities act as its "
	"last modifier.",
	run_notebooks, CONFIDENCE_DOCUMENTED},
    {TRIGGER_PIPELINE, MANNER_PLAIN, 0, 0,
	"{actor} last modified {via}, and a pipeline's activities act as its "
	"last modifier.",
	by_analogy, CONFIDENCE_INFERRED},

    {TRIGGER_REFERENCE, MANNER_PLAIN, 0, 0,
	"{via} runs {item} inside its own session, which acts as {actor}.",
	reference_run, CONFIDENCE_INFERRED},
    {TRIGGER_REFERENCE, MANNER_UNSAID, 0, 0,
	"{via} runs {item} inside its own session, and the source does not say "
	"as whom that acts.",
	reference_run, CONFIDENCE_INFERRED},

    {TRIGGER_AIRFLOW, MANNER_PLAIN, 0, BIT(PRINCIPAL_WORKSPACE_IDENTITY),
	"The Fabric Apache Airflow job starts {item} through a Fabric "
	"connection with the workspace identity {actor}, and the run acts as "
	"that.",
	airflow_identity, CONFIDENCE_DOCUMENTED},
    {TRIGGER_AIRFLOW, MANNER_PLAIN, 0, BIT(PRINCIPAL_USER),
	"The Fabric Apache Airflow job starts {item} with a refresh token of "
	"{actor}, and the run acts as that user.",
	airflow_item, CONFIDENCE_DOCUMENTED},
    {TRIGGER_AIRFLOW, MANNER_PLAIN, 0, 0,
	"The Fabric Apache Airflow job starts {item} with the credential of "
	"{actor}, and the run acts as that.",
	airflow_item, CONFIDENCE_DOCUMENTED},

    {TRIGGER_DEVOPS, MANNER_UNSAID, 0, 0,
	"What a pipeline does through {connection} acts as the principal that "
	"backs it, and the source does not say which that is.",
	service_connection, CONFIDENCE_DOCUMENTED},
    {TRIGGER_DEVOPS, MANNER_PLAIN, 0, 0,
	"What a pipeline does through {connection} acts as {actor}, which "
	"backs it, whoever started the pipeline.",
	service_connection, CONFIDENCE_DOCUMENTED},
};

static bool
has(uint32_t bits, uint32_t kind)
{
	return bits == 0 || (bits & BIT(kind)) != 0;
}

const struct acts_row *
acts_row_find(const struct asking *a)
{
	const struct estate *e = a->t.e;
	uint32_t item = e->items.at[a->item].kind;
	uint32_t actor = a->out->principal == NONE
	    ? (uint32_t)PRINCIPAL_UNKNOWN
	    : e->principals.at[a->out->principal].kind;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if ((rows[i].trigger == TRIGGERS ||
			rows[i].trigger == a->trigger) &&
		    rows[i].manner == a->manner && has(rows[i].items, item) &&
		    has(rows[i].actors, actor))
			return &rows[i];
	return NULL;
}
