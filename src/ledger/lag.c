/* How far the pictures of each camera are accounted for. Cameras do not end
 * together: when a disk is slow, one may be a minute behind another, and what
 * is missing of it is told from its own end on. */
#include <string.h>

#include "ledger/ledger_state.h"

static struct ledger_camera *row_of(struct ledger *ledger,
                                    const struct line *line)
{
    char name[LEDGER_CAMERA_SIZE + 8];
    line_text(line, "camera", name, sizeof name);
    return ledger_camera_row(ledger, name);
}

/* A moment that a line tells, if it can be one. */
static void advance(struct ledger_camera *row, const struct line *line,
                    const char *key)
{
    int64_t us = 0;
    if (row && !line_time(line, key, &us) && us > 0) {
        row->until_us = us;
    }
}

void ledger_lag_adopt(struct ledger_camera *row, const struct line *note)
{
    int64_t t0_us = 0;
    int64_t us = 0;
    if (row && !line_time(note, "t0", &t0_us) &&
        !line_integer(note, "us", &us) && us >= 0 && us < INT64_C(3600000000)) {
        row->until_us = t0_us + us;
    }
}

static void forget_all(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->cameras; i++) {
        ledger->camera[i].until_us = 0;
    }
}

static bool says(const struct line *line, const char *key, const char *value)
{
    return bytes_equal(line_raw(line, key), bytes_of_text(value));
}

/* Up to its end it says why; after a crash nothing comes until the camera is
 * back. A crash that names no camera speaks of all. */
static void take_gap(struct ledger *ledger, const struct line *line)
{
    bool is_crash = says(line, "cause", "crash");
    if (!line_has(line, "camera")) {
        if (is_crash) {
            forget_all(ledger);
        }
        return;
    }
    struct ledger_camera *row = row_of(ledger, line);
    if (row && is_crash) {
        row->until_us = 0;
    } else if (row && row->until_us) {
        advance(row, line, "to");
    }
}

/* From here on it gives pictures, if it did not before. */
static void take_begin(struct ledger *ledger, const struct line *line)
{
    struct ledger_camera *row = row_of(ledger, line);
    if (row && !row->until_us) {
        row->until_us = line->at.utc_us;
    }
}

static void take_camera(struct ledger *ledger, const struct line *line)
{
    if (says(line, "state", "on")) {
        take_begin(ledger, line);
    } else if (says(line, "state", "off")) {
        struct ledger_camera *row = row_of(ledger, line);
        if (row) {
            row->until_us = 0;
        }
    }
}

void ledger_lag_take(struct ledger *ledger, const struct line *line)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "seg")) {
        ledger_lag_adopt(row_of(ledger, line), line);
    } else if (!strcmp(kind, "init")) {
        take_begin(ledger, line);
    } else if (!strcmp(kind, "rest")) {
        advance(row_of(ledger, line), line, "to");
    } else if (!strcmp(kind, "gap")) {
        take_gap(ledger, line);
    } else if (!strcmp(kind, "camera")) {
        take_camera(ledger, line);
    } else if (!strcmp(kind, "stop")) {
        forget_all(ledger);
    }
}

static enum sting_status append(struct ledger *ledger, const char *camera,
                                int64_t from_us, struct moment now,
                                struct fault *fault)
{
    char from[LINE_TIME_SIZE];
    char to[LINE_TIME_SIZE];
    const struct line_field field[] = {{"cause", "crash"},
                                       {"camera", camera},
                                       {"from", line_time_text(from_us, from)},
                                       {"to", line_time_text(now.utc_us, to)}};
    return ledger_append(ledger, now, "gap", field, 4, NULL, fault);
}

enum sting_status ledger_lag_tell(struct ledger *ledger, int64_t last_us,
                                  struct moment now, struct fault *fault)
{
    enum sting_status status = STING_OK;
    bool told = false;
    for (size_t i = 0; i < ledger->cameras && !status; i++) {
        struct ledger_camera *row = &ledger->camera[i];
        if (row->until_us) {
            status = append(ledger, row->name, row->until_us, now, fault);
            row->until_us = 0;
            told = true;
        }
    }
    return status || told ? status : append(ledger, NULL, last_us, now, fault);
}
