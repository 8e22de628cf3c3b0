#include "keys/public_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <time.h>

/* OpenSSL would otherwise ask at the terminal. */
static int
no_password(char *into ACTAS_UNUSED, int size ACTAS_UNUSED,
    int writing ACTAS_UNUSED, void *context ACTAS_UNUSED)
{
	return -1;
}

static X509 *
read_pem(struct slice text)
{
	BIO *from = BIO_new_mem_buf(text.at, (int)text.length);
	X509 *x = from == NULL
	    ? NULL
	    : PEM_read_bio_X509(from, NULL, no_password, NULL);

	BIO_free(from);
	return x;
}

/* All of the text and no more. */
static X509 *
read_der(struct slice text)
{
	const uint8_t *at = (const uint8_t *)text.at, *end = at + text.length;
	X509 *x = d2i_X509(NULL, &at, (long)text.length);

	if (x == NULL || at == end)
		return x;
	X509_free(x);
	return NULL;
}

static bool
moment_of(const ASN1_TIME *time, moment *when)
{
	struct tm parts;

	if (ASN1_TIME_to_tm(time, &parts) != 1)
		return false;
	*when = (moment)timegm(&parts);
	return true;
}

/* In ASCII and without control characters, as RFC 2253 writes it. */
static bool
write_subject(const X509 *x, char *into, size_t size)
{
	BIO *to = BIO_new(BIO_s_mem());
	char *at = NULL;
	long n;
	bool written = to != NULL &&
	    X509_NAME_print_ex(
		to, X509_get_subject_name(x), 0, XN_FLAG_RFC2253) >= 0;

	n = written ? BIO_get_mem_data(to, &at) : 0;
	if (n > (long)size - 1)
		n = (long)size - 1;
	if (n > 0)
		memcpy(into, at, (size_t)n);
	into[n > 0 ? n : 0] = '\0';
	BIO_free(to);
	return written;
}

static enum actas_error
read_parts(X509 *x, struct certificate *certificate, struct fault *fault)
{
	if (X509_digest(x, EVP_sha1(), certificate->sha1, NULL) != 1 ||
	    X509_digest(x, EVP_sha256(), certificate->sha256, NULL) != 1 ||
	    !write_subject(
		x, certificate->subject, sizeof certificate->subject))
		return fault_plain(fault, ACTAS_ENOMEM);
	if (!moment_of(X509_get0_notBefore(x), &certificate->from) ||
	    !moment_of(X509_get0_notAfter(x), &certificate->until))
		return fault_set(fault, ACTAS_EPARSE, NULL, 0,
		    "the certificate's validity is not a pair of times");
	certificate->key = public_key_new(X509_get_pubkey(x));
	if (certificate->key == NULL)
		return fault_set(fault, ACTAS_EPARSE, NULL, 0,
		    "the certificate's key is not of a kind that signs tokens "
		    "here: RSA of 2048 to 8192 bits, or EC on P-256");
	return ACTAS_OK;
}

enum actas_error
certificate_read(
    struct slice text, struct certificate *certificate, struct fault *fault)
{
	X509 *x;
	enum actas_error error;

	*certificate = (struct certificate){0};
	if (text.length > LIMIT_CERTIFICATE_BYTES)
		return fault_set(fault, ACTAS_ELIMIT, NULL, 0,
		    "the certificate is larger than %u bytes",
		    LIMIT_CERTIFICATE_BYTES);
	x = read_der(text);
	if (x == NULL)
		x = read_pem(text);
	error = x == NULL ? fault_set(fault, ACTAS_EPARSE, NULL, 0,
				"the text is no certificate in DER or PEM")
			  : read_parts(x, certificate, fault);
	X509_free(x);
	ERR_clear_error();
	if (error != ACTAS_OK)
		certificate_release(certificate);
	return error;
}

void
certificate_release(struct certificate *certificate)
{
	public_key_free(certificate->key);
	*certificate = (struct certificate){0};
}
