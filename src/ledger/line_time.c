/* Moments in the one spelling that lines use. Written out, since a ledger of
 * a million lines spends more time in strptime() than in hashing. */
#include "ledger/line.h"

#include <string.h>

#define US_PER_S INT64_C(1000000)
#define S_PER_DAY INT64_C(86400)
#define DAYS_TO_9999 INT64_C(2932896) /* 9999-12-31 */

static const char pattern[] = "dddd-dd-ddTdd:dd:dd.ddddddZ";
static const char blank[LINE_TIME_SIZE] = "0000-00-00T00:00:00.000000Z";

/* Days since 1970-01-01 of a date, counting years from March so that the
 * leap day comes last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719468;
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    days += 719468;
    int64_t era = days / 146097;
    int64_t in_era = days - era * 146097;
    int64_t of_era =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t from_march = (5 * in_year + 2) / 153;
    *day = in_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = of_era + era * 400 + (*month <= 2);
}

static void put(char *digit, int count, int64_t value)
{
    for (int i = count - 1; i >= 0; i--) {
        digit[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

char *line_time_text(int64_t utc_us, char text[LINE_TIME_SIZE])
{
    int64_t most = (DAYS_TO_9999 + 1) * S_PER_DAY * US_PER_S - 1;
    int64_t us = utc_us < 0 ? 0 : utc_us > most ? most : utc_us;
    int64_t s = us / US_PER_S;
    int64_t of_day = s % S_PER_DAY;
    int64_t year;
    int64_t month;
    int64_t day;
    date_of(s / S_PER_DAY, &year, &month, &day);
    memcpy(text, blank, sizeof blank);
    put(text, 4, year);
    put(text + 5, 2, month);
    put(text + 8, 2, day);
    put(text + 11, 2, of_day / 3600);
    put(text + 14, 2, of_day / 60 % 60);
    put(text + 17, 2, of_day % 60);
    put(text + 20, 6, us % US_PER_S);
    return text;
}

static int64_t number(const uint8_t *digit, size_t count)
{
    int64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (digit[i] - '0');
    }
    return value;
}

enum sting_status line_time_parse(struct bytes text, int64_t *utc_us)
{
    if (text.size != sizeof pattern - 1) {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool fits =
            pattern[i] == 'd' ? c >= '0' && c <= '9' : c == (uint8_t)pattern[i];
        if (!fits) {
            return STING_E_FORMAT;
        }
    }
    const uint8_t *at = text.data;
    int64_t days = days_of(number(at, 4), number(at + 5, 2), number(at + 8, 2));
    int64_t s = number(at + 11, 2) * 3600 + number(at + 14, 2) * 60 +
                number(at + 17, 2);
    int64_t value = (days * S_PER_DAY + s) * US_PER_S + number(at + 20, 6);
    /* Dates and times that do not exist come out as another spelling. */
    char again[LINE_TIME_SIZE];
    line_time_text(value, again);
    if (memcmp(again, text.data, text.size) != 0) {
        return STING_E_FORMAT;
    }
    *utc_us = value;
    return STING_OK;
}
