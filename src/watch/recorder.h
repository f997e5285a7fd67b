/*
 * recorder: the packets of one connection, as received, in fragments, each
 * with the time at which it was taken by the host's clocks.
 *
 * The time line is that of the box's uptime, so that times go on from one
 * connection to the next; it goes at the camera's pace (time_line).
 * Threads: one; recorder_utc_us() from any.
 */
#ifndef STING_WATCH_RECORDER_H
#define STING_WATCH_RECORDER_H

#include "base/clock.h"
#include "media/fragment.h"
#include "watch/mend.h"

/* Called for each finished fragment, with its first picture's. */
typedef enum sting_status (*recorder_sink)(void *context,
                                           const struct fragment *fragment,
                                           struct fragment_times taken);

struct recorder;

/* Record `stream` (borrowed) from `first` on, which has come now. Fails:
 * E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status recorder_new(const struct stream *stream,
                                              const struct packet *first,
                                              struct moment now,
                                              recorder_sink sink, void *context,
                                              struct recorder **out);
void recorder_free(struct recorder **recorder);

/* Add a packet that has come now; its time is put right where the camera's
 * clock jumped. `camera_us` is kept beside it and changes nothing. Fails: as
 * fragment_writer_add. */
STING_MUST_USE enum sting_status recorder_add(struct recorder *recorder,
                                              struct packet *packet,
                                              struct moment now,
                                              int64_t camera_us);

/* Give what is open. Fails: what the sink gave. */
STING_MUST_USE enum sting_status recorder_flush(struct recorder *recorder);

/* The recording's time of a picture whose own time is at_us, and the UTC of
 * what lies there. */
int64_t recorder_pts_us(const struct recorder *recorder, int64_t at_us);
int64_t recorder_utc_us(const struct recorder *recorder, int64_t pts_us);

/* The stream's own time less the host's boot time when a picture was taken, as
 * far as that is known now. */
int64_t recorder_less_boot_us(const struct recorder *recorder);

/* What became of the packets' times; lives as long as the recorder. */
const struct mend *recorder_mend(const struct recorder *recorder);

#endif
