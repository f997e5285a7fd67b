/*
 * camera: one camera of the station: its worker, its relay, its recording.
 *
 * A camera that is away or a worker that dies is told, costs a line, and is
 * tried again after a growing pause. What the worker says is hostile: its
 * times and numbers are bounded before they go on.
 */
#ifndef STING_STATION_CAMERA_H
#define STING_STATION_CAMERA_H

#include "base/beat.h"
#include "jail/worker.h"
#include "ledger/recording.h"
#include "operation/page_past.h"
#include "station/camera_clock.h"
#include "station/camera_page.h"
#include "station/camera_sight.h"
#include "station/camera_url.h"
#include "station/desk.h"
#include "station/roll.h"
#include "watch/news.h"
#include "wire/wire.h"

struct camera {
    int index;                          /* in the configuration */
    const struct config_camera *config; /* borrowed */
    struct desk *desk;                  /* borrowed */
    struct camera_url url;
    struct sockaddr_storage address; /* of a live camera, once found */
    struct worker worker;
    struct worker relay;
    struct wire_reader from_worker;
    struct wire_reader from_relay;
    struct recording *recording; /* owned; NULL while there is no core */
    struct buffer init;          /* the newest ftyp + moov, to begin anew */
    struct recording_init init_facts;
    char codec[8];
    int64_t try_at_us;       /* boot time of the next start; 0: none wanted */
    unsigned failures;       /* starts in a row that gave no picture */
    int64_t alive_us;        /* boot time of the last fragment, or the start */
    struct beat beat;        /* the station's, as it last stood still */
    int64_t lost_from_us;    /* utc since which pictures are missing */
    int64_t paused_from_us;  /* utc since which the disk has no room, or 0 */
    int64_t dropped_from_us; /* utc since which the disk is too slow, or 0 */
    struct camera_sight sight[CONFIG_MOST_ZONES + 1]; /* the picture, zones */
    struct camera_page page[CONFIG_MOST_ZONES];
    struct pages_past past; /* what was told of them before */
    struct roll roll;       /* what is not recorded, for as long as it may be */
    struct roll recent;     /* ten seconds for alerts, where they carry them */
    int64_t rest_from_us;   /* utc since which nothing is kept, or 0 */
    int64_t rest_until_us;  /* utc up to which it was watched since */
    uint64_t rest_looks;    /* since rest_from_us */
    unsigned rest_activity; /* the liveliest of them */
    unsigned talk;          /* messages since talk_us that cost a line each */
    int64_t still_us;       /* boot time at which it was told anew why it is
                               lost, or 0 */
    int64_t key_until_us;   /* boot time until which a keyframe is waited for */
    int64_t talk_us;        /* boot time at which counting its words began */
    int64_t looks_seen;     /* the worker's own count */
    enum news_worth news;   /* do sizes of its packets tell of who comes? */
    size_t prints;          /* that the worker was handed (prints.h) */
    struct camera_clock clock; /* its own, as it says */
    char why[384];             /* it is lost: the last reason heard */
    char told_why[384];        /* and the last one that was told */
    char remark[200];          /* the last odd thing heard; "" since it began */
    bool is_why_old;           /* heard before the last start */
    bool is_on;                /* pictures come */
    bool is_lost;              /* and that was told */
    bool is_ours;              /* lost: not the camera's doing, its worker's */
    bool is_over;              /* the clip has ended, or the station ends */
    bool is_stopped;           /* sealed, and its last line is written */
    bool is_past;              /* and that, since the operation has ended */
    bool has_init;             /* the recording knows the present stream */
    bool has_address;          /* of a name, looked up for the next start */
    bool asked_address;        /* and the answer is awaited */
    bool is_away;              /* it did not answer the relay's last try */
    bool is_soon;              /* it may be had soon, its worker says */
    bool is_learning;          /* it cannot tell an incident yet */
    bool told_weaker;          /* that locks are missing */
    bool is_renewed;           /* started anew by settings that changed */
};

/* Take a camera of the configuration. Fails: E_FORMAT, E_UNSUPPORTED for its
 * url, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status camera_init(struct camera *out, int index,
                                             struct desk *desk,
                                             struct fault *fault);
void camera_release(struct camera *camera);

/* What the loop does: start what is due, tell what stays away; take what
 * the worker or the relay sent. A start takes a while: true when there was
 * one, so that the others are heard before the next. Of the worker one
 * message is taken: false when that was the last for now. */
bool camera_tick(struct camera *camera, struct moment now);
bool camera_worker_ready(struct camera *camera, struct moment now);
void camera_relay_ready(struct camera *camera, struct moment now);

/* The station stood still: nobody was silent meanwhile. */
void camera_stood(struct camera *camera, const struct beat *beat);

/* Its name was looked up. */
void camera_answer(struct camera *camera, struct moment now,
                   const struct names_answer *answer);

/* The disk has no room: seal what is open, drop what comes; or it has again,
 * and recording goes on at the next keyframe. */
void camera_pause(struct camera *camera, struct moment now);
void camera_resume(struct camera *camera, struct moment now);

/* A new core was opened: record with it. Fails as recording_new. */
STING_MUST_USE enum sting_status camera_record_anew(struct camera *camera,
                                                    struct fault *fault);

/* The configuration was read again; `is_changed`: what its worker goes by is
 * another, and it is started anew. */
void camera_settings_take(struct camera *camera, bool is_changed,
                          struct moment now);

/* Ask the worker to end. Then, once it has or time is up, seal. */
void camera_stop_ask(struct camera *camera);
void camera_stop(struct camera *camera, struct moment now, const char *why);

/* The operation is past its end: stop, and seal. Or it is not any more: what
 * was stopped by that begins anew; what is missing between is a gap. */
void camera_past(struct camera *camera, struct moment now);
void camera_go_on(struct camera *camera, struct moment now);

/* UTC when its last picture came; 0: none did. */
int64_t camera_last_us(const struct camera *camera, struct moment now);

/* Lines of what has become durable meanwhile; to be called often. */
void camera_settle(struct camera *camera, struct moment now);

/* An incident may have begun: keep what is held from before it. */
void camera_keep(struct camera *camera, struct moment now);

/* ---- between the files camera*.c ---- */

/* A fragment, and looks, have come: to be recorded, or not. */
void camera_record(struct camera *camera, struct moment now,
                   const struct recording_fragment *fragment);
void camera_looked(struct camera *camera, unsigned looks, unsigned activity);
/* A `gap` line about it. */
void camera_gap(struct camera *camera, struct moment now, const char *cause,
                int64_t from_us, int64_t to_us);
/* What the slow disk cost is told, if it cost something. */
void camera_drop_end(struct camera *camera, struct moment now, int64_t to_us);
/* Nothing more comes for now: what is held is recorded where the camera is
 * lost or an incident goes on, else let go; the rest is told. */
void camera_rest_end(struct camera *camera, struct moment now);

/* Start the worker, and the relay that a live camera needs. Fails: E_BUSY
 * while the camera's name is being looked up, else as worker_start. */
STING_MUST_USE enum sting_status camera_start(struct camera *camera,
                                              struct fault *fault);

/* Pictures are missing, because of camera->why. */
void camera_lost(struct camera *camera, struct moment now);
/* They are missing still; told when the reason is another by now. */
void camera_still_lost(struct camera *camera, struct moment now);
/* The first picture since the start or the loss. */
void camera_found(struct camera *camera, struct moment now, int64_t utc_us);
/* One message of the worker in camera->from_worker. False when it makes no
 * sense: the worker must go. */
bool camera_message_take(struct camera *camera, struct moment now);
#endif
