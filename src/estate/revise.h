#ifndef ESTATE_REVISE_H
#define ESTATE_REVISE_H

/*
 * An estate out of another one that differs from it in little, without
 * reading everything again: what a revocation costs on a running platform.
 *
 * What differs is told by two builders, into which the same readers read the
 * same few things: as they were, and as they are. What only the first one
 * says is taken from the old estate, what only the second one says is given
 * to it. So nothing here understands what a role assignment is; the readers
 * do. The new estate shares with the old one what did not change.
 *
 * What can be revised: assignments, at scopes that the old estate does not
 * know too; memberships; that a principal is disabled, enabled, or not listed
 * any more. All else must be the same in both builders.
 *
 * The new estate decides as one that is made anew does, and has the same
 * assignments, memberships and groups. It may differ from it in:
 * - the numbers of scopes;
 * - principals that nothing mentions any more, which stay, undeclared;
 * - scopes that nothing mentions any more, which stay and are 'forgotten':
 *   no path leads to them;
 * - problems: they are those of the estate that was last made anew;
 * - where principals and scopes that are not declared were first mentioned.
 */

#include "estate/places.h"

/*
 * '*estate' is NULL, and no error is told, where the difference is not of
 * these kinds, or large, or where the old estate does not say enough to be
 * exact: then make one anew. 'places' are the old estate's. One thread at a
 * time revises an estate or what was revised of it; any number of others may
 * read and free them meanwhile. ACTAS_ENOMEM, ACTAS_ELIMIT.
 */
enum actas_error estate_revise(const struct estate *old,
    const struct places *places, const struct builder *before,
    const struct builder *after, struct estate **estate,
    struct fault *fault) ACTAS_MUST_USE;

#endif
