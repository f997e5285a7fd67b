/*
 * forge: an attacker who has every key that there ever was. What such a one
 * writes is chained and signed as it should be, so that each rule of the
 * verifier is tried alone.
 */
#ifndef STING_TESTS_LEDGER_FORGE_H
#define STING_TESTS_LEDGER_FORGE_H

#include "ledger/line.h"
#include "tests/unit/ledger/garden.h"

#define FORGE_MOST_LINES 200
#define FORGE_MOST_EPOCHS 16

struct forge {
    struct secret log_key;
    struct secret epoch_key[FORGE_MOST_EPOCHS];
    size_t epochs;
    char line[FORGE_MOST_LINES][LINE_MOST_BYTES + 64]; /* each with its LF */
    size_t lines;

    size_t prev_size;   /* of format 1; 0: of format 2 */
    bool keeps_numbers; /* lines keep the numbers that they have */
    bool keeps_chain;   /* and the prev= */
    bool keeps_notes;   /* the checkpoints stay as they are */
    size_t skips_note;  /* the note with this number, from 1, is left out */
    size_t late_note;   /* this one comes a line later than it should */
    /* Who signs the note of this number, from 1, instead of its epoch's key. */
    size_t other_note;
    const struct secret *other_key;
    size_t other_epoch;   /* under the name of this epoch's key */
    bool has_other_root;  /* its root is another one */
    bool lacks_epoch_sig; /* no note has an epoch's signature */
};

/* An operation of `epochs` closed epochs, three lines in each. */
void forge_make(struct garden *garden, struct forge *forge, size_t epochs);
/* The same of garden_closed(): recordings, a note, one closed epoch. */
void forge_recorded(struct garden *garden, struct forge *forge);
/* The same of what was written otherwise, when one epoch of it is closed. */
void forge_take(struct garden *garden, struct forge *forge);
/* Read the lines anew, as when more was written since. */
void forge_read(struct garden *garden, struct forge *forge);

/* The first line of a kind at or after `from`; fails the test without one. */
size_t forge_find(const struct forge *forge, const char *kind, size_t from);
void forge_remove(struct forge *forge, size_t at);
/* Put a line in; number and chain are made good when written. */
void forge_insert(struct forge *forge, size_t at, const char *boot,
                  struct moment when, const char *kind,
                  const struct line_field field[], size_t fields);
/* Put in text that stands for a line. */
void forge_insert_text(struct forge *forge, size_t at, const char *text);
/* Replace the first `old` in a line by `new`. */
void forge_change(struct forge *forge, size_t at, const char *old,
                  const char *new);
/* The first line says so and is signed anew; all lines are of format 1. */
void forge_first_format(const struct garden *garden, struct forge *forge);
/* When a line was written. */
struct moment forge_moment(const struct forge *forge, size_t at,
                           char boot[LINE_BOOT_SIZE]);

/* Chain and sign it all again, a note at each epoch's end and at the end. */
void forge_write(struct garden *garden, const struct forge *forge);

#endif
