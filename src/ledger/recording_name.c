#include "ledger/recording_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

void recording_name_parse(const char *file, struct recording_name *out)
{
    char again[RECORDING_PATH_SIZE];
    size_t size = strlen(file);
    if (size > 4 && !strcmp(file + size - 4, ".tmp")) {
        out->kind = RECORDING_DRAFT;
        return;
    }
    out->part = 0;
    if (sscanf(file, "init-%" SCNd64 ".mp4.age", &out->n) == 1) {
        out->kind = RECORDING_INIT;
    } else if (sscanf(file, "%" SCNd64 ".%" SCNd64 ".part", &out->n,
                      &out->part) == 2) {
        out->kind = RECORDING_PART;
    } else if (sscanf(file, "%" SCNd64 ".m4s.age", &out->n) == 1) {
        out->kind = RECORDING_SEGMENT;
    } else {
        out->kind = RECORDING_OTHER;
        return;
    }
    recording_name_path(out, again);
    const char *slash = strrchr(again, '/');
    if (out->n < 0 || out->part < 0 || !slash || strcmp(slash + 1, file) != 0) {
        out->kind = RECORDING_OTHER;
    }
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
