/*
 * gathered: what the files of one exhibit share: the lines that it shows,
 * the tree over all lines, the checkpoints, the recording.
 */
#ifndef STING_EXHIBIT_GATHERED_H
#define STING_EXHIBIT_GATHERED_H

#include "exhibit/bag.h"
#include "exhibit/exhibit.h"
#include "ledger/line.h"
#include "ledger/note.h"
#include "ledger/proof_tree.h"
#include "print/document.h"

/* Why a line is shown. */
enum gathered_why {
    WHY_CHAIN,    /* genesis, epochs: keys */
    WHY_FILM,     /* init, seg */
    WHY_AROUND,   /* what befell camera, clock and machine then */
    WHY_INCIDENT, /* incidents of that camera, its pages, who was told, went */
    WHY_TRACE,
    WHY_CUSTODY,
    WHY_ANCHOR,
};

struct gathered_line {
    uint64_t seq;
    size_t at, bytes; /* in `text` */
    enum gathered_why why;
    bool is_shown;
    bool is_erased;  /* a recording of the stretch that is gone */
    bool is_erasing; /* it tells of such days: shown wherever it stands */
};

/* Recordings of the stretch that are gone, with none between them that is
 * there. */
struct gathered_run {
    size_t first, last; /* in `line` */
    uint64_t count;
    size_t piece; /* in `piece`: the one behind it */
};

struct gathered_film {
    char path[BAG_PATH_SIZE];
    size_t first, pieces; /* in `piece`; the first is the init */
    uint64_t bytes;
    struct digest sha256;
};

struct gathered_piece {
    size_t line;    /* in `line` */
    uint64_t bytes; /* of it in its film */
    bool is_gap;    /* pictures are missing before it */
};

struct gathered_note {
    uint64_t lines;
    size_t at, bytes; /* in `notes` */
};

struct gathered {
    const struct operation *operation; /* borrowed, all three */
    const struct operation_keys *keys;
    const struct exhibit_order *order;
    struct proof_tree tree; /* over all lines there are */
    struct buffer text;     /* lines kept, one after the other */
    struct gathered_line *line;
    size_t lines;
    struct buffer notes;
    struct gathered_note *note; /* every checkpoint */
    size_t note_count;
    size_t final; /* of `note`: the one that the exhibit rests on */
    char origin[64];
    struct public_key case_key, log_key;
    struct buffer office;       /* first line of the office's ledger; empty */
    char signer[64];            /* origin of who signs the exhibit */
    struct public_key sign_key; /* its log key */
    struct gathered_film *film;
    size_t films;
    struct gathered_piece *piece;
    size_t pieces, gaps;
    struct gathered_run *run;
    size_t runs;
    int64_t since_us; /* the beginning of the first piece, UTC */
    int64_t until_us; /* the end of the last piece, UTC */
};
void gathered_release(struct gathered *gathered);

/* Read ledger and checkpoints (gather.c). Fails: E_FORMAT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status gather(struct gathered *gathered,
                                        struct fault *fault);
/* Which recordings, which checkpoint, which lines (select.c). */
STING_MUST_USE enum sting_status gathered_select(struct gathered *gathered,
                                                 struct fault *fault);

/* Is everything that is gone told as erased by lines that a checkpoint signs,
 * in all of its days? These lines are marked; *lines is raised to hold them
 * (gone.c). Fails: E_ABSENT when more is gone, or all that was asked for;
 * E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status gone_account(struct gathered *gathered,
                                              uint64_t signed_to,
                                              uint64_t *lines,
                                              struct fault *fault);

/* What is gone of the stretch, and who erased it when, in words. */
#define GATHERED_GONE_SIZE 900
const char *gathered_gone(const struct gathered *gathered,
                          const struct gathered_run *run,
                          char text[GATHERED_GONE_SIZE]);

/* A kept line, parsed again. It was parsed before, so it parses. */
struct line gathered_parse(const struct gathered *gathered, size_t index);
struct bytes gathered_text(const struct gathered *gathered, size_t index);
const struct gathered_note *gathered_final(const struct gathered *gathered);
struct bytes gathered_note_text(const struct gathered *gathered,
                                const struct gathered_note *note);
bool gathered_is(const struct line *line, const char *kind);
int64_t gathered_integer(const struct line *line, const char *key);
int64_t gathered_time(const struct line *line, const char *key);

/* Files of the bag, each by its own source file. */
STING_MUST_USE enum sting_status films_put(struct gathered *gathered,
                                           struct bag *bag,
                                           struct fault *fault);
STING_MUST_USE enum sting_status place_put(const struct gathered *gathered,
                                           struct bag *bag,
                                           struct fault *fault);
STING_MUST_USE enum sting_status anchors_put(const struct gathered *gathered,
                                             struct bag *bag,
                                             struct fault *fault);
STING_MUST_USE enum sting_status custody_put(const struct gathered *gathered,
                                             struct bag *bag,
                                             struct fault *fault);
STING_MUST_USE enum sting_status report_put(const struct gathered *gathered,
                                            struct bag *bag,
                                            struct fault *fault);
STING_MUST_USE enum sting_status tags_put(const struct gathered *gathered,
                                          struct bag *bag, struct fault *fault);

/* Chapters of the report (report_record.c). */
void report_times(const struct gathered *gathered, struct document *document);
void report_own_clock(const struct gathered *gathered,
                      struct document *document);
void report_continuity(const struct gathered *gathered,
                       struct document *document);
void report_incidents(const struct gathered *gathered,
                      struct document *document);
void report_traces(const struct gathered *gathered, struct document *document);
void report_custody(const struct gathered *gathered, struct document *document);
void report_anchors(const struct gathered *gathered, struct document *document);
/* A table of lines of one reason, "what" being their kinds; false: none. */
bool report_lines(const struct gathered *gathered, enum gathered_why why,
                  struct document *document);

/* "" or that the films end before the stretch does. */
#define GATHERED_SHORT_SIZE 300
const char *gathered_short(const struct gathered *gathered,
                           char text[GATHERED_SHORT_SIZE]);

/* What all this cannot show; the same words in LIMITS.txt and on page 1. */
extern const char *const exhibit_limit[];

#endif
