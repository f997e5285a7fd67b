#include "watch/recorder.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "watch/mend.h"

#define LEAST_ORIGIN_US INT64_C(1000000)

struct recorder {
    struct fragment_writer *writer;
    recorder_sink sink;
    void *context;
    struct mend mend;
    struct fragment_times begin; /* when the open fragment's first was taken */
    struct fragment_times taken; /* and the packet at hand */
    bool has_begun;
    _Atomic int64_t utc_shift_us; /* UTC less the recording's time */
};

static enum sting_status fragment_give(void *context,
                                       const struct fragment *fragment)
{
    struct recorder *recorder = context;
    enum sting_status status =
        recorder->sink(recorder->context, fragment, recorder->begin);
    recorder->begin = recorder->taken;
    return status;
}

enum sting_status recorder_new(const struct stream *stream,
                               const struct packet *first, struct moment now,
                               recorder_sink sink, void *context,
                               struct recorder **out)
{
    struct recorder *recorder STING_AUTO(recorder_free) =
        calloc(1, sizeof *recorder);
    if (!recorder) {
        return STING_E_NOMEM;
    }
    int64_t origin_us =
        now.boot_us < LEAST_ORIGIN_US ? LEAST_ORIGIN_US : now.boot_us;
    recorder->sink = sink;
    recorder->context = context;
    mend_begin(&recorder->mend, stream, first, origin_us, now);
    enum sting_status status = fragment_writer_new(
        stream, origin_us, fragment_give, recorder, &recorder->writer);
    if (status) {
        return status;
    }
    *out = recorder;
    recorder = NULL;
    return STING_OK;
}

void recorder_free(struct recorder **recorder)
{
    if (*recorder) {
        fragment_writer_free(&(*recorder)->writer);
    }
    free(*recorder);
    *recorder = NULL;
}

enum sting_status recorder_add(struct recorder *recorder, struct packet *packet,
                               struct moment now, int64_t camera_us)
{
    struct recorder *r = recorder;
    int64_t at_us = mend_packet(&r->mend, packet, now);
    r->taken = (struct fragment_times){
        time_line_host(&r->mend.line, at_us, now).utc_us, camera_us};
    r->begin = r->has_begun ? r->begin : r->taken;
    r->has_begun = true;
    r->utc_shift_us = r->taken.utc_us - at_us;
    enum sting_status status = fragment_writer_add(r->writer, packet);
    if (!status && packet->key) {
        fragment_writer_taken(r->writer, packet->pts, r->taken);
    }
    return status;
}

enum sting_status recorder_flush(struct recorder *recorder)
{
    return fragment_writer_flush(recorder->writer);
}

int64_t recorder_pts_us(const struct recorder *recorder, int64_t at_us)
{
    return at_us + recorder->mend.shift_us;
}

int64_t recorder_utc_us(const struct recorder *recorder, int64_t pts_us)
{
    return pts_us + recorder->utc_shift_us;
}

int64_t recorder_less_boot_us(const struct recorder *recorder)
{
    return -recorder->mend.line.delay_us - recorder->mend.shift_us;
}

const struct mend *recorder_mend(const struct recorder *recorder)
{
    return &recorder->mend;
}
