/*
 * plot: a garden's record with something of everything in it, for an intruder
 * to add to (intruder.h).
 */
#ifndef STING_TESTS_LEDGER_PLOT_H
#define STING_TESTS_LEDGER_PLOT_H

#include "tests/unit/ledger/garden.h"

#define PLOT_FIRST "evidence/segments/garage/2011-11-01/00000000.m4s.age"
#define PLOT_YAML "operation.yaml"
#define PLOT_BAIT "bait/tank/"

/* Ten seconds of a camera, a bait with copies, a configuration and a key; with
 * a gap, ten more five seconds later. */
void plot_make(struct garden *garden, bool has_gap);

char *plot_hash(const char *text, char hex[DIGEST_TEXT_SIZE]);
void plot_put(const struct garden *garden, const char *path, const char *text);

/* What is told of a bait, files by what is in them. The fields point into the
 * line itself. */
struct plot_line {
    struct line_field field[7];
    size_t fields;
    char hex[3][DIGEST_TEXT_SIZE];
};
void plot_added(struct plot_line *out, const char *bait, const char *original,
                const char *reference);
void plot_indexed(struct plot_line *out, const char *bait, const char *index);
void plot_issued(struct plot_line *out, const char *bait, const char *copies);

/* A line that the ledger writes, to be signed. */
void plot_append(const struct garden *garden, struct ledger *ledger,
                 const char *kind, const struct line_field field[],
                 size_t fields);
/* A writer that comes, finds what was added, and signs it; or refuses. */
bool plot_adopt(struct garden *garden);

#endif
