/* Any bytes as a certificate. */
#include "keys/signer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct certificate c;
	struct fault fault = {0};

	if (certificate_read(text, &c, &fault) == ACTAS_OK) {
		if (c.key == NULL)
			abort();
		for (const char *s = c.subject; *s != '\0'; s++)
			if ((unsigned char)*s < 0x20 ||
			    (unsigned char)*s >= 0x7f)
				abort();
	} else if (fault.message[0] == '\0' || c.key != NULL) {
		abort();
	}
	certificate_release(&c);
	return 0;
}
