#include "ledger/recording_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FAR_NUMBER INT64_C(1000000000000000) /* a second each: 30 M years */
#define NUMBERS_SKIPPED 1000

char *recording_name_path(const struct recording_name *name,
                          char path[RECORDING_PATH_SIZE])
{
    char file[80] = "";
    if (name->kind == RECORDING_INIT) {
        snprintf(file, sizeof file, "init-%04" PRId64 ".mp4.age", name->n);
    } else if (name->kind == RECORDING_SEGMENT) {
        snprintf(file, sizeof file, "%08" PRId64 ".m4s.age", name->n);
    } else {
        snprintf(file, sizeof file, "%08" PRId64 ".%" PRId64 ".part", name->n,
                 name->part);
    }
    snprintf(path, RECORDING_PATH_SIZE, "evidence/segments/%.64s/%.10s/%.70s",
             name->camera, name->date, file);
    return path;
}

/* Take up to 18 digits from the front; 0 when there are none. */
static int64_t take_number(const char **at)
{
    int64_t value = 0;
    for (int i = 0; i < 18 && **at >= '0' && **at <= '9'; i++, ++*at) {
        value = value * 10 + (**at - '0');
    }
    return value;
}

/* The kind by the shape of the name. What is not exactly so, digits that
 * are missing or too many, shows when the name is written again. */
static enum recording_kind kind_of(const char *file, struct recording_name *out)
{
    static const char init[] = "init-";
    bool is_init = !strncmp(file, init, sizeof init - 1);
    file += is_init ? sizeof init - 1 : 0;
    out->n = take_number(&file);
    if (is_init) {
        return strcmp(file, ".mp4.age") ? RECORDING_OTHER : RECORDING_INIT;
    }
    if (!strcmp(file, ".m4s.age")) {
        return RECORDING_SEGMENT;
    }
    file += *file == '.';
    out->part = take_number(&file);
    return strcmp(file, ".part") ? RECORDING_OTHER : RECORDING_PART;
}

void recording_name_parse(const char *file, struct recording_name *out)
{
    char again[RECORDING_PATH_SIZE];
    size_t size = strlen(file);
    if (size > 4 && !strcmp(file + size - 4, ".tmp")) {
        out->kind = RECORDING_DRAFT;
        return;
    }
    out->part = 0;
    out->kind = kind_of(file, out);
    if (out->kind == RECORDING_OTHER) {
        return;
    }
    recording_name_path(out, again);
    const char *slash = strrchr(again, '/');
    if (!slash || strcmp(slash + 1, file) != 0) {
        out->kind = RECORDING_OTHER;
    }
}

bool recording_number_fits(int64_t n, int64_t next)
{
    return n <= FAR_NUMBER || n - next <= NUMBERS_SKIPPED;
}

bool recording_is_date(struct bytes text)
{
    char time[LINE_TIME_SIZE];
    int64_t utc_us = 0;
    if (text.size != LEDGER_DATE_SIZE - 1) {
        return false;
    }
    snprintf(time, sizeof time, "%.10sT00:00:00.000000Z",
             (const char *)text.data);
    return !line_time_parse(bytes_of_text(time), &utc_us);
}

bool recording_is_notes(const char *file)
{
    const size_t date = LEDGER_DATE_SIZE - 1;
    return strlen(file) == date + strlen(".notes") &&
           !strcmp(file + date, ".notes") &&
           recording_is_date((struct bytes){(const uint8_t *)file, date});
}

static enum sting_status name_of(const struct line *line,
                                 struct recording_name *out)
{
    struct bytes camera = line_raw(line, "camera");
    struct bytes date = line_raw(line, "date");
    const char *kind = line->kind->name;
    *out = (struct recording_name){.kind = RECORDING_INIT};
    if (!strcmp(kind, "seg")) {
        out->kind = line_has(line, "part") ? RECORDING_PART : RECORDING_SEGMENT;
    } else if (strcmp(kind, "init") != 0) {
        return STING_E_ARG;
    }
    if (!ledger_is_camera_name(camera) || !recording_is_date(date) ||
        line_integer(line, "n", &out->n) || out->n < 0 ||
        (out->kind == RECORDING_PART &&
         (line_integer(line, "part", &out->part) || out->part < 0))) {
        return STING_E_FORMAT;
    }
    memcpy(out->camera, camera.data, camera.size);
    memcpy(out->date, date.data, date.size);
    return STING_OK;
}

enum sting_status recording_path(const struct line *line,
                                 char path[RECORDING_PATH_SIZE])
{
    struct recording_name name;
    enum sting_status status = name_of(line, &name);
    if (!status) {
        recording_name_path(&name, path);
    }
    return status;
}
