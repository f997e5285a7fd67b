/*
 * copied: papers opened, their words moved, and the copy read again. All
 * assert success.
 */
#ifndef STING_TESTS_PDF_COPIED_H
#define STING_TESTS_PDF_COPIED_H

#include "base/buffer.h"
#include "pdf/file.h"

#define MOST_MOVES 64

/* Of a page with that content stream and these further keys. */
struct pdf_file *open_paper(const struct buffer *paper);
struct pdf_file *open_content(const char *content, const char *keys);
struct pdf_text text_of(struct pdf_file *file);

/* Word w moves by this and nothing else moves; the copy reads the same. */
void assert_moves(struct pdf_file *file, uint32_t w, float along, float across);
/* So many words are there, and each moves to all sides. */
void assert_all_move(const char *content, const char *keys, uint32_t words);

/* A copy in which the first word is moved; the caller releases it. */
void write_moved(struct pdf_file *file, struct buffer *out);

bool holds(const struct buffer *file, const char *text);

#endif
