/*
 * adopt_list: which recordings lie below evidence/segments, by their names
 * alone: CAMERA/DATE/FILE. Only adopt.c includes this.
 *
 * Anybody may have put them there. A camera whose folder is missing has no
 * days.
 */
#ifndef STING_LEDGER_ADOPT_LIST_H
#define STING_LEDGER_ADOPT_LIST_H

#include <dirent.h>

#include "ledger/recording_name.h"

/* A folder below an open one; NULL when it is none. */
DIR *adopt_listing(int dir, const char *path);

/* Files of one folder, in the order in which they are adopted: inits first,
 * then by number, a segment before its parts. */
struct adopt_files {
    struct recording_name *name; /* owned */
    size_t count;
};
void adopt_files_release(struct adopt_files *files);

/* Those of a camera's day; drafts of files that never became whole go.
 * Fails: E_IO when there is no such folder, E_NOMEM. */
STING_MUST_USE enum sting_status adopt_files_list(int operation,
                                                  const char *camera,
                                                  const char *date,
                                                  struct adopt_files *out);

bool adopt_files_have_segment(const struct adopt_files *files, int64_t n);

/* How many there are in the folder `date` of a camera's open folder. */
uint64_t adopt_files_count(int camera, const char *date);

/* Dates of one camera, in their order. */
struct adopt_days {
    char (*date)[LEDGER_DATE_SIZE]; /* owned */
    size_t count;
};
void adopt_days_release(struct adopt_days *days);

/* Those below `path`, from one date to another, both included. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status adopt_days_list(int operation,
                                                 const char *path,
                                                 const char *from,
                                                 const char *to,
                                                 struct adopt_days *out);

/* Is there a day with a recording in the folder of a camera? */
bool adopt_has_day(int segments, const char *camera);

#endif
