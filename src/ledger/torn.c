#include "ledger/torn.h"

#include <string.h>

#include "ledger/note.h"

#define SECTOR_BYTES 512

/* The part of it that lies in one sector. */
static size_t in_sector(struct bytes end, uint64_t offset)
{
    size_t room = (size_t)(SECTOR_BYTES - offset % SECTOR_BYTES);
    return end.size < room ? end.size : room;
}

bool torn_has_hole(struct bytes end, uint64_t offset)
{
    while (end.size > 0) {
        size_t size = in_sector(end, offset);
        size_t zeros = 0;
        while (zeros < size && end.data[zeros] == 0) {
            zeros++;
        }
        if (zeros == size) {
            return true;
        }
        end = (struct bytes){end.data + size, end.size - size};
        offset += size;
    }
    return false;
}

/* Cut short: what is left of the last line could go on as a signature does,
 * or the signatures have not begun. A changed last LF looks otherwise. */
static bool is_cut(struct bytes end)
{
    static const char signature[] = "\xe2\x80\x94 "; /* a dash, a blank */
    const uint8_t *lf = memrchr(end.data, '\n', end.size);
    size_t left = lf ? (size_t)(end.data + end.size - lf) - 1 : end.size;
    size_t known = left < sizeof signature - 1 ? left : sizeof signature - 1;
    return !memmem(end.data, end.size, "\n\n", 2) ||
           !memcmp(end.data + end.size - left, signature, known);
}

/* A note stands behind a hole: then it was no end. */
static bool holds_note(struct bytes end)
{
    struct note note;
    for (const uint8_t *at = memmem(end.data, end.size, "\n\n", 2); at;
         at = memmem(end.data, end.size, "\n\n", 2)) {
        size_t used = (size_t)(at + 2 - end.data);
        end = (struct bytes){end.data + used, end.size - used};
        if (end.size > 0 && !note_parse(end, &note)) {
            return true;
        }
    }
    return false;
}

bool torn_is_note(struct bytes end, uint64_t offset)
{
    struct note note;
    enum sting_status status = note_parse(end, &note);
    if (end.size == 0 || !status) {
        return false;
    }
    return status == STING_E_ABSENT
               ? is_cut(end)
               : torn_has_hole(end, offset) && !holds_note(end);
}
