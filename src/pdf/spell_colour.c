/* Colours that are set and never used: a stream that marks make longer leaves
 * them out. */
#include <string.h>

#include "pdf/spell.h"

enum { FILL = 0, STROKE };

/* What sets a colour, and of what. */
static int kind_of(const char *word)
{
    static const struct {
        char word[3];
        int kind;
    } setter[] = {{"g", FILL},   {"rg", FILL},   {"k", FILL},
                  {"G", STROKE}, {"RG", STROKE}, {"K", STROKE}};
    for (size_t i = 0; i < sizeof setter / sizeof *setter; i++) {
        if (!strcmp(setter[i].word, word)) {
            return setter[i].kind;
        }
    }
    return -1;
}

/* Operators behind which colours are what they were. */
static bool keeps_colours(const char *word)
{
    static const char *const keeping[] = {
        "BT", "ET", "Tf",  "Td",  "TD",  "Tm", "T*", "Tj", "TJ", "'",
        "\"", "Tc", "Tw",  "Tz",  "TL",  "Tr", "Ts", "m",  "l",  "c",
        "v",  "y",  "h",   "re",  "S",   "s",  "f",  "f*", "B",  "B*",
        "b",  "b*", "n",   "W",   "W*",  "w",  "J",  "j",  "M",  "d",
        "cm", "q",  "BMC", "BDC", "EMC", "MP", "DP"};
    for (size_t i = 0; i < sizeof keeping / sizeof *keeping; i++) {
        if (!strcmp(keeping[i], word)) {
            return true;
        }
    }
    return false;
}

static bool is_same(const struct scan_colour *colour, const uint8_t *text,
                    size_t size)
{
    return colour->is_known && colour->size == size &&
           !memcmp(colour->text, text, size);
}

/* What was set last is in force from here on. */
static void settle(struct scan_colour *colour, const struct buffer *lean)
{
    size_t size = colour->end - colour->begin;
    if (!colour->is_set) {
        return;
    }
    colour->is_set = false;
    colour->is_known = size <= sizeof colour->text;
    if (colour->is_known) {
        memcpy(colour->text, lean->data + colour->begin, size);
        colour->size = size;
    }
}

/* Take a setter out again that nothing was painted with. */
static void take_out(struct scan_colour colour[2], int kind,
                     struct buffer *lean)
{
    struct scan_colour *gone = &colour[kind], *other = &colour[!kind];
    size_t size = gone->end - gone->from;
    memmove(lean->data + gone->from, lean->data + gone->end,
            lean->size - gone->end);
    lean->size -= size;
    if (other->is_set && other->from >= gone->end) {
        other->from -= size;
        other->begin -= size;
        other->end -= size;
    }
    gone->is_set = false;
}

void spell_colours_settle(struct scan *scan)
{
    const struct buffer *lean = &scan->page->content[scan->content].lean;
    settle(&scan->spell.colour[FILL], lean);
    settle(&scan->spell.colour[STROKE], lean);
}

static void paint(struct scan *scan, const char *word)
{
    struct scan_colour *colour = scan->spell.colour;
    bool keeps = !scan->is_cut && keeps_colours(word);
    spell_colours_settle(scan);
    for (int kind = FILL; kind <= STROKE; kind++) {
        colour[kind].is_known = colour[kind].is_known && keeps;
    }
}

void spell_colour(struct scan *scan, const char *word, size_t from)
{
    struct buffer *lean = &scan->page->content[scan->content].lean;
    struct scan_colour *colour = scan->spell.colour;
    int kind = scan->is_cut ? -1 : kind_of(word);
    if (kind < 0 || from >= lean->size) {
        paint(scan, word);
        return;
    }
    if (colour[kind].is_set) {
        from -= colour[kind].end - colour[kind].from;
        take_out(colour, kind, lean);
    }
    size_t begin = from + (lean->data[from] == ' ');
    if (is_same(&colour[kind], lean->data + begin, lean->size - begin)) {
        lean->size = from;
        return;
    }
    colour[kind].is_set = true;
    colour[kind].from = from;
    colour[kind].begin = begin;
    colour[kind].end = lean->size;
}
