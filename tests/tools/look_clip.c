/* What a clip costs to look at: packets decoded and processor time, apart for
 * learning and each second after it. Usage: look_clip CLIP */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "media/source.h"
#include "watch/looker.h"

#define MOST_S 600

struct cost {
    int packets[MOST_S], decoded[MOST_S], looks[MOST_S], present[MOST_S];
    double cpu_s[MOST_S];
};

static struct cost cost;

static double cpu_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int second_of(int64_t at_us)
{
    int64_t s = at_us / 1000000;
    return s < 0 ? 0 : s < MOST_S ? (int)s : MOST_S - 1;
}

static enum sting_status looked(void *context, int64_t at_us,
                                const struct detect_look *look)
{
    (void)context;
    cost.looks[second_of(at_us)]++;
    cost.present[second_of(at_us)] |= look->persons > 0;
    for (int i = 0; i < look->events; i++) {
        printf("event %d %s at %.2f, told %.2f\n", (int)look->event[i].kind,
               look->event[i].begins ? "begins" : "ends",
               1e-6 * (double)look->event[i].at_us, 1e-6 * (double)at_us);
    }
    return STING_OK;
}

static enum sting_status clip_look(struct source *source, struct looker *looker)
{
    struct packet packet;
    bool is_new = false;
    enum sting_status status;
    while (!(status = source_read(source, &packet, &is_new, NULL))) {
        int s = second_of(stream_us(source_stream(source), packet.pts));
        double begin_s = cpu_now_s();
        status = looker_add(looker, &packet);
        cost.cpu_s[s] += cpu_now_s() - begin_s;
        cost.packets[s]++;
        cost.decoded[s] += packet.key || looker_wants_all(looker);
        packet_release(&packet);
        if (status) {
            return status;
        }
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

static void cost_print(void)
{
    double learning_s = 0, present_s = 0, quiet_s = 0;
    int present = 0, quiet = 0;
    for (int s = 0; s < MOST_S && cost.packets[s]; s++) {
        printf("%d s: %d of %d decoded, %d looks, %.3f s%s\n", s,
               cost.decoded[s], cost.packets[s], cost.looks[s], cost.cpu_s[s],
               cost.present[s] ? ", somebody" : "");
        double *sum = s < 5             ? &learning_s
                      : cost.present[s] ? &present_s
                                        : &quiet_s;
        *sum += cost.cpu_s[s];
        present += s >= 5 && cost.present[s];
        quiet += s >= 5 && !cost.present[s];
    }
    printf("learning %.2f s; somebody there: %.2f s a minute of %d s; quiet: "
           "%.2f s a minute of %d s\n",
           learning_s, present ? 60 * present_s / present : 0, present,
           quiet ? 60 * quiet_s / quiet : 0, quiet);
}

int main(int argc, char **argv)
{
    struct source_settings from = {.url = argc > 1 ? argv[1] : ""};
    struct looker_settings settings = {0};
    struct source *source = NULL;
    struct looker *looker = NULL;
    if (source_open(&from, &source, NULL) ||
        looker_new(source_stream(source), &settings, looked, NULL, &looker,
                   NULL) ||
        clip_look(source, looker) || looker_finish(looker)) {
        fputs("look_clip: cannot\n", stderr);
        return 1;
    }
    cost_print();
    looker_free(&looker);
    source_free(&source);
    return 0;
}
