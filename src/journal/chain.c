#include "journal/chain.h"

#include <openssl/evp.h>

#define REMOVED UINT32_MAX

static void
add_number(struct buffer *b, uint64_t number, uint32_t bytes)
{
	for (uint32_t i = bytes; i > 0; i--)
		buffer_putc(b, (char)(uint8_t)(number >> (i - 1) * 8));
}

static void
add_text(struct buffer *b, struct slice text)
{
	add_number(b, text.length, 4);
	buffer_add(b, text);
}

static void
add_write(struct buffer *b, const struct write *write)
{
	add_text(b, write->key);
	if (write->value.at == NULL)
		add_number(b, REMOVED, 4);
	else
		add_text(b, write->value);
}

/* Everything in front of the changes. */
static void
link_begin(struct buffer *link, const struct digest *before,
    const struct record *record)
{
	buffer_clear(link);
	buffer_add(link, SLICE("actas journal 1\n"));
	buffer_add(link,
	    (struct slice){(const char *)before->bytes, sizeof before->bytes});
	add_number(link, record->revision, 8);
	add_number(link, (uint64_t)record->at, 8);
	add_text(link, record->actor);
	add_text(link, record->request);
}

static size_t
changes_length(const struct record *record)
{
	size_t length = 0;

	for (uint32_t i = 0; i < record->write_count; i++)
		length += 8 + record->writes[i].key.length +
		    record->writes[i].value.length;
	return length;
}

enum actas_error
chain_link(struct buffer *link, struct slice *changes,
    const struct digest *before, const struct record *record)
{
	size_t length = changes_length(record);

	*changes = (struct slice){0};
	if (length > LIMIT_CHANGES_BYTES)
		return ACTAS_ELIMIT;
	link_begin(link, before, record);
	add_number(link, length, 4);
	for (uint32_t i = 0; i < record->write_count; i++)
		add_write(link, &record->writes[i]);
	if (link->error == ACTAS_OK)
		*changes =
		    (struct slice){link->at + link->length - length, length};
	return link->error;
}

enum actas_error
chain_relink(struct buffer *link, const struct digest *before,
    const struct record *record, struct slice changes)
{
	link_begin(link, before, record);
	add_text(link, changes);
	return link->error;
}

enum actas_error
chain_hash(const struct buffer *link, struct digest *digest)
{
	unsigned length = 0;

	if (EVP_Digest(link->at, link->length, digest->bytes, &length,
		EVP_sha256(), NULL) != 1)
		return ACTAS_ENOMEM;
	return ACTAS_OK;
}

/* An empty text keeps its pointer, which tells it from none. */
static bool
take_text(struct slice *from, uint32_t length, struct slice *text)
{
	if (length > from->length)
		return false;
	*text = (struct slice){from->at, length};
	from->at += length;
	from->length -= length;
	return true;
}

static bool
take_length(struct slice *from, uint32_t *length)
{
	struct slice bytes;

	*length = 0;
	if (!take_text(from, 4, &bytes))
		return false;
	for (size_t i = 0; i < bytes.length; i++)
		*length = *length << 8 | (uint8_t)bytes.at[i];
	return true;
}

bool
changes_next(struct slice *changes, struct write *write)
{
	struct slice rest = *changes;
	uint32_t length;

	*write = (struct write){0};
	if (!take_length(&rest, &length) ||
	    !take_text(&rest, length, &write->key) ||
	    !take_length(&rest, &length))
		return false;
	if (length != REMOVED && !take_text(&rest, length, &write->value))
		return false;
	*changes = rest;
	return true;
}
