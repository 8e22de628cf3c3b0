#include "http/server_private.h"

#include "keys/secret.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

enum { PEM_BYTES = 1 << 20 };

struct credentials {
	struct credentials *older;
	gnutls_certificate_credentials_t of;
};

static enum actas_error
read_pem(const char *path, struct buffer *pem, struct fault *fault)
{
	struct reader r;
	enum actas_error e = reader_open(&r, path, fault);

	if (e != ACTAS_OK)
		return e;
	e = reader_all(&r, pem, PEM_BYTES, fault);
	reader_close(&r);
	return e;
}

enum actas_error
shown_read(const struct server_options *options, struct buffer *certificate,
    struct buffer *key, struct fault *fault)
{
	enum actas_error e =
	    read_pem(options->certificate_path, certificate, fault);

	return e == ACTAS_OK ? read_pem(options->key_path, key, fault) : e;
}

void
shown_use(struct shown *shown, struct MHD_Connection *connection)
{
	struct credentials *newest = atomic_load(&shown->newest);
	const union MHD_ConnectionInfo *info;

	if (newest == NULL)
		return;
	info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	if (info != NULL && info->tls_session != NULL)
		gnutls_credentials_set(
		    info->tls_session, GNUTLS_CRD_CERTIFICATE, newest->of);
}

static void
credentials_free(struct credentials *c)
{
	if (c->of != NULL)
		gnutls_certificate_free_credentials(c->of);
	mem_free(c);
}

void
shown_release(struct shown *shown)
{
	struct credentials *c = atomic_load(&shown->newest), *older;

	for (; c != NULL; c = older) {
		older = c->older;
		credentials_free(c);
	}
	buffer_release(&shown->pem);
}

static gnutls_datum_t
datum_of(struct buffer *b)
{
	return (gnutls_datum_t){
	    (unsigned char *)b->at, (unsigned int)b->length};
}

/* Not by gnutls_certificate_set_x509_key_mem, which leaks what it has read of
 * a certificate that is none (GnuTLS 3.7). */
static int
set_pair(gnutls_certificate_credentials_t credentials,
    struct buffer *certificate, struct buffer *key)
{
	const gnutls_datum_t shown = datum_of(certificate),
			     kept = datum_of(key);
	gnutls_x509_crt_t *chain = NULL;
	gnutls_x509_privkey_t private = NULL;
	unsigned count = 0;
	int result = gnutls_x509_crt_list_import2(
	    &chain, &count, &shown, GNUTLS_X509_FMT_PEM, 0);

	if (result >= 0)
		result = gnutls_x509_privkey_init(&private);
	if (result >= 0)
		result = gnutls_x509_privkey_import2(
		    private, &kept, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (result >= 0)
		result = gnutls_certificate_set_x509_key(
		    credentials, chain, (int)count, private);
	gnutls_x509_privkey_deinit(private);
	for (unsigned i = 0; i < count; i++)
		gnutls_x509_crt_deinit(chain[i]);
	gnutls_free(chain);
	return result;
}

static enum actas_error
credentials_make(struct buffer *certificate, struct buffer *key,
    struct credentials **made, struct fault *fault)
{
	struct credentials *c = mem_zero(1, sizeof *c);
	int result = GNUTLS_E_MEMORY_ERROR;

	if (c != NULL)
		result = gnutls_certificate_allocate_credentials(&c->of);
	if (result >= 0)
		result = set_pair(c->of, certificate, key);
	if (result >= 0) {
		*made = c;
		return ACTAS_OK;
	}
	if (c != NULL)
		credentials_free(c);
	return result == GNUTLS_E_MEMORY_ERROR
	    ? fault_plain(fault, ACTAS_ENOMEM)
	    : fault_set(fault, ACTAS_EPARSE, NULL, 0,
		  "certificate and key are no pair in PEM form: %s",
		  gnutls_strerror(result));
}

enum actas_error
server_reload(struct server *s, bool *changed, struct fault *fault)
{
	struct buffer certificate = {0}, key = {0};
	struct credentials *made = NULL;
	enum actas_error e = ACTAS_OK;

	*changed = false;
	if (s->options.certificate_path == NULL)
		return ACTAS_OK;
	e = shown_read(&s->options, &certificate, &key, fault);
	if (e == ACTAS_OK &&
	    !slice_eq(buffer_slice(&certificate), buffer_slice(&s->shown.pem)))
		e = credentials_make(&certificate, &key, &made, fault);
	if (made != NULL) {
		made->older = atomic_load(&s->shown.newest);
		atomic_store(&s->shown.newest, made);
		buffer_release(&s->shown.pem);
		s->shown.pem = certificate;
		certificate = (struct buffer){0};
		*changed = true;
	}
	buffer_release(&certificate);
	wiped_release(&key);
	return e;
}
