/*
 * standin: a camera worker without a camera, for tests of the station alone.
 *
 * It runs in the same jail and speaks the same messages as the real one, but
 * its pictures are noise, so that a test can have a hundred segments in
 * seconds. The "clip" that it is given is a list of key=value:
 *   interval_ms  between fragments (100)    duration_ms  as claimed (1000)
 *   persons      that can be told apart (0)
 *   sizes        of packets: an enum news_worth (0)
 *   bytes        of a fragment (20000)      bytes_until: 2000 from that number
 *   person_at, person_until, page_at, covered_at, covered_until,
 *   learned_at, lost_at, silent_at, over_at, nonsense_at,
 * sight_at, dark_at, all_dark_at, unquiet_at, blind_at, in_view_at, lifted_at,
 * flashes_at, read_at, bare_at (no sheet is seen):
 * number of the fragment
 *   hold_at      nothing more happens from that number on, though fragments
 *                go on, until a test has appended another hold_at to the clip
 * Of a key that is there twice the last one counts.
 */
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/workers.h"
#include "detect/page_event.h"
#include "jail/worker.h"
#include "operation/incident.h"
#include "wire/wire.h"

struct script {
    bool is_there;
    char text[4096];
};

static long script_number(const struct script *script, const char *key,
                          long otherwise)
{
    size_t size = strlen(key);
    for (const char *at = script->text; (at = strstr(at, key)); at += size) {
        bool begins = at == script->text || at[-1] == '\n' || at[-1] == ' ';
        if (begins && at[size] == '=') {
            otherwise = strtol(at + size + 1, NULL, 10);
        }
    }
    return otherwise;
}

/* Again before each fragment: a test may have written more. */
static void script_load(struct script *script)
{
    char text[sizeof script->text];
    ssize_t got =
        script->is_there ? pread(WORKER_INPUT_FD, text, sizeof text - 1, 0) : 0;
    if (got > 0) {
        memcpy(script->text, text, (size_t)got);
        script->text[got] = '\0';
    }
}

static bool message_send(int channel, uint32_t kind, const int64_t number[6],
                         struct bytes payload)
{
    struct wire_head head = {.kind = kind};
    memcpy(head.number, number, sizeof head.number);
    return wire_send(channel, head, payload) == STING_OK;
}

static bool observe(int channel, enum incident_kind kind, bool begins)
{
    const int64_t number[6] = {kind, begins, clock_now().utc_us, 900, -1};
    return message_send(channel, WIRE_CAMERA_OBSERVATION, number,
                        (struct bytes){NULL, 0});
}

/* The camera's own clock, so many ms off, where it has one. */
static int64_t clock_us(const struct script *script, struct moment now)
{
    long off_ms = script_number(script, "clock_ms", 0);
    return off_ms ? now.utc_us + 1000 * off_ms : 0;
}

static bool fragment_send(int channel, const struct script *script, long n)
{
    static uint8_t noise[1 << 20];
    bool is_full = n < script_number(script, "bytes_until", LONG_MAX);
    size_t size =
        is_full ? (size_t)script_number(script, "bytes", 20000) : 2000;
    int64_t duration_us = 1000 * script_number(script, "duration_ms", 1000);
    struct moment now = clock_now();
    /* No two recordings are the same: one that came again is an alarm. */
    memcpy(noise, &now, sizeof now);
    for (size_t i = sizeof now; i < size; i += 61) {
        noise[i] = (uint8_t)(n * 31 + (long)i);
    }
    const int64_t number[6] = {n * duration_us, duration_us,          1, 25,
                               now.utc_us,      clock_us(script, now)};
    const int64_t look[6] = {n * duration_us,
                             now.utc_us,
                             n % 256,
                             n + 1,
                             script_number(script, "persons", 0),
                             script_number(script, "sizes", 0)};
    return message_send(channel, WIRE_CAMERA_FRAGMENT, number,
                        (struct bytes){noise, size}) &&
           message_send(channel, WIRE_CAMERA_LOOK, look,
                        (struct bytes){NULL, 0});
}

/* What can be seen in the first zone (-1: in all of the picture), in
 * thousandths: a fraction of a grey level, or a whole black figure; 0: not
 * known. The level in tenths. */
static bool sight_send(int channel, int64_t zone, int64_t contrast,
                       int64_t level)
{
    const int64_t number[6] = {zone, contrast, 200, 400, level};
    return message_send(channel, WIRE_CAMERA_SIGHT, number,
                        (struct bytes){NULL, 0});
}

/* What became of the page in the first zone. */
static bool page_send(int channel, enum page_event_kind kind, int value)
{
    bool is_bare = kind == PAGE_STATE_IS && value == PAGE_NO_SHEET;
    const int64_t number[6] = {0, kind, value, clock_now().utc_us,
                               is_bare ? 0 : 400};
    return message_send(channel, WIRE_CAMERA_PAGE, number,
                        (struct bytes){NULL, 0});
}

static bool page_happen(int channel, const struct script *script, long n)
{
    static const struct {
        const char *key;
        enum page_event_kind kind;
        int value;
    } row[] = {{"in_view_at", PAGE_STATE_IS, PAGE_IN_VIEW},
               {"bare_at", PAGE_STATE_IS, PAGE_NO_SHEET},
               {"lifted_at", PAGE_STATE_IS, PAGE_LIFTED},
               {"flashes_at", PAGE_FLASHES, 3},
               {"read_at", PAGE_READ, 3}};
    bool ok = true;
    for (size_t i = 0; i < sizeof row / sizeof *row && ok; i++) {
        ok = script_number(script, row[i].key, -1) != n ||
             page_send(channel, row[i].kind, row[i].value);
    }
    return ok;
}

/* What the script wants to happen at fragment n. False: end now. */
static bool happen(int channel, const struct script *script, long n)
{
    const int64_t none[6] = {0};
    const int64_t lost[6] = {CAMERA_STATE_LOST};
    const int64_t over[6] = {CAMERA_STATE_ENDED};
    const struct bytes why = bytes_of_text("the stand-in was told to");
    bool ok = page_happen(channel, script, n);
    if (script_number(script, "all_dark_at", -1) == n) {
        ok = sight_send(channel, -1, 1000, 200);
    }
    if (script_number(script, "person_at", -1) == n) {
        ok = observe(channel, INCIDENT_PERSON, true);
    }
    if (script_number(script, "sight_at", -1) == n) {
        ok = sight_send(channel, 0, 40, 900);
    }
    if (script_number(script, "dark_at", -1) == n) {
        ok = sight_send(channel, 0, 1000, 200);
    }
    if (script_number(script, "unquiet_at", -1) == n) {
        ok = sight_send(channel, -1, 0, 0) && sight_send(channel, 0, 0, 0);
    }
    if (script_number(script, "blind_at", -1) == n) {
        ok = sight_send(channel, 0, 1000, 900);
    }
    if (script_number(script, "learned_at", -1) == n) {
        ok = observe(channel, INCIDENT_LEARNING, false);
    }
    if (script_number(script, "page_at", -1) == n) {
        ok = observe(channel, INCIDENT_PAGE, true) &&
             observe(channel, INCIDENT_PAGE, false);
    }
    if (script_number(script, "person_until", -1) == n) {
        ok = observe(channel, INCIDENT_PERSON, false);
    }
    if (script_number(script, "covered_at", -1) == n) {
        ok = observe(channel, INCIDENT_TAMPER, true);
    }
    if (script_number(script, "covered_until", -1) == n) {
        ok = observe(channel, INCIDENT_TAMPER, false);
    }
    if (script_number(script, "nonsense_at", -1) == n) {
        ok = message_send(channel, WIRE_PDF_OPEN, none, why);
    }
    if (script_number(script, "lost_at", -1) == n) {
        (void)!message_send(channel, WIRE_CAMERA_STATE, lost, why);
        return false;
    }
    if (script_number(script, "over_at", -1) == n) {
        (void)!message_send(channel, WIRE_CAMERA_STATE, over, why);
        return false;
    }
    return ok;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* The pause before the fragment of that moment: like a camera, one that is
 * late makes up for it. Who looks is shown nothing. False: told to stop, or
 * the core is gone. */
static bool rest(int channel, int64_t until_ms)
{
    struct pollfd ready = {channel, POLLIN, 0};
    int64_t left_ms;
    while (left_ms = until_ms - now_ms(),
           poll(&ready, 1, left_ms > 0 ? (int)left_ms : 0) != 0) {
        struct wire_head head;
        struct buffer payload STING_AUTO(buffer_release) = {0};
        if (wire_receive(channel, &head, &payload) || head.kind == WIRE_STOP) {
            return false;
        }
    }
    return true;
}

int standin_serve(int channel)
{
    struct script script = {0};
    struct buffer settings STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    if (wire_receive(channel, &head, &settings) ||
        head.kind != WIRE_CAMERA_START) {
        return 1;
    }
    script.is_there = strstr(buffer_text(&settings), "url=fd:");
    script_load(&script);
    const int64_t on[6] = {CAMERA_STATE_ON};
    const int64_t init[6] = {1280, 720, 0x31637661};
    bool ok =
        message_send(channel, WIRE_CAMERA_STATE, on, (struct bytes){NULL, 0}) &&
        message_send(channel, WIRE_CAMERA_INIT, init,
                     bytes_of_text("no real headers"));
    long silent_at = script_number(&script, "silent_at", -1);
    int64_t interval_ms = script_number(&script, "interval_ms", 100);
    int64_t begin_ms = now_ms();
    for (long n = 0, act = 0;
         ok && rest(channel, begin_ms + (n + 1) * interval_ms); n++) {
        bool speaks = silent_at < 0 || n < silent_at;
        script_load(&script);
        bool is_held = script_number(&script, "hold_at", -1) == act;
        ok = (is_held || happen(channel, &script, act)) &&
             (!speaks || fragment_send(channel, &script, n));
        act += !is_held;
    }
    return 0;
}
