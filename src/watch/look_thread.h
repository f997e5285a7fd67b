/*
 * look_thread: a looker with a queue before it, so that recording never waits
 * for looking. When looking falls behind, it skips to the next keyframe, and
 * who gives the packets is told of it.
 *
 * Threads: one gives packets; the sink is called on the looker's own thread.
 */
#ifndef STING_WATCH_LOOK_THREAD_H
#define STING_WATCH_LOOK_THREAD_H

#include "watch/looker.h"

/* Packets that wait, 20 s at 30 a second; and of so many bytes. */
#define LOOK_THREAD_MOST 600
#define LOOK_THREAD_BYTES ((size_t)32 * 1024 * 1024)

/* Who was called so long and took nothing hangs, and will for ever. */
#define LOOK_THREAD_HANGS_US INT64_C(15000000)

struct look_thread;

/* How looking keeps up. */
struct look_behind {
    bool is_now;     /* it skips, or has not caught up since it did */
    uint64_t unseen; /* packets that it never took */
};

/* Takes over *looker. Fails: E_NOMEM, E_IO; the looker is then freed too. */
STING_MUST_USE enum sting_status look_thread_new(struct looker **looker,
                                                 struct look_thread **out);

/* End: `finish` looks at what waits and ends what is open, else at once. */
void look_thread_stop(struct look_thread **thread, bool finish);

/* End at once; the looker is the caller's again. */
struct looker *look_thread_take(struct look_thread **thread);

/* End, as with `finish`, but without waiting for it; then whether that is
 * done, and look_thread_stop() waits no more. */
void look_thread_end(struct look_thread *thread);
bool look_thread_is_over(struct look_thread *thread);

/* Does it hang? Asked often, at boot time `now_us`: of a longer pause between
 * two questions only a second counts, since all stood still then. */
bool look_thread_hangs(struct look_thread *thread, int64_t now_us);

/* Leave one that hangs to itself: nothing of it may be freed, nor what it
 * borrowed. It joins those of *list, and ends if it ever goes on. */
void look_thread_abandon(struct look_thread **thread,
                         struct look_thread **list);

/* Give a packet; never waits for the looker. */
struct look_behind look_thread_add(struct look_thread *thread,
                                   const struct packet *packet);

/* What waits is looked at now, without the next keyframe. */
void look_thread_rouse(struct look_thread *thread);

/* A page that may lie in its zones; borrowed until it has stopped. */
void look_thread_print(struct look_thread *thread,
                       const struct page_print *print);

#endif
