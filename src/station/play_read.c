/* Sealed files on their way through a player worker to who may see them. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "ledger/recording.h"
#include "station/play.h"

#define SECOND_US INT64_C(1000000)
#define PATIENCE_US (20 * SECOND_US)
#define LONG_US (90 * SECOND_US) /* for what is converted, and behind it */
#define IDLE_US (20 * SECOND_US)
#define CHUNK_BYTES ((size_t)256 * 1024) /* read in one turn of the loop */
#define MOST_QUEUE ((size_t)1 << 20)

static void worker_release(struct playing *playing)
{
    worker_stop(&playing->worker, 0);
    buffer_wipe(&playing->reader.payload);
    wire_queue_release(&playing->queue);
    playing->reader = (struct wire_reader){.head_bytes = 0};
    fd_close(&playing->fd);
    playing->left = 0;
    playing->loaded_play = 0;
    playing->loaded_h264 = false;
}

static void job_refuse(struct console *console, struct play_job *job,
                       const char *words)
{
    struct reply reply STING_AUTO(reply_release) = {0};
    int64_t id = job->id;
    *job = (struct play_job){0};
    int http = reply_refuse(&reply, 503, "record", words);
    reply_send(console, id, http, &reply);
}

/* What is at work cannot be done; what the worker holds is not to be gone on
 * with. */
static void work_fail(struct console *console, const char *words)
{
    struct playing *playing = console->playing;
    int working = playing->working;
    playing->working = -1;
    worker_release(playing);
    if (working >= 0 && playing->job[working].id) {
        job_refuse(console, &playing->job[working], words);
    }
}

static bool work_send(struct playing *playing, struct wire_head head,
                      struct bytes payload)
{
    return wire_queue_add(&playing->queue, head, payload, MOST_QUEUE) ==
           STING_OK;
}

static bool flush(struct playing *playing)
{
    enum sting_status status =
        wire_queue_flush(&playing->queue, playing->worker.channel);
    return status == STING_OK || status == STING_E_BUSY;
}

/* The next part of the sealed file, once the one before is gone. */
static bool pump(struct playing *playing)
{
    uint8_t chunk[CHUNK_BYTES / 4];
    const struct wire_head head = {.kind = WIRE_PLAYER_SEALED};
    for (int i = 0; i < 4 && playing->fd >= 0; i++) {
        if (wire_queue_bytes(&playing->queue) > 0) {
            break;
        }
        size_t most =
            playing->left < sizeof chunk ? playing->left : sizeof chunk;
        ssize_t got = read(playing->fd, chunk, most);
        if (got <= 0 ||
            !work_send(playing, head, (struct bytes){chunk, (size_t)got}) ||
            !flush(playing)) {
            return false;
        }
        playing->left -= (size_t)got;
        if (playing->left == 0) {
            fd_close(&playing->fd);
        }
    }
    return flush(playing);
}

/* Begin to unseal a file, behind what is loaded or instead of it. */
static bool unseal_begin(struct console *console, const struct play *play,
                         size_t file, bool behind)
{
    struct playing *playing = console->playing;
    struct stat info;
    const struct play_file *is = &play->file[file];
    fd_close(&playing->fd);
    playing->fd =
        file_open_below(operation_dir(console->desk->operation), is->path, 0);
    if (playing->fd < 0 || fstat(playing->fd, &info) != 0 ||
        !S_ISREG(info.st_mode) || info.st_size <= 0 ||
        (uint64_t)info.st_size > 2 * RECORDING_MOST_BYTES) {
        return false;
    }
    playing->left = (size_t)info.st_size;
    playing->loaded_play = 0;
    playing->next = file;
    playing->step = PLAY_UNSEALING;
    const struct wire_head head = {.kind = WIRE_PLAYER_UNSEAL,
                                   .number = {behind, info.st_size}};
    return work_send(
               playing, head,
               (struct bytes){(const uint8_t *)&is->order, sizeof is->order}) &&
           pump(playing);
}

static bool piece_ask(struct playing *playing, const struct play_job *job)
{
    playing->step = PLAY_READING;
    const struct wire_head head = {
        .kind = WIRE_PLAYER_READ,
        .number = {
            (int64_t)job->at,
            (int64_t)(job->is_h264 ? PLAY_H264_BYTES : PLAY_PIECE_BYTES)}};
    return work_send(playing, head, (struct bytes){0}) && flush(playing);
}

static bool recode_ask(struct playing *playing, const struct play_job *job)
{
    playing->step = PLAY_CONVERTING;
    playing->loaded_h264 = true;
    const struct wire_head head = {.kind = WIRE_PLAYER_RECODE,
                                   .number = {job->pts_us}};
    return work_send(playing, head, (struct bytes){0}) && flush(playing);
}

static bool still_ask(struct playing *playing, const struct play_job *job)
{
    playing->step = PLAY_PICTURING;
    const struct wire_head head = {.kind = WIRE_PLAYER_STILLS};
    return work_send(playing, head,
                     (struct bytes){(const uint8_t *)&job->pts_us,
                                    sizeof job->pts_us}) &&
           flush(playing);
}

/* The file before it, of the same camera and stream; false: there is none. */
static bool file_before(const struct play *play, size_t file, size_t *out)
{
    size_t at = file;
    while (at > 0 &&
           (strcmp(play->file[at - 1].camera, play->file[file].camera) != 0 ||
            play->file[at - 1].is_init)) {
        at--;
    }
    *out = at - (at > 0);
    return at > 0 && play->file[at - 1].init == play->file[file].init;
}

/* Back to the file that decoding can begin with; false when it is not there. */
static bool key_file(const struct play *play, size_t file, size_t *out)
{
    size_t at = file;
    while (!play->file[at].starts_with_key) {
        if (!file_before(play, at, &at)) {
            return false;
        }
    }
    *out = at;
    return true;
}

/* The same for all of its pictures: with an open GOP some that are shown
 * before its keyframe need what the file before holds. */
static bool whole_file(const struct play *play, size_t file, size_t *out)
{
    size_t before = 0;
    bool is_behind = file_before(play, file, &before) &&
                     play->file[before].pts_us +
                             play->file[before].duration_us + SECOND_US / 2 >
                         play->file[file].pts_us;
    return (is_behind && key_file(play, before, out)) ||
           key_file(play, file, out);
}

/* The next file of a still that is of the same camera and stream. */
static size_t next_file(const struct play *play, size_t at, size_t last)
{
    do {
        at++;
    } while (at < last && play->file[at].init != play->file[last].init);
    return at;
}

static bool job_begin(struct console *console, int number, struct moment now)
{
    struct playing *playing = console->playing;
    const struct play_job *job = &playing->job[number];
    const struct play *play = play_find(playing, job->play);
    if (!play || play->state != PLAY_OPEN) {
        return false;
    }
    bool is_loaded = !job->is_still && playing->loaded_play == job->play &&
                     playing->loaded_file == job->file &&
                     playing->loaded_h264 == job->is_h264;
    playing->working = number;
    playing->begun_us = now.boot_us;
    playing->last = job->file;
    if (playing->loaded_h264 && !is_loaded) {
        worker_release(playing);
    }
    if (playing->worker.channel < 0 &&
        deaths_start(&playing->deaths, console->desk, now, WORKER_PLAYER,
                     &playing->worker, "playing")) {
        return false;
    }
    if (is_loaded) {
        return piece_ask(playing, job);
    }
    if (!job->is_still && !job->is_h264) {
        return unseal_begin(console, play, job->file, false);
    }
    return (job->is_h264 ? whole_file(play, job->file, &playing->first)
                         : key_file(play, job->file, &playing->first)) &&
           unseal_begin(console, play, play->file[playing->first].init, false);
}

static void begin_any(struct console *console, struct moment now)
{
    struct playing *playing = console->playing;
    if (playing->worker.channel < 0 &&
        !deaths_are_over(&playing->deaths, now)) {
        return; /* those who wait are refused when it is late */
    }
    for (int i = 0; i < PLAY_JOBS && playing->working < 0; i++) {
        if (playing->job[i].id && !job_begin(console, i, now)) {
            playing->working = i;
            work_fail(console, "it is not open, or cannot be read");
        }
    }
}

bool play_read(struct console *console, const struct play_job *job)
{
    struct playing *playing = console->playing;
    struct moment now = clock_now();
    for (size_t i = 0; i < PLAY_JOBS; i++) {
        if (!playing->job[i].id) {
            playing->job[i] = *job;
            playing->job[i].until_us = now.boot_us + LONG_US;
            begin_any(console, now);
            return true;
        }
    }
    return false;
}

int play_fd(const struct console *console, short *waits)
{
    const struct playing *playing = console->playing;
    bool has_more =
        playing && (playing->fd >= 0 || wire_queue_bytes(&playing->queue) > 0);
    *waits = has_more ? POLLIN | POLLOUT : POLLIN;
    return playing ? playing->worker.channel : -1;
}

/* ---- what the worker answers ---- */

/* The work is done; its answer goes out. */
static void work_done(struct console *console, struct reply *reply, int http)
{
    struct playing *playing = console->playing;
    struct play_job *job = &playing->job[playing->working];
    int64_t id = job->id;
    bool is_still = job->is_still;
    playing->deaths.count = 0;
    *job = (struct play_job){0};
    playing->working = -1;
    if (is_still) {
        /* It has decoded what a camera sent: it unseals nothing more. */
        worker_release(playing);
    }
    reply_send(console, id, http, reply);
}

static void piece_give(struct console *console)
{
    struct playing *playing = console->playing;
    const struct play_job *job = &playing->job[playing->working];
    struct play *play = play_find(playing, job->play);
    struct reply reply STING_AUTO(reply_release) = {.kind = ASK_BODY_BYTES};
    if (!play || play->state != PLAY_OPEN ||
        buffer_append(&reply.body, buffer_bytes(&playing->reader.payload))) {
        work_fail(console, "it is no longer open");
        return;
    }
    play->file[job->file].was_read = true;
    playing->loaded_play = job->play;
    playing->loaded_file = job->file;
    work_done(console, &reply, 200);
}

/* A picture is given out: its hash is in the ledger before it is. */
static void still_give(struct console *console, struct moment now)
{
    struct playing *playing = console->playing;
    const struct play_job *job = &playing->job[playing->working];
    struct play *play = play_find(playing, job->play);
    struct reply reply STING_AUTO(reply_release) = {.kind = ASK_BODY_JPEG};
    struct bytes jpeg = buffer_bytes(&playing->reader.payload);
    char item[96], at[CLOCK_TEXT_SIZE], sha256[DIGEST_TEXT_SIZE];
    if (!play || play->state != PLAY_OPEN || !console->desk->core ||
        console->desk->is_broken || buffer_append(&reply.body, jpeg)) {
        work_fail(console, "it is no longer open");
        return;
    }
    play->file[job->file].was_read = true;
    snprintf(item, sizeof item, "picture of %s %s",
             play->file[job->file].camera, clock_text(job->utc_us, at));
    const struct line_field field[] = {
        {"item", item},
        {"state", "shown"},
        {"by", play->user},
        {"after", digest_text(digest_of(jpeg), sha256)},
        {"why", play->why}};
    desk_line(console->desk, now, "custody", field,
              sizeof field / sizeof *field);
    if (console->desk->is_broken) {
        work_fail(console, "the record cannot be written");
        return;
    }
    work_done(console, &reply, 200);
}

/* A file is loaded. */
static bool loaded(struct console *console)
{
    struct playing *playing = console->playing;
    const struct play_job *job = &playing->job[playing->working];
    const struct play *play = play_find(playing, job->play);
    if (playing->fd >= 0 || !play || play->state != PLAY_OPEN) {
        return false;
    }
    if (playing->next == playing->last) {
        return job->is_still  ? still_ask(playing, job)
               : job->is_h264 ? recode_ask(playing, job)
                              : piece_ask(playing, job);
    }
    size_t next = play->file[playing->next].is_init
                      ? playing->first
                      : next_file(play, playing->next, playing->last);
    return unseal_begin(console, play, next, true);
}

/* One message. False: nonsense, or it failed. */
static bool answer_take(struct console *console, struct moment now)
{
    const struct playing *playing = console->playing;
    uint32_t kind = playing->reader.head.kind;
    if (playing->working < 0) {
        return false;
    }
    if (kind == WIRE_PLAYER_STILL && playing->step == PLAY_PICTURING) {
        still_give(console, now);
        return true;
    }
    if (kind == WIRE_DONE && playing->step == PLAY_CONVERTING) {
        return piece_ask(console->playing, &playing->job[playing->working]);
    }
    if (kind == WIRE_DONE && playing->step == PLAY_READING) {
        piece_give(console);
        return true;
    }
    return kind == WIRE_DONE && playing->step == PLAY_UNSEALING &&
           loaded(console);
}

static const char *failure(const struct playing *playing)
{
    static struct fault fault;
    if (playing->reader.head.kind != WIRE_FAILED) {
        return "it cannot be opened";
    }
    (void)!wire_failed(&playing->reader.head, &playing->reader.payload, &fault);
    return fault.why;
}

/* The worker is gone, or must go: that is a line. */
static void died(struct console *console, struct moment now, const char *cause,
                 const char *words)
{
    struct playing *playing = console->playing;
    death_tell(&playing->deaths, console->desk, now, &playing->worker,
               "playing", cause);
    work_fail(console, words);
}

void play_serve(struct console *console, struct moment now)
{
    struct playing *playing = console->playing;
    bool is_fed = pump(playing);
    enum sting_status status = STING_OK;
    while (status == STING_OK && playing->worker.channel >= 0) {
        status = wire_reader_next(&playing->reader, playing->worker.channel);
        if (!status && !answer_take(console, now)) {
            work_fail(console, failure(playing));
            break;
        }
    }
    if (status == STING_E_BUSY && !is_fed) {
        work_fail(console, "it cannot be read");
    } else if (status && status != STING_E_BUSY) {
        died(console, now, death_cause(status),
             "the worker that opens it ended");
    }
    playing->idle_us = now.boot_us;
    begin_any(console, now);
}

void play_read_tick(struct console *console, struct moment now)
{
    struct playing *playing = console->playing;
    bool converts =
        playing->working >= 0 && playing->job[playing->working].is_h264;
    if (playing->working >= 0 &&
        now.boot_us - playing->begun_us > (converts ? LONG_US : PATIENCE_US)) {
        died(console, now, "took too long", "it took too long");
    }
    for (int i = 0; i < PLAY_JOBS; i++) {
        if (playing->job[i].id && i != playing->working &&
            now.boot_us > playing->job[i].until_us) {
            job_refuse(console, &playing->job[i], "it took too long");
        }
    }
    if (playing->working < 0 && playing->worker.channel >= 0 &&
        now.boot_us - playing->idle_us > IDLE_US) {
        worker_release(playing);
    }
    begin_any(console, now);
}

void play_read_forget(struct console *console, int64_t play)
{
    struct playing *playing = console->playing;
    for (int i = 0; i < PLAY_JOBS; i++) {
        struct play_job *job = &playing->job[i];
        bool is_meant = job->id && (!play || job->play == play);
        bool is_at_work = i == playing->working;
        if (is_meant && is_at_work) {
            playing->working = -1;
            worker_release(playing);
        }
        if (is_meant && play) {
            job_refuse(console, job, "it is no longer open");
        } else if (is_meant) {
            *job = (struct play_job){0};
        }
    }
    if (playing->loaded_play && (!play || playing->loaded_play == play)) {
        worker_release(playing);
    }
}
