#include "media/film.h"

#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/picture_kind.h"
#include "media/source.h"

#define FIRST_WINDOW_US 500000
#define CELLS 24         /* a side of the small copy that is compared */
#define LEAST_CHANGE 0.6 /* grey levels, mean of the cells */
#define SHARP_STEP_PX 2  /* rows that are looked at for sharpness */

static bool begins(struct bytes file, size_t at, const char *text, size_t size)
{
    return file.size >= at + size && memcmp(file.data + at, text, size) == 0;
}

bool film_is(struct bytes file)
{
    static const char box[][5] = {"ftyp", "moov", "mdat", "wide", "free"};
    for (size_t i = 0; i < sizeof box / sizeof *box; i++) {
        if (begins(file, 4, box[i], 4)) {
            return !picture_heic.is(file);
        }
    }
    return begins(file, 0, "\x1a\x45\xdf\xa3", 4) ||
           (begins(file, 0, "RIFF", 4) && begins(file, 8, "AVI ", 4)) ||
           (begins(file, 0, "G", 1) && begins(file, 188, "G", 1) &&
            begins(file, 376, "G", 1));
}

void film_release(struct film *film)
{
    for (int i = 0; i < film->frames; i++) {
        plane_release(&film->frame[i].grey);
    }
    *film = (struct film){0};
}

/* Mean square of the second difference over three pixels each: edges count,
 * the grain of single pixels hardly does. */
static double sharpness_of(const struct plane *y)
{
    double sum = 0;
    int64_t count = 0;
    for (int row = 1; row + 1 < y->height_px; row += SHARP_STEP_PX) {
        const uint8_t *p = plane_row(y, row);
        for (int x = 4; x + 4 < y->width_px; x += 2) {
            int left = p[x - 4] + p[x - 3] + p[x - 2];
            int middle = p[x - 1] + p[x] + p[x + 1];
            int right = p[x + 2] + p[x + 3] + p[x + 4];
            int d = 2 * middle - left - right;
            sum += (double)d * d;
            count++;
        }
    }
    return count ? sum / (double)count : 0;
}

/* The mean of each of CELLS x CELLS cells. */
static void cells_of(const struct plane *y, double cell[CELLS * CELLS])
{
    for (int i = 0; i < CELLS * CELLS; i++) {
        int x0 = i % CELLS * y->width_px / CELLS;
        int x1 = (i % CELLS + 1) * y->width_px / CELLS;
        int y0 = i / CELLS * y->height_px / CELLS;
        int y1 = (i / CELLS + 1) * y->height_px / CELLS;
        int64_t sum = 0, count = 0;
        for (int row = y0; row < y1; row++) {
            for (int x = x0; x < x1; x++) {
                sum += plane_row(y, row)[x];
                count++;
            }
        }
        cell[i] = count ? (double)sum / (double)count : 0;
    }
}

static bool is_alike(const struct plane *a, const struct plane *b)
{
    double one[CELLS * CELLS], other[CELLS * CELLS], sum = 0;
    cells_of(a, one);
    cells_of(b, other);
    for (int i = 0; i < CELLS * CELLS; i++) {
        double d = one[i] - other[i];
        sum += d < 0 ? -d : d;
    }
    return sum < LEAST_CHANGE * CELLS * CELLS;
}

static void frame_drop(struct film *film, int at)
{
    plane_release(&film->frame[at].grey);
    memmove(&film->frame[at], &film->frame[at + 1],
            (size_t)(film->frames - at - 1) * sizeof *film->frame);
    film->frames--;
}

/* Twice as long windows: of two that share one now, the sharper stays. */
static void windows_merge(struct film *film)
{
    film->window_us *= 2;
    for (int i = 0; i + 1 < film->frames;) {
        const struct film_frame *a = &film->frame[i], *b = a + 1;
        if (a->at_us / film->window_us == b->at_us / film->window_us) {
            frame_drop(film, a->sharpness < b->sharpness ? i : i + 1);
        } else {
            i++;
        }
    }
}

static enum sting_status frame_copy(const struct video_frame *from,
                                    struct plane *out)
{
    struct plane grey;
    enum sting_status status =
        plane_init(&grey, from->y.width_px, from->y.height_px);
    if (status) {
        return status;
    }
    for (int y = 0; y < grey.height_px; y++) {
        memcpy(plane_row(&grey, y), plane_row(&from->y, y),
               (size_t)grey.width_px);
        if (!from->full_range) {
            picture_range_widen(plane_row(&grey, y), grey.width_px);
        }
    }
    *out = grey;
    return STING_OK;
}

static enum sting_status frame_offer(void *context,
                                     const struct video_frame *given)
{
    struct film *film = context;
    int64_t at = given->pts_us < 0 ? 0 : given->pts_us;
    struct film_frame *last =
        film->frames ? &film->frame[film->frames - 1] : NULL;
    film->decoded++;
    bool same = last && at / film->window_us <= last->at_us / film->window_us;
    double sharpness = sharpness_of(&given->y);
    if (same && sharpness <= last->sharpness) {
        return STING_OK;
    }
    struct film_frame frame = {.at_us = at, .sharpness = sharpness};
    enum sting_status status = frame_copy(given, &frame.grey);
    if (status) {
        return status;
    }
    if (same) {
        frame.at_us = at > last->at_us ? at : last->at_us;
        plane_release(&last->grey);
        *last = frame;
        return STING_OK;
    }
    film->frame[film->frames++] = frame;
    while (film->frames > FILM_MOST_FRAMES) {
        windows_merge(film);
    }
    return STING_OK;
}

static enum sting_status packets_read(struct source *source,
                                      struct decoder *decoder,
                                      struct film *film, struct fault *fault)
{
    enum sting_status status = STING_OK;
    while (!status) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(source, &packet, &is_new, fault);
        if (!status && film->decoded >= FILM_DECODE_ALL) {
            decoder_set(decoder, DECODE_KEYFRAMES);
        }
        if (!status) {
            status = decoder_add(decoder, &packet);
        }
    }
    if (status == STING_E_ABSENT || status == STING_E_IO ||
        (status == STING_E_FORMAT && film->frames)) {
        status = decoder_finish(decoder); /* as far as the file goes */
    }
    return status;
}

static void likes_drop(struct film *film)
{
    for (int i = 0; i + 1 < film->frames;) {
        struct film_frame *a = &film->frame[i];
        if (is_alike(&a->grey, &a[1].grey)) {
            frame_drop(film, a->sharpness < a[1].sharpness ? i : i + 1);
        } else {
            i++;
        }
    }
}

enum sting_status film_choose(struct bytes file, struct film *out,
                              struct fault *fault)
{
    struct film film STING_AUTO(film_release) = {.window_us = FIRST_WINDOW_US};
    struct source_settings settings = {.url = "", .memory = file};
    struct source *source STING_AUTO(source_free) = NULL;
    struct decoder *decoder STING_AUTO(decoder_free) = NULL;
    enum sting_status status = source_open(&settings, &source, fault);
    if (!status) {
        status = decoder_new(source_stream(source), frame_offer, &film,
                             &decoder, fault);
    }
    if (!status) {
        status = packets_read(source, decoder, &film, fault);
    }
    if (!status && film.frames == 0) {
        status = fault_set(fault, STING_E_FORMAT, "",
                           "no picture of the video can be decoded");
    }
    if (status) {
        return status;
    }
    likes_drop(&film);
    *out = film;
    film = (struct film){0};
    return STING_OK;
}
