#include "release/leak.h"

#include <string.h>

#define BOX(a, b, c, d)                                                        \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 |          \
     (uint32_t)(d))
#define MOST_DEPTH 8
#define MOST_SETS 4
#define AVC1_HEAD 78 /* bytes of a visual sample entry before its boxes */

struct check {
    struct leak_summary summary;
    uint64_t sample_bytes;       /* as stsz tells */
    uint64_t data_bytes;         /* as mdat holds */
    uint32_t seen;               /* one bit a row of the table */
    struct bytes set[MOST_SETS]; /* parameter sets of avcC */
    size_t sets;
    struct fault *fault;
};

static uint32_t u16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t u32(const uint8_t *at)
{
    return u16(at) << 16 | u16(at + 2);
}

static enum sting_status broken(struct check *check, const char *what)
{
    return fault_set(check->fault, STING_E_FORMAT, "", "the cut is damaged: %s",
                     what);
}

static enum sting_status leaks(struct check *check, const char *what)
{
    return fault_set(check->fault, STING_E_UNSUPPORTED,
                     "do not give this file out",
                     "the cut carries more than pictures: %s", what);
}

static bool is_zero(const uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (at[i] != 0) {
            return false;
        }
    }
    return true;
}

/* mvhd, tkhd, mdhd: when it was made must not be told. */
static enum sting_status check_dates(struct check *check, struct bytes body)
{
    size_t size = body.size > 0 && body.data[0] == 1 ? 16 : 8;
    if (body.size < 4 + size) {
        return broken(check, "a head is too short");
    }
    return is_zero(body.data + 4, size) ? STING_OK : leaks(check, "a date");
}

/* The one handler is for video, and its name is the usual one. */
static enum sting_status check_handler(struct check *check, struct bytes body)
{
    static const char usual[] = "VideoHandler";
    if (body.size < 24) {
        return broken(check, "hdlr is too short");
    }
    if (u32(body.data + 8) != BOX('v', 'i', 'd', 'e')) {
        return leaks(check, "a track that is not video");
    }
    const uint8_t *name = body.data + 24;
    size_t size = body.size - 24;
    bool is_usual = size == sizeof usual && !memcmp(name, usual, size);
    return is_usual || is_zero(name, size) ? STING_OK
                                           : leaks(check, "a handler's name");
}

/* The file that holds the data is this one, by flag, not by name. */
static enum sting_status check_reference(struct check *check, struct bytes body)
{
    static const uint8_t here[] = {0, 0,  0,   0,   0,   0,   0, 1, 0, 0,
                                   0, 12, 'u', 'r', 'l', ' ', 0, 0, 0, 1};
    return body.size == sizeof here && !memcmp(body.data, here, sizeof here)
               ? STING_OK
               : leaks(check, "a reference to another file");
}

static enum sting_status check_sizes(struct check *check, struct bytes body)
{
    if (body.size < 12) {
        return broken(check, "stsz is too short");
    }
    uint32_t each = u32(body.data + 4);
    uint32_t count = u32(body.data + 8);
    size_t wanted = each ? 12 : 12 + (size_t)count * 4;
    if (body.size != wanted) {
        return broken(check, "stsz does not fit its count");
    }
    check->summary.frames = count;
    check->sample_bytes = (uint64_t)each * count;
    for (uint32_t i = 0; !each && i < count; i++) {
        check->sample_bytes += u32(body.data + 12 + (size_t)i * 4);
    }
    return STING_OK;
}

/* A parameter set may be said again, but only as the head has it. */
static bool is_known_set(const struct check *check, struct bytes unit)
{
    for (size_t i = 0; i < check->sets; i++) {
        if (bytes_equal(check->set[i], unit)) {
            return true;
        }
    }
    return false;
}

/* The data is a chain of slices, each after its length in four bytes. */
static enum sting_status check_data(struct check *check, struct bytes body)
{
    size_t at = 0;
    check->data_bytes = body.size;
    while (at < body.size) {
        if (body.size - at < 5) {
            return broken(check, "bytes after the last slice");
        }
        uint32_t size = u32(body.data + at);
        uint8_t kind = body.data[at + 4] & 0x1f;
        if (size == 0 || size > body.size - at - 4) {
            return broken(check, "a slice runs past the end");
        }
        struct bytes unit = {body.data + at + 4, size};
        if (kind != 1 && kind != 5 && !is_known_set(check, unit)) {
            return leaks(check, kind == 6 ? "a message inside the video"
                                          : "a unit that is not a slice");
        }
        check->summary.slices += kind == 1 || kind == 5;
        at += 4 + (size_t)size;
    }
    return STING_OK;
}

/* One parameter set at *at, which steps past it. */
static enum sting_status set_take(struct check *check, struct bytes body,
                                  size_t *at)
{
    if (body.size - *at < 2 || body.size - *at - 2 < u16(body.data + *at)) {
        return broken(check, "a parameter set runs past the end");
    }
    struct bytes set = {body.data + *at + 2, u16(body.data + *at)};
    if (check->sets == MOST_SETS) {
        return leaks(check, "many parameter sets");
    }
    check->set[check->sets++] = set;
    *at += 2 + set.size;
    return STING_OK;
}

/* avcC: parameter sets and, for some profiles, four bytes more; no rest. */
static enum sting_status check_avcc(struct check *check, struct bytes body)
{
    size_t at = 6;
    if (body.size < 7 || (body.data[4] & 3) != 3) {
        return broken(check, "avcC");
    }
    for (int group = 0; group < 2; group++) {
        unsigned count = group == 0 ? body.data[5] & 0x1fU : body.data[at++];
        for (; count > 0; count--) {
            enum sting_status status = set_take(check, body, &at);
            if (status) {
                return status;
            }
        }
        if (at >= body.size && group == 0) {
            return broken(check, "avcC");
        }
    }
    return at == body.size || at + 4 == body.size
               ? STING_OK
               : leaks(check, "bytes after the parameter sets");
}

/* Room that a longer head could have taken: it must have held nothing. */
static enum sting_status check_empty(struct check *check, struct bytes body)
{
    return is_zero(body.data, body.size) ? STING_OK
                                         : leaks(check, "free space");
}

static enum sting_status check_nothing(struct check *check, struct bytes body)
{
    (void)check;
    (void)body;
    return STING_OK;
}

/* Every box that a cut may hold, under the one that may hold it. */
struct row {
    uint32_t inside; /* 0: the file itself */
    uint32_t kind;
    uint8_t head;     /* bytes before the boxes inside it */
    bool holds_boxes; /* else its body is looked at */
    bool is_needed;
    enum sting_status (*look)(struct check *check, struct bytes body);
};
static const struct row table[] = {
    {0, BOX('f', 't', 'y', 'p'), 0, false, true, check_nothing},
    {0, BOX('m', 'o', 'o', 'v'), 0, true, true, check_nothing},
    {0, BOX('f', 'r', 'e', 'e'), 0, false, false, check_empty},
    {0, BOX('m', 'd', 'a', 't'), 0, false, true, check_data},
    {BOX('m', 'o', 'o', 'v'), BOX('m', 'v', 'h', 'd'), 0, false, true,
     check_dates},
    {BOX('m', 'o', 'o', 'v'), BOX('f', 'r', 'e', 'e'), 0, false, false,
     check_empty},
    {BOX('m', 'o', 'o', 'v'), BOX('t', 'r', 'a', 'k'), 0, true, true,
     check_nothing},
    {BOX('t', 'r', 'a', 'k'), BOX('t', 'k', 'h', 'd'), 0, false, true,
     check_dates},
    {BOX('t', 'r', 'a', 'k'), BOX('m', 'd', 'i', 'a'), 0, true, true,
     check_nothing},
    {BOX('m', 'd', 'i', 'a'), BOX('m', 'd', 'h', 'd'), 0, false, true,
     check_dates},
    {BOX('m', 'd', 'i', 'a'), BOX('h', 'd', 'l', 'r'), 0, false, true,
     check_handler},
    {BOX('m', 'd', 'i', 'a'), BOX('m', 'i', 'n', 'f'), 0, true, true,
     check_nothing},
    {BOX('m', 'i', 'n', 'f'), BOX('v', 'm', 'h', 'd'), 0, false, true,
     check_nothing},
    {BOX('m', 'i', 'n', 'f'), BOX('d', 'i', 'n', 'f'), 0, true, true,
     check_nothing},
    {BOX('d', 'i', 'n', 'f'), BOX('d', 'r', 'e', 'f'), 0, false, true,
     check_reference},
    {BOX('m', 'i', 'n', 'f'), BOX('s', 't', 'b', 'l'), 0, true, true,
     check_nothing},
    {BOX('s', 't', 'b', 'l'), BOX('s', 't', 's', 'd'), 8, true, true,
     check_nothing},
    {BOX('s', 't', 's', 'd'), BOX('a', 'v', 'c', '1'), AVC1_HEAD, true, true,
     check_nothing},
    {BOX('a', 'v', 'c', '1'), BOX('a', 'v', 'c', 'C'), 0, false, true,
     check_avcc},
    {BOX('a', 'v', 'c', '1'), BOX('p', 'a', 's', 'p'), 0, false, false,
     check_nothing},
    {BOX('a', 'v', 'c', '1'), BOX('c', 'o', 'l', 'r'), 0, false, false,
     check_nothing},
    {BOX('a', 'v', 'c', '1'), BOX('b', 't', 'r', 't'), 0, false, false,
     check_nothing},
    {BOX('s', 't', 'b', 'l'), BOX('s', 't', 't', 's'), 0, false, true,
     check_nothing},
    {BOX('s', 't', 'b', 'l'), BOX('s', 't', 's', 's'), 0, false, false,
     check_nothing},
    {BOX('s', 't', 'b', 'l'), BOX('s', 't', 's', 'c'), 0, false, true,
     check_nothing},
    {BOX('s', 't', 'b', 'l'), BOX('s', 't', 's', 'z'), 0, false, true,
     check_sizes},
    {BOX('s', 't', 'b', 'l'), BOX('s', 't', 'c', 'o'), 0, false, true,
     check_nothing},
};
#define ROWS (sizeof table / sizeof *table)

/* avc1 begins with the size of the picture and a name of the compressor. */
static enum sting_status check_entry(struct check *check, const uint8_t *head)
{
    check->summary.width_px = u16(head + 24);
    check->summary.height_px = u16(head + 26);
    return is_zero(head + 42, 32) ? STING_OK
                                  : leaks(check, "a compressor's name");
}

static size_t row_find(uint32_t inside, uint32_t kind)
{
    size_t i = 0;
    while (i < ROWS && (table[i].inside != inside || table[i].kind != kind)) {
        i++;
    }
    return i;
}

static enum sting_status leaks_box(struct check *check, const uint8_t *kind)
{
    char what[32] = "a box ....";
    for (size_t i = 0; i < 4; i++) {
        what[6 + i] = '?';
        if (kind[i] > 32 && kind[i] < 127) {
            what[6 + i] = (char)kind[i];
        }
    }
    return leaks(check, what);
}

/* One box at the front of `rest`; what it holds goes to *inner when it holds
 * boxes itself, else it is looked at and *inner is empty. */
static enum sting_status take_box(struct check *check, uint32_t inside,
                                  struct bytes *rest, struct bytes *inner,
                                  uint32_t *kind)
{
    uint32_t size = rest->size >= 8 ? u32(rest->data) : 0;
    if (size < 8 || size > rest->size) {
        return broken(check, "a box runs past the end");
    }
    *kind = u32(rest->data + 4);
    size_t found = row_find(inside, *kind);
    if (found == ROWS) {
        return leaks_box(check, rest->data + 4);
    }
    const struct row *row = &table[found];
    if (check->seen >> found & 1) {
        return leaks(check, "the same box twice");
    }
    check->seen |= 1U << found;
    struct bytes body = {rest->data + 8, size - 8};
    rest->data += size;
    rest->size -= size;
    *inner = (struct bytes){body.data, 0};
    if (!row->holds_boxes) {
        return row->look(check, body);
    }
    if (body.size < row->head) {
        return broken(check, "a box is too short");
    }
    *inner = (struct bytes){body.data + row->head, body.size - row->head};
    return row->head == AVC1_HEAD ? check_entry(check, body.data) : STING_OK;
}

/* Walk all boxes, those inside first, on a stack of what is still to come. */
static enum sting_status walk(struct check *check, struct bytes file)
{
    struct bytes rest[MOST_DEPTH] = {file};
    uint32_t inside[MOST_DEPTH] = {0};
    int depth = 0;
    while (depth >= 0) {
        if (rest[depth].size == 0) {
            depth--;
            continue;
        }
        struct bytes inner = {0};
        uint32_t kind = 0;
        enum sting_status status =
            take_box(check, inside[depth], &rest[depth], &inner, &kind);
        if (status) {
            return status;
        }
        if (inner.size > 0 && depth + 1 < MOST_DEPTH) {
            rest[++depth] = inner;
            inside[depth] = kind;
        } else if (inner.size > 0) {
            return broken(check, "boxes too deep in each other");
        }
    }
    return STING_OK;
}

enum sting_status leak_check(struct bytes mp4, struct leak_summary *out,
                             struct fault *fault)
{
    struct check check = {.fault = fault};
    enum sting_status status = walk(&check, mp4);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (table[i].is_needed && !(check.seen >> i & 1)) {
            return broken(&check, "a box is missing");
        }
    }
    if (check.sample_bytes != check.data_bytes) {
        return leaks(&check, "data that no picture uses");
    }
    *out = check.summary;
    return STING_OK;
}
