#include "platform/platform.h"

void
new_credentials_release(struct new_credentials *credentials)
{
	for (uint32_t i = 0; i < credentials->at.count; i++)
		secret_bytes_release(&credentials->at.at[i].secret);
	vector_release(&credentials->at);
}

void
new_credential_name(struct new_credential *credential, struct slice name)
{
	size_t n = name.length < sizeof credential->name
	    ? name.length
	    : sizeof credential->name - 1;

	/* No half character stands at the end. */
	while (n > 0 && n < name.length &&
	    ((unsigned char)name.at[n] & 0xc0) == 0x80)
		n--;
	memcpy(credential->name, name.at, n);
	credential->name[n] = '\0';
}
