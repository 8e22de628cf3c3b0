#include "http_test.h"

#include "keys/authority.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

void
test_folder_make(char folder[static 64])
{
	struct fault fault = {0};

	snprintf(folder, 64, "/tmp/actas-http-XXXXXX");
	assert_non_null(mkdtemp(folder));
	if (authority_create(folder, NULL, clock_system().now(NULL), &fault) !=
	    ACTAS_OK)
		fail_msg("%s", fault.message);
}

void
test_folder_remove(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(d), entry->d_name, 0);
	closedir(d);
	assert_int_equal(rmdir(folder), 0);
}

const char *
test_path(const char *folder, const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

int
test_connect(uint16_t port)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const struct timeval limit = {.tv_sec = 20};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Bytes of the answer that are there, when all are; else 0. */
static size_t
whole(struct slice come)
{
	size_t end = slice_find(come, SLICE("\r\n\r\n"));
	size_t at = slice_find_case(come, SLICE("\r\nContent-Length: "));
	struct slice digits;
	uint64_t length = 0;

	if (end == SIZE_MAX)
		return 0;
	if (at < end) {
		digits = slice_from(come, at + 18);
		digits.length = slice_find(digits, SLICE("\r\n"));
		slice_u64(digits, &length);
	}
	return come.length >= end + 4 + length ? end + 4 + length : 0;
}

unsigned
test_ask(int fd, const char *request, char *into, size_t room)
{
	size_t length = strlen(request), come = 0;
	uint64_t status = 0;

	into[0] = '\0';
	if (send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length)
		return 0;
	while (whole((struct slice){into, come}) == 0) {
		ssize_t n = recv(fd, into + come, room - 1 - come, 0);

		if (n <= 0)
			return 0;
		come += (size_t)n;
		into[come] = '\0';
	}
	slice_u64(slice_sub((struct slice){into, come}, 9, 3), &status);
	return (unsigned)status;
}
