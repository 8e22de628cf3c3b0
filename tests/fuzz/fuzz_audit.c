/*
 * Any bytes twice: as a line of the audit log that is read, and as the texts
 * of one that is written, which must come back sound.
 */
#include "journal/audit_line.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct audit_filter filter = {
    .resource = {"kv", 2}, .from = 0, .to = 1795285059};

static void
read_it(struct slice text)
{
	struct audit_hash previous, hash;
	bool passes;

	if (audit_line_check(text, &previous, &hash) == AUDIT_NO_LINE &&
	    !(previous.at[0] == '0' || hash.at[0] == '0') && text.length == 0)
		abort();
	if (audit_line_passes(text, &filter, &passes) != ACTAS_OK && passes)
		abort();
	(void)audit_line_told(text);
}

static void
write_it(struct slice text)
{
	struct audit_line line = {
	    .kind = AUDIT_DENIED,
	    .at = 1795285059,
	    .request = slice_sub(text, 0, 36),
	    .operation = slice_sub(text, 36, 20),
	    .resource = text,
	    .detail = slice_from(text, 10),
	    .count = text.length & 1,
	};
	uint64_t told = text.length & 6;
	struct audit_hash none = audit_hash_none(), previous, hash;
	struct buffer out = {0};
	bool passes;

	audit_line_begin(&out, &line);
	audit_line_put_told(&out, told);
	if (audit_line_end(&out, &none, &hash) != ACTAS_OK)
		abort();
	for (size_t i = 0; i + 1 < out.length; i++)
		if (out.at[i] < 0x20 || out.at[i] == 0x7f)
			abort();
	if (out.at[out.length - 1] != '\n' ||
	    out.length > LIMIT_AUDIT_LINE_BYTES)
		abort();
	text = slice_sub(buffer_slice(&out), 0, out.length - 1);
	/* No text of a client's passes for how far the log goes. */
	if (audit_line_check(text, &previous, &hash) != AUDIT_SOUND ||
	    audit_line_told(text) != told ||
	    audit_line_passes(text, &filter, &passes) != ACTAS_OK)
		abort();
	buffer_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};

	read_it(text);
	write_it(text);
	return 0;
}
