#include "operation/box_hold.h"

#include <stdio.h>

#include "ledger/reader.h"
#include "ledger/tree.h"

void box_coming_name(const char *name, char out[BOX_COMING_SIZE])
{
    (void)snprintf(out, BOX_COMING_SIZE, BOX_COMING "@%s", name);
}

enum sting_status box_hold(int folder, const struct import *row, size_t count,
                           size_t *at, enum box_hold *out)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct tree tree = {.leaves = 0};
    size_t next = 0;
    enum sting_status status = ledger_reader_open(folder, &reader, NULL);
    *out = BOX_HOLDS;
    while (!status && next < count && !(status = ledger_reader_skip(reader))) {
        tree_add(&tree, tree_leaf(ledger_reader_text(reader)));
        for (; next < count && row[next].size == tree.leaves; next++) {
            if (!digest_equal(row[next].root, tree_root(&tree))) {
                *at = next;
                *out = BOX_OTHER;
                return STING_OK;
            }
        }
    }
    if (next < count) {
        *at = next;
        *out = status == STING_E_LIMIT ? BOX_OTHER /* no line of ours */
                                       : BOX_SHORTER;
    }
    return status == STING_E_IO || status == STING_E_NOMEM ? status : STING_OK;
}
