#include "journal/audit_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct slice prefix = {"audit-", 6}, suffix = {".jsonl", 6};

struct audit_name
audit_name_of_day(moment when)
{
	struct audit_name name;
	char day[MOMENT_TEXT_LENGTH + 1];

	moment_format_date(when, day);
	snprintf(name.at, sizeof name.at, "audit-%.10s.jsonl", day);
	return name;
}

/* "audit-", a date, ".jsonl". */
static bool
is_name(struct slice text)
{
	moment when;

	return text.length == AUDIT_NAME_LENGTH && slice_starts(text, prefix) &&
	    slice_ends(text, suffix) &&
	    moment_parse(slice_sub(text, prefix.length, 10), &when);
}

static int
by_name(const void *a, const void *b)
{
	const struct audit_name *left = a, *right = b;

	return memcmp(left->at, right->at, AUDIT_NAME_LENGTH);
}

static enum actas_error
add_name(struct audit_names *names, const char *text)
{
	struct audit_name name;

	if (!is_name(slice_of(text)))
		return ACTAS_OK;
	if (names->all.count == LIMIT_FOLDER_FILES)
		return ACTAS_ELIMIT;
	memcpy(name.at, text, sizeof name.at);
	return vector_push(&names->all, name);
}

enum actas_error
audit_names_read(
    const char *folder, struct audit_names *names, struct fault *fault)
{
	DIR *list = opendir(folder);
	enum actas_error error = ACTAS_OK;
	const struct dirent *entry;

	*names = (struct audit_names){0};
	if (list == NULL)
		return fault_set(fault,
		    errno == ENOENT ? ACTAS_ENOTFOUND : ACTAS_EIO, folder, 0,
		    "cannot be opened: %s", strerror(errno));
	while (error == ACTAS_OK && (errno = 0, entry = readdir(list)) != NULL)
		error = add_name(names, entry->d_name);
	if (error == ACTAS_OK && errno != 0)
		error = fault_set(fault, ACTAS_EIO, folder, 0,
		    "cannot be listed: %s", strerror(errno));
	closedir(list);
	if (error != ACTAS_OK) {
		vector_release(&names->all);
		return fault_plain(fault, error);
	}
	if (names->all.count > 1)
		qsort(names->all.at, names->all.count, sizeof *names->all.at,
		    by_name);
	return ACTAS_OK;
}

bool
audit_path(char path[static PATH_MAX], const char *folder,
    const struct audit_name *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", folder, name->at);

	return n > 0 && n < PATH_MAX;
}

static const struct audit_name head_name = {"head"};

/* Of a fixed length: the name and the number are filled up with blanks. */
#define HEAD_FORMAT \
	"{\"file\":\"%s\",\"size\":%20" PRIu64 ",\"hash\":\"%s\"}%*s\n"
enum { HEAD_LENGTH = 9 + AUDIT_NAME_LENGTH + 9 + 20 + 9 + 64 + 2 + 1 };

bool
audit_head_write(int fd, const struct audit_head *head)
{
	char text[HEAD_LENGTH + 1];
	int blanks = AUDIT_NAME_LENGTH - (int)strlen(head->name.at);
	int n = snprintf(text, sizeof text, HEAD_FORMAT, head->name.at,
	    head->size, head->hash.at, blanks, "");

	return n == HEAD_LENGTH && pwrite(fd, text, HEAD_LENGTH, 0) == n;
}

static bool
take(struct slice *text, const char *expected)
{
	if (!slice_starts(*text, slice_of(expected)))
		return false;
	*text = slice_from(*text, strlen(expected));
	return true;
}

static bool
parse_head(struct slice text, struct audit_head *head)
{
	struct slice name, size;

	if (!take(&text, "{\"file\":\"") || !slice_cut(&text, '"', &name) ||
	    !take(&text, ",\"size\":") || !slice_cut(&text, ',', &size) ||
	    !slice_u64(slice_trim(size), &head->size) ||
	    !take(&text, "\"hash\":\"") ||
	    !audit_hash_read(
		slice_sub(text, 0, AUDIT_HASH_LENGTH), &head->hash))
		return false;
	text = slice_from(text, AUDIT_HASH_LENGTH);
	if (!take(&text, "\"}") || (name.length > 0 && !is_name(name)))
		return false;
	snprintf(head->name.at, sizeof head->name.at, "%.*s", SLICE_ARGS(name));
	return true;
}

enum actas_error
audit_head_read(
    const char *folder, struct audit_head *head, struct fault *fault)
{
	char path[PATH_MAX], text[HEAD_LENGTH];
	ssize_t n;
	int fd;

	*head = (struct audit_head){.hash = audit_hash_none()};
	if (!audit_path(path, folder, &head_name))
		return fault_set(
		    fault, ACTAS_EUSAGE, folder, 0, "is too long a path");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return fault_set(fault,
		    errno == ENOENT ? ACTAS_ENOTFOUND : ACTAS_EIO, path, 0,
		    "cannot be opened: %s", strerror(errno));
	n = pread(fd, text, sizeof text, 0);
	close(fd);
	if (n > 0 && parse_head((struct slice){text, (size_t)n}, head))
		return ACTAS_OK;
	*head = (struct audit_head){.hash = audit_hash_none()};
	return fault_set(fault, ACTAS_EPARSE, path, 0,
	    "does not tell where the audit log ends");
}

int
audit_head_open(const char *folder)
{
	char path[PATH_MAX];

	if (!audit_path(path, folder, &head_name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, (mode_t)0600);
}

bool
audit_head_holds(const char *folder, const struct audit_head *head)
{
	char path[PATH_MAX], ending[AUDIT_HASH_LENGTH + 3];
	ssize_t n;
	int fd;

	if (head->name.at[0] == '\0')
		return true;
	if (head->size < sizeof ending || head->size > INT64_MAX ||
	    !audit_path(path, folder, &head->name))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	n = pread(
	    fd, ending, sizeof ending, (off_t)(head->size - sizeof ending));
	close(fd);
	return n == (ssize_t)sizeof ending &&
	    memcmp(ending, head->hash.at, AUDIT_HASH_LENGTH) == 0 &&
	    memcmp(ending + AUDIT_HASH_LENGTH, "\"}\n", 3) == 0;
}

/* The offset behind the last newline of the text, or 0. */
static size_t
end_of_lines(struct slice text)
{
	const char *at =
	    text.length == 0 ? NULL : memrchr(text.at, '\n', text.length);

	return at == NULL ? 0 : (size_t)(at - text.at) + 1;
}

/* 'text' is the end of the file, all of it where 'is_all'. */
static enum actas_error
read_tail(struct slice text, bool is_all, struct audit_tail *tail)
{
	size_t end = end_of_lines(text), begin;
	struct audit_hash previous;
	enum audit_state state;
	struct slice line;

	tail->torn = text.length - end;
	if (tail->torn > LIMIT_AUDIT_LINE_BYTES)
		return ACTAS_EPARSE;
	if (end == 0)
		return is_all ? ACTAS_OK : ACTAS_EPARSE;
	begin = end_of_lines(slice_sub(text, 0, end - 1));
	line = slice_sub(text, begin, end - 1 - begin);
	state = audit_line_check(line, &previous, &tail->last);
	tail->told = audit_line_told(line);
	tail->has_line = true;
	tail->is_sound = state == AUDIT_SOUND;
	return state == AUDIT_NO_MEMORY ? ACTAS_ENOMEM : ACTAS_OK;
}

enum actas_error
audit_tail_read(int fd, struct audit_tail *tail)
{
	enum { WINDOW = 2 * LIMIT_AUDIT_LINE_BYTES + 2 };
	enum actas_error error = ACTAS_EIO;
	struct stat st;
	uint64_t size, from;
	char *text;
	ssize_t n;

	*tail = (struct audit_tail){.last = audit_hash_none()};
	if (fstat(fd, &st) != 0 || st.st_size < 0)
		return ACTAS_EIO;
	text = mem_alloc(WINDOW);
	if (text == NULL)
		return ACTAS_ENOMEM;
	size = (uint64_t)st.st_size;
	from = size > WINDOW ? size - WINDOW : 0;
	n = pread(fd, text, (size_t)(size - from), (off_t)from);
	if (n >= 0 && (uint64_t)n == size - from)
		error =
		    read_tail((struct slice){text, (size_t)n}, from == 0, tail);
	tail->size = size - tail->torn;
	mem_free(text);
	return error;
}
