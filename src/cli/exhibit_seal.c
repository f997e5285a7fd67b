#include "cli/exhibit_seal.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "operation/writer.h"

#define PAUSE_MS 500
#define MOST_PAUSES 60 /* a segment is cut after 12 s at the latest */
#define ASK_PAUSES 6   /* and asked for again when nothing came of it */

static void rest(void)
{
    const struct timespec time = {.tv_nsec = PAUSE_MS * 1000000L};
    (void)nanosleep(&time, NULL);
}

/* No station may be there: then nothing can be asked, which is no failure. */
static enum sting_status seal_ask(const struct operation *operation,
                                  int64_t until_us, int64_t *asked_us,
                                  struct fault *fault)
{
    enum sting_status status =
        writer_station_seal(operation, WRITER_CUT, fault);
    if (!status) {
        *asked_us = until_us;
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

/* Asked again where a segment was sealed and is still short of it: the newest
 * picture may have come before we asked; and after a while in any case, for a
 * station that has much to do. */
static enum sting_status sealed_wait(const struct operation *operation,
                                     const struct exhibit_order *order,
                                     int64_t wanted_us, struct fault *fault)
{
    int64_t until_us = 0, asked_us = -1;
    bool is_recording = true;
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i < MOST_PAUSES; i++) {
        status = exhibit_sealed_until(operation, order->camera, &until_us,
                                      &is_recording, fault);
        if (status || until_us >= wanted_us || !is_recording) {
            break;
        }
        if (asked_us < 0 && isatty(STDERR_FILENO)) {
            fprintf(stderr, "sting: the station seals its segment\n");
        }
        if (until_us != asked_us || i % ASK_PAUSES == 0) {
            status = seal_ask(operation, until_us, &asked_us, fault);
        }
        rest();
    }
    return status;
}

enum sting_status exhibit_seal(const struct operation *operation,
                               const struct exhibit_order *order,
                               struct fault *fault)
{
    int64_t wanted_us = clock_now().utc_us;
    if (operation_office(operation)) {
        return STING_OK; /* an imported record grows by importing alone */
    }
    if (order->to_us < wanted_us) {
        wanted_us = order->to_us;
    }
    /* Signed first: is there a station? Then once what it seals is there. */
    enum sting_status status =
        writer_station_seal(operation, WRITER_SIGN, fault);
    if (!status) {
        status = sealed_wait(operation, order, wanted_us, fault);
    }
    if (!status) {
        status = writer_station_seal(operation, WRITER_SIGN, fault);
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}
