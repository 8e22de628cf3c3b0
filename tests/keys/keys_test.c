#include "keys_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

void
test_folder_make(char path[static 64])
{
	snprintf(path, 64, "/tmp/actas-keys-XXXXXX");
	assert_non_null(mkdtemp(path));
}

void
test_folder_remove(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			assert_int_equal(
			    unlinkat(dirfd(folder), entry->d_name, 0), 0);
	closedir(folder);
	assert_int_equal(rmdir(path), 0);
}

void
test_file(
    const char *folder, const char *name, mode_t mode, struct slice content)
{
	char path[512];
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(
	    write(fd, content.at, content.length), (ssize_t)content.length);
	close(fd);
}

struct buffer
test_read(const char *folder, const char *name)
{
	struct buffer content = {0};
	struct reader r;
	char path[512];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(reader_open(&r, path, NULL), ACTAS_OK);
	assert_int_equal(reader_all(&r, &content, 1 << 20, NULL), ACTAS_OK);
	reader_close(&r);
	return content;
}

struct secret_bytes
test_secret(const char *text)
{
	struct secret_bytes s;

	assert_int_equal(secret_bytes_copy(slice_of(text), &s), ACTAS_OK);
	return s;
}

struct master *
test_master(void)
{
	struct fault fault = {0};
	struct master *m;
	char folder[64];

	test_folder_make(folder);
	assert_int_equal(master_create(folder, NULL, &fault), ACTAS_OK);
	assert_int_equal(master_open(folder, NULL, &m, &fault), ACTAS_OK);
	test_folder_remove(folder);
	return m;
}

static bool
counting_fill(void *context, void *into, size_t length)
{
	uint8_t *next = context, *at = into;

	for (size_t i = 0; i < length; i++)
		at[i] = (*next)++;
	return true;
}

struct chance
test_counting(uint8_t *next)
{
	return (struct chance){counting_fill, next};
}
