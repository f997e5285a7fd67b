#include "tamper_rig.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

double rig_uniform(struct rig *r)
{
    r->chance = r->chance * 6364136223846793005U + 1442695040888963407U;
    return (double)(r->chance >> 11) * 0x1p-53;
}

double rig_lattice(int x, int y, uint64_t seed)
{
    uint64_t z = seed + (uint64_t)(uint32_t)x * 0x9e3779b97f4a7c15U +
                 (uint64_t)(uint32_t)y * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 29)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 32)) & 0xffff) / 65535;
}

/* Things of 12 and of 45 pixels, as shelves and tools are. */
static double room_at(const struct rig *r, int x, int y)
{
    x += r->left;
    bool is_page = x > 120 && x < 360 && y > 20 && y < 250;
    if (r->page) {
        return is_page ? 25 + 90 * rig_lattice(x / 12, y / 12, r->page) : 70;
    }
    double v = 40 + 90 * rig_lattice(x / 45, y / 45, 7 + r->place) +
               50 * rig_lattice(x / 12, y / 12, 99 + r->place);
    return r->has_infrared ? 60 + 0.6 * v : v;
}

static double blurred_at(const struct rig *r, int x, int y)
{
    double sum = 0;
    int count = 0;
    for (int j = -r->blur; j <= r->blur; j += 3) {
        for (int i = -r->blur; i <= r->blur; i += 3) {
            sum += room_at(r, x + i, y + j);
            count++;
        }
    }
    return sum / count;
}

static double seen_at(const struct rig *r, int x, int y)
{
    return r->is_covered ? 30
           : r->blur     ? blurred_at(r, x, y)
                         : room_at(r, x, y);
}

static double room_level_at(const struct rig *r, int x, int y)
{
    return 16 + r->light * seen_at(r, x, y);
}

static void room_draw(struct rig *r)
{
    int black = (int)(r->masked * RIG_HIGH);
    memset(plane_row(&r->shown, 0), 16,
           (size_t)black * (size_t)r->shown.stride);
    for (int y = black; y < RIG_HIGH; y++) {
        for (int x = 0; x < RIG_WIDE; x++) {
            double grain =
                rig_uniform(r) + rig_uniform(r) + rig_uniform(r) - 1.5;
            double v = r->level_at(r, x, y) + 2 * r->sigma * grain;
            plane_row(&r->shown, y)[x] = (uint8_t)(v < 0     ? 0
                                                   : v > 255 ? 255
                                                             : v);
        }
    }
}

size_t rig_picture_bytes(const struct rig *r)
{
    return (size_t)r->shown.stride * RIG_HIGH;
}

void rig_begin(struct rig *r, const struct detect_zone *zone)
{
    *r = (struct rig){.chance = 5,
                      .light = 0.6,
                      .sigma = 3,
                      .play = -1,
                      .level_at = room_level_at};
    r->wants_all = true;
    r->key_frames = KEY_FRAMES;
    assert_int_equal(plane_init(&r->shown, RIG_WIDE, RIG_HIGH), 0);
    assert_int_equal(
        detector_new(RIG_WIDE, RIG_HIGH, zone, zone ? 1 : 0, &r->detector), 0);
    assert_int_equal(
        tamper_new(RIG_WIDE, RIG_HIGH, zone, zone ? 1 : 0, &r->tamper), 0);
}

void rig_end(struct rig *r)
{
    plane_release(&r->shown);
    for (int i = 0; i < r->held; i++) {
        plane_release(&r->kept[i]);
    }
    detector_free(&r->detector);
    tamper_free(&r->tamper);
}

int64_t rig_now_us(const struct rig *r)
{
    return (int64_t)r->frame * FRAME_US + 10 * SECOND;
}

static void hear(struct rig *r, const struct detect_look *look)
{
    r->repeats += look->cause == TAMPER_REPEATS;
    for (int i = 0; i < look->events; i++) {
        if (look->event[i].kind != DETECT_TAMPER) {
            continue;
        }
        if (look->event[i].begins) {
            r->first_us = r->begins++ ? r->first_us : rig_now_us(r);
            r->cause = (enum tamper_cause)look->cause;
        } else {
            r->ends++;
        }
    }
}

/* What was kept, from a keyframe on, or the room. */
static void picture_get(struct rig *r, bool key)
{
    if (r->play < 0) {
        room_draw(r);
        return;
    }
    int shown = r->play + (key ? 0 : r->frame % r->key_frames);
    memcpy(r->shown.data, r->kept[shown % r->held].data, rig_picture_bytes(r));
    r->play = key ? (r->play + r->key_frames) % r->held : r->play;
}

static void picture_keep(struct rig *r)
{
    if (r->held < RIG_MOST_HELD) {
        struct plane *to = &r->kept[r->held++];
        assert_int_equal(plane_init(to, RIG_WIDE, RIG_HIGH), 0);
        memcpy(to->data, r->shown.data, rig_picture_bytes(r));
    }
}

void rig_pass(struct rig *r, double seconds, bool keep)
{
    for (int i = 0; i < (int)(seconds * SECOND / FRAME_US); i++, r->frame++) {
        bool key = r->frame % r->key_frames == 0;
        if (!key && !r->wants_all && !keep) {
            continue;
        }
        picture_get(r, key);
        if (keep) {
            picture_keep(r);
        }
        struct detect_look look = {0};
        if (!r->is_check) {
            detector_look(r->detector, &r->shown, rig_now_us(r), key, &look);
        }
        if (r->is_beside || r->beside_us) {
            tamper_beside(r->tamper,
                          r->is_beside ? rig_now_us(r) : r->beside_us);
        }
        tamper_look(r->tamper, &r->shown, rig_now_us(r), key, &look);
        hear(r, &look);
        r->wants_all = look.wants_all;
    }
}

void rig_quiet(struct rig *r)
{
    rig_begin(r, NULL);
    rig_pass(r, 40, false);
    assert_int_equal(r->begins, 0);
}

void rig_told(const struct rig *r, int64_t from_us, enum tamper_cause cause)
{
    assert_int_equal(r->begins, 1);
    assert_int_equal(r->cause, cause);
    assert_true(r->first_us - from_us <= 5 * SECOND);
}
