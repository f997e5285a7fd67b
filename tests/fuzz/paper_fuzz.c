/* Any file at all: opened, read and written as a copy of itself, or refused.
 * What is written reads back: the same pages, the same glyphs, and each of its
 * bytes is one of the original's or of the table. */
#include <stdlib.h>

#include "pdf/account.h"
#include "pdf/file.h"

#define MOST_PAGES 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct pdf_moves none[MOST_PAGES];
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct fault fault;
    if (pdf_file_open((struct bytes){data, size}, &file, &fault) ||
        pdf_file_pages(file) > MOST_PAGES ||
        pdf_file_write(file, none, &copy, &fault)) {
        return 0;
    }
    enum sting_status status =
        pdf_file_check(file, buffer_bytes(&copy), 0, &fault);
    if (status == STING_E_FORGED) {
        abort();
    }
    if (status) {
        return 0;
    }
    if (pdf_file_account(file, buffer_bytes(&copy), &fault)) {
        abort();
    }
    return 0;
}
