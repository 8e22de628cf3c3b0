#include "page_test.h"

#include "source/page/mermaid.h"

/* A chart as text: "A[label]->B[label]: edge label @line", faults after it. */
static void
assert_chart(const char *source, const char *want)
{
	struct arena arena = {0};
	struct buffer got = {0};
	struct mermaid m;

	assert_int_equal(
	    mermaid_read(&m, &arena, slice_of(source), 1), ACTAS_OK);
	for (uint32_t i = 0; i < m.edges.count; i++) {
		const struct mermaid_edge *e = &m.edges.at[i];

		buffer_addf(&got, "%.*s>%.*s",
		    SLICE_ARGS(m.nodes.at[e->from].label),
		    SLICE_ARGS(m.nodes.at[e->to].label));
		if (e->label.length > 0)
			buffer_addf(&got, ":%.*s", SLICE_ARGS(e->label));
		buffer_addf(&got, "@%u ", e->line);
	}
	for (uint32_t i = 0; i < m.faults.count; i++)
		buffer_addf(&got, "!%u ", m.faults.at[i].line);
	assert_string_equal(buffer_text(&got), want);
	buffer_release(&got);
	mermaid_release(&m);
	arena_release(&arena);
}

struct sample {
	const char *source, *want;
};

static void
assert_charts(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_chart(samples[i].source, samples[i].want);
}

static void
all_lines_and_arrows_are_edges(void **state ACTAS_UNUSED)
{
	static const struct sample samples[] = {
	    {"graph LR\nA-->B", "A>B@2 "},
	    {"graph LR\nA --> B", "A>B@2 "},
	    {"graph LR\nA --- B", "A>B@2 "},
	    {"graph LR\nA -.-> B", "A>B@2 "},
	    {"graph LR\nA -.- B", "A>B@2 "},
	    {"graph LR\nA ==> B", "A>B@2 "},
	    {"graph LR\nA === B", "A>B@2 "},
	    {"graph LR\nA ----> B", "A>B@2 "},
	    {"graph LR\nA <--> B", "A>B@2 "},
	    {"graph LR\nA o--o B", "A>B@2 "},
	    {"graph LR\nA x--x B", "A>B@2 "},
	    {"graph LR\nA --x B", "A>B@2 "},
	    {"graph LR\nA ~~~ B", "A>B@2 "},
	};

	assert_charts(samples, COUNT_OF(samples));
}

static void
labels_stand_in_bars_or_in_the_line(void **state ACTAS_UNUSED)
{
	static const struct sample samples[] = {
	    {"graph LR\nA -->|Get Secrets| B", "A>B:Get Secrets@2 "},
	    {"graph LR\nA-->|x|B", "A>B:x@2 "},
	    {"graph LR\nA -- Get Secrets --> B", "A>B:Get Secrets@2 "},
	    {"graph LR\nA == bold ==> B", "A>B:bold@2 "},
	    {"graph LR\nA -. dotted .-> B", "A>B:dotted@2 "},
	    {"graph LR\nA -- open --- B", "A>B:open@2 "},
	    {"graph LR\nA -->|\"a | b\"| B", "A>B:a | b@2 "},
	    {"graph LR\nA -- \"x --> y\" --> B", "A>B:x --> y@2 "},
	    {"graph LR\nA -->|Read/Write| B", "A>B:Read/Write@2 "},
	};

	assert_charts(samples, COUNT_OF(samples));
}

static void
all_shapes_of_nodes_have_labels(void **state ACTAS_UNUSED)
{
	static const struct sample samples[] = {
	    {"graph LR\nA[a] --> B(b)", "a>b@2 "},
	    {"graph LR\nA([a]) --> B[[b]]", "a>b@2 "},
	    {"graph LR\nA[(a)] --> B((b))", "a>b@2 "},
	    {"graph LR\nA{a} --> B{{b}}", "a>b@2 "},
	    {"graph LR\nA>a] --> B[/b/]", "a>b@2 "},
	    {"graph LR\nA[/a\\] --> B[\\b\\]", "a>b@2 "},
	    {"graph LR\nA(((a))) --> B", "a>B@2 "},
	    {"graph LR\nA[\"a (x) [y]\"] --> B", "a (x) [y]>B@2 "},
	    {"graph LR\nA[\"one<br/>two\"] --> B", "one\ntwo>B@2 "},
	    {"graph LR\nA[say #quot;hi#quot;] --> B", "say \"hi\">B@2 "},
	    {"graph LR\nA[a]:::cls --> B:::c-d", "a>B@2 "},
	    {"graph LR\nA[\"two\nlines\"] --> B", "two\nlines>B@3 "},
	    {"graph LR\nsp-a.b[x] --> kv_1", "x>kv_1@2 "},
	};

	assert_charts(samples, COUNT_OF(samples));
}

static void
chains_and_groups_are_multiplied_out(void **state ACTAS_UNUSED)
{
	static const struct sample samples[] = {
	    {"graph LR\nA-->B-->C", "A>B@2 B>C@2 "},
	    {"graph LR\nA & B --> C", "A>C@2 B>C@2 "},
	    {"graph LR\nA --> B & C -->|x| D", "A>B@2 A>C@2 B>D:x@2 C>D:x@2 "},
	    {"graph LR; A-->B; B-->C", "A>B@1 B>C@1 "},
	    {"graph TD;A-->B\nC-->D;", "A>B@1 C>D@2 "},
	};

	assert_charts(samples, COUNT_OF(samples));
}

static void
what_changes_the_looks_is_passed_over(void **state ACTAS_UNUSED)
{
	static const struct sample samples[] = {
	    {"%%{init: {}}%%\nflowchart TD\nA-->B", "A>B@3 "},
	    {"---\ntitle: x\n---\ngraph LR\nA-->B", "A>B@5 "},
	    {"graph LR\n%% A-->B\nC-->D", "C>D@3 "},
	    {"graph LR\nclassDef x fill:#f9f\nclass A x\nstyle A fill:#fff\n"
	     "linkStyle 0 stroke:#000\nclick A href \"x\"\ndirection LR\n"
	     "A-->B",
		"A>B@8 "},
	    {"graph LR\nsubgraph One\nsubgraph two [The second]\nA-->B\nend\n"
	     "end\nB-->two",
		"A>B@4 B>The second@7 "},
	    {"graph LR\r\nA-->B\r\nB-->C\r\n", "A>B@2 B>C@3 "},
	};

	assert_charts(samples, COUNT_OF(samples));
}

static void
what_is_not_understood_is_a_fault_and_the_rest_is_read(
    void **state ACTAS_UNUSED)
{
	static const struct sample samples[] = {
	    {"graph LR\nA[open --> B\nC-->D", "C>D@3 !2 "},
	    {"graph LR\nA --> \nC-->D", "C>D@3 !2 "},
	    {"graph LR\n--> B\nC-->D", "C>D@3 !2 "},
	    {"graph LR\nA -->|x B\nC-->D", "C>D@3 !2 "},
	    {"graph LR\nA -- x B\nC-->D", "C>D@3 !2 "},
	    {"graph LR\nA B\nC-->D", "C>D@3 !2 "},
	    {"pie\n\"a\": 1", "!1 !2 "},
	    {"graph LR\nA[\"x", "!2 "},
	    {"", "!1 "},
	};

	assert_charts(samples, COUNT_OF(samples));
}

static void
only_flowcharts_are_flowcharts(void **state ACTAS_UNUSED)
{
	assert_true(mermaid_is_flowchart(SLICE("graph LR\n")));
	assert_true(mermaid_is_flowchart(SLICE("\n %% x\nflowchart TD\n")));
	assert_true(mermaid_is_flowchart(SLICE("graph TD;A-->B")));
	assert_false(mermaid_is_flowchart(SLICE("sequenceDiagram\n")));
	assert_false(mermaid_is_flowchart(SLICE("graphs LR\n")));
	assert_false(mermaid_is_flowchart(SLICE("")));
}

static void
a_node_is_declared_by_a_label_or_a_statement(void **state ACTAS_UNUSED)
{
	struct arena arena = {0};
	struct mermaid m;

	assert_int_equal(
	    mermaid_read(&m, &arena, SLICE("graph LR\nA-->B[b]\nC\nA-->D"), 10),
	    ACTAS_OK);
	assert_int_equal(m.nodes.count, 4);
	assert_false(m.nodes.at[0].declared);
	assert_true(m.nodes.at[1].declared);
	assert_int_equal(m.nodes.at[1].line, 11);
	assert_true(m.nodes.at[2].declared);
	assert_false(m.nodes.at[3].declared);
	mermaid_release(&m);
	arena_release(&arena);
}

static void
groups_that_multiply_to_too_many_edges_are_refused(void **state ACTAS_UNUSED)
{
	struct buffer text = {0};
	struct arena arena = {0};
	struct mermaid m;

	buffer_puts(&text, "graph LR\nA");
	for (int side = 0; side < 2; side++) {
		for (int i = 0; i < 1100; i++)
			buffer_addf(&text, " & n%d", i);
		buffer_puts(&text, side == 0 ? " --> A" : "\n");
	}
	assert_int_equal(
	    mermaid_read(&m, &arena, buffer_slice(&text), 1), ACTAS_ELIMIT);
	mermaid_release(&m);
	arena_release(&arena);
	buffer_release(&text);
}

static void
running_out_of_memory_is_an_error(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;

	for (int64_t n = 0; error == ACTAS_ENOMEM; n++) {
		struct arena arena = {0};
		struct mermaid m;

		mem_fail_after(n);
		error = mermaid_read(&m, &arena,
		    SLICE("graph LR\nsubgraph s\nA[a] & B -->|x| C\nend\n-->"),
		    1);
		mem_fail_after(-1);
		mermaid_release(&m);
		arena_release(&arena);
		assert_true(n < 1000);
	}
	assert_int_equal(error, ACTAS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_lines_and_arrows_are_edges),
	    cmocka_unit_test(labels_stand_in_bars_or_in_the_line),
	    cmocka_unit_test(all_shapes_of_nodes_have_labels),
	    cmocka_unit_test(chains_and_groups_are_multiplied_out),
	    cmocka_unit_test(what_changes_the_looks_is_passed_over),
	    cmocka_unit_test(
		what_is_not_understood_is_a_fault_and_the_rest_is_read),
	    cmocka_unit_test(only_flowcharts_are_flowcharts),
	    cmocka_unit_test(a_node_is_declared_by_a_label_or_a_statement),
	    cmocka_unit_test(
		groups_that_multiply_to_too_many_edges_are_refused),
	    cmocka_unit_test(running_out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
