/* What has to wait for a name, in threads beside the loop. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "alert/net_state.h"

#define STACK_BYTES ((size_t)512 * 1024)

int64_t net_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *thread(void *context)
{
    struct errand *errand = context;
    struct net *net = errand->net;
    errand->work(errand);
    atomic_store_explicit(&errand->is_done, true, memory_order_release);
    /* From here on it is the loop's. */
    (void)curl_multi_wakeup(net->multi);
    return NULL;
}

/* Where no thread can be had, it is done at once: late rather than never. */
static void begin(struct errand *errand)
{
    pthread_attr_t small;
    pthread_t ignored;
    errand->has_begun = true;
    bool runs = pthread_attr_init(&small) == 0;
    if (runs) {
        runs =
            pthread_attr_setstacksize(&small, STACK_BYTES) == 0 &&
            pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED) == 0 &&
            pthread_create(&ignored, &small, thread, errand) == 0;
        (void)pthread_attr_destroy(&small);
    }
    if (!runs) {
        (void)thread(errand);
    }
}

static void begin_some(struct net *net)
{
    size_t at_work = 0;
    for (struct errand *one = net->errand; one; one = one->next) {
        at_work += one->has_begun;
    }
    for (struct errand *one = net->errand; one && at_work < NET_MOST_THREADS;
         one = one->next) {
        if (!one->has_begun) {
            begin(one);
            at_work++;
        }
    }
}

void net_errand_send(struct net *net, struct errand *errand)
{
    struct errand **end = &net->errand;
    while (*end) {
        end = &(*end)->next;
    }
    errand->net = net;
    errand->next = NULL;
    *end = errand;
    begin_some(net);
}

bool net_errands_serve(struct net *net)
{
    bool goes_on = true;
    int64_t now_ms = net_now_ms();
    struct errand **at = &net->errand;
    while (*at && goes_on) {
        struct errand *one = *at;
        bool is_vain = one->is_late && !one->has_begun;
        if (is_vain ||
            atomic_load_explicit(&one->is_done, memory_order_acquire)) {
            *at = one->next;
            goes_on = one->end(net, one);
            continue;
        }
        if (one->late && !one->is_late && now_ms > one->until_ms) {
            one->is_late = true;
            goes_on = one->late(net, one);
        }
        at = &one->next;
    }
    begin_some(net);
    return goes_on;
}
