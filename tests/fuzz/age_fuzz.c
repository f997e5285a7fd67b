/* Any bytes as an age file: whole or in two pieces, the same comes out; and
 * nothing comes out at all unless it was sealed to this identity. */
#include <stdlib.h>
#include <string.h>

#include "ledger/age.h"
#include "ledger/age_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sting_status open_in_two(const struct age_with *with,
                                     struct bytes file, size_t cut,
                                     struct buffer *out)
{
    struct age_reader *reader STING_AUTO(age_reader_free) = NULL;
    struct bytes head = {file.data, cut};
    struct bytes rest = {file.data + cut, file.size - cut};
    if (age_reader_new(with, &reader)) {
        abort();
    }
    enum sting_status status = age_reader_put(reader, head, out);
    if (!status) {
        status = age_reader_put(reader, rest, out);
    }
    return status ? status : age_reader_end(reader, out);
}

/* A header that parses ends inside the file, with a line of its MAC. */
static void check_header(struct bytes file)
{
    struct age_header *header = malloc(sizeof *header);
    if (!header) {
        abort();
    }
    if (!age_header_parse(file, header)) {
        if (header->size > file.size || header->stanzas < 1 ||
            header->size != header->sealed.size + 1 + 43 + 1 ||
            file.data[header->size - 1] != '\n') {
            abort();
        }
    }
    free(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The seed in the corpus is sealed to this identity. */
    static const struct secret identity = {{7}};
    const struct age_with with = {.identity = &identity, .identities = 1};
    struct bytes file = {data, size};
    struct buffer whole STING_AUTO(buffer_release) = {0};
    struct buffer two STING_AUTO(buffer_release) = {0};
    struct buffer note STING_AUTO(buffer_release) = {0};
    check_header(file);
    enum sting_status status = age_open(&with, file, &whole);
    size_t cut = size ? data[size - 1] * size / 256 : 0;
    if (open_in_two(&with, file, cut, &two) != status ||
        !bytes_equal(buffer_bytes(&whole), buffer_bytes(&two))) {
        abort();
    }
    (void)!age_note(file, &note);
    return 0;
}
