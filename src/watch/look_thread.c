#include "watch/look_thread.h"

#include <pthread.h>
#include <stdlib.h>

#define MOST_WAITING LOOK_THREAD_MOST
#define MOST_HELD 32 /* packets that alone wake nobody */
#define MOST_PAUSE_US INT64_C(1000000)

struct look_thread {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below but looker */
    pthread_cond_t more;
    struct looker *looker; /* owned; used by the thread alone */
    struct packet waiting[MOST_WAITING];
    int first, count;
    size_t bytes;  /* of what waits */
    bool skipping; /* until the next keyframe */
    struct look_behind behind;
    bool is_lively; /* each packet is wanted at once */
    bool ends, finish;
    bool is_over;     /* its thread is about to end */
    bool is_called;   /* it has to come by itself, or was woken */
    int64_t owed_us;  /* so long it has not come */
    int64_t asked_us; /* boot time of the last question whether it hangs */
    struct look_thread *next;                         /* of those that hang */
    const struct page_print *print[PAGE_PRINTS_MOST]; /* not looked for yet */
    int prints;
};

/* Once it is behind, until most of what waits has gone: told once, not for
 * each keyframe. */
static bool is_far_behind(const struct look_thread *t)
{
    return t->count > MOST_WAITING / 4 || t->bytes > LOOK_THREAD_BYTES / 4;
}

static bool packet_take(struct look_thread *t, struct packet *out)
{
    pthread_mutex_lock(&t->lock);
    t->is_lively = looker_wants_all(t->looker);
    while (t->count == 0 && !t->ends) {
        pthread_cond_wait(&t->more, &t->lock);
    }
    bool has = t->count > 0 && (!t->ends || t->finish);
    if (has) {
        *out = t->waiting[t->first];
        t->first = (t->first + 1) % MOST_WAITING;
        t->count--;
        t->bytes -= out->data.size;
        t->behind.is_now = t->behind.is_now && is_far_behind(t);
    }
    t->is_called = t->count > 0 || t->ends;
    t->owed_us = 0;
    pthread_mutex_unlock(&t->lock);
    return has;
}

/* Pages that came to be known meanwhile. */
static enum sting_status prints_take(struct look_thread *t)
{
    enum sting_status status = STING_OK;
    pthread_mutex_lock(&t->lock);
    for (int i = 0; i < t->prints && !status; i++) {
        status = looker_print(t->looker, t->print[i]);
    }
    t->prints = 0;
    pthread_mutex_unlock(&t->lock);
    return status;
}

static void *look_on(void *context)
{
    struct look_thread *t = context;
    struct packet packet;
    enum sting_status status = STING_OK;
    while (packet_take(t, &packet)) {
        if (!status) {
            status = prints_take(t);
        }
        if (!status) {
            status = looker_add(t->looker, &packet);
        }
        packet_release(&packet);
    }
    if (!status && t->finish) {
        (void)!looker_finish(t->looker); /* nobody is left to hear of it */
    }
    pthread_mutex_lock(&t->lock);
    t->is_over = true;
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static void waiting_drop(struct look_thread *t)
{
    for (; t->count > 0; t->count--) {
        packet_release(&t->waiting[t->first]);
        t->first = (t->first + 1) % MOST_WAITING;
    }
}

enum sting_status look_thread_new(struct looker **looker,
                                  struct look_thread **out)
{
    struct look_thread *t = calloc(1, sizeof *t);
    if (!t) {
        looker_free(looker);
        return STING_E_NOMEM;
    }
    t->looker = *looker;
    *looker = NULL;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->more, NULL);
    if (pthread_create(&t->thread, NULL, look_on, t) != 0) {
        looker_free(&t->looker);
        free(t);
        return STING_E_IO;
    }
    *out = t;
    return STING_OK;
}

static void end_ask(struct look_thread *t, bool finish)
{
    pthread_mutex_lock(&t->lock);
    t->ends = t->is_called = true;
    t->finish = finish;
    pthread_cond_signal(&t->more);
    pthread_mutex_unlock(&t->lock);
}

void look_thread_end(struct look_thread *thread)
{
    end_ask(thread, true);
}

bool look_thread_is_over(struct look_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    bool is_over = thread->is_over;
    pthread_mutex_unlock(&thread->lock);
    return is_over;
}

static struct looker *thread_end(struct look_thread **thread, bool finish)
{
    struct look_thread *t = *thread;
    end_ask(t, finish);
    pthread_join(t->thread, NULL);
    waiting_drop(t);
    struct looker *looker = t->looker;
    pthread_cond_destroy(&t->more);
    pthread_mutex_destroy(&t->lock);
    free(t);
    *thread = NULL;
    return looker;
}

struct looker *look_thread_take(struct look_thread **thread)
{
    return thread_end(thread, false);
}

void look_thread_stop(struct look_thread **thread, bool finish)
{
    if (*thread) {
        struct looker *looker = thread_end(thread, finish);
        looker_free(&looker);
    }
}

bool look_thread_hangs(struct look_thread *thread, int64_t now_us)
{
    struct look_thread *t = thread;
    pthread_mutex_lock(&t->lock);
    int64_t step_us = now_us - t->asked_us;
    step_us = step_us < MOST_PAUSE_US ? step_us : MOST_PAUSE_US;
    bool owes = t->is_called && !t->is_over;
    t->owed_us = owes && t->asked_us ? t->owed_us + step_us : 0;
    t->asked_us = now_us;
    bool hangs = t->owed_us > LOOK_THREAD_HANGS_US;
    pthread_mutex_unlock(&t->lock);
    return hangs;
}

void look_thread_abandon(struct look_thread **thread, struct look_thread **list)
{
    struct look_thread *t = *thread;
    end_ask(t, false);
    pthread_detach(t->thread);
    t->next = *list;
    *list = t;
    *thread = NULL;
}

static bool has_room(const struct look_thread *t, const struct packet *packet)
{
    return t->count < MOST_WAITING &&
           (t->count == 0 || t->bytes + packet->data.size <= LOOK_THREAD_BYTES);
}

struct look_behind look_thread_add(struct look_thread *thread,
                                   const struct packet *packet)
{
    struct look_thread *t = thread;
    pthread_mutex_lock(&t->lock);
    t->skipping = !has_room(t, packet) || (t->skipping && !packet->key);
    int at = (t->first + t->count) % MOST_WAITING;
    if (!t->skipping && packet_share(packet, &t->waiting[at]) == STING_OK) {
        t->count++;
        t->bytes += packet->data.size;
        if (packet->key || t->is_lively || t->count >= MOST_HELD) {
            t->is_called = true;
            pthread_cond_signal(&t->more);
        }
    } else {
        t->behind.is_now = true;
        t->behind.unseen++;
    }
    struct look_behind behind = t->behind;
    pthread_mutex_unlock(&t->lock);
    return behind;
}

void look_thread_rouse(struct look_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    thread->is_lively = true;
    thread->is_called = thread->is_called || thread->count > 0;
    pthread_cond_signal(&thread->more);
    pthread_mutex_unlock(&thread->lock);
}

void look_thread_print(struct look_thread *thread,
                       const struct page_print *print)
{
    struct look_thread *t = thread;
    pthread_mutex_lock(&t->lock);
    if (t->prints < PAGE_PRINTS_MOST) {
        t->print[t->prints++] = print;
    }
    pthread_mutex_unlock(&t->lock);
}
