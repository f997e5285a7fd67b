#include "drill/empty_room.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drill/likeness.h"
#include "drill/reel.h"

#define SAMPLES 48       /* pictures */
#define CELL 16          /* px, of what two pictures are compared by */
#define SAME 0.06        /* parts of the level: cells are alike */
#define SAME_CELLS 0.004 /* so many of all may differ */

struct sampling {
    struct plane shot[SAMPLES]; /* owned */
    int shots;
    int64_t apart_us, next_us;
};

static void sampling_release(struct sampling *sampling)
{
    for (int i = 0; i < sampling->shots; i++) {
        plane_release(&sampling->shot[i]);
    }
}

static enum sting_status shot_take(void *context, struct video_frame *frame)
{
    struct sampling *s = context;
    if (frame->pts_us < s->next_us || s->shots == SAMPLES) {
        return STING_OK;
    }
    struct plane *to = &s->shot[s->shots];
    enum sting_status status =
        plane_init(to, frame->y.width_px, frame->y.height_px);
    for (int y = 0; !status && y < to->height_px; y++) {
        memcpy(plane_row(to, y), plane_row(&frame->y, y), (size_t)to->width_px);
    }
    s->next_us += s->apart_us;
    s->shots += !status;
    return status;
}

static int ascending(const void *a, const void *b)
{
    float left = *(const float *)a;
    float right = *(const float *)b;
    return (left > right) - (left < right);
}

float empty_room_exposure(const struct plane *picture,
                          const struct plane *empty)
{
    float ratio[1024];
    int count = 0;
    for (int k = 0; k < 1024; k++) {
        int y = (k / 32) * picture->height_px / 32;
        int x = (k % 32) * picture->width_px / 32;
        ratio[count++] = ((float)plane_row(picture, y)[x] + 1) /
                         ((float)plane_row(empty, y)[x] + 1);
    }
    qsort(ratio, (size_t)count, sizeof *ratio, ascending);
    return ratio[count / 2];
}

/* Do two pictures show the same, but for the exposure? */
static bool is_same(const struct plane *one, const struct plane *two)
{
    float gain = empty_room_exposure(one, two);
    int differ = 0;
    int cells = 0;
    for (int y = 0; y + CELL <= one->height_px; y += CELL) {
        for (int x = 0; x + CELL <= one->width_px; x += CELL, cells++) {
            double usual = (double)gain * likeness_cell(two, x, y, CELL);
            differ += fabs(likeness_cell(one, x, y, CELL) - usual) >
                      SAME * (usual + 9);
        }
    }
    return differ < SAME_CELLS * cells;
}

/* Of the pictures the one that others, the farther away the better, show
 * again: people move, and an empty room does not. */
static int empty_choose(const struct sampling *s, bool same[SAMPLES][SAMPLES])
{
    int best = -1;
    int best_score = 0;
    for (int i = 0; i < s->shots; i++) {
        int score = 0;
        for (int k = 0; k < s->shots; k++) {
            same[i][k] = k == i || is_same(&s->shot[i], &s->shot[k]);
            score += same[i][k] ? abs(k - i) : 0;
        }
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

/* The mean of all that show it. */
static enum sting_status empty_make(const struct sampling *s, struct plane *out)
{
    bool same[SAMPLES][SAMPLES];
    int of = empty_choose(s, same);
    if (of < 0) {
        return STING_E_ABSENT;
    }
    enum sting_status status =
        plane_init(out, s->shot[of].width_px, s->shot[of].height_px);
    for (int y = 0; !status && y < out->height_px; y++) {
        for (int x = 0; x < out->width_px; x++) {
            int sum = 0;
            int count = 0;
            for (int k = 0; k < s->shots; k++) {
                sum += same[of][k] ? plane_row(&s->shot[k], y)[x] : 0;
                count += same[of][k];
            }
            plane_row(out, y)[x] = (uint8_t)(sum / count);
        }
    }
    return status;
}

enum sting_status empty_room_find(int input, int64_t us, struct plane *out,
                                  struct fault *fault)
{
    struct sampling sampling STING_AUTO(sampling_release) = {.apart_us =
                                                                 us / SAMPLES};
    enum sting_status status = reel_play(input, shot_take, &sampling, fault);
    status = status ? status : empty_make(&sampling, out);
    return status == STING_E_ABSENT
               ? fault_set(fault, status,
                           "give one of a camera that stands "
                           "still, with nobody in it for a while",
                           "the room is never seen empty in it")
               : status;
}
