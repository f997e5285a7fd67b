#include "tests/unit/detect/room.h"

#include <math.h>
#include <stdlib.h>

#include "tests/check.h"

#define FIRST_GRAIN 88172645463325252ull
#define ANOTHER 0x9e3779b97f4a7c15ull /* times a number: another grain */

static uint64_t chance;

static double uniform(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (double)(chance >> 11) * 0x1p-53;
}

static double gaussian(void)
{
    return (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508;
}

static void room_begin(struct room *room, double light, double sigma)
{
    *room = (struct room){.light = light,
                          .sigma = sigma,
                          .person_x = -1,
                          .contrast = 40,
                          .tall = 70,
                          .feet_y = 130};
    room->insect_x = room->second_x = -1;
    assert_int_equal(plane_init(&room->still, ROOM_WIDTH, ROOM_HEIGHT), 0);
    assert_int_equal(plane_init(&room->shown, ROOM_WIDTH, ROOM_HEIGHT), 0);
    for (int y = 0; y < ROOM_HEIGHT; y++) {
        for (int x = 0; x < ROOM_WIDTH; x++) {
            int v = 110 + (x / 23 * 37 + y / 17 * 53) % 60 - 20;
            plane_row(&room->still, y)[x] = (uint8_t)v;
        }
    }
}

static void room_end(struct room *room)
{
    plane_release(&room->still);
    plane_release(&room->shown);
}

static bool has_figure(const struct room *room, int x, int y)
{
    double wide = 13 * room->tall / 70;
    bool one = room->person_x >= 0 && fabs(x - room->person_x) < wide;
    bool two = room->second_x >= 0 && fabs(x - room->second_x) < wide;
    return (one || two) && y > room->feet_y - room->tall && y < room->feet_y;
}

/* Wall, page or figure, in full light. */
static double paint(const struct room *room, int x, int y)
{
    if (has_figure(room, x, y)) {
        return 120 - room->contrast + (x + y) % 7;
    }
    if (hypot((x - 150) / 120.0, y / (ROOM_HEIGHT * room->near + 1e-3)) < 1) {
        return 110 + (x + y) % 5; /* as bright as the wall is at the mean */
    }
    if (room->rest > 0 && abs(x - 208) < 4 && abs(y - 124) < 6) {
        return 100 - room->rest;
    }
    if (room->page_moved && x > 200 && x < 230 && y > 120 && y < 140) {
        return (x / 4 + y / 3) % 2 ? 190 : 90;
    }
    return plane_row(&room->still, y)[x];
}

static bool has_clock(const struct room *room, int x, int y)
{
    return room->clock && y >= 4 && y < 14 && x >= 10 && x < 58;
}

/* White from 260 to 290, and grey as far as a cell to the left of it. */
static double window(const struct room *room, double v, int x, int y)
{
    if (!room->window || y < 30 || y >= 56 || x < 258 || x >= 290) {
        return v;
    }
    return (x < 260 ? 205 + room->fringe : 260) / room->light;
}

static double level(const struct room *room, int x, int y)
{
    double v = window(room, paint(room, x, y), x, y);
    v *= x < 40 && y > 30 && y < 170 ? 1 - room->shade : 1;
    v *= room->light * (1 + room->lamp * exp(-x / 120.0));
    if (room->insect_x >= 0) {
        double r = hypot(x - room->insect_x, y - room->insect_y) / 14;
        v += 70 * exp(-2 * r * r);
    }
    if (has_clock(room, x, y)) {
        int digit = room->clock / (x < 26 ? 100 : x < 42 ? 10 : 1) % 10;
        v = (x / 3 + digit * 7) * (y / 3 + digit * 3) % 5 < 2 ? 235 : 16;
    }
    return room->covered ? 12 : v;
}

static void room_show(struct room *room)
{
    double blotch[ROOM_HEIGHT / 16 + 1][ROOM_WIDTH / 16] = {{0}};
    for (int i = 0; room->blotch > 0 && i < ROOM_WIDTH / 16; i++) {
        for (int j = 0; j <= ROOM_HEIGHT / 16; j++) {
            blotch[j][i] = room->blotch * gaussian();
        }
    }
    for (int y = 0; y < ROOM_HEIGHT; y++) {
        uint8_t *row = plane_row(&room->shown, y);
        for (int x = 0; x < ROOM_WIDTH; x++) {
            double v = level(room, x, y) + room->sigma * gaussian() +
                       blotch[y / 16][x / 16];
            row[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v + 0.5);
        }
    }
}

void watch_begin(struct watch *watch, double light, double sigma,
                 const struct detect_zone *zone)
{
    *watch = (struct watch){.all = true};
    chance = FIRST_GRAIN;
    for (int i = 0; i < DETECT_KINDS; i++) {
        watch->heard.first_us[i] = -1;
    }
    watch->heard.zone = -1;
    room_begin(&watch->room, light, sigma);
    assert_int_equal(detector_new(ROOM_WIDTH, ROOM_HEIGHT, zone, zone ? 1 : 0,
                                  &watch->detector),
                     0);
}

void watch_end(struct watch *watch)
{
    detector_free(&watch->detector);
    room_end(&watch->room);
}

void watch_grain(uint64_t number)
{
    chance += number * ANOTHER;
}

static void hear(struct watch *watch, const struct detect_look *look)
{
    struct heard *heard = &watch->heard;
    heard->sights += look->sights;
    heard->cuts += look->is_cut && look->events > 0;
    heard->persons =
        look->persons > heard->persons ? look->persons : heard->persons;
    if (look->sights) {
        heard->sight = look->sight[look->sights - 1];
    }
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *event = &look->event[i];
        int *count = event->begins ? heard->begins : heard->ends;
        count[event->kind]++;
        if (event->zone >= 0) {
            heard->zone = event->zone;
        }
        if (event->begins && heard->first_us[event->kind] < 0) {
            heard->first_us[event->kind] = watch->now_us;
        }
    }
}

void watch_frame(struct watch *watch)
{
    bool key = watch->frame++ % 10 == 0;
    if (key || watch->all) {
        struct detect_look look;
        room_show(&watch->room);
        detector_look(watch->detector, &watch->room.shown, watch->now_us, key,
                      &look);
        watch->all = look.wants_all;
        watch->heard.looks++;
        watch->heard.looks_at_all += !key;
        hear(watch, &look);
    }
    watch->now_us += SECOND / 10;
}

bool watch_renew(struct watch *watch)
{
    room_show(&watch->room);
    watch->frame = 0;
    watch->all = true;
    return detector_renew(watch->detector, &watch->room.shown);
}

void watch_pass(struct watch *watch, double seconds)
{
    for (int i = 0; i < (int)(seconds * 10 + 0.5); i++) {
        watch_frame(watch);
    }
}

void watch_visit(struct watch *watch, double seconds)
{
    struct room *room = &watch->room;
    int frames = (int)(seconds * 10);
    for (int i = 0; i < frames; i++) {
        double into = i < frames - i ? i : frames - i;
        room->person_x = into < 20 ? into * 8 : 160 + 4 * sin(i * 0.35);
        watch_frame(watch);
    }
    room->person_x = -1;
}
