#ifndef JOURNAL_SHREDDER_H
#define JOURNAL_SHREDDER_H

#include "journal/writes.h"

/*
 * Who keeps outside of the journal what must end with an entity (the key that
 * its value is sealed under). All on the writer's thread. 'note' is told of
 * each change that lands on a key which touches it and is there, with the state
 * before and behind it; an error refuses the change, and then nothing was
 * noted. 'settle' comes behind every transaction: what was noted since the last
 * is durable, and the changes are answered when it returns; or it has come to
 * nothing. A change of which the disk did not say whether it took it counts as
 * nothing: opening the journal shows.
 */
struct shredder {
	bool (*touches)(struct slice key);
	enum actas_error (*note)(void *context, const struct state *before,
	    const struct state *after, const struct writes *writes);
	void (*settle)(void *context, bool durable);
	void *context; /* all NULL: nobody */
};

#endif
