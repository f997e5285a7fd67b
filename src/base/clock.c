#include "base/clock.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#define US_PER_S INT64_C(1000000)
#define DAY_CHARS 10 /* "2026-11-23" */
#define TIME_CHARS 8 /* "18:30:00" */
#define YEAR_1000_S INT64_C(-30610224000)
#define YEAR_10000_S INT64_C(253402300800)

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

struct moment clock_when(struct moment now, int64_t boot_us)
{
    int64_t ago_us = now.boot_us - boot_us;
    if (boot_us <= 0 || ago_us < 0) {
        return now;
    }
    return (struct moment){now.utc_us - ago_us, boot_us};
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

/* Does it begin like this: a digit for each 0, all else as it stands? */
static bool begins_like(const char *text, const char *form)
{
    for (; *form; form++, text++) {
        if (*form == '0' ? !isdigit((unsigned char)*text) : *text != *form) {
            return false;
        }
    }
    return true;
}

/* A day that there is. */
static bool parse_day(const char *at, struct tm *tm)
{
    if (!begins_like(at, "0000-00-00")) {
        return false;
    }
    tm->tm_year = two_digits(at) * 100 + two_digits(at + 2) - 1900;
    tm->tm_mon = two_digits(at + 5) - 1;
    tm->tm_mday = two_digits(at + 8);
    struct tm known = *tm;
    (void)timegm(&known);
    return known.tm_mon == tm->tm_mon && known.tm_mday == tm->tm_mday;
}

/* A leap second is the first of the next minute. */
static bool parse_time(const char *at, struct tm *tm)
{
    if (!begins_like(at, "00:00:00")) {
        return false;
    }
    tm->tm_hour = two_digits(at);
    tm->tm_min = two_digits(at + 3);
    tm->tm_sec = two_digits(at + 6);
    return tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 60;
}

enum sting_status clock_parse(const char *text, int64_t *out)
{
    struct tm tm = {0};
    int64_t us = 0;
    int64_t east_s = 0;
    if (!parse_day(text, &tm)) {
        return STING_E_FORMAT;
    }
    const char *at = text + DAY_CHARS;
    if (*at == 'T' || *at == ' ') {
        if (!parse_time(at + 1, &tm) ||
            !parse_offset(parse_fraction(at + 1 + TIME_CHARS, &us), &east_s)) {
            return STING_E_FORMAT;
        }
    } else if (*at != '\0') {
        return STING_E_FORMAT;
    }
    int64_t s = (int64_t)timegm(&tm) - east_s;
    if (s < YEAR_1000_S || s >= YEAR_10000_S) {
        return STING_E_FORMAT; /* it could not be written */
    }
    *out = s * US_PER_S + us;
    return STING_OK;
}
