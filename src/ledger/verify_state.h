/*
 * verify_state: what the files of the verifier share.
 */
#ifndef STING_LEDGER_VERIFY_STATE_H
#define STING_LEDGER_VERIFY_STATE_H

#include "ledger/ledger_state.h"
#include "ledger/line.h"
#include "ledger/note.h"
#include "ledger/recording_name.h"
#include "ledger/told.h"
#include "ledger/tree.h"
#include "ledger/unsigned_lines.h"
#include "ledger/verify.h"
#include "ledger/verify_baits.h"
#include "ledger/verify_film.h"
#include "ledger/verify_named.h"
#include "ledger/verify_notes.h"
#include "ledger/verify_outside.h"
#include "ledger/verify_repeated.h"
#include "ledger/verify_seen.h"
#include "ledger/verify_settled.h"

/* What is known of a camera while the lines go by. */
struct verify_camera {
    char name[LEDGER_CAMERA_SIZE];
    int64_t segment; /* last number, part included; -1 */
    int64_t part;
    int64_t init;
    int64_t end_pts_us;
    int64_t end_utc_us; /* 0: nothing recorded, or a stop was told */
    bool is_clip;
    bool is_explained; /* a line since then says why pictures are missing */
    int64_t explained_to_us; /* so far, by `gap` lines; 0: up to whenever */
    bool is_new_clock;       /* an init came: its times begin anew */
    bool is_stepped; /* the wall clock jumped since its last recording */
    bool is_owed;    /* its session was cut off, and no line says so yet */

    struct boxes_head head; /* of the last init that could be opened */
    int64_t head_n;         /* its number; -1: there is none */
    bool has_end;           /* of the last recording that was looked into: */
    int64_t end_dts;        /* in ticks, by itself */
    int64_t film_end_us;    /* by its line */
    bool has_lead;          /* one of this head's was: */
    int64_t lead_us;        /* its presentation before its decoding */
    int64_t reordered;      /* ticks, by which pictures are shown later */
};

/* Recordings that are missing, of one camera and date, until an `erase`
 * line accounts for them. */
struct verify_missing {
    char camera[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE];
    uint64_t seq; /* the first */
    int64_t utc_us;
    uint64_t count; /* less what `erase` lines told, and so are the bytes */
    uint64_t bytes;
    bool is_told;     /* by one, in part */
    uint64_t tellers; /* so many `erase` lines */
    bool is_late;     /* seq and file: the first behind that line */
    bool is_void; /* by lines that nobody signed in time, and whose files who
                     adopted them did not see */
    char file[200];
    struct verify_stretch *stretch; /* owned: when they were recorded */
    size_t stretches;
};

#define VERIFY_MOST_BOOTS 64

/* How far one start of the machine has come. */
struct verify_boot {
    char id[LINE_BOOT_SIZE];
    int64_t boot_us;
};

#define VERIFY_MOST_FOLDERS 32

/* Folders of recordings, used last, open (verify_open.c). */
struct verify_folders {
    char path[VERIFY_MOST_FOLDERS][RECORDING_PATH_SIZE];
    int fd[VERIFY_MOST_FOLDERS];
    bool is_empty[VERIFY_MOST_FOLDERS]; /* was, when it was opened */
    size_t used;
    size_t next;
};

void verify_folders_release(struct verify_folders *folders);

#define VERIFY_MOST_MISSING 65536
/* Lines that nobody signed take no room from what was erased. */
#define VERIFY_MOST_VOID_MISSING 4096

struct verify_run {
    int operation;
    const struct verify_options *options;
    struct verify_report *report;
    struct fault *fault;
    struct verify_notes notes;

    struct tree tree;
    struct digest prev;
    size_t prev_size;  /* how much of it a line names */
    struct tree doubt; /* the tree before that last line */
    uint8_t doubt_text[LINE_MOST_BYTES];
    size_t doubt_size;
    struct digest doubt_prev;  /* what it should have named */
    char boot[LINE_BOOT_SIZE]; /* of the last line */
    struct moment last;
    struct verify_boot boot_seen[VERIFY_MOST_BOOTS]; /* the newest of them */
    size_t boots;
    size_t boot_newest;

    char origin[LEDGER_ORIGIN_SIZE];
    struct public_key log;
    struct public_key epoch_key;
    struct public_key next_key; /* as the epoch's line names it */
    uint64_t epoch;
    uint64_t epoch_first;
    uint64_t signed_lines;
    struct moment signed_at;
    char signed_boot[LINE_BOOT_SIZE];
    struct unsigned_lines marks;   /* owned: what writers found unsigned */
    unsigned marks_read;           /* so many times */
    struct verify_settled settled; /* at the last checkpoint; at the end,
                                      what lies behind it */

    struct verify_outside outside;
    struct verify_repeated repeated;
    struct verify_camera camera[LEDGER_MOST_CAMERAS];
    size_t cameras;
    struct verify_missing *missing; /* owned */
    size_t missings;
    size_t stretches;                 /* of all of these */
    struct verify_incident *incident; /* owned; by number */
    size_t incidents;                 /* places of it in use */
    char witness[VERIFY_MOST_WITNESSES][LEDGER_CAMERA_SIZE]; /* of them */
    size_t witnesses;
    struct verify_baits baits;
    struct verify_folders folders;
    struct verify_film film;
    uint8_t *room;            /* owned: a piece of the file that is read */
    uint64_t claimed;         /* files that lines name and that are there */
    struct verify_seen named; /* blobs, and files by the baits */
    struct digest config;     /* of operation.yaml, as config_at says */
    struct told_files told;

    bool is_closed; /* a `close` line: only the end of a session may follow */
    bool is_chain_broken; /* the last line does not name the one before */
    bool wants_note;      /* the last line closes an epoch: its checkpoint */
    bool wants_turn;      /* and then the next epoch's key */
    bool tells_clock;     /* this session tells each step of its clock */
    bool owes_clock;      /* the session began before the line before it */
    bool has_stop;        /* the last session ended in order */
    bool is_cut;          /* the one before this one did not */
    bool is_later; /* the line may have been written since, and its files */
    uint64_t bytes_then; /* of the ledger when the walk began */
};

/* Who signed what (verify_signed.c). V12: the genesis line, its own
 * signature, and the keys that it names. */
void verify_genesis(struct verify_run *run, const struct line *line,
                    struct bytes text);
/* V3, V4: go to the first checkpoint; judge every one that speaks of as many
 * lines as were read. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_notes_begin(struct verify_run *run);
STING_MUST_USE enum sting_status verify_notes_take(struct verify_run *run,
                                                   const struct line *line);
/* The same after the last one that was there: a station may have written
 * more. To be asked before a line is counted that came after the walk began,
 * for a checkpoint is always there before the line that follows it. */
STING_MUST_USE enum sting_status verify_notes_poll(struct verify_run *run);
/* V5: an `epoch` line; its checkpoint must follow, before the next line;
 * then its successor's key is the one. */
void verify_epoch(struct verify_run *run, const struct line *line);
STING_MUST_USE enum sting_status verify_epoch_turn(struct verify_run *run,
                                                   const struct line *line);

/* What is known of the line's camera; NULL when there are too many. */
struct verify_camera *verify_camera_row(struct verify_run *run,
                                        const struct line *line);

/* A `camera` line: does it play a clip from now on? */
void verify_camera_source(struct verify_camera *row, const struct line *line);

/* Count the files that no line names. */
void verify_unclaimed(struct verify_run *run);

/* V6, V9: judge when a line was written; what `clock` lines tell. */
void verify_clocks(struct verify_run *run, const struct line *line);

/* Judge what a line says about recordings: numbers, continuity, gaps. */
void verify_continuity(struct verify_run *run, const struct line *line);

/* What stands there in place of a file, or a folder of checkpoints. */
void verify_say_kind(struct verify_run *run, enum verify_verdict verdict,
                     const struct line *line, const char *path,
                     const char *words);

#endif
