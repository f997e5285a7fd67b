/*
 * ledger_state: what the files of the store share: an open ledger.
 */
#ifndef STING_LEDGER_LEDGER_STATE_H
#define STING_LEDGER_LEDGER_STATE_H

#include "ledger/line.h"
#include "ledger/note.h"
#include "ledger/store.h"
#include "ledger/told.h"
#include "ledger/tree.h"

#define LEDGER_ORIGIN_SIZE 48
#define LEDGER_DATE_SIZE 11 /* "2011-11-01" and NUL */
/* `why` of a `gap` of cause `altered`: lines that were signed are not there. */
#define LEDGER_REPLACED "replaced"
#define LEDGER_MOST_CAMERAS 2048
/* Of these, such as only unsigned lines and folders name. */
#define LEDGER_MOST_STRANGERS 1024
#define LEDGER_CAMERA_SIZE 65

/* How far the recordings of one camera have come, as its lines say. */
struct ledger_camera {
    char name[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE]; /* newest folder in use */
    int64_t segment;             /* next number to be used */
    int64_t part; /* of the last segment's parts, the first without a line */
    int64_t init;
    int64_t until_us; /* utc: what it gave from here on has no line yet, nor
                         a reason why it is missing; 0: it gives nothing */
};

struct ledger {
    int operation; /* owned */
    int file;      /* evidence/ledger, owned and locked */
    const struct random_source *random;
    char boot[LEDGER_BOOT_SIZE];
    char version[32];
    char config[DIGEST_TEXT_SIZE];
    char place[TOLD_PLACE_SIZE];
    char origin[LEDGER_ORIGIN_SIZE];
    char role[16];
    struct agreement_key recipient[AGE_MOST_RECIPIENTS];
    size_t recipients;
    struct told_files told; /* before this session, and by its own lines */

    struct tree tree;   /* over all lines in the file */
    struct digest prev; /* of the last line */
    size_t prev_size;   /* how much of it a line names */
    uint64_t bytes;     /* of the file, all of them whole lines */
    int64_t last_utc_us;
    int64_t last_boot_us; /* of the last line of this boot */
    int64_t offset_us;    /* utc less boot time, of that line */
    bool has_offset;      /* there is one */
    bool is_broken;       /* the disk failed; nothing may be written any more */
    bool is_closed;       /* a `close` line: only stop and epoch may follow */

    struct clock_state clock; /* as last told */
    bool tells_clock;         /* the session's `clock state=start` is written */

    struct secret log_key;
    struct secret epoch_key;
    uint64_t epoch;
    uint64_t epoch_first;   /* the epoch's first line */
    int64_t epoch_since_us; /* boot time when it began, here */
    uint64_t signed_lines;
    char notes_date[LEDGER_DATE_SIZE];
    uint64_t session;

    struct ledger_camera camera[LEDGER_MOST_CAMERAS];
    size_t cameras;
    bool is_stranger; /* what is read now was signed by nobody: it makes no row
                         beyond LEDGER_MOST_STRANGERS */
    char recovered[800];
};

/* The camera's row, made when it is new; NULL when there are too many or the
 * name is none. Half of the rows are kept for those of our own. */
struct ledger_camera *ledger_camera_row(struct ledger *ledger,
                                        const char *name);
bool ledger_is_camera_name(struct bytes name);

/* The later of the two dates "2011-11-01": folders and files that are named
 * by date never go back, even when the clock does. */
void ledger_date_advance(char date[LEDGER_DATE_SIZE], int64_t utc_us);

/* "sting/" and half the fingerprint of the case key; gives text back. */
char *ledger_origin_text(const struct public_key *case_key,
                         char text[LEDGER_ORIGIN_SIZE]);
/* The name of the key that signs epoch n: ORIGIN/epoch/N. */
void ledger_epoch_name(const char *origin, uint64_t epoch, char *out,
                       size_t size);

/* Write and close a checkpoint over all lines, signed for `epoch` by `key`,
 * even when the last one says the same. Fails: E_IO. */
STING_MUST_USE enum sting_status ledger_sign(struct ledger *ledger,
                                             struct moment now, uint64_t epoch,
                                             const struct secret *key,
                                             struct fault *fault);

/* The answer while the ledger is broken. */
enum sting_status ledger_refuse_broken(struct fault *fault);

/* Write a line as it is, with no thought of the clock. */
STING_MUST_USE enum sting_status ledger_append_line(
    struct ledger *ledger, struct moment at, const char *kind,
    const struct line_field field[], size_t fields, uint64_t *seq,
    struct fault *fault);

/* The moment of a line that is written now (clock_lines.c): never before
 * the last one, for a caller may have looked at the clock before another. */
struct moment ledger_moment(const struct ledger *ledger, struct moment now);
/* Tell a jump of the wall clock since the last line, before the next one. */
STING_MUST_USE enum sting_status ledger_clock_step(struct ledger *ledger,
                                                   struct moment at,
                                                   struct fault *fault);
/* What the clocks said in the last line before a session. */
struct ledger_clock_before {
    int64_t utc_us;
    int64_t offset_us; /* of this boot's last line */
    bool has_offset;
};
/* The clock's lines of a session's beginning, behind its `session` line. */
STING_MUST_USE enum sting_status ledger_clock_start(
    struct ledger *ledger, struct moment now,
    const struct ledger_clock_before *before, struct fault *fault);

/* The last step of a hand-over (epoch.c): the old key is overwritten where
 * it lies, then the next one takes its name. */
STING_MUST_USE enum sting_status ledger_key_turn(struct ledger *ledger,
                                                 struct fault *fault);

/* Read a key file: 64 hex digits and LF. Fails: E_ABSENT, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status ledger_key_read(int operation,
                                                 const char *name,
                                                 struct secret *out,
                                                 struct fault *fault);
/* The list "age1...,age1..." of a line. Fails: E_FORMAT when it is none, or
 * shorter than two. */
STING_MUST_USE enum sting_status ledger_recipients_read(
    struct bytes list, struct agreement_key out[AGE_MOST_RECIPIENTS],
    size_t *count);

/* The kernel's boot id, unless the context gave one. */
STING_MUST_USE enum sting_status ledger_boot_read(struct ledger *ledger,
                                                  struct fault *fault);
/* Open and lock evidence/ledger; flags beside O_RDWR, as of open(2). */
STING_MUST_USE enum sting_status ledger_files_open(struct ledger *ledger,
                                                   int operation, int flags,
                                                   struct fault *fault);
/* All that ledger_open() does once the files are open (recover.c). */
STING_MUST_USE enum sting_status ledger_recover(struct ledger *ledger,
                                                struct moment now,
                                                struct fault *fault);

/* How far each camera's pictures are accounted for (lag.c): by a line; by the
 * note of a file that is adopted. */
void ledger_lag_take(struct ledger *ledger, const struct line *line);
void ledger_lag_adopt(struct ledger_camera *row, const struct line *note);
/* A `gap` line of cause `crash` for each camera that was giving pictures,
 * from where its own end; one for all when none was. Fails: E_IO. */
STING_MUST_USE enum sting_status ledger_lag_tell(struct ledger *ledger,
                                                 int64_t last_us,
                                                 struct moment now,
                                                 struct fault *fault);

/* A new ledger value without files; NULL without memory. */
struct ledger *ledger_alloc(const struct ledger_context *context);

/* Half-written files that a death left beside recordings go (drafts.c). */
void ledger_drafts_remove(const struct ledger *ledger);

/* What became of the files that lay there without a line. */
struct adopting {
    uint64_t adopted;
    uint64_t left;        /* as they are: anybody may have put them there */
    char first_left[160]; /* the first of these */
    uint64_t bytes;       /* read, of all cameras */
    uint64_t files;
    uint64_t most_bytes; /* of both, for the camera that comes now */
    uint64_t most_files;
    char last_date[LEDGER_DATE_SIZE]; /* a later day is nobody's */
};

/* Give lines to recordings that a crash left without one (adopt.c). */
STING_MUST_USE enum sting_status ledger_adopt(struct ledger *ledger,
                                              struct moment now,
                                              struct adopting *adopting,
                                              struct fault *fault);

#endif
