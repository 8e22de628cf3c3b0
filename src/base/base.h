#ifndef BASE_BASE_H
#define BASE_BASE_H

/*
 * What libc lacks. Each part's header is its manual; this one includes all.
 */

#include "base/arena.h"   /* memory that is freed at once */
#include "base/buffer.h"  /* text that grows */
#include "base/error.h"   /* how things fail */
#include "base/guid.h"    /* ids of Azure's objects */
#include "base/index.h"   /* hash index over rows kept elsewhere */
#include "base/limits.h"  /* every ceiling */
#include "base/memory.h"  /* the one way to the heap */
#include "base/moment.h"  /* points in time, and the clock */
#include "base/reader.h"  /* where bytes come from */
#include "base/slice.h"   /* text as pointer and length */
#include "base/strings.h" /* interned strings */
#include "base/vector.h"  /* growable arrays */

#endif
