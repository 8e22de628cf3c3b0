#include "faulty.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static _Atomic int failing = FAULTY_NOT, failing_code;
static _Atomic int64_t credit;
static _Atomic uint64_t syncs;

static sqlite3_vfs *below;
static sqlite3_vfs faulty;

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
};

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static int
fault(enum faulty what)
{
	int now = failing;

	if (now == FAULTY_NOT || (now != (int)what && now != FAULTY_ALL))
		return SQLITE_OK;
	if (atomic_fetch_sub(&credit, 1) > 0)
		return SQLITE_OK;
	return failing_code;
}

static int
file_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}

static int
file_read(sqlite3_file *f, void *into, int size, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), into, size, at);
}

static int
file_write(sqlite3_file *f, const void *from, int size, sqlite3_int64 at)
{
	int code = fault(FAULTY_WRITE);

	/* A disk that fills up takes the first half. */
	if (code != SQLITE_OK) {
		(void)real_of(f)->pMethods->xWrite(
		    real_of(f), from, size / 2, at);
		return code;
	}
	return real_of(f)->pMethods->xWrite(real_of(f), from, size, at);
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int
file_sync(sqlite3_file *f, int flags)
{
	int code = fault(FAULTY_SYNC);

	atomic_fetch_add(&syncs, 1);
	if (code != SQLITE_OK)
		return code;
	return real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int
file_lock(sqlite3_file *f, int kind)
{
	return real_of(f)->pMethods->xLock(real_of(f), kind);
}

static int
file_unlock(sqlite3_file *f, int kind)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), kind);
}

static int
file_check(sqlite3_file *f, int *locked)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), locked);
}

static int
file_control(sqlite3_file *f, int what, void *with)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), what, with);
}

static int
file_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int
file_traits(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int
file_shm_map(
    sqlite3_file *f, int page, int size, int extend, void volatile **at)
{
	return real_of(f)->pMethods->xShmMap(
	    real_of(f), page, size, extend, at);
}

static int
file_shm_lock(sqlite3_file *f, int at, int count, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), at, count, flags);
}

static void
file_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int
file_shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int
vfs_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct file *file = (struct file *)f;
	int code;

	(void)vfs;
	memset(f, 0, (size_t)faulty.szOsFile);
	file->real = (sqlite3_file *)(file + 1);
	code = below->xOpen(below, name, file->real, flags, out);
	if (code == SQLITE_OK)
		file->base.pMethods = &methods;
	return code;
}

void
faulty_install(void)
{
	below = sqlite3_vfs_find(NULL);
	if (below == NULL)
		abort();
	faulty = *below;
	faulty.pNext = NULL;
	faulty.zName = "faulty";
	faulty.szOsFile += (int)sizeof(struct file);
	faulty.xOpen = vfs_open;
	if (sqlite3_vfs_register(&faulty, 1) != SQLITE_OK)
		abort();
}

void
faulty_fail(enum faulty what, int code, int64_t after)
{
	failing = FAULTY_NOT;
	failing_code = code;
	credit = after;
	failing = (int)what;
}

uint64_t
faulty_syncs(void)
{
	return syncs;
}
