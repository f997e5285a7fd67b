/*
 * dossier: what a court is given to read, as facts, and as HTML or PDF.
 *
 * The facts come from the ledger, the register and the recordings
 * (collect.h); writing them is a function of the facts alone, by print/: both
 * forms have the same words, need nothing beside themselves and run no script.
 *
 * All text here is from outside, and nothing but text in either form.
 */
#ifndef STING_DOSSIER_DOSSIER_H
#define STING_DOSSIER_DOSSIER_H

#include "base/base.h"
#include "base/buffer.h"
#include "operation/handover.h"
#include "operation/page_seen.h"
#include "operation/watched.h"

#define DOSSIER_NAME_SIZE 64
#define DOSSIER_TEXT_SIZE 512

struct dossier_picture {
    int64_t at_us;
    char shows[DOSSIER_NAME_SIZE]; /* "bait touched" */
    struct buffer jpeg;            /* empty: it could not be made */
    int width_px, height_px;       /* of the JPEG; 0: it cannot be read */
    char why_not[DOSSIER_TEXT_SIZE];
};

struct dossier_incident {
    uint64_t seq; /* its first line in the ledger */
    uint32_t number;
    char camera[DOSSIER_NAME_SIZE];
    char zone[DOSSIER_NAME_SIZE]; /* "" when none */
    char bait[DOSSIER_NAME_SIZE]; /* what lies in that zone; "" when none */
    char kind[DOSSIER_NAME_SIZE];
    char tier[DOSSIER_NAME_SIZE];
    char mark[DOSSIER_NAME_SIZE]; /* "false-alarm", "known-person",
                                     "acknowledged", as last said; "" */
    int64_t start_us;
    int64_t end_us; /* 0 while it goes on */
    bool is_cut;    /* then the recorder ended, and nobody saw more of it */
    char unseen[DOSSIER_TEXT_SIZE]; /* cameras that did not see it end; "" */
    size_t alerts;
    int64_t alerted_us, ack_us, team_us; /* 0: not */
    char team[DOSSIER_NAME_SIZE];        /* who went in */
    char cameras[DOSSIER_TEXT_SIZE];     /* that saw somebody; "" not told */
    bool is_walk;                        /* one of ours walked, as a test */
    struct incident_sight sight;         /* what could be seen there */
    int64_t sight_us;                    /* when; 0: no line tells */
    bool has_clock;   /* its camera said how far its own clock was off: */
    int64_t clock_ms; /* ahead of the recorder's, when it began */
    struct dossier_picture *picture; /* owned */
    size_t pictures;
};

struct dossier_copy {
    uint32_t number;
    char bait[DOSSIER_NAME_SIZE];
    char holder[DOSSIER_TEXT_SIZE];
    int64_t issued_us;
    struct handover handover;
};

/* One line that `sting trace` gave. */
struct dossier_trace {
    uint64_t seq;
    int64_t at_us;
    char picture[DOSSIER_TEXT_SIZE];
    char verdict[DOSSIER_NAME_SIZE];
    char bait[DOSSIER_NAME_SIZE];
    char issued_to[DOSSIER_TEXT_SIZE];
    uint32_t page; /* from 1; 0: none */
    uint32_t copy; /* 0: none named */
    double log10_lr;
    double log10_false;
    double tried;
};

/* What people wrote down: `sting log`. */
struct dossier_remark {
    uint64_t seq;
    int64_t at_us;
    char kind[DOSSIER_NAME_SIZE]; /* note, asked, laid, seen, subject; or how
                                     `incident` was marked */
    char bait[DOSSIER_NAME_SIZE];
    uint32_t copy;
    char by[DOSSIER_TEXT_SIZE];
    char text[DOSSIER_TEXT_SIZE];
    uint32_t incident; /* 0: none */
};

/* A line of the ledger that tells who did what with the evidence. */
struct dossier_deed {
    uint64_t seq;
    int64_t at_us;
    char kind[DOSSIER_NAME_SIZE];
    char words[DOSSIER_TEXT_SIZE];
};

struct dossier_count {
    char kind[DOSSIER_NAME_SIZE];
    uint64_t lines;
};

struct dossier {
    char fingerprint[DOSSIER_TEXT_SIZE]; /* of the operation: its genesis */
    char goal[DOSSIER_TEXT_SIZE * 2];
    char legal_basis[DOSSIER_TEXT_SIZE * 2];
    char decided_by[DOSSIER_TEXT_SIZE * 2];
    char exit_criteria[DOSSIER_TEXT_SIZE * 2];
    int64_t began_us;
    int64_t until_us; /* 0 when no end was set */
    int64_t made_us;  /* when this was written */

    /* verification, as just done */
    char verdict[DOSSIER_NAME_SIZE];
    char reason[DOSSIER_TEXT_SIZE];
    uint64_t entries;
    uint64_t segments;
    uint64_t bytes;
    double tail_s;
    int64_t anchored_us; /* 0: nobody outside vouches */
    size_t gaps_found;

    /* all owned */
    struct dossier_incident *incident;
    size_t incidents;
    struct dossier_copy *copy;
    size_t copies;
    struct handover_list handover;
    struct page_seen *page; /* lifted, turned, flashed at ... */
    size_t pages;
    struct dossier_trace *trace;
    size_t traces;
    struct dossier_remark *remark;
    size_t remarks;
    struct dossier_deed *deed;
    size_t deeds;
    struct dossier_deed *gap;
    size_t gaps;
    struct dossier_count *count;
    size_t counts;
    struct watched watched; /* how well it was watched */
};

/* Free what the facts own and make them empty. */
void dossier_release(struct dossier *dossier);

/* Append the file. Fails: E_NOMEM. */
enum dossier_form { DOSSIER_HTML, DOSSIER_PDF };
STING_MUST_USE enum sting_status dossier_write(const struct dossier *dossier,
                                               enum dossier_form form,
                                               struct buffer *out);

#endif
