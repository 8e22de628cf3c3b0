#include "source/azure/azure_readers.h"

/*
 * Answers that belong together and lie in no folder: they are handed over one
 * by one, or stand in one document as a list of {"request": …, "body": …}.
 */

enum actas_error
source_read_answers(
    struct builder *b, struct source_answers *from, struct fault *fault)
{
	enum actas_error error = ACTAS_OK, end;
	struct azure az;
	struct slice request;
	struct reader *body;

	azure_begin(&az, b, fault);
	az.in_folder = true;
	while (error == ACTAS_OK && from->next(from, &request, &body)) {
		error = azure_read(&az, body, request);
		reader_close(body);
	}
	end = azure_end(&az);
	return error == ACTAS_OK ? end : error;
}

/* Where the session is in the document around the answer. */
struct outer {
	string_id file;
	const char *file_name;
	struct azure_request request;
	const struct azure_shape *shape;
	uint64_t elements, said_count;
	bool in_list;
	const json_t *element;
	struct origin link;
};

static struct outer
leave(struct azure *az)
{
	struct outer outer = {az->file, az->file_name, az->request, az->shape,
	    az->elements, az->said_count, az->in_list, az->element, az->link};

	az->request = (struct azure_request){0};
	az->in_folder = az->in_answer = true;
	return outer;
}

static void
come_back(struct azure *az, const struct outer *outer)
{
	azure_request_release(&az->request);
	az->file = outer->file;
	az->file_name = outer->file_name;
	az->request = outer->request;
	az->shape = outer->shape;
	az->elements = outer->elements;
	az->said_count = outer->said_count;
	az->in_list = outer->in_list;
	az->element = outer->element;
	az->link = outer->link;
	az->in_answer = false;
}

/*
 * The body is a document of its own, read by the same session; what is told
 * about it names the request as its file. One inside another is refused, so
 * that nothing goes as deep as the input likes.
 */
static void
read_body(struct azure *az, struct slice body, struct slice request)
{
	struct outer outer = leave(az);
	struct buffer name = {0};
	struct reader reader;

	buffer_add(&name, request);
	reader = reader_memory(buffer_text(&name), body);
	az->error = name.error;
	if (az->error == ACTAS_OK)
		az->error = azure_read(az, &reader, request);
	come_back(az, &outer);
	buffer_release(&name);
}

void
azure_read_answer(struct azure *az, const struct json_node *n)
{
	struct slice request =
	    azure_need_text(az, n, "request", "a host and path");
	struct json_node body;

	if (az->in_answer)
		azure_refuse(az, n->line,
		    "is a list of answers inside an answer: expected the "
		    "answer itself");
	if (azure_failed(az))
		return;
	if (json_node_member(n, "body", &body))
		read_body(az, body.text, request);
	else
		azure_complain(az, n, "body", "what the request answers");
}
