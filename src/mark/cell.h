/*
 * cell: units of drawings and images, which are displaced by a smooth field.
 *
 * The page is divided into square cells from its top left corner, of
 * MARK_CELL_PT, or smaller where those would be few. The middle of a cell is
 * displaced right or left by one unit, down or up by another; between middles
 * the displacement passes smoothly (pdf/field.h). A cell becomes a unit where
 * enough is drawn in it to be measured and where trial copies, rendered, show
 * it displaced: what cannot be edited (an image that is drawn twice, text that
 * stays) drops out.
 *
 * A page has cells when it has fewer than MARK_CELL_WORDS units of words, and
 * images or a drawing; and any drawn line will do where it has fewer words than
 * that in all. There words and cells together are to be enough, and each word
 * that can move is a unit (cell_words.h).
 */
#ifndef STING_MARK_CELL_H
#define STING_MARK_CELL_H

#include "mark/plan.h"
#include "mark/unit.h"
#include "pdf/file.h"

#define MARK_CELL_PT 21.6F /* side of a cell: 0.3 inch, 60 px at 200 dpi */
#define MARK_SMALL_CELL_PT 10.8F /* 0.15 inch, 30 px */
#define MARK_FAINT_OCTAVE 8.0    /* of mark_unit.faint */
#define MARK_FULL_OCTAVES 1.0    /* what is less faint is read as words are */
#define MARK_CELL_WORDS 150 /* units of words; with more, a page needs none */

/* The page has an image, or more lines than text alone is set with. */
bool mark_is_drawing(const struct pdf_text *text);

bool mark_is_cell(const struct mark_unit *unit);
bool mark_has_cells(const struct mark_page *page);

/* Side of the page's cells, by the box of its first; of one without cells
 * MARK_CELL_PT. Whatever the record says, it is one of the two. */
float mark_cell_pt(const struct mark_page *page);

/* What a unit moves on average over its box: the middle of a cell moves by
 * shift_pt, the rest of it less. */
double mark_unit_shift_pt(const struct mark_unit *unit);

/* Add the cells of page `number` to those units that *page has, and where it
 * has few words, each of them; change its state when it carries marks now.
 * *growth is what a copy gains by cells, in bytes. Time: two copies of the page
 * are written and rendered; two more where units are few. Fails: E_FORGED,
 * E_FORMAT, E_LIMIT, E_NOMEM; *page then has the units that it had. */
STING_MUST_USE enum sting_status mark_cells_add(
    struct pdf_file *file, int number, enum mark_reach reach,
    struct mark_page *page, double *growth, struct fault *fault);

/* The field of a page for signs of its units. The caller frees what
 * out->node borrows, *node; both stay NULL when the page has no cells.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status mark_field(const struct mark_page *page,
                                            const int8_t *sign,
                                            struct pdf_field *out,
                                            struct pdf_node **node);

#endif
