#include "station/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct playing *playing_new(void)
{
    struct playing *playing = calloc(1, sizeof *playing);
    if (playing) {
        playing->worker = WORKER_NONE;
        playing->working = -1;
        playing->fd = -1;
    }
    return playing;
}

static void files_wipe(struct play *play)
{
    if (play->file) {
        secret_wipe_bytes(play->file, play->files * sizeof *play->file);
    }
    free(play->file);
    play->file = NULL;
    play->files = 0;
}

void playing_free(struct playing **playing)
{
    if (*playing) {
        for (size_t i = 0; i < PLAYS_MOST; i++) {
            files_wipe(&(*playing)->play[i]);
        }
        worker_stop(&(*playing)->worker, 0);
        buffer_wipe(&(*playing)->reader.payload);
        wire_queue_release(&(*playing)->queue);
        fd_close(&(*playing)->fd);
    }
    free(*playing);
    *playing = NULL;
}

struct play *play_of(struct playing *playing, uint64_t session,
                     enum play_kind kind)
{
    struct play *newest = NULL;
    for (size_t i = 0; i < PLAYS_MOST; i++) {
        struct play *play = &playing->play[i];
        if (play->state != PLAY_FREE && play->session == session &&
            play->kind == kind && (!newest || play->number > newest->number)) {
            newest = play;
        }
    }
    return newest;
}

struct play *play_find(struct playing *playing, int64_t number)
{
    for (size_t i = 0; i < PLAYS_MOST; i++) {
        struct play *play = &playing->play[i];
        if (play->state != PLAY_FREE && play->number == number) {
            return play;
        }
    }
    return NULL;
}

struct play *play_room(struct playing *playing)
{
    struct play *oldest = NULL;
    for (size_t i = 0; i < PLAYS_MOST; i++) {
        struct play *play = &playing->play[i];
        bool is_live = play->state == PLAY_ASKED || play->state == PLAY_OPEN ||
                       play->state == PLAY_MAKING;
        if (play->state == PLAY_FREE) {
            return play;
        }
        if (!is_live && (!oldest || play->number < oldest->number)) {
            oldest = play;
        }
    }
    return oldest;
}

char *play_item(const struct play *play, char out[PLAY_ITEM_SIZE])
{
    char from[CLOCK_TEXT_SIZE], to[CLOCK_TEXT_SIZE];
    snprintf(out, PLAY_ITEM_SIZE, "recording of %s %s to %s", play->cameras,
             clock_text(play->from_us, from), clock_text(play->to_us, to));
    return out;
}

static void end_tell(struct console *console, const struct play *play,
                     struct moment now)
{
    char why[96];
    size_t read = 0;
    for (size_t i = 0; i < play->files; i++) {
        read += play->file[i].was_read;
    }
    snprintf(why, sizeof why, "play %lld, %zu of %zu files were read",
             (long long)play->number, read, play->files);
    console_line(console, now, "play-ended",
                 users_find(&console->users, play->user), play->user, why);
}

void play_end(struct console *console, struct play *play, enum play_state how,
              struct moment now)
{
    if (play->state == PLAY_OPEN) {
        end_tell(console, play, now);
    }
    files_wipe(play);
    if (play->state == PLAY_OPEN || play->state == PLAY_ASKED) {
        play->state = how;
    }
    play_read_forget(console, play->number);
}

void play_tick(struct console *console, struct moment now)
{
    for (size_t i = 0; i < PLAYS_MOST; i++) {
        struct play *play = &console->playing->play[i];
        bool is_there = play->state != PLAY_FREE;
        bool has_session =
            is_there &&
            sessions_lookup(&console->sessions, play->session, now.boot_us);
        bool is_late =
            (play->state == PLAY_OPEN || play->state == PLAY_ASKED) &&
            now.boot_us > play->until_us;
        if (is_there && (is_late || !has_session)) {
            play_end(console, play, PLAY_OVER, now);
        }
        if (is_there && !has_session) {
            *play = (struct play){.state = PLAY_FREE};
        }
    }
}
