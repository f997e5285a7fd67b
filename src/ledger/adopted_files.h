/*
 * adopted_files: the files of recordings whose lines nobody signed, looked at
 * by the next writer before it signs these lines.
 *
 * A line that no checkpoint signed does not show that its file ever was there.
 * Whoever adopts it looks: is there a regular file of that size and hash, and
 * does no line before name it? Its `session` line tells up to where it looked
 * and which lines' files are not so; who changes or deletes one of the others
 * later is found out.
 *
 * Bounds: anybody can append a million lines, and put files beside them. So
 * many files and bytes are read, and so many told that are not as their lines
 * say; the look ends before the line that would exceed one.
 * Format: docs/formats/ledger.md, "Seen when found". One owner,
 * zero-initialise to start empty.
 */
#ifndef STING_LEDGER_ADOPTED_FILES_H
#define STING_LEDGER_ADOPTED_FILES_H

#include "ledger/ledger_state.h"

#define ADOPTED_MOST_FILES 16384
#define ADOPTED_MOST_BYTES ((uint64_t)1 << 30)
#define ADOPTED_MOST_UNLIKE 100
#define ADOPTED_TEXT_SIZE ((size_t)ADOPTED_MOST_UNLIKE * 21)

struct adopted_files {
    size_t files; /* looked at, and their bytes */
    uint64_t bytes;
    uint64_t unlike[ADOPTED_MOST_UNLIKE]; /* numbers of such lines, in order */
    size_t unlikes;
    bool is_over;
    uint64_t over_at; /* the first line that was not looked at */
};

/* Look at the file of the next line, if it is that of a recording; `ledger`
 * knows the recordings of the lines before it. */
void adopted_files_look(struct adopted_files *adopted, struct ledger *ledger,
                        const struct line *line);

/* Their numbers, with commas between; gives text back. */
char *adopted_files_unlike(const struct adopted_files *adopted,
                           char text[ADOPTED_TEXT_SIZE]);

#endif
