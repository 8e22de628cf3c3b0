#include "cli/serving.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* --- the notice in the folder --- */

static json_t *
notice_text(const struct serving *s)
{
	char tenant[GUID_TEXT_LENGTH + 1];

	guid_format(s->platform.tenant, tenant);
	return json_pack("{s:s, s:s*, s:s, s:s, s:i}", "url", s->url, "proxy",
	    s->proxy_url, "tenant", tenant, "ca", s->authority, "pid",
	    (int)getpid());
}

/* Written whole under another name, so that nobody reads half of it. */
enum actas_error
notice_write(struct serving *s, struct fault *fault)
{
	const char *path = arena_printf(&s->arena, "%s/serve.json", s->folder);
	const char *half =
	    arena_printf(&s->arena, "%s/serve.json.new", s->folder);
	json_t *text = notice_text(s);
	enum actas_error error = ACTAS_OK;
	int fd = -1;

	if (path == NULL || half == NULL || text == NULL) {
		json_decref(text);
		return fault_plain(fault, ACTAS_ENOMEM);
	}
	(void)unlink(half);
	fd = open(half, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (fd < 0 || json_dumpfd(text, fd, JSON_INDENT(2)) != 0 ||
	    write(fd, "\n", 1) != 1 || rename(half, path) != 0)
		error = fault_set(fault, ACTAS_EIO, path, 0,
		    "cannot be written: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	json_decref(text);
	return error;
}

void
notice_remove(const struct serving *s)
{
	if (s->platform.lock >= 0)
		(void)unlinkat(s->platform.lock, "serve.json", 0);
}

/* --- the service manager --- */

void
notify_manager(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t length = path == NULL ? 0 : strlen(path);
	int fd;

	if (length < 2 || length >= sizeof to.sun_path ||
	    (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, length);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		(struct sockaddr *)&to,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) <
	    0)
		serving_log(NULL, "the service manager cannot be told");
	close(fd);
}
