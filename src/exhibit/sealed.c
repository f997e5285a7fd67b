/* Up to when a camera's recording is sealed, for who is to give it out. */
#include <string.h>

#include "exhibit/gathered.h"
#include "ledger/reader.h"

static bool is_of(const struct line *line, const char *camera)
{
    char name[65];
    return !strcmp(line_text(line, "camera", name, sizeof name), camera);
}

static void line_take(const struct line *line, const char *camera,
                      int64_t *until_us, bool *is_recording)
{
    char state[16];
    bool ends = gathered_is(line, "session") || gathered_is(line, "stop");
    if (ends) {
        *is_recording = false;
    } else if (gathered_is(line, "seg") && is_of(line, camera)) {
        int64_t end_us =
            gathered_time(line, "t0") + gathered_integer(line, "us");
        *until_us = end_us > *until_us ? end_us : *until_us;
    } else if (gathered_is(line, "camera") && is_of(line, camera)) {
        line_text(line, "state", state, sizeof state);
        *is_recording = (*is_recording || !strcmp(state, "on")) &&
                        strcmp(state, "lost") != 0 && strcmp(state, "off") != 0;
    }
}

enum sting_status exhibit_sealed_until(const struct operation *operation,
                                       const char *camera, int64_t *until_us,
                                       bool *is_recording, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    *until_us = 0;
    *is_recording = false;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    struct line line;
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        line_take(&line, camera, until_us, is_recording);
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}
