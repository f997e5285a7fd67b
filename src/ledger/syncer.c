#include "ledger/syncer.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define STACK_BYTES ((size_t)512 * 1024)

struct piece {
    char path[SYNCER_PATH_SIZE];
    struct buffer bytes; /* owned */
};

struct syncer {
    int dir; /* borrowed */
    pthread_t thread;
    pthread_mutex_t lock;                  /* guards all below */
    pthread_cond_t more;                   /* something waits, or it ends */
    pthread_cond_t done;                   /* something is durable, or failed */
    struct piece piece[SYNCER_MOST_FILES]; /* a ring */
    size_t first, count;                   /* of what is not durable yet */
    size_t bytes;
    uint64_t put;
    uint64_t durable;
    bool has_thread;
    bool ends;
    enum sting_status status; /* what failed, for good */
    struct fault fault;
};

enum sting_status syncer_new(int dir, struct syncer **out)
{
    struct syncer *syncer = calloc(1, sizeof *syncer);
    if (!syncer) {
        return STING_E_NOMEM;
    }
    syncer->dir = dir;
    pthread_mutex_init(&syncer->lock, NULL);
    pthread_cond_init(&syncer->more, NULL);
    pthread_cond_init(&syncer->done, NULL);
    *out = syncer;
    return STING_OK;
}

static struct piece *piece_at(struct syncer *syncer, size_t i)
{
    return &syncer->piece[(syncer->first + i) % SYNCER_MOST_FILES];
}

/* The first `count` are durable, or will never be. */
static void drop(struct syncer *syncer, size_t count)
{
    while (count-- > 0) {
        struct piece *piece = piece_at(syncer, 0);
        syncer->bytes -= piece->bytes.size;
        buffer_release(&piece->bytes);
        syncer->first = (syncer->first + 1) % SYNCER_MOST_FILES;
        syncer->count--;
    }
}

static bool same_folder(const char *a, const char *b)
{
    const char *end = strrchr(a, '/');
    size_t size = end ? (size_t)(end - a) + 1 : 0;
    return !strncmp(a, b, size) && !strchr(b + size, '/');
}

/* What waits and goes into one folder: that much at once. */
static size_t batch_take(struct syncer *syncer,
                         struct file_whole file[FILES_AT_ONCE])
{
    size_t files = 0;
    while (files < FILES_AT_ONCE && files < syncer->count) {
        const struct piece *piece = piece_at(syncer, files);
        if (files > 0 && !same_folder(file[0].name, piece->path)) {
            break;
        }
        file[files++] =
            (struct file_whole){piece->path, buffer_bytes(&piece->bytes)};
    }
    return files;
}

/* The pieces stay where they are until they are dropped, so that their bytes
 * are read without the lock. */
static void *sync_on(void *context)
{
    struct syncer *syncer = context;
    pthread_mutex_lock(&syncer->lock);
    while (!syncer->ends && !syncer->status) {
        struct file_whole file[FILES_AT_ONCE];
        struct fault fault = {"", ""};
        size_t files = batch_take(syncer, file);
        if (files == 0) {
            pthread_cond_wait(&syncer->more, &syncer->lock);
            continue;
        }
        pthread_mutex_unlock(&syncer->lock);
        enum sting_status status =
            files_write(syncer->dir, file, files, 0600, &fault);
        pthread_mutex_lock(&syncer->lock);
        if (status) {
            syncer->status = status;
            syncer->fault = fault;
        } else {
            syncer->durable += files;
            drop(syncer, files);
        }
        pthread_cond_broadcast(&syncer->done);
    }
    pthread_mutex_unlock(&syncer->lock);
    return NULL;
}

enum sting_status syncer_start(struct syncer *syncer, struct fault *fault)
{
    pthread_attr_t small;
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* they are the caller's */
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    int error = syncer->has_thread
                    ? 0
                    : pthread_create(&syncer->thread, &small, sync_on, syncer);
    pthread_attr_destroy(&small);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        return fault_set(fault, STING_E_IO, "",
                         "no thread can be started to write the recordings");
    }
    syncer->has_thread = true;
    return STING_OK;
}

void syncer_free(struct syncer **freed)
{
    struct syncer *syncer = *freed;
    if (!syncer) {
        return;
    }
    if (syncer->has_thread) {
        pthread_mutex_lock(&syncer->lock);
        syncer->ends = true;
        pthread_cond_signal(&syncer->more);
        pthread_mutex_unlock(&syncer->lock);
        pthread_join(syncer->thread, NULL);
    }
    drop(syncer, syncer->count);
    pthread_cond_destroy(&syncer->more);
    pthread_cond_destroy(&syncer->done);
    pthread_mutex_destroy(&syncer->lock);
    free(syncer);
    *freed = NULL;
}

static bool has_room(const struct syncer *syncer, size_t bytes)
{
    return syncer->count == 0 ||
           (syncer->count < SYNCER_MOST_FILES && bytes <= SYNCER_MOST_BYTES &&
            syncer->bytes <= SYNCER_MOST_BYTES - bytes);
}

bool syncer_has_room(struct syncer *syncer, size_t bytes)
{
    pthread_mutex_lock(&syncer->lock);
    bool has = has_room(syncer, bytes);
    pthread_mutex_unlock(&syncer->lock);
    return has;
}

/* With the lock held. */
static enum sting_status failed(const struct syncer *syncer,
                                struct fault *fault)
{
    if (syncer->status && fault) {
        *fault = syncer->fault;
    }
    return syncer->status;
}

static enum sting_status put_here(struct syncer *syncer, const char *path,
                                  struct buffer *bytes, uint64_t *number,
                                  struct fault *fault)
{
    enum sting_status status =
        file_write(syncer->dir, path, buffer_bytes(bytes), 0600, fault);
    if (!status) {
        buffer_release(bytes);
        *number = ++syncer->put;
        syncer->durable = syncer->put;
    }
    return status;
}

enum sting_status syncer_put(struct syncer *syncer, const char *path,
                             struct buffer *bytes, uint64_t *number,
                             struct fault *fault)
{
    if (!syncer->has_thread) {
        return put_here(syncer, path, bytes, number, fault);
    }
    pthread_mutex_lock(&syncer->lock);
    enum sting_status status = failed(syncer, fault);
    if (!status && !has_room(syncer, bytes->size)) {
        status = STING_E_BUSY;
    }
    if (!status) {
        struct piece *piece = piece_at(syncer, syncer->count++);
        snprintf(piece->path, sizeof piece->path, "%s", path);
        piece->bytes = *bytes;
        syncer->bytes += bytes->size;
        *bytes = (struct buffer){0};
        *number = ++syncer->put;
        pthread_cond_signal(&syncer->more);
    }
    pthread_mutex_unlock(&syncer->lock);
    return status;
}

enum sting_status syncer_durable(struct syncer *syncer, uint64_t *count,
                                 struct fault *fault)
{
    pthread_mutex_lock(&syncer->lock);
    enum sting_status status = failed(syncer, fault);
    *count = syncer->durable;
    pthread_mutex_unlock(&syncer->lock);
    return status;
}

enum sting_status syncer_wait(struct syncer *syncer, struct fault *fault)
{
    pthread_mutex_lock(&syncer->lock);
    while (syncer->count > 0 && !syncer->status) {
        pthread_cond_wait(&syncer->done, &syncer->lock);
    }
    enum sting_status status = failed(syncer, fault);
    pthread_mutex_unlock(&syncer->lock);
    return status;
}
