/* Opening a commitment of this operation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mark/code.h"
#include "operation/key_file.h"
#include "trace/opened.h"

/* The leaves of the whole batch, for the path of one. */
static enum sting_status place_fill(const struct register_batch *batch,
                                    const struct secret *document,
                                    struct opened_copy *out)
{
    struct digest *leaf = calloc(batch->copies, sizeof *leaf);
    if (!leaf) {
        return STING_E_NOMEM;
    }
    for (uint32_t i = 0; i < batch->copies; i++) {
        struct register_copy copy = register_copy_at(batch, i);
        struct secret key STING_AUTO(secret_wipe);
        mark_copy_key(document, copy.number, &key);
        leaf[i] = mark_commitment_leaf(copy.number, &key, copy.salt.byte,
                                       bytes_of_text(copy.holder));
    }
    enum sting_status status =
        proof_make(leaf, batch->copies, out->number - out->first, &out->place);
    free(leaf);
    return status;
}

enum sting_status opened_copy_fill(const struct register_list *issued,
                                   const struct secret *document,
                                   uint32_t number, struct opened_copy *out,
                                   const struct register_batch **batch)
{
    struct register_copy copy;
    if (!register_find(issued, number, &copy, batch)) {
        return STING_E_ABSENT;
    }
    if (!register_name(copy.holder)) {
        return STING_E_ABSENT; /* the commitment cannot be shown without it */
    }
    out->number = number;
    out->salt = copy.salt;
    out->first = (*batch)->first;
    snprintf(out->holder, sizeof out->holder, "%s", copy.holder);
    mark_copy_key(document, number, &out->key);
    return place_fill(*batch, document, out);
}

static bool is_batch_line(void *context, const struct line *line)
{
    const struct register_batch *batch = context;
    int64_t first = 0;
    uint8_t root[DIGEST_SIZE];
    return strcmp(line->kind->name, "issue") == 0 &&
           line_integer(line, "first", &first) == STING_OK &&
           first == batch->first &&
           line_hex(line, "root", root, DIGEST_SIZE) == STING_OK &&
           memcmp(root, batch->root.byte, DIGEST_SIZE) == 0;
}

enum sting_status opened_issue_find(int operation,
                                    const struct register_batch *batch,
                                    struct ledger_proof *out,
                                    struct fault *fault)
{
    struct register_batch sought = {.first = batch->first, .root = batch->root};
    return ledger_proof_make(operation, is_batch_line, &sought, 0, out, fault);
}

enum sting_status opened_sign(int operation, struct buffer *pack,
                              struct fault *fault)
{
    struct secret log STING_AUTO(secret_wipe) = {{0}};
    char text[2 * SIGNATURE_SIZE + 1];
    enum sting_status status =
        key_file_load(operation, KEY_FILE_LOG, &log, fault);
    if (status) {
        return status;
    }
    struct signature signature = signature_sign(&log, buffer_bytes(pack));
    hex_write((struct bytes){signature.byte, SIGNATURE_SIZE}, text);
    return buffer_printf(pack, "signature %s\n", text);
}
