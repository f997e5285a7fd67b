#include "operation/week.h"

#include <string.h>

#include "base/text.h"

#define DAY (24 * 60)

static const char day_name[7][3] = {"mo", "tu", "we", "th", "fr", "sa", "su"};

static int day_read(const char **text)
{
    for (int day = 0; day < 7; day++) {
        if (!strncmp(*text, day_name[day], 2)) {
            *text += 2;
            return day;
        }
    }
    return -1;
}

/* "mo-fr", "sa,su", "mo": bit d for day d; 0 when it is none of these. */
static unsigned days_read(const char **text)
{
    unsigned days = 0;
    do {
        int first = day_read(text);
        int last = first;
        if (**text == '-' && first >= 0) {
            (*text)++;
            last = day_read(text);
        }
        if (first < 0 || last < 0) {
            return 0;
        }
        for (int day = first;; day = (day + 1) % 7) {
            days |= 1U << day;
            if (day == last) {
                break;
            }
        }
    } while (**text == ',' && *(*text)++);
    return days;
}

/* "18:00", up to "24:00"; -1 when it is none. */
static int minute_read(const char **text)
{
    const char *at = *text;
    uint32_t hour = 0;
    uint32_t minute = 0;
    bool is_whole = digits_read(&at, 2, &hour) && at == *text + 2 &&
                    *at++ == ':' && digits_read(&at, 2, &minute) &&
                    at == *text + 5;
    if (!is_whole || hour > 24 || minute > 59 || (hour == 24 && minute > 0)) {
        return -1;
    }
    *text = at;
    return (int)(hour * 60 + minute);
}

static void span_set(struct week *week, int day, int from, int to)
{
    int length = to > from ? to - from : to + DAY - from;
    for (int i = 0; i < length; i++) {
        int at = (day * DAY + from + i) % WEEK_MINUTES;
        week->bit[at / 8] |= (uint8_t)(1U << (at % 8));
    }
}

enum sting_status week_add(struct week *week, const char *text)
{
    unsigned days = 0x7f;
    if (*text >= 'a' && *text <= 'z') {
        days = days_read(&text);
        if (!days || *text++ != ' ') {
            return STING_E_FORMAT;
        }
    }
    int from = minute_read(&text);
    if (from < 0 || from == DAY || *text++ != '-') {
        return STING_E_FORMAT;
    }
    int to = minute_read(&text);
    if (to < 0 || *text || from == to) {
        return STING_E_FORMAT;
    }
    for (int day = 0; day < 7; day++) {
        if (days >> day & 1) {
            span_set(week, day, from, to);
        }
    }
    week->is_set = true;
    return STING_OK;
}

bool week_has(const struct week *week, int weekday, int minute)
{
    int at = weekday * DAY + minute;
    return weekday >= 0 && weekday < 7 && minute >= 0 && minute < DAY &&
           (week->bit[at / 8] >> (at % 8) & 1);
}
