#include "station/photo_keep.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

struct job {
    struct photo_kept kept;
    pthread_t thread;
    int dir;  /* owned */
    int done; /* borrowed: its place is written there when it ends */
    uint8_t place;
    bool is_at_work;
};

struct photo_keep {
    struct job job[PHOTO_KEEPS];
    int done[2]; /* a byte, the place, of each that has ended */
};

void photo_kept_release(struct photo_kept *kept)
{
    inbox_photo_release(&kept->photo);
    buffer_release(&kept->sealed);
    *kept = (struct photo_kept){.id = 0};
}

enum sting_status photo_keep_new(struct photo_keep **out)
{
    struct photo_keep *made = calloc(1, sizeof *made);
    if (!made) {
        return STING_E_NOMEM;
    }
    if (pipe2(made->done, O_CLOEXEC | O_NONBLOCK) != 0) {
        free(made);
        return STING_E_IO;
    }
    for (int i = 0; i < PHOTO_KEEPS; i++) {
        made->job[i].place = (uint8_t)i;
        made->job[i].done = made->done[1];
        made->job[i].dir = -1;
    }
    *out = made;
    return STING_OK;
}

static void job_end(struct job *job)
{
    pthread_join(job->thread, NULL);
    fd_close(&job->dir);
    job->is_at_work = false;
}

void photo_keep_free(struct photo_keep **keep)
{
    for (int i = 0; *keep && i < PHOTO_KEEPS; i++) {
        if ((*keep)->job[i].is_at_work) {
            job_end(&(*keep)->job[i]);
        }
        photo_kept_release(&(*keep)->job[i].kept);
    }
    if (*keep) {
        fd_close(&(*keep)->done[0]);
        fd_close(&(*keep)->done[1]);
    }
    free(*keep);
    *keep = NULL;
}

static struct job *job_free(struct photo_keep *keep)
{
    for (int i = 0; i < PHOTO_KEEPS; i++) {
        if (!keep->job[i].is_at_work) {
            return &keep->job[i];
        }
    }
    return NULL;
}

uint32_t photo_keep_number(const struct photo_keep *keep)
{
    uint32_t highest = 0;
    for (int i = 0; i < PHOTO_KEEPS; i++) {
        const struct job *job = &keep->job[i];
        if (job->is_at_work && job->kept.photo.number > highest) {
            highest = job->kept.photo.number;
        }
    }
    return highest;
}

static void *work(void *argument)
{
    struct job *job = argument;
    struct photo_kept *kept = &job->kept;
    kept->digest = digest_of(buffer_bytes(&kept->photo.bytes));
    kept->status = inbox_write(job->dir, kept->photo.number,
                               buffer_bytes(&kept->sealed), &kept->fault);
    (void)!write(job->done, &job->place, 1);
    return NULL;
}

enum sting_status photo_keep_begin(struct photo_keep *keep, int dir,
                                   struct photo_kept *kept)
{
    struct job *job = job_free(keep);
    if (!job) {
        return STING_E_BUSY;
    }
    job->dir = fcntl(dir, F_DUPFD_CLOEXEC, 0);
    if (job->dir < 0) {
        return STING_E_IO;
    }
    job->kept = *kept;
    if (pthread_create(&job->thread, NULL, work, job) != 0) {
        fd_close(&job->dir);
        job->kept = (struct photo_kept){.id = 0};
        return STING_E_IO;
    }
    job->is_at_work = true;
    *kept = (struct photo_kept){.id = 0};
    return STING_OK;
}

int photo_keep_fd(const struct photo_keep *keep)
{
    return keep->done[0];
}

bool photo_keep_take(struct photo_keep *keep, struct photo_kept *out)
{
    uint8_t place = 0;
    if (read(keep->done[0], &place, 1) != 1 || place >= PHOTO_KEEPS) {
        return false;
    }
    job_end(&keep->job[place]);
    *out = keep->job[place].kept;
    keep->job[place].kept = (struct photo_kept){.id = 0};
    return true;
}

/* The rest of a job is its thread's. */
void photo_keep_forget(struct photo_keep *keep)
{
    for (int i = 0; i < PHOTO_KEEPS; i++) {
        keep->job[i].kept.id = 0;
    }
}
