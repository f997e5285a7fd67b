#include "media/exif.h"

#include <stdio.h>
#include <string.h>

#define MARKER_EOI 0xd9
#define MARKER_SOS 0xda
#define MARKER_APP1 0xe1

enum {
    TAG_MAKE = 0x010f,
    TAG_MODEL = 0x0110,
    TAG_ORIENTATION = 0x0112,
    TAG_CHANGED = 0x0132, /* DateTime */
    TAG_EXIF = 0x8769,    /* where the second directory is */
    TAG_TAKEN = 0x9003,   /* DateTimeOriginal */
    TAG_OFFSET = 0x9011,  /* of TAG_TAKEN from UTC */
};
#define TYPE_TEXT 2
#define ENTRY_SIZE 12
#define MOST_ENTRIES 512
#define TEXT_SIZE 48

struct tiff {
    struct bytes all;
    bool is_little;
    struct exif *exif;
    char make[TEXT_SIZE], model[TEXT_SIZE];
    char changed[TEXT_SIZE], taken[TEXT_SIZE], offset[TEXT_SIZE];
};

static uint32_t number(const struct tiff *tiff, size_t at, int size)
{
    uint32_t value = 0;
    for (int i = 0; i < size; i++) {
        int shift = 8 * (tiff->is_little ? i : size - 1 - i);
        value |= (uint32_t)tiff->all.data[at + (size_t)i] << shift;
    }
    return value;
}

/* Printable ASCII up to a NUL, cut to fit, without blanks around. */
static void text_copy(struct bytes from, char out[TEXT_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; i < from.size && from.data[i] && used < TEXT_SIZE - 1;
         i++) {
        uint8_t c = from.data[i];
        if (c > ' ' || (c == ' ' && used > 0)) {
            out[used++] = (char)(c < 0x7f ? c : '?');
        }
    }
    while (used > 0 && out[used - 1] == ' ') {
        used--;
    }
    out[used] = '\0';
}

/* Text of an entry. */
static void text_take(const struct tiff *tiff, size_t at, char out[TEXT_SIZE])
{
    size_t count = number(tiff, at + 4, 4);
    size_t from = count <= 4 ? at + 8 : number(tiff, at + 8, 4);
    if (number(tiff, at + 2, 2) == TYPE_TEXT && from <= tiff->all.size &&
        count <= tiff->all.size - from) {
        text_copy((struct bytes){tiff->all.data + from, count}, out);
    }
}

static void entry_read(struct tiff *tiff, size_t at, size_t *second)
{
    uint32_t value;
    switch (number(tiff, at, 2)) {
    case TAG_ORIENTATION:
        value = number(tiff, at + 8, 2);
        if (value >= 1 && value <= 8) {
            tiff->exif->orientation = (int)value;
        }
        break;
    case TAG_MAKE:
        text_take(tiff, at, tiff->make);
        break;
    case TAG_MODEL:
        text_take(tiff, at, tiff->model);
        break;
    case TAG_CHANGED:
        text_take(tiff, at, tiff->changed);
        break;
    case TAG_TAKEN:
        text_take(tiff, at, tiff->taken);
        break;
    case TAG_OFFSET:
        text_take(tiff, at, tiff->offset);
        break;
    case TAG_EXIF:
        *second = number(tiff, at + 8, 4);
        break;
    default:
        break;
    }
}

/* Gives where the second directory is; 0 when nowhere. */
static size_t directory_read(struct tiff *tiff, size_t at)
{
    size_t size = tiff->all.size, second = 0;
    if (at < 8 || size < 2 || at > size - 2) {
        return 0;
    }
    size_t entries = number(tiff, at, 2);
    at += 2;
    for (size_t i = 0;
         i < entries && i < MOST_ENTRIES && size - at >= ENTRY_SIZE; i++) {
        entry_read(tiff, at, &second);
        at += ENTRY_SIZE;
    }
    return second;
}

/* Does text have digits where the pattern has '0', else the same? */
static bool looks_like(const char *text, const char *pattern)
{
    for (; *pattern; pattern++, text++) {
        bool is_digit = *text >= '0' && *text <= '9';
        if (*pattern == '0' ? !is_digit : *text != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static void taken_write(const struct tiff *tiff)
{
    const char *t = tiff->taken[0] ? tiff->taken : tiff->changed;
    const char *offset = tiff->taken[0] ? tiff->offset : "";
    bool has_offset =
        looks_like(offset, "+00:00") || looks_like(offset, "-00:00");
    if (!looks_like(t, "0000:00:00 00:00:00") || !strncmp(t, "0000", 4)) {
        return;
    }
    snprintf(tiff->exif->taken, EXIF_TAKEN_SIZE, "%.4s-%.2s-%.2sT%.8s%.6s", t,
             t + 5, t + 8, t + 11, has_offset ? offset : "");
}

void exif_of_tiff(struct bytes all, struct exif *exif)
{
    struct tiff tiff = {.all = all,
                        .is_little = all.size > 0 && all.data[0] == 'I',
                        .exif = exif};
    exif->orientation = 1;
    if (all.size < 8 || number(&tiff, 2, 2) != 42) {
        return;
    }
    size_t second = directory_read(&tiff, number(&tiff, 4, 4));
    int orientation = exif->orientation;
    (void)directory_read(&tiff, second);
    exif->orientation = orientation; /* the first directory's alone counts */
    taken_write(&tiff);
    bool is_said = !strncmp(tiff.model, tiff.make, strlen(tiff.make));
    snprintf(exif->camera, EXIF_CAMERA_SIZE, "%.31s%s%.47s",
             is_said ? "" : tiff.make, !is_said && tiff.model[0] ? " " : "",
             tiff.model);
}

/* Past the entropy-coded bytes after a scan's header: at the next marker
 * that is neither a stuffed zero nor a restart. */
static size_t scan_end(struct bytes file, size_t at)
{
    for (; at + 1 < file.size; at++) {
        uint8_t next = file.data[at + 1];
        if (file.data[at] == 0xff && next != 0 && next != 0xff &&
            (next < 0xd0 || next > 0xd7)) {
            return at;
        }
    }
    return file.size;
}

/* An Exif block as JPEG has it, and some writers of WebP. */
static void block_read(struct bytes block, struct exif *exif)
{
    if (block.size > 6 && memcmp(block.data, "Exif\0\0", 6) == 0) {
        exif_of_tiff((struct bytes){block.data + 6, block.size - 6}, exif);
    }
}

/* Does the segment begin a frame, and so tell its size? */
static bool is_frame(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
           marker != 0xc8 && marker != 0xcc;
}

static void frame_read(struct bytes segment, struct exif *exif)
{
    struct tiff big = {.all = segment};
    if (segment.size >= 5) {
        exif->height_px = (int)number(&big, 1, 2);
        exif->width_px = (int)number(&big, 3, 2);
    }
}

/* Step over one marker and what belongs to it; false when the walk ends. */
static bool marker_take(struct bytes file, size_t *at, struct exif *exif)
{
    if (file.data[*at] != 0xff) {
        return false;
    }
    uint8_t marker = file.data[*at + 1];
    if (marker == 0xff) { /* fill byte */
        ++*at;
        return true;
    }
    exif->is_whole = marker == MARKER_EOI;
    if (marker == MARKER_EOI || *at + 4 > file.size) {
        return false;
    }
    size_t length =
        (size_t)file.data[*at + 2] << 8 | (size_t)file.data[*at + 3];
    if (length < 2 || length > file.size - *at - 2) {
        return false;
    }
    struct bytes segment = {file.data + *at + 4, length - 2};
    if (marker == MARKER_APP1) {
        block_read(segment, exif);
    } else if (is_frame(marker)) {
        frame_read(segment, exif);
    }
    *at += 2 + length;
    if (marker == MARKER_SOS) {
        exif->scans++;
        *at = scan_end(file, *at);
    }
    return true;
}

struct exif exif_of_jpeg(struct bytes file)
{
    struct exif exif = {.orientation = 1};
    size_t at = 2; /* past the start of image */
    while (at + 4 <= file.size || at + 2 == file.size) {
        if (!marker_take(file, &at, &exif)) {
            break;
        }
    }
    return exif;
}

static int side_of(uint32_t px)
{
    return px > INT32_MAX ? INT32_MAX : (int)px;
}

struct exif exif_of_png(struct bytes file)
{
    struct exif exif = {.orientation = 1};
    struct tiff big = {.all = file};
    size_t at = 8; /* past the signature */
    while (file.size >= 12 && at <= file.size - 12) {
        size_t length = number(&big, at, 4);
        const uint8_t *kind = file.data + at + 4;
        if (length > file.size - at - 12) {
            return exif;
        }
        if (memcmp(kind, "IHDR", 4) == 0 && length >= 8) {
            exif.width_px = side_of(number(&big, at + 8, 4));
            exif.height_px = side_of(number(&big, at + 12, 4));
        }
        if (memcmp(kind, "eXIf", 4) == 0) {
            exif_of_tiff((struct bytes){kind + 4, length}, &exif);
        }
        if (memcmp(kind, "IEND", 4) == 0) {
            exif.is_whole = true;
            return exif;
        }
        at += 12 + length;
    }
    return exif;
}

struct exif exif_of_webp(struct bytes file)
{
    struct exif exif = {.orientation = 1};
    struct tiff little = {.all = file, .is_little = true};
    if (file.size < 20 || number(&little, 4, 4) > file.size - 8) {
        return exif;
    }
    size_t end = 8 + (size_t)number(&little, 4, 4), at = 12;
    while (at + 8 <= end) {
        size_t length = number(&little, at + 4, 4);
        struct bytes chunk = {file.data + at + 8, length};
        if (length > end - at - 8) {
            return exif;
        }
        if (memcmp(file.data + at, "EXIF", 4) == 0) {
            exif_of_tiff(chunk, &exif);
            block_read(chunk, &exif);
        }
        at += 8 + length + (length & 1);
    }
    exif.is_whole = at >= end;
    return exif;
}
