/*
 * trace: a picture in, findings out: our document? which page? whose copy?
 *
 * A run takes pictures one by one, and judges when all have been scored,
 * for the number of scores made decides how much each is worth.
 *
 * Source: docs/design/strength.md.
 */
#ifndef STING_TRACE_TRACE_H
#define STING_TRACE_TRACE_H

#include "base/json.h"
#include "crypt/digest.h"
#include "mark/predict.h"
#include "trace/library.h"
#include "trace/presence.h"
#include "trace/score.h"

enum trace_verdict {
    TRACE_ATTRIBUTED,
    TRACE_LEAD, /* worth a better picture; no copy and no name shown */
    TRACE_NONE, /* our page, no copy of ours or too little to tell */
    TRACE_NO_PAGE,
    TRACE_UNREADABLE,
};

/* "attributed", "lead" and so on, as in the JSON. */
const char *trace_verdict_text(enum trace_verdict verdict);

/* One unit in the picture, for drawing. */
struct trace_mark {
    float x[4], y[4];   /* its box, picture pixels, clockwise from top left */
    float tip_x, tip_y; /* where the middle of the box was displaced to, 20
                           times enlarged */
    uint8_t axis;       /* enum mark_axis */
    int8_t sign;        /* +1 one, -1 zero, 0 not measured */
    double a;           /* evidence (mark/reading.h), 0 not measured */
    int8_t agrees;      /* with the copy named: +1, -1, 0 no copy or no sign */
};

/* Is it the first of the two units that share its box? */
static inline bool trace_mark_is_first(const struct trace_mark *mark)
{
    return mark->axis == MARK_ALONG || mark->axis == MARK_CELL_X;
}

#define TRACE_MOST_NAMES 8

/* A copy that is named. `given` of those before it in the list are taken as
 * known to be in the picture: its ratio is for "this copy is in it too"
 * against "nothing but the given ones and what is none of ours". */
struct trace_name {
    uint32_t copy;
    size_t given;
    double log10_lr;
    double log10_false;
};

/* What a finding is to what several pictures say together. */
enum trace_share {
    TRACE_SHARE_PART,
    TRACE_SHARE_ALIKE,     /* left out: another page names a copy there */
    TRACE_SHARE_UNSETTLED, /* or fits as well as the copy that they name */
    TRACE_SHARE_AGAINST,   /* alone it speaks against that copy */
    TRACE_SHARE_ELSEWHERE, /* alone it leads to another */
};

struct trace_finding {
    enum trace_verdict verdict;
    enum trace_share share;
    size_t shelf; /* of the library */
    int page;     /* from 0; -1 without a page, or of several */
    uint32_t run; /* the how-manieth run on this page, from 1 */
    size_t spot;  /* in the picture: findings of one spot look alike */
    size_t left;  /* pages that may look alike too and were not read */
    struct score score;
    bool is_mixed; /* nobody was named alone: scored as one of several copies
                      that are mixed */
    double log10_false;
    size_t names; /* of an attributed one: the best copy, and all others */
    struct trace_name name[TRACE_MOST_NAMES];
    struct score_power power;    /* what a true copy would have reached */
    struct page_reading reading; /* owned */
    double noise_pt;             /* sideways, of a word */
    struct mark_noise noise;     /* of the words as they were read */
    double strange;              /* share of units that are at neither place */
    uint32_t marks;
    struct trace_mark *mark; /* owned */
};

#define TRACE_NAME_SIZE 4096 /* longer names are cut */

/* Several pictures judged as one: of one page, or of all pages of a bait. */
struct trace_joint {
    struct trace_finding finding;
    size_t pictures;
    size_t *picture; /* owned: numbers in the run */
    bool is_unmoved; /* all of them stand as the unmarked original does */
    bool is_new;     /* not judged yet */
    bool is_untold;
    bool is_withdrawn; /* some of it was left out, and the rest judged anew */
    size_t left_out;
    size_t silents;
    size_t *silent; /* owned: numbers of pictures that add nothing to it */
    size_t aparts;  /* what its pictures name alone, where that is not of one
                       copy: then there is no finding of them together */
    uint32_t apart[TRACE_MOST_NAMES];
    size_t parts;
    struct score_part *part; /* owned; their readings are elsewhere */
};

struct trace_picture {
    char *name;               /* owned: as given */
    const char *path;         /* borrowed: where its file is; NULL: at name */
    struct digest digest;     /* of the file */
    struct picture_file file; /* what it says of itself; kind "" unreadable */
    int sheet;                /* which of the pictures in the file, from 0 */
    int64_t at_us;            /* its time in a video, else -1 */
    int width_px, height_px;
    uint32_t run;    /* how often this picture was asked about, from 1 */
    double seconds;  /* that it took */
    char why[200];   /* of an unreadable one */
    char todo[100];  /* and what to do; "" nothing in particular */
    bool is_foreign; /* no kind of picture that is known */
    size_t findings; /* at least 1; the first `findings` are told */
    size_t scored;   /* and once judged up to here are those that were read and
                        scored beside them, and look alike */
    struct trace_finding finding[SEARCH_MOST_HITS];
    struct presence presence; /* where no page of ours is seen: would it be? */
};

struct trace_run {
    struct library *library; /* borrowed */
    size_t pictures;
    struct trace_picture **picture; /* owned */
    double tried;                   /* copies times registrations scored */
    /* Called after each picture of a file with several; may be NULL. */
    void (*tell)(void *context, int sheet, int sheets);
    void *context;
    uint32_t document_runs;    /* runs on several pages of a document, from 1 */
    size_t joints;             /* once judged: the first of them are told */
    size_t joined;             /* and these were scored, and are counted */
    struct trace_joint *joint; /* owned */
    size_t asked_count;        /* once judged: */
    struct page_asked *asked;  /* owned: what page watch told of the named */
    bool is_unnamed;           /* its JSON tells no holder and no file's name */
    bool is_handover;          /* it asks who got copies, not whose a page is */
};

/* The run as it is sealed into the ledger, borrowed of *run: what one person
 * opens alone names nobody where the operation is blind. */
struct trace_run trace_run_sealed(const struct trace_run *run);

/* Do the units stand where marks put them (1), where the unmarked original
 * has them (-1), or cannot it be told (0)? No code is asked. */
int trace_finding_moved(const struct trace_finding *finding);

void trace_run_release(struct trace_run *run);

/* Take one file: a photograph, each page of a scan, each frame chosen of a
 * video; `ordinal` says how often it was asked about, this time included. A
 * file that is no picture is a finding, no failure.
 * Fails: E_NOMEM, and what rendering a page of ours gives. */
STING_MUST_USE enum sting_status trace_run_add(struct trace_run *run,
                                               const char *name,
                                               struct bytes file,
                                               uint32_t ordinal,
                                               struct fault *fault);

/* Take one picture, of which name, digest, file, sheet, at_us and run are
 * given in *about; without a plane it is unreadable, and about->why says why.
 * Fails: as above. */
STING_MUST_USE enum sting_status trace_run_take(
    struct trace_run *run, const struct trace_picture *about,
    const struct plane *plane, struct fault *fault);

/* All pictures are in: add up those of one page and those of one bait, and
 * settle every verdict. Once a run. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_run_judge(struct trace_run *run);

/* Of a judged run: is any copy named, by one picture or by several? */
bool trace_run_names(const struct trace_run *run);

void trace_finding_release(struct trace_finding *finding);
void trace_joint_release(struct trace_joint *joint);

/* The JSON line of one finding (docs/formats/json.md), appended to *out.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_finding_json(
    const struct trace_run *run, const struct trace_picture *picture,
    size_t finding, struct buffer *out);

/* The line of several pictures judged as one. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_joint_json(const struct trace_run *run,
                                                  size_t joint,
                                                  struct buffer *out);

#endif
