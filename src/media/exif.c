#include "media/exif.h"

#include <string.h>

#define TAG_ORIENTATION 0x0112
#define MARKER_EOI 0xd9
#define MARKER_SOS 0xda
#define MARKER_APP1 0xe1

struct tiff {
    struct bytes all;
    bool is_little;
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

/* The orientation in the first directory of a TIFF header; 1 if none. */
static int tiff_orientation(struct bytes all)
{
    struct tiff tiff = {all, all.size >= 2 && all.data[0] == 'I'};
    if (all.size < 8 || number(&tiff, 2, 2) != 42) {
        return 1;
    }
    size_t at = number(&tiff, 4, 4);
    if (at > all.size - 2) {
        return 1;
    }
    size_t entries = number(&tiff, at, 2);
    at += 2;
    for (size_t i = 0; i < entries && at + 12 <= all.size; i++, at += 12) {
        if (number(&tiff, at, 2) == TAG_ORIENTATION) {
            uint32_t value = number(&tiff, at + 8, 2);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
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

static void app1_read(struct bytes segment, struct exif *exif)
{
    if (segment.size > 6 && memcmp(segment.data, "Exif\0\0", 6) == 0) {
        exif->orientation = tiff_orientation(
            (struct bytes){segment.data + 6, segment.size - 6});
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
    if (marker == MARKER_APP1) {
        app1_read((struct bytes){file.data + *at + 4, length - 2}, exif);
    }
    *at += 2 + length;
    if (marker == MARKER_SOS) {
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

struct exif exif_of_png(struct bytes file)
{
    struct exif exif = {.orientation = 1};
    struct tiff big = {file, false};
    size_t at = 8; /* past the signature */
    while (file.size >= 12 && at <= file.size - 12) {
        size_t length = number(&big, at, 4);
        const uint8_t *kind = file.data + at + 4;
        if (length > file.size - at - 12) {
            return exif;
        }
        if (memcmp(kind, "eXIf", 4) == 0) {
            exif.orientation =
                tiff_orientation((struct bytes){kind + 4, length});
        }
        if (memcmp(kind, "IEND", 4) == 0) {
            exif.is_whole = true;
            return exif;
        }
        at += 12 + length;
    }
    return exif;
}
