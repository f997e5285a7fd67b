/*
 * twin: streams and images that a file draws more than once.
 *
 * There is one set of bytes, so what moves in it moves wherever it is drawn.
 * Words that come of the same glyphs are a family: the moves of one of them
 * are those of all, each in the measure of its place. Each word of a family
 * but one has the flag PDF_WORD_SHARED, the families of a stream taking turns
 * among its places, so that no place is left without. One content of several
 * is written, the largest, and an image follows the field where it is largest.
 */
#ifndef STING_PDF_TWIN_H
#define STING_PDF_TWIN_H

#include "pdf/file.h"

/* Find what pages [0 .. pages - 1] share; *families is how many families.
 * Words that cannot be told apart as families stay: all are shared then.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status twin_find(struct page_content *page, int pages,
                                           uint32_t *families);

/* Moves of all pages in which every word of a family goes as one of them was
 * told to. */
struct twin_moves {
    const struct pdf_moves *page; /* borrowed: what was given, or `own` */
    struct pdf_moves *own;        /* owned */
    struct pdf_move **move;       /* owned; of pages that share, or NULL */
    int pages;
};
void twin_moves_release(struct twin_moves *moves);

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status twin_spread(const struct page_content *content,
                                             int pages, uint32_t families,
                                             const struct pdf_moves *moves,
                                             struct twin_moves *out);

#endif
