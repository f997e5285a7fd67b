#include "ledger/verify_seen.h"

#include <stdlib.h>
#include <string.h>

#define ROWS 65536
#define KEPT 6
#define GROWS 8 /* places at once */

struct verify_seen_row {
    uint8_t (*kept)[KEPT]; /* owned */
    uint32_t count;
};

static bool row_has(const struct verify_seen_row *row, const uint8_t kept[KEPT])
{
    for (uint32_t i = 0; i < row->count; i++) {
        if (!memcmp(row->kept[i], kept, KEPT)) {
            return true;
        }
    }
    return false;
}

static bool row_add(struct verify_seen_row *row, const uint8_t kept[KEPT])
{
    if (row->count % GROWS == 0) {
        void *grown = reallocarray(row->kept, row->count + (size_t)GROWS, KEPT);
        if (!grown) {
            return false;
        }
        row->kept = grown;
    }
    memcpy(row->kept[row->count++], kept, KEPT);
    return true;
}

bool verify_seen_add(struct verify_seen *seen, struct digest hash)
{
    if (!seen->row) {
        seen->row = calloc(ROWS, sizeof *seen->row);
    }
    if (!seen->row) {
        return false;
    }
    struct verify_seen_row *row =
        &seen->row[(size_t)hash.byte[0] << 8 | hash.byte[1]];
    if (row_has(row, hash.byte + 2)) {
        return true;
    }
    seen->used += seen->used < VERIFY_MOST_SEEN && row_add(row, hash.byte + 2);
    return false;
}

void verify_seen_release(struct verify_seen *seen)
{
    for (size_t i = 0; seen->row && i < ROWS; i++) {
        free(seen->row[i].kept);
    }
    free(seen->row);
    *seen = (struct verify_seen){0};
}
