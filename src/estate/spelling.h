#ifndef ESTATE_SPELLING_H
#define ESTATE_SPELLING_H

#include "base/slice.h"

/*
 * How many letters have to be changed, put in, left out or exchanged with
 * their neighbour to get from one text to the other, ASCII case folded.
 * 'most' + 1 for anything above 'most', and for texts of more than
 * SPELLING_BYTES. Time grows with the length times 'most'.
 */
#define SPELLING_BYTES 128

uint32_t spelling_distance(struct slice a, struct slice b, uint32_t most);

/* The largest distance at which a text is still a slip of the pen. */
uint32_t spelling_slack(struct slice name);

#endif
