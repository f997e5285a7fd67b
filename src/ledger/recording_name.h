/*
 * recording_name: what the files of recordings are called.
 */
#ifndef STING_LEDGER_RECORDING_NAME_H
#define STING_LEDGER_RECORDING_NAME_H

#include "ledger/ledger_state.h"
#include "ledger/recording.h"

enum recording_kind {
    RECORDING_OTHER,
    RECORDING_INIT,    /* init-SSSS.mp4.age */
    RECORDING_SEGMENT, /* NNNNNNNN.m4s.age */
    RECORDING_PART,    /* NNNNNNNN.K.part */
    RECORDING_DRAFT,   /* ends in .tmp */
};

struct recording_name {
    enum recording_kind kind;
    char camera[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE];
    int64_t n;
    int64_t part;
};

/* The path below the operation; gives path back. */
char *recording_name_path(const struct recording_name *name,
                          char path[RECORDING_PATH_SIZE]);

/* Read the last component of a path; camera and date are the caller's.
 * A name that is not exactly what we write is RECORDING_OTHER. */
void recording_name_parse(const char *file, struct recording_name *out);

/* May a recording have this number, where the next one is `next`? They grow one
 * by one; whoever can write here could name one so great that none is left for
 * those that follow. Such a number counts for nothing. */
bool recording_number_fits(int64_t n, int64_t next);

bool recording_is_date(struct bytes text);

/* "DATE.notes": checkpoints stand in no other file. */
bool recording_is_notes(const char *file);

#endif
