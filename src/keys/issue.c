#include "keys/issue.h"

#include <openssl/rand.h>

enum { SERIAL = 16 };

static bool
set_serial(X509 *x)
{
	uint8_t bytes[SERIAL];
	BIGNUM *number = NULL;
	bool set;

	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return false;
	/* Positive, and of full length. */
	bytes[0] = (uint8_t)((bytes[0] & 0x7f) | 0x40);
	number = BN_bin2bn(bytes, sizeof bytes, NULL);
	set = number != NULL &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x)) != NULL;
	BN_free(number);
	return set;
}

static bool
add_name(X509_NAME *name, const char *field, const char *value)
{
	return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
		   (const unsigned char *)value, -1, -1, 0) == 1;
}

static bool
set_names(X509 *x, const struct issue *i)
{
	X509_NAME *subject = X509_get_subject_name(x);

	return add_name(subject, "O", i->organisation) &&
	    add_name(subject, "CN", i->name) &&
	    X509_set_issuer_name(x,
		i->issuer == NULL ? subject
				  : X509_get_subject_name(i->issuer)) == 1;
}

static bool
set_times(X509 *x, const struct issue *i)
{
	return ASN1_TIME_set(X509_getm_notBefore(x), i->from) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x), i->until) != NULL;
}

X509 *
issue_begin(const struct issue *i)
{
	X509 *x = X509_new();

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
	    set_serial(x) && set_names(x, i) && set_times(x, i) &&
	    X509_set_pubkey(x, i->subject_key) == 1)
		return x;
	X509_free(x);
	return NULL;
}

bool
issue_extension(X509 *x, const struct issue *i, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;
	bool added;

	X509V3_set_ctx(
	    &context, i->issuer == NULL ? x : i->issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	added = extension != NULL && X509_add_ext(x, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return added;
}

bool
issue_extension_of(X509 *x, int nid, void *value, bool critical)
{
	return X509_add1_ext_i2d(x, nid, value, critical, X509V3_ADD_DEFAULT) ==
	    1;
}

bool
issue_sign(X509 *x, const struct issue *i)
{
	return X509_sign(x, i->issuer == NULL ? i->subject_key : i->issuer_key,
		   EVP_sha256()) > 0;
}

bool
issue_der(const X509 *x, struct buffer *der)
{
	uint8_t *bytes = NULL;
	int n = i2d_X509(x, &bytes);

	if (n > 0)
		buffer_add(der, (struct slice){(char *)bytes, (size_t)n});
	OPENSSL_free(bytes);
	return n > 0 && der->error == ACTAS_OK;
}
