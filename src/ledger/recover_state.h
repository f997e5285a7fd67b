/*
 * recover_state: what reading a ledger from its front found, for recovery.
 */
#ifndef STING_LEDGER_RECOVER_STATE_H
#define STING_LEDGER_RECOVER_STATE_H

#include "ledger/adopted_files.h"
#include "ledger/ledger_state.h"
#include "ledger/unsigned_lines.h"

/* An end that was never finished, put aside. */
struct torn {
    uint64_t bytes; /* 0: there was none */
    struct digest ct;
    char file[64];
};

/* What reading the ledger from its front found. */
struct scan {
    bool has_genesis;
    bool has_session;
    bool has_stop;    /* the last session ended in order */
    bool is_altered;  /* before the last checkpoint */
    bool is_replaced; /* and the lines are not those that it speaks of */
    bool is_checked;  /* the last checkpoint's root was compared */
    struct unsigned_lines unsigned_lines; /* which lines nobody signed */
    uint64_t tail;                  /* of these, behind the last checkpoint */
    struct adopted_files adopted;   /* the files that these name */
    uint64_t voids;                 /* and instruct: they are not gone by */
    char void_kind[LINE_KIND_SIZE]; /* of the first such one */
    char version[8];                /* of the format */
    int64_t closed_us;              /* of the `close` line; 0: there is none */
    char closed_by[128];
    char no_notes[64];  /* the newest that has the name of a file of notes and
                           is none, below evidence/checkpoints; "": nothing */
    uint64_t note_size; /* the last checkpoint that the log key signed */
    struct digest note_root;
    uint64_t epoch_end; /* seq of the last `epoch` line; 0 when none */
    struct public_key log;
    struct public_key epoch;   /* now expected */
    struct public_key here[2]; /* of keys/epoch and keys/epoch.next */
    bool has_here[2];          /* it is a key file */
    bool is_cut_at_epoch;      /* an epoch line there is put aside */
    struct torn note;
    struct torn line;
    int64_t now_us;    /* the clock; */
    int64_t signed_us; /* when the last line was written that is signed */
};

void scan_release(struct scan *scan);

/* The last date that is believed of what nobody signed: a day behind both of
 * these. One greater would leave no other to the recordings that follow. */
void scan_last_date(const struct scan *scan, char date[LEDGER_DATE_SIZE]);

/* Which epochs' keys lie here (epoch_found.c). */
void epoch_keys_look(const struct ledger *ledger, struct scan *scan);
/* Is a line behind the last checkpoint the `epoch` line of an epoch whose key
 * lies here? All from there on is put aside. */
bool epoch_ends_at(const struct scan *scan, const struct line *line);

/* Put bytes aside as evidence/torn.N, the first N that is free. */
STING_MUST_USE enum sting_status torn_put_aside(struct ledger *ledger,
                                                struct bytes bytes,
                                                struct torn *out,
                                                struct fault *fault);

/* The same of what stands in a file from `from` to its end, however long it is;
 * where it is zeros, it takes no room. Fails: E_IO, E_LIMIT. */
STING_MUST_USE enum sting_status torn_end_put_aside(struct ledger *ledger,
                                                    int file, uint64_t from,
                                                    struct torn *out,
                                                    struct fault *fault);

/* The file of notes that goes on, into ledger->notes_date, and whether what
 * stands there is not ours (recover_notes.c). Fails: as ledger_scan. */
STING_MUST_USE enum sting_status scan_notes(struct ledger *ledger,
                                            struct scan *scan,
                                            struct fault *fault);

/* Read the last checkpoint and every line, into *scan and the ledger's own
 * state. A note that was never finished is cut off; the ledger's torn end is
 * left to the caller: it begins at ledger->bytes. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_scan(struct ledger *ledger,
                                             struct scan *scan,
                                             struct fault *fault);

#endif
