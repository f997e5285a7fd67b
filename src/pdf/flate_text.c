/* Texts with seams. */
#include <stdlib.h>
#include <string.h>

#include "pdf/flate.h"

#define FIRST_ROOM 64

void flate_text_release(struct flate_text *text)
{
    buffer_release(&text->fixed);
    buffer_release(&text->way);
    free(text->seam);
    *text = (struct flate_text){0};
}

static enum sting_status make_room(struct flate_text *text)
{
    if (text->seams < text->room) {
        return STING_OK;
    }
    uint32_t room = text->room ? 2 * text->room : FIRST_ROOM;
    void *grown = reallocarray(text->seam, room, sizeof *text->seam);
    if (!grown) {
        return STING_E_NOMEM;
    }
    text->seam = grown;
    text->room = room;
    return STING_OK;
}

static size_t shortest(const struct bytes *way, size_t ways)
{
    size_t least = SIZE_MAX;
    for (size_t w = 0; w < ways; w++) {
        least = way[w].size < least ? way[w].size : least;
    }
    return least;
}

/* How many bytes all ways begin with. */
static size_t common_head(const struct bytes *way, size_t ways, size_t most)
{
    size_t same = 0;
    while (same < most) {
        for (size_t w = 1; w < ways; w++) {
            if (way[w].data[same] != way[0].data[same]) {
                return same;
            }
        }
        same++;
    }
    return same;
}

static size_t common_tail(const struct bytes *way, size_t ways, size_t most)
{
    size_t same = 0;
    while (same < most) {
        uint8_t last = way[0].data[way[0].size - 1 - same];
        for (size_t w = 1; w < ways; w++) {
            if (way[w].data[way[w].size - 1 - same] != last) {
                return same;
            }
        }
        same++;
    }
    return same;
}

static bool all_same(const struct bytes *way, size_t ways, size_t shared)
{
    for (size_t w = 0; w < ways; w++) {
        if (way[w].size != shared) {
            return false;
        }
    }
    return true;
}

static enum sting_status add_seam(struct flate_text *text,
                                  const struct bytes *way, size_t ways,
                                  size_t head, size_t tail)
{
    enum sting_status status = make_room(text);
    if (status) {
        return status;
    }
    struct flate_seam *seam = &text->seam[text->seams++];
    *seam = (struct flate_seam){.at = text->fixed.size, .ways = (uint8_t)ways};
    for (size_t w = 0; !status && w < ways; w++) {
        seam->way[w] = (uint32_t)text->way.size;
        status = buffer_append(
            &text->way,
            (struct bytes){way[w].data + head, way[w].size - head - tail});
        seam->way[w + 1] = (uint32_t)text->way.size;
    }
    return status;
}

enum sting_status flate_text_seam(struct flate_text *text,
                                  const struct bytes *way, size_t ways)
{
    if (ways < 1 || ways > FLATE_WAYS || text->way.size > FLATE_MOST) {
        return STING_E_LIMIT;
    }
    size_t least = shortest(way, ways);
    size_t head = common_head(way, ways, least);
    size_t tail = common_tail(way, ways, least - head);
    enum sting_status status =
        buffer_append(&text->fixed, (struct bytes){way[0].data, head});
    if (!status && !all_same(way, ways, head + tail)) {
        status = add_seam(text, way, ways, head, tail);
    }
    return status ? status
                  : buffer_append(
                        &text->fixed,
                        (struct bytes){way[0].data + way[0].size - tail, tail});
}

static struct bytes part_of(const struct buffer *buffer, size_t from, size_t to)
{
    return to > from ? (struct bytes){buffer->data + from, to - from}
                     : (struct bytes){0};
}

enum sting_status flate_text_plain(const struct flate_text *text,
                                   const uint8_t *way, struct buffer *out)
{
    size_t at = 0;
    enum sting_status status = STING_OK;
    for (uint32_t s = 0; !status && s < text->seams; s++) {
        const struct flate_seam *seam = &text->seam[s];
        uint32_t begin = seam->way[way[s]], end = seam->way[way[s] + 1];
        status = buffer_append(out, part_of(&text->fixed, at, seam->at));
        if (!status) {
            status = buffer_append(out, part_of(&text->way, begin, end));
        }
        at = seam->at;
    }
    return status ? status
                  : buffer_append(out,
                                  part_of(&text->fixed, at, text->fixed.size));
}
