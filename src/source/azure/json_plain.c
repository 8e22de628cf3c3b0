#include "source/azure/json_plain.h"

enum { DEPTH_MOST = 8 };

struct plain {
	const char *at, *end;
	const char *wanted;
	unsigned depth;
};

bool
json_is_wanted(struct slice key, const char *wanted)
{
	while (*wanted != '\0') {
		size_t length = strcspn(wanted, " ");

		if (length == key.length && memcmp(wanted, key.at, length) == 0)
			return true;
		wanted += length + (wanted[length] == ' ');
	}
	return false;
}

static void
skip_space(struct plain *p)
{
	while (p->at < p->end &&
	    (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' ||
		*p->at == '\r'))
		p->at++;
}

static bool
skip(struct plain *p, char c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static bool
skip_word(struct plain *p, struct slice word)
{
	struct slice rest = {p->at, (size_t)(p->end - p->at)};

	if (!slice_starts(rest, word))
		return false;
	p->at += word.length;
	return true;
}

static bool
string(struct plain *p, struct slice *text)
{
	const char *from;

	if (!skip(p, '"'))
		return false;
	from = p->at;
	while (p->at < p->end && *p->at != '"') {
		if (*p->at < ' ' || *p->at > '~' || *p->at == '\\')
			return false;
		p->at++;
	}
	*text = (struct slice){from, (size_t)(p->at - from)};
	return skip(p, '"');
}

static json_t *value(struct plain *p);

/* Over a text or null that nobody reads; false, and nothing is skipped, where
 * it is something else. */
static bool
skip_member(struct plain *p)
{
	const char *from = p->at;
	struct slice text;

	skip_space(p);
	if (skip_word(p, SLICE("null")) || string(p, &text))
		return true;
	p->at = from;
	return false;
}

static bool
member(struct plain *p, json_t *object)
{
	struct slice key;
	json_t *held;

	if (!string(p, &key) || !skip(p, ':'))
		return false;
	if (p->wanted != NULL && !json_is_wanted(key, p->wanted) &&
	    skip_member(p))
		return true;
	if (json_object_getn(object, key.at, key.length) != NULL)
		return false;
	held = value(p);
	return held != NULL &&
	    json_object_setn_new_nocheck(object, key.at, key.length, held) == 0;
}

static bool
element(struct plain *p, json_t *array)
{
	json_t *held = value(p);

	return held != NULL && json_array_append_new(array, held) == 0;
}

/* Behind '{' or '['. */
static json_t *
container(struct plain *p, json_t *made, char close,
    bool (*each)(struct plain *, json_t *))
{
	bool fine = made != NULL && p->depth < DEPTH_MOST;

	p->depth++;
	if (fine && !skip(p, close)) {
		do
			fine = each(p, made);
		while (fine && skip(p, ','));
		fine = fine && skip(p, close);
	}
	p->depth--;
	if (fine)
		return made;
	json_decref(made);
	return NULL;
}

static json_t *
value(struct plain *p)
{
	struct slice text;

	skip_space(p);
	if (p->at == p->end)
		return NULL;
	switch (*p->at) {
	case '{':
		p->at++;
		return container(p, json_object(), '}', member);
	case '[':
		p->at++;
		return container(p, json_array(), ']', element);
	case '"':
		return string(p, &text)
		    ? json_stringn_nocheck(text.at, text.length)
		    : NULL;
	case 'n':
		return skip_word(p, SLICE("null")) ? json_null() : NULL;
	case 't':
		return skip_word(p, SLICE("true")) ? json_true() : NULL;
	case 'f':
		return skip_word(p, SLICE("false")) ? json_false() : NULL;
	default:
		return NULL;
	}
}

json_t *
json_plain(struct slice text, const char *wanted)
{
	struct plain p = {text.at, text.at + text.length, wanted, 0};
	json_t *made;

	if (text.length == 0)
		return NULL;
	made = value(&p);
	skip_space(&p);
	if (p.at == p.end)
		return made;
	json_decref(made);
	return NULL;
}
