#include "ledger/verify_seen.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS 4096
#define ROWS 16 /* of a block, made when the first is needed */
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

/* The row that two bytes choose; NULL without memory. */
static struct verify_seen_row *row_of(struct verify_seen *seen, uint8_t first,
                                      uint8_t second)
{
    size_t number = (size_t)first << 8 | second;
    if (!seen->block) {
        seen->block = calloc(BLOCKS, sizeof *seen->block);
    }
    if (!seen->block) {
        return NULL;
    }
    struct verify_seen_row **block = &seen->block[number / ROWS];
    if (!*block) {
        *block = calloc(ROWS, sizeof **block);
    }
    return *block ? &(*block)[number % ROWS] : NULL;
}

bool verify_seen_add(struct verify_seen *seen, struct digest hash)
{
    struct verify_seen_row *row = row_of(seen, hash.byte[0], hash.byte[1]);
    if (!row) {
        return false;
    }
    if (row_has(row, hash.byte + 2)) {
        return true;
    }
    seen->used += seen->used < VERIFY_MOST_SEEN && row_add(row, hash.byte + 2);
    return false;
}

/* The last of the bytes that are kept says which. */
unsigned verify_seen_part(struct digest hash, unsigned depth)
{
    return hash.byte[2 + KEPT - 1] & ((1U << depth) - 1);
}

static void row_keep(struct verify_seen_row *row, unsigned depth, unsigned part)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < row->count; i++) {
        if ((row->kept[i][KEPT - 1] & ((1U << depth) - 1)) == part) {
            memmove(row->kept[left++], row->kept[i], KEPT);
        }
    }
    row->count = left;
}

void verify_seen_keep(struct verify_seen *seen, unsigned depth, unsigned part)
{
    seen->used = 0;
    for (size_t i = 0; seen->block && i < BLOCKS; i++) {
        for (size_t j = 0; seen->block[i] && j < ROWS; j++) {
            row_keep(&seen->block[i][j], depth, part);
            seen->used += seen->block[i][j].count;
        }
    }
}

static void block_free(struct verify_seen_row *block)
{
    for (size_t i = 0; block && i < ROWS; i++) {
        free(block[i].kept);
    }
    free(block);
}

void verify_seen_release(struct verify_seen *seen)
{
    for (size_t i = 0; seen->block && i < BLOCKS; i++) {
        block_free(seen->block[i]);
    }
    free(seen->block);
    *seen = (struct verify_seen){0};
}
