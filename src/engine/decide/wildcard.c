#include "engine/decide/wildcard.h"

/*
 * One pass with one point to return to: when text after a '*' does not fit,
 * the last '*' takes one byte more. Earlier ones never need to be reopened,
 * so the time is at most pattern times text, and no memory is needed.
 *
 * In actions a '*' between slashes also stands for no segment at all: the
 * roles that Azure publishes count on it. Managed Identity Operator assigns
 * identities by userAssignedIdentities/{*}/assign/action, and AzureML Data
 * Scientist, which has workspaces/{*}/write, has to take workspaces/write
 * away again. There the '*' begins at the slash that was just read.
 */

struct glyph {
	char c;
	bool any_text, any_byte;
	size_t length; /* bytes of the pattern */
};

struct dialect {
	bool fold, like; /* like: '?' and backslash have a meaning */
};

static struct glyph
glyph_at(struct slice pattern, size_t at, struct dialect d)
{
	struct glyph g = {.c = pattern.at[at], .length = 1};

	if (d.like && g.c == '\\' && at + 1 < pattern.length) {
		g.c = pattern.at[at + 1];
		g.length = 2;
		return g;
	}
	g.any_text = g.c == '*';
	g.any_byte = d.like && g.c == '?';
	return g;
}

static bool
is_whole_segment(struct slice pattern, size_t star)
{
	return star > 0 && star + 1 < pattern.length &&
	    pattern.at[star - 1] == '/' && pattern.at[star + 1] == '/';
}

static bool
glyph_fits(struct glyph g, char c, bool fold)
{
	if (g.any_byte)
		return true;
	return fold ? ascii_lower(g.c) == ascii_lower(c) : g.c == c;
}

static bool
matches(struct slice pattern, struct slice text, struct dialect d)
{
	size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;

	while (t < text.length || p < pattern.length) {
		struct glyph g = {0};

		if (p < pattern.length)
			g = glyph_at(pattern, p, d);
		if (g.any_text) {
			if (!d.like && is_whole_segment(pattern, p))
				t--;
			star = p += g.length;
			resume = t;
			continue;
		}
		if (g.length != 0 && t < text.length &&
		    glyph_fits(g, text.at[t], d.fold)) {
			p += g.length;
			t++;
			continue;
		}
		if (star == SIZE_MAX || resume >= text.length)
			return false;
		p = star;
		t = ++resume;
	}
	return true;
}

bool
wildcard_matches_action(struct slice pattern, struct slice action)
{
	return matches(pattern, action, (struct dialect){.fold = true});
}

bool
wildcard_matches_like(struct slice pattern, struct slice text, bool fold_case)
{
	return matches(
	    pattern, text, (struct dialect){.fold = fold_case, .like = true});
}
