/*
 * file: a PDF as bait wants it: words and where they stand, the page as
 * displayed, and the same file again with words displaced.
 *
 * Open once, write many copies: what is parsed is kept.
 * Limits: 256 MB, 10,000 pages. Threads: one at a time.
 */
#ifndef STING_PDF_FILE_H
#define STING_PDF_FILE_H

#include "base/buffer.h"
#include "base/fault.h"
#include "base/plane.h"
#include "pdf/content.h"
#include "pdf/field.h"
#include "pdf/flate.h"
#include "pdf/letter.h"
#include "pdf/word.h"

/* How hard to try to make copies small. */
enum pack_effort { PACK_QUICK = 0, PACK_FAIR, PACK_GOOD, PACK_TIGHT };

struct pdf_file; /* owned by whoever opened it */

/* Fails: E_FORMAT not a PDF or damaged, E_UNSUPPORTED encrypted or signed,
 * E_LIMIT, E_NOMEM; *fault says which and what to do. */
STING_MUST_USE enum sting_status pdf_file_open(struct bytes bytes,
                                               struct pdf_file **out,
                                               struct fault *fault);
void pdf_file_close(struct pdf_file **file);

int pdf_file_pages(const struct pdf_file *file);
size_t pdf_file_size(const struct pdf_file *file); /* bytes */

/* A page, counted from 0; borrowed from the file. */
struct pdf_text {
    float width_pt, height_pt; /* as displayed */
    const struct pdf_word *word;
    uint32_t words;
    const struct content_rule *rule; /* lines that are drawn */
    uint32_t rules;
    bool has_picture;
    bool has_two_levels; /* some picture is of black and white alone */
    bool has_large;      /* some picture has too many samples to move */
};

/* Time: the first call reads all pages. Fails: E_ARG, E_FORMAT, E_LIMIT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_text(struct pdf_file *file, int page,
                                               struct pdf_text *out,
                                               struct fault *fault);

/* Before anything else is asked of a page of a file that nobody knows: can it
 * be read and drawn in bearable time? Fails: E_LIMIT when not, E_FORMAT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_gauge(struct pdf_file *file, int page,
                                                struct fault *fault);

/* Append the glyphs of a page to *out, a struct pdf_letter each, in the order
 * of its content. Fails: E_ARG, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_letters(struct pdf_file *file,
                                                  int page, struct buffer *out,
                                                  struct fault *fault);

/* The page as displayed, grey, `dpi` pixels an inch; the caller releases
 * *out. Fails: E_ARG, E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_render(struct pdf_file *file,
                                                 int page, double dpi,
                                                 struct plane *out,
                                                 struct fault *fault);

/* Where a word goes: displayed points along its (ux, uy) and (vx, vy). */
struct pdf_move {
    float along_pt, across_pt;
};

/* The moves of one page's words: move[w] for w < moves, words beyond stay.
 * A NULL move leaves the page's streams as they are. */
struct pdf_moves {
    const struct pdf_move *move;
    uint32_t moves;
    bool always; /* write shifts of nothing too: a null edit, for tests */
    const struct pdf_field *field; /* what images and lines follow; or NULL */
};

/* From here on copies whose words go as far as `most` says, each one way or
 * the other, are made much faster: all that they share is deflated now. The
 * bytes of such copies are others, and fewer, than they were. `most` has one
 * entry a page. Tight: see flate.h. Fails: E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_prepare(struct pdf_file *file,
                                                  const struct pdf_moves *most,
                                                  enum flate_effort effort,
                                                  struct fault *fault);

/* Append the file with its words displaced to *out. `page` has one entry a
 * page. Nothing but the moved words differs from one result to another.
 * Fails: E_FORMAT, E_LIMIT, E_NOMEM; *out is then as before. */
STING_MUST_USE enum sting_status pdf_file_write(struct pdf_file *file,
                                                const struct pdf_moves *page,
                                                struct buffer *out,
                                                struct fault *fault);

/* From here on marked streams are packed so, quickly at first, and copies are
 * not prepared for. */
void pdf_file_pack(struct pdf_file *file, enum pack_effort effort);
enum pack_effort pdf_file_effort(const struct pdf_file *file);

/* From here on marked streams are spelt so, finely at first. What
 * pdf_file_text() lent is void where that is another way. */
void pdf_file_spell(struct pdf_file *file, enum content_spelling spelling);
enum content_spelling pdf_file_spelling(const struct pdf_file *file);

/* Open a finished copy and compare every glyph with the original: the same
 * text, nothing further than most_pt from its place. Time: the first call
 * reads the original too. Fails: E_FORGED when it differs, E_FORMAT, E_NOMEM.
 */
STING_MUST_USE enum sting_status pdf_file_check(struct pdf_file *file,
                                                struct bytes copy,
                                                double most_pt,
                                                struct fault *fault);

/* The same with the rules: every glyph within what `most` allows its word, one
 * entry a page, and nothing but moved words drawn otherwise, on up to eight
 * pages without a field. Time: some ten times that of writing a copy or more.
 * Fails: E_FORGED, E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_rules(struct pdf_file *file,
                                                struct bytes copy,
                                                const struct pdf_moves *most,
                                                struct fault *fault);

#endif
