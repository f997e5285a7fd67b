#include "tamper_acts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "footage_room.h"

#define LOOK_S 15
#define LOOP_LOOK_S 60
#define BLACK 16

static double between(const struct tamper_camera *c, uint64_t n, double low,
                      double high)
{
    return low + (high - low) * part_of(mix(c->room, 8000), n);
}

/* ---- before the lens ---- */

/* All of the picture: the room as it is. */
static void room_begin(const struct tamper_camera *c, struct cutout *out)
{
    const int box[4] = {0, 0, TAMPER_WIDE_PX, TAMPER_HIGH_PX};
    const struct plane_f *world = footage_world(c->footage);
    *out = (struct cutout){0};
    tamper_must(!cutout_begin(out, box, TAMPER_WIDE_PX, TAMPER_HIGH_PX),
                "memory");
    for (int y = 0; y < TAMPER_HIGH_PX; y++) {
        for (int x = 0; x < TAMPER_WIDE_PX; x++) {
            out->level[y * TAMPER_WIDE_PX + x] = plane_f_row(world, y)[x];
            out->cover[y * TAMPER_WIDE_PX + x] = 1;
        }
    }
}

/* Another camera's room. */
static void other_fill(const struct tamper_camera *c, struct plane_f *out)
{
    tamper_must(!plane_f_init(out, TAMPER_WIDE_PX, TAMPER_HIGH_PX), "memory");
    room_render(c->room + 500000, out);
}

/* Until it is told; what is before the lens is freed. */
static void stays(struct tamper_camera *c, struct cutout *before)
{
    for (int i = 0; i < LOOK_S * TAMPER_FPS && !c->tampers; i++) {
        tamper_camera_live(c, before);
    }
    cutout_release(before);
}

/* A cloth or a hand, near and dark, a little lighter at one side. */
static void covered(struct tamper_camera *c, struct tamper_tape *tape)
{
    struct cutout cloth;
    double level = between(c, 1, 5, 90), lean = between(c, 2, 0, 0.5);
    (void)tape;
    room_begin(c, &cloth);
    for (int i = 0; i < TAMPER_WIDE_PX * TAMPER_HIGH_PX; i++) {
        int x = i % TAMPER_WIDE_PX;
        cloth.level[i] = (float)(level * (1 + lean * x / TAMPER_WIDE_PX));
    }
    stays(c, &cloth);
}

/* Means of 2 reach + 1 pixels along rows or columns of the picture. */
static void smear(float *level, int count, int step, int reach)
{
    float line[TAMPER_WIDE_PX];
    for (int i = 0; i < count; i++) {
        line[i] = level[i * step];
    }
    for (int i = 0; i < count; i++) {
        float sum = 0;
        for (int k = i - reach; k <= i + reach; k++) {
            sum += line[k < 0 ? 0 : k >= count ? count - 1 : k];
        }
        level[i * step] = sum / (float)(2 * reach + 1);
    }
}

/* As a disk of 14 to 28 pixels across does. */
static void defocused(struct tamper_camera *c, struct tamper_tape *tape)
{
    struct cutout soft;
    int reach = (int)between(c, 3, 4, 9);
    (void)tape;
    room_begin(c, &soft);
    for (int pass = 0; pass < 2; pass++) {
        for (int y = 0; y < TAMPER_HIGH_PX; y++) {
            smear(soft.level + (ptrdiff_t)y * TAMPER_WIDE_PX, TAMPER_WIDE_PX, 1,
                  reach);
        }
        for (int x = 0; x < TAMPER_WIDE_PX; x++) {
            smear(soft.level + x, TAMPER_HIGH_PX, TAMPER_WIDE_PX, reach);
        }
    }
    stays(c, &soft);
}

/* What was at `from` of the old view, or of another room beyond it. */
static void turned(struct tamper_camera *c, struct tamper_tape *tape)
{
    struct cutout view;
    struct plane_f beyond = {0};
    double way = between(c, 4, 0.12, 0.6) * (between(c, 5, -1, 1) < 0 ? -1 : 1);
    int dx = (int)(way * TAMPER_WIDE_PX);
    int dy = (int)(between(c, 6, -0.15, 0.15) * TAMPER_HIGH_PX);
    const struct plane_f *world = footage_world(c->footage);
    (void)tape;
    room_begin(c, &view);
    other_fill(c, &beyond);
    for (int i = 0; i < TAMPER_WIDE_PX * TAMPER_HIGH_PX; i++) {
        int x = i % TAMPER_WIDE_PX + dx, y = i / TAMPER_WIDE_PX + dy;
        bool is_in =
            x >= 0 && x < TAMPER_WIDE_PX && y >= 0 && y < TAMPER_HIGH_PX;
        int far_x = (x + TAMPER_WIDE_PX) % TAMPER_WIDE_PX;
        int far_y = (y + TAMPER_HIGH_PX) % TAMPER_HIGH_PX;
        view.level[i] = is_in ? plane_f_row(world, y)[x]
                              : plane_f_row(&beyond, far_y)[far_x];
    }
    plane_f_release(&beyond);
    stays(c, &view);
}

static void flipped(struct tamper_camera *c, bool is_upright)
{
    struct cutout view;
    const struct plane_f *world = footage_world(c->footage);
    room_begin(c, &view);
    for (int i = 0; i < TAMPER_WIDE_PX * TAMPER_HIGH_PX; i++) {
        int x = TAMPER_WIDE_PX - 1 - i % TAMPER_WIDE_PX;
        int y = i / TAMPER_WIDE_PX;
        y = is_upright ? y : TAMPER_HIGH_PX - 1 - y;
        view.level[i] = plane_f_row(world, y)[x];
    }
    stays(c, &view);
}

static void upside_down(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    flipped(c, false);
}

static void mirrored(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    flipped(c, true);
}

/* From one side, 0.5 to 1 of the picture, with an uneven edge. */
static void painted(struct tamper_camera *c, struct tamper_tape *tape)
{
    struct cutout paint;
    double part = between(c, 7, 0.5, 1), level = between(c, 8, 5, 230);
    bool is_left = between(c, 9, -1, 1) < 0;
    (void)tape;
    room_begin(c, &paint);
    for (int i = 0; i < TAMPER_WIDE_PX * TAMPER_HIGH_PX; i++) {
        int x = i % TAMPER_WIDE_PX, y = i / TAMPER_WIDE_PX;
        double edge = part * TAMPER_WIDE_PX + 12 * sin(y / 17.0);
        x = is_left ? x : TAMPER_WIDE_PX - 1 - x;
        paint.cover[i] = x < edge || part > 0.97 ? 1 : 0;
        paint.level[i] = (float)level;
    }
    stays(c, &paint);
}

static void replaced(struct tamper_camera *c, struct tamper_tape *tape)
{
    struct cutout view;
    struct plane_f other = {0};
    (void)tape;
    room_begin(c, &view);
    other_fill(c, &other);
    for (int i = 0; i < TAMPER_WIDE_PX * TAMPER_HIGH_PX; i++) {
        view.level[i] =
            plane_f_row(&other, i / TAMPER_WIDE_PX)[i % TAMPER_WIDE_PX];
    }
    plane_f_release(&other);
    stays(c, &view);
}

/* ---- another signal ---- */

static void black(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    for (int y = 0; y < TAMPER_HIGH_PX; y++) {
        memset(plane_row(&c->shown, y), BLACK, TAMPER_WIDE_PX);
    }
    for (int i = 0; i < LOOK_S * TAMPER_FPS && !c->tampers; i++) {
        tamper_camera_show(c, &c->shown);
    }
}

/* The last picture of the sensor, coded anew each time. */
static void frozen(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    for (int i = 0; i < LOOK_S * TAMPER_FPS && !c->tampers; i++) {
        tamper_camera_show(c, &c->shown);
    }
}

/* The last keyframe and what followed it, again and again, bit by bit. */
static void frozen_bits(struct tamper_camera *c, struct tamper_tape *tape)
{
    int first = tape->packets - 1;
    while (!tape->is_key[first] || first + c->gop > tape->packets) {
        first--;
    }
    for (int i = 0; i < LOOK_S * TAMPER_FPS && !c->tampers; i++) {
        tamper_camera_send(c, tape, first + i % c->gop);
    }
}

/* The tape's packets, from a keyframe to before another. */
static void looped(struct tamper_camera *c, struct tamper_tape *tape)
{
    int gops = tape->packets / c->gop;
    int least = (11 * TAMPER_FPS + c->gop - 1) / c->gop;
    int loop = c->gop * (int)between(c, 10, least, gops + 0.999);
    int first = c->gop * (int)between(c, 11, 0, gops - loop / c->gop + 0.999);
    for (int i = 0; i < LOOP_LOOK_S * TAMPER_FPS && !c->tampers; i++) {
        tamper_camera_send(c, tape, first + i % loop);
    }
}

/* What was seen of the tape, 11 to 39 s of it, no whole number of keyframe
 * intervals, coded anew. */
static void looped_anew(struct tamper_camera *c, struct tamper_tape *tape)
{
    int loop = (int)between(c, 12, 11 * TAMPER_FPS, 39 * TAMPER_FPS);
    loop += loop % c->gop == 0;
    int first = (int)between(c, 13, 0, tape->pictures - loop);
    tamper_camera_recode(c);
    for (int i = 0; i < LOOP_LOOK_S * TAMPER_FPS && !c->tampers; i++) {
        tamper_camera_show(c, &tape->picture[first + i % loop]);
    }
}

const struct tamper_act tamper_acts[] = {{"covered", covered},
                                         {"defocused", defocused},
                                         {"turned", turned},
                                         {"upside down", upside_down},
                                         {"mirrored", mirrored},
                                         {"painted", painted},
                                         {"black", black},
                                         {"frozen, coded anew", frozen},
                                         {"frozen, the same bits", frozen_bits},
                                         {"replaced", replaced},
                                         {"looped, the same bits", looped},
                                         {"looped, coded anew", looped_anew},
                                         {NULL, NULL}};
