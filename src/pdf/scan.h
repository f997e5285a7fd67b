/*
 * scan: the state of reading one page's content; content.c, operator.c, show.c,
 * path.c and spell*.c share it.
 */
#ifndef STING_PDF_SCAN_H
#define STING_PDF_SCAN_H

#include "pdf/content.h"
#include "pdf/face.h"
#include "pdf/lexer.h"

#define SCAN_OPERANDS 40
#define SCAN_STATES 64   /* q within q */
#define SCAN_DEPTH 12    /* forms within forms */
#define SCAN_POINTS 4096 /* corners of one path that are looked at */

struct scan_state {
    struct place_map ctm; /* to the display */
    double char_space, word_space, stretch, leading, size, rise;
    int mode;
    struct face *face; /* NULL before the first Tf */
};

/* One path under construction, in display space. */
struct scan_path {
    struct content_rule line[SCAN_POINTS];
    int lines;
    struct place start, at;
};

/* The colour of one kind: the operator that put it in force, and the one that
 * will, if something is painted before it is set again. */
struct scan_colour {
    bool is_known, is_set;
    uint8_t text[40];
    size_t size;
    size_t from, begin, end; /* of the lean text; `from` with its blank */
};

/* Moves along the line that wait for what is shown next: spell_pen.c. */
struct scan_pen {
    struct place_map text, line; /* Tm and Tlm after the last operator, */
    double em;                   /* and its size along the line */
    double held;     /* how far the line's start is ahead of the lean one, */
    double jump;     /* and the pen of its own, in the line's units */
    bool is_held;    /* the pen is ahead: a Td waits */
    bool is_behind;  /* it is where the last operator that shows left it */
    uint32_t shows;  /* operators that it has gone through, */
    double drift_pt; /* and what readers differ by at their end */
};

/* What spell.c keeps while a text is read. */
struct scan_spell {
    struct scan_pen pen;
    uint32_t part;                /* how many have begun */
    struct place owed;            /* in units of the line's start */
    double owed_kern;             /* in numbers of a TJ array */
    struct scan_colour colour[2]; /* to fill with, and for lines */
};

struct scan {
    struct source *source;
    struct page_content *page;
    struct fault *fault;
    uint32_t content; /* index of the one being read */
    struct pdf_obj *resources;
    struct lexer lexer;
    struct lexer_token operand[SCAN_OPERANDS];
    int operands;
    bool is_cut;   /* there were more operands */
    bool is_exact; /* no number is rounded in the lean text */
    enum content_spelling spelling;
    struct scan_spell spell;
    struct scan_state state, saved[SCAN_STATES];
    int saves, saves_floor;
    struct place_map text, line; /* Tm and Tlm */
    double drift_pt; /* what readers differ by at the end of what is shown */
    struct scan_path *path;
    int depth;
    int marked, hidden_from; /* open BDCs; the first optional one, or 0 */
    double forms_left;       /* bound on work: forms still to be read */
};

/* Number `i` from the end (1 is the last); 0 when there is none. */
double scan_number(const struct scan *scan, int from_end);
/* The last operand as a name without its slash, cut to fit. */
void scan_name(const struct scan *scan, int from_end, char *out, size_t size);

/* The operator that was just read shows text. */
STING_MUST_USE enum sting_status scan_show(struct scan *scan,
                                           enum show_kind kind, size_t end);

/* Do what the operator that was just read does; others do nothing. Fails:
 * E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status scan_apply(struct scan *scan,
                                            struct lexer_token token);

/* Read a form where it is drawn, as a content of its own. Fails: as above. */
STING_MUST_USE enum sting_status scan_form(struct scan *scan,
                                           const struct source_form *form);

void scan_next_line(struct scan *scan, double x, double y);

/* Path operators; gives false when `word` is none. */
bool scan_path_operator(struct scan *scan, const char *word);

#endif
