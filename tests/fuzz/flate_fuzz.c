/* Every variant of a text with seams inflates to what it is. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "pdf/flate.h"

#define MOST_BYTES 5000

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* Up to 7 bytes; every other way shares its own with the next. */
static void read_ways(struct bytes from, size_t *at, size_t ways,
                      struct bytes *way)
{
    for (size_t w = 0; w < ways; w++) {
        size_t size = *at < from.size ? from.data[(*at)++] % 8U : 0;
        size = size > from.size - *at ? from.size - *at : size;
        way[w] = (struct bytes){from.data + *at, size};
        *at += w % 2 ? size : 0;
    }
}

/* A byte above 240 begins a seam of 1 to 16 ways. */
static void read_text(struct bytes from, struct flate_text *text)
{
    for (size_t at = 0; at < from.size;) {
        uint8_t byte = from.data[at++];
        struct bytes way[FLATE_WAYS];
        size_t ways = byte > 240 ? byte - 240U : 0;
        read_ways(from, &at, ways, way);
        hold(ways > 0 ? !flate_text_seam(text, way, ways)
                      : !buffer_append(&text->fixed, (struct bytes){&byte, 1}));
    }
}

static void check_variant(struct flate *flate, const struct flate_text *text,
                          const uint8_t *way)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer packed STING_AUTO(buffer_release) = {0};
    size_t size = 0;
    hold(!flate_text_plain(text, way, &plain));
    hold(!flate_put(flate, way, &packed, &size) && size == plain.size);
    uLongf got = plain.size + 1;
    uint8_t *back = malloc(got);
    hold(back && uncompress(back, &got, packed.data, packed.size) == Z_OK);
    hold(got == plain.size && (got == 0 || !memcmp(back, plain.data, got)));
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    struct flate *flate STING_AUTO(flate_free) = NULL;
    if (size > MOST_BYTES) {
        return 0;
    }
    read_text((struct bytes){data, size}, &text);
    hold(!flate_new(&text, size % 2 ? FLATE_TIGHT : FLATE_QUICK, &flate));
    uint8_t *way = calloc((size_t)text.seams + 1, 1);
    hold(way);
    for (unsigned n = 0; n < 4; n++) {
        for (uint32_t s = 0; s < text.seams; s++) {
            way[s] = (uint8_t)((s * 7 + n * (s + 3)) % text.seam[s].ways);
        }
        check_variant(flate, &text, way);
    }
    free(way);
    return 0;
}
