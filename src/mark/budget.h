/*
 * budget: how many of a document's units its file can carry.
 *
 * A copy is to keep its file's size. Units get their bytes in turns (enum
 * mark_turn). Where those of the first would make the file outgrow
 * MARK_GROWTH, they move by fewer sizes of shifts, and then the lines that
 * tell least for their bytes are left out, on every page alike, until a trial
 * copy fits; but never more than 44 units of 64, since a mark that cannot be
 * read is of no use. What room is left is spent on the other turns.
 */
#ifndef STING_MARK_BUDGET_H
#define STING_MARK_BUDGET_H

#include "mark/plan.h"
#include "mark/unit.h"
#include "pdf/file.h"

/* Part of the original's size by which a copy should grow at most. */
#define MARK_GROWTH 0.02

/* No glyph of a copy is further from its place: 0.20 along, 0.08 across. */
#define MARK_MOST_PT 0.25

/* What came of it. */
struct mark_budget {
    double growth;     /* of a copy, as a part of the original's size */
    uint32_t left_out; /* units of any turn that would have cost too much */
};

/* Plan all pages of the file into page[0 .. pages of the file - 1], which
 * are empty before; the caller releases them, after a failure too.
 * Deterministic. The largest moves of all words are
 * tried and read by MuPDF. Time: up to 24 copies are written, four times as
 * many of small files.
 * Fails: E_FORGED when they do not read like the original, E_FORMAT, E_LIMIT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status mark_plan_file(struct pdf_file *file,
                                                enum mark_reach reach,
                                                struct mark_page *page,
                                                struct mark_budget *out,
                                                struct fault *fault);

/* How copies of a document are packed that are too large when prepared for
 * quickly: by libdeflate, as always at first, or prepared for tightly where
 * they fit so; then with numbers as they are where rounding might tear text
 * (pdf/tear.h). Batches note it (pdf/packers.h). */
enum mark_packing {
    MARK_PACKING_FIRST = 1,
    MARK_PACKING_TIGHT = 2,
    MARK_PACKING_FINE = 3,
    MARK_PACKING_NOW = MARK_PACKING_FINE
};

/* Make copies of the file as quickly as keeps them within the budget when
 * these are its pages' units. The same units and packing give the same
 * bytes, for ever. Time: up to 21 copies are written. Fails: as above. */
STING_MUST_USE enum sting_status mark_pack(struct pdf_file *file,
                                           const struct mark_page *page,
                                           enum mark_packing packing,
                                           struct fault *fault);

#endif
