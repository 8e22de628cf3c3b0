#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

/*
 * Questions over an estate. Every function here is pure: a const estate in,
 * an answer out; no clock, no input or output, no globals. Each part's header
 * is its manual; this one includes all.
 */

#include "engine/acts.h"    /* who acts when an item runs */
#include "engine/decide.h"  /* may this one do this, there */
#include "engine/diff.h"    /* what access changed */
#include "engine/explain.h" /* what does this error say */
#include "engine/reach.h"   /* who, what, and through what */
#include "engine/rules.h"   /* what is wrong */

#endif
