#include "estate/spelling.h"

/*
 * Damerau and Levenshtein's distance in its restricted form (no letter is
 * moved twice), row by row. Only a band of 2 * most + 1 cells around the
 * diagonal can hold values up to 'most'; the others count as above it.
 */

struct band {
	uint32_t most;
	uint32_t rows[3][SPELLING_BYTES + 1];
};

static uint32_t
min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool
same(struct slice a, size_t i, struct slice b, size_t j)
{
	return ascii_lower(a.at[i]) == ascii_lower(b.at[j]);
}

/* Fills row i of a's first i letters against b; the least value in it. */
static uint32_t
fill_row(struct band *band, struct slice a, struct slice b, uint32_t i)
{
	uint32_t *row = band->rows[i % 3], *up = band->rows[(i + 2) % 3];
	uint32_t *two_up = band->rows[(i + 1) % 3];
	uint32_t over = band->most + 1, least = over;
	uint32_t length = (uint32_t)b.length;
	uint32_t from = i > band->most ? i - band->most : 0;
	uint32_t to = min(i + band->most, length);

	for (uint32_t j = 0; j <= length; j++)
		row[j] = over;
	for (uint32_t j = from; j <= to; j++) {
		uint32_t cell;

		if (j == 0) {
			row[0] = i;
			least = min(least, i);
			continue;
		}
		cell = up[j - 1] + !same(a, i - 1, b, j - 1);
		cell = min(cell, min(up[j], row[j - 1]) + 1);
		if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) &&
		    same(a, i - 2, b, j - 1))
			cell = min(cell, two_up[j - 2] + 1);
		row[j] = min(cell, over);
		least = min(least, row[j]);
	}
	return least;
}

uint32_t
spelling_distance(struct slice a, struct slice b, uint32_t most)
{
	struct band band = {.most = most};
	uint32_t rows = (uint32_t)a.length;

	if (a.length > SPELLING_BYTES || b.length > SPELLING_BYTES ||
	    a.length > b.length + most || b.length > a.length + most)
		return most + 1;
	for (uint32_t j = 0; j <= b.length; j++)
		band.rows[0][j] = min(j, most + 1);
	for (uint32_t i = 1; i <= rows; i++) {
		if (fill_row(&band, a, b, i) > most)
			return most + 1;
	}
	return band.rows[rows % 3][b.length];
}

uint32_t
spelling_slack(struct slice name)
{
	return name.length < 4 ? 1 : name.length < 8 ? 2 : 3;
}
