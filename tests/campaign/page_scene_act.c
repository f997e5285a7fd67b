/* What hands do to the page, and when. */
#include <stdint.h>

#include "tests/campaign/page_scene_state.h"

/* How it ends, and when what happens. */
void scene_story_choose(struct page_scene *s)
{
    double b = s->s.begin_s;
    s->rest = s->lying;
    double dx = between(s, 0.05, 0.25), dy = between(s, -0.25, 0.25);
    double back = between(s, -0.06, 0.06);
    switch (s->s.act) {
    case ACT_LIFT:
        s->rest = pose_of(dx, dy, 0.01, s->yaw + back);
        s->truth = (struct page_truth){b + 1.0, b + 5.8, b + 6};
        break;
    case ACT_TURN:
        s->rest = pose_of(dx * 3, dy * 3, 0.01, s->yaw + 2 * back);
        s->truth = (struct page_truth){b + 1.0, b + 3.4, b + 6};
        break;
    case ACT_TAKE:
        s->truth = (struct page_truth){b + 1.0, b + 2.6, b + 6};
        break;
    case ACT_MOVE: {
        double far = between(s, 1.0, 2.5), way = between(s, 0, 6.283);
        s->rest = pose_of(far * cos(way), far * sin(way), 0.01,
                          s->yaw + between(s, -0.5, 0.5));
        s->truth = (struct page_truth){b + 1.0, b + 3.0, b + 6};
        break;
    }
    case ACT_SWAP:
        s->rest = pose_of(dx * 2, dy * 2, 0.02, s->yaw + 2 * back);
        s->truth = (struct page_truth){b + 1.0, b + 3.0, b + 6};
        break;
    case ACT_REST:
        s->truth = (struct page_truth){-1, b + 6.0, b + 6};
        break;
    default:
        s->truth = (struct page_truth){-1, b + 4.0, b + 6};
    }
}

void scene_hands_choose(struct page_scene *s)
{
    s->lift_in = between(s, 3, 11);
    s->tilt = between(s, 0.3, 1.1);
    s->side = between(s, 0, 6.283);
    s->reach = between(s, -2.5, 1.5);
    s->skin = (float)between(s, 0.18, 0.42);
    s->sleeve = (float)between(s, 0.04, 0.45);
    s->lean_w = between(s, 7, 13);
}

/* Between two poses, held up in between by `held` 0 to 1. */
static struct pose carried(const struct page_scene *s, struct pose from,
                           struct pose to, double t, double held, double wobble)
{
    struct pose p;
    p.at = add(add(v3(0, 0, 0), from.at, 1 - t), to.at, t);
    p.u = unit(add(add(v3(0, 0, 0), from.u, 1 - t), to.u, t));
    p.v = unit(cross(v3(0, 0, 1), p.u));
    p.at.z += held * (s->lift_in + 0.3 * wobble);
    struct v3 axis = unit(v3(cos(s->side + 1.57), sin(s->side + 1.57), 0));
    return tilted(p, axis, held * (s->tilt + 0.04 * wobble));
}

static void hand_follow(const struct page_scene *s, struct scene_now *a)
{
    struct v3 way = v3(cos(s->side), sin(s->side), 0);
    double far = 3.2 - s->reach * 0.4; /* grips near the edge */
    a->hand_at = add(a->sheet.at, way, far);
}

static void lift_act(const struct page_scene *s, double t, struct scene_now *a)
{
    double held = smooth((t - 1) / 0.7) * (1 - smooth((t - 4) / 0.7));
    double there = smooth(t / 0.9) * (1 - smooth((t - 4.9) / 0.8));
    a->sheet = carried(s, s->lying, s->rest, smooth((t - 2) / 2), held,
                       sin(5 * t) + sin(8.3 * t));
    a->hand = there;
    hand_follow(s, a);
}

static void turn_act(const struct page_scene *s, double t, struct scene_now *a)
{
    double w = smooth((t - 1) / 1.5);
    a->sheet = carried(s, s->lying, s->rest, w, 0, 0);
    struct v3 axis = uniform((struct page_scene *)(uintptr_t)s) < 2
                         ? a->sheet.v
                         : a->sheet.u;
    a->sheet = tilted(a->sheet, axis, 3.14159 * w);
    a->sheet.at.z += 0.5 * paper_size_of(s->s.front).w * sin(3.14159 * w);
    a->hand = smooth(t / 0.9) * (1 - smooth((t - 2.5) / 0.8));
    hand_follow(s, a);
}

static void take_act(const struct page_scene *s, double t, struct scene_now *a)
{
    double w = smooth((t - 1) / 1.4);
    struct pose gone = s->lying;
    gone.at = add(gone.at, v3(cos(s->side), sin(s->side), 0), 34);
    a->sheet = carried(s, s->lying, gone, w * w, smooth((t - 1) / 0.6), 0);
    a->has_sheet = t < 2.5;
    a->hand = smooth(t / 0.9) * (t < 2.5);
    hand_follow(s, a);
}

static void move_act(const struct page_scene *s, double t, struct scene_now *a)
{
    a->sheet = carried(s, s->lying, s->rest, smooth((t - 1) / 1.0), 0, 0);
    a->hand = smooth(t / 0.9) * (1 - smooth((t - 2.1) / 0.8));
    hand_follow(s, a);
}

static void swap_act(const struct page_scene *s, double t, struct scene_now *a)
{
    struct pose from = s->rest;
    from.at = add(from.at, v3(cos(s->side), sin(s->side), 0), 30);
    double w = smooth((t - 0.2) / 1.6);
    a->has_other = t > 0.2;
    a->other = carried(s, from, s->rest, w, 0.4 * (1 - w), 0);
    struct scene_now held = *a;
    held.sheet = a->other;
    a->hand = t > 0.2 ? 1 - smooth((t - 2.1) / 0.8) : 0;
    hand_follow(s, &held);
    a->hand_at = held.hand_at;
}

struct scene_now scene_at(const struct page_scene *s, double at_s)
{
    struct scene_now a = {
        .has_sheet = true, .sheet = s->lying, .gain = 1, .shadow = -1};
    double t = at_s - s->s.begin_s;
    struct v3 way = v3(cos(s->side), sin(s->side), 0);
    if (t < 0) {
        return a;
    }
    switch (s->s.act) {
    case ACT_PASS:
        a.hand = smooth(t / 0.8) * (1 - smooth((t - 1.8) / 0.8));
        a.hand_at = add(v3(0, 0, 2), way, s->reach + 2 * sin(1.5 * t));
        break;
    case ACT_REST:
        a.hand = smooth(t / 0.8) * (1 - smooth((t - 5) / 0.8));
        a.hand_at = add(v3(0, 0, 0.6), way, s->reach);
        break;
    case ACT_LEAN:
        a.lean = smooth(t / 1.0) * (1 - smooth((t - 3) / 0.9));
        break;
    case ACT_BESIDE:
        a.beside = t / 3;
        break;
    case ACT_LIFT:
        lift_act(s, t, &a);
        break;
    case ACT_TURN:
        turn_act(s, t, &a);
        break;
    case ACT_TAKE:
        take_act(s, t, &a);
        break;
    case ACT_MOVE:
        move_act(s, t, &a);
        break;
    case ACT_SWAP:
        swap_act(s, t, &a);
        break;
    case ACT_LAMP:
        a.gain = s->chance & 1 ? 2.6 : 0.45;
        break;
    case ACT_SHADOW:
        a.shadow = t / 4;
        break;
    case ACT_FLASH:
        a.flash = fmod(t, 3) < 0.1 && t < 8 ? 3 : 0;
        break;
    case ACT_SCREEN:
        a.hand = smooth(t / 0.8) * (1 - smooth((t - 4) / 0.8));
        a.hand_at = add(v3(0, 0, 7), way, 1 + sin(2 * t));
        a.screen = true;
        break;
    default:
        break;
    }
    return a;
}
