#include "base/clock.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#define US_PER_S INT64_C(1000000)

static int64_t read_us(clockid_t which)
{
    struct timespec t = {0};
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

struct moment clock_now(void)
{
    return (struct moment){read_us(CLOCK_REALTIME), read_us(CLOCK_BOOTTIME)};
}

/* adjtimex(2) without modes changes nothing and needs no rights. */
static void read_kernel(struct clock_state *state)
{
    struct timex kernel = {.modes = 0};
    if (adjtimex(&kernel) < 0) {
        return;
    }
    state->sync = kernel.status & STA_UNSYNC ? CLOCK_FREE : CLOCK_SYNCED;
    state->error_us = kernel.esterror;
    state->most_us = kernel.maxerror;
    state->leap = kernel.status & STA_INS   ? 1
                  : kernel.status & STA_DEL ? -1
                                            : 0;
}

struct clock_state clock_state_of(struct moment (*now)(void))
{
    struct clock_state state = {.error_us = -1, .most_us = -1};
    if (now == clock_now) {
        state.awake_us = read_us(CLOCK_MONOTONIC);
        read_kernel(&state);
    }
    state.at = now();
    return state;
}

char *clock_text(int64_t utc_us, char text[CLOCK_TEXT_SIZE])
{
    int64_t us = utc_us % US_PER_S;
    time_t s = (time_t)(utc_us / US_PER_S);
    if (us < 0) {
        us += US_PER_S;
        s -= 1;
    }
    struct tm tm = {0};
    gmtime_r(&s, &tm);
    size_t used = strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + used, CLOCK_TEXT_SIZE - used, ".%03dZ", (int)(us / 1000));
    return text;
}

char *clock_off_text(int64_t off_ms, char text[CLOCK_OFF_SIZE])
{
    static const struct {
        double ms;   /* of one */
        double most; /* of them that are told so */
        int digits;
        const char *unit;
    } row[] = {{1e3, 120, 1, "s"},
               {6e4, 120, 0, "min"},
               {3.6e6, 48, 1, "h"},
               {8.64e7, INFINITY, 0, "days"}};
    double ms = fabs((double)off_ms);
    size_t i = 0;
    while (ms >= row[i].ms * row[i].most) {
        i++;
    }
    snprintf(text, CLOCK_OFF_SIZE, "%.*f %s %s", row[i].digits, ms / row[i].ms,
             row[i].unit, off_ms < 0 ? "slow" : "fast");
    return text;
}

/* Reads ".250" as microseconds; more than six digits are cut. */
static const char *parse_fraction(const char *at, int64_t *us)
{
    *us = 0;
    if (*at != '.') {
        return at;
    }
    int64_t scale = US_PER_S / 10;
    for (at++; isdigit((unsigned char)*at); at++) {
        *us += (*at - '0') * scale;
        scale /= 10;
    }
    return at;
}

/* Two digits, or -1. */
static int two_digits(const char *at)
{
    if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1])) {
        return -1;
    }
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* Reads "Z" or "+02:00" to the end of the text as seconds east. */
static bool parse_offset(const char *at, int64_t *east_s)
{
    if (!strcmp(at, "Z")) {
        *east_s = 0;
        return true;
    }
    if ((*at != '+' && *at != '-') || strlen(at) != 6 || at[3] != ':') {
        return false;
    }
    int hours = two_digits(at + 1);
    int minutes = two_digits(at + 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return false;
    }
    *east_s = (int64_t)(*at == '-' ? -60 : 60) * (hours * 60 + minutes);
    return true;
}

enum sting_status clock_parse(const char *text, int64_t *out)
{
    struct tm tm = {0};
    int64_t us = 0;
    int64_t east_s = 0;
    const char *at = strptime(text, "%Y-%m-%d", &tm);
    if (!at) {
        return STING_E_FORMAT;
    }
    if (*at == 'T' || *at == ' ') {
        at = strptime(at + 1, "%H:%M:%S", &tm);
        if (!at) {
            return STING_E_FORMAT;
        }
        at = parse_fraction(at, &us);
        if (!parse_offset(at, &east_s)) {
            return STING_E_FORMAT;
        }
    } else if (*at != '\0') {
        return STING_E_FORMAT;
    }
    *out = ((int64_t)timegm(&tm) - east_s) * US_PER_S + us;
    return STING_OK;
}
