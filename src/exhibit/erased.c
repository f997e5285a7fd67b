#include "exhibit/erased.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void erased_release(struct erased *erased)
{
    free(erased->day);
    *erased = (struct erased){0};
}

static struct erased_day *day_find(const struct erased *erased,
                                   struct bytes date)
{
    for (size_t i = erased->days; i-- > 0;) { /* the newest is likely it */
        if (bytes_equal(date, bytes_of_text(erased->day[i].date))) {
            return &erased->day[i];
        }
    }
    return NULL;
}

const struct erased_day *erased_day_of(const struct erased *erased,
                                       const struct line *line)
{
    return day_find(erased, line_raw(line, "date"));
}

static struct erased_day *day_add(struct erased *erased, struct bytes date)
{
    struct erased_day *day =
        array_add(&erased->day, &erased->days, sizeof *erased->day);
    if (day) {
        memcpy(day->date, date.data, date.size);
    }
    return day;
}

enum sting_status erased_gone(struct erased *erased, const struct line *line)
{
    struct bytes date = line_raw(line, "date");
    int64_t bytes = 0;
    if (date.size != ERASED_DATE_SIZE - 1 ||
        line_integer(line, "bytes", &bytes) || bytes < 0) {
        return STING_E_FORMAT;
    }
    struct erased_day *day = day_find(erased, date);
    if (!day && erased->days == ERASED_MOST_DAYS) {
        return STING_E_LIMIT;
    }
    day = day ? day : day_add(erased, date);
    if (!day) {
        return STING_E_NOMEM;
    }
    day->count++;
    day->bytes += (uint64_t)bytes;
    return STING_OK;
}

/* As much less as the line says; one without a number says all of it. */
static enum sting_status settle(const struct line *line, const char *key,
                                uint64_t *gone)
{
    int64_t told = 0;
    if (!line_has(line, key)) {
        *gone = 0;
        return STING_OK;
    }
    if (line_integer(line, key, &told) || told < 0) {
        return STING_E_FORMAT;
    }
    *gone -= (uint64_t)told < *gone ? (uint64_t)told : *gone;
    return STING_OK;
}

enum sting_status erased_told(struct erased *erased, const struct line *line,
                              const char *camera)
{
    struct erased_day *day = day_find(erased, line_raw(line, "date"));
    if (!day ||
        (line_has(line, "camera") &&
         !bytes_equal(line_raw(line, "camera"), bytes_of_text(camera)))) {
        return STING_OK;
    }
    enum sting_status status = settle(line, "count", &day->count);
    return status ? status : settle(line, "bytes", &day->bytes);
}

const struct erased_day *erased_rest(const struct erased *erased)
{
    for (size_t i = 0; i < erased->days; i++) {
        if (erased->day[i].count > 0 || erased->day[i].bytes > 0) {
            return &erased->day[i];
        }
    }
    return NULL;
}
