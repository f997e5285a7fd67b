/* One row a kind of worker; owners add theirs. */
#include "cli/workers.h"

#include <signal.h>
#include <unistd.h>

#include "alert/net_worker.h"
#include "anchor/judge.h"
#include "cli/command.h"
#include "crypt/start.h"
#include "drill/rehearsal_worker.h"
#include "exhibit/check_worker.h"
#include "jail/worker.h"
#include "operation/check_worker.h"
#include "operation/picture_worker.h"
#include "operation/player_worker.h"
#include "station/relay.h"
#include "trace/recheck.h"
#include "watch/camera.h"
#include "watch/onvif.h"
#include "web/console.h"
#include "web/witness.h"

typedef int (*serve_function)(int channel);

#ifndef STING_PROBE
/* What strangers gave to be checked: one row a request. */
static enum sting_status check_serve(void *context,
                                     const struct wire_head *request,
                                     struct bytes payload, struct fault *fault)
{
    static const struct {
        uint32_t kind;
        wire_service *serve;
    } row[] = {
        {WIRE_CHECK_PACK, recheck_serve},
        {WIRE_CHECK_STAMP, judge_serve},
        {WIRE_CHECK_WITNESS, judge_serve},
        {WIRE_CHECK_ONVIF, onvif_serve},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (row[i].kind == request->kind) {
            return row[i].serve(context, request, payload, fault);
        }
    }
    return STING_E_ARG;
}

static int answers_serve(int channel)
{
    crypt_start(); /* no file may be opened here */
    wire_serve(channel, check_serve, &channel);
    return 0;
}
#endif

#ifdef STING_PROBE
#define SERVED_BY(function) probe_serve
#else
#define SERVED_BY(function) function
#endif

#ifdef STING_STANDIN
#define CAMERA_SERVE standin_serve
#else
#define CAMERA_SERVE camera_worker_serve
#endif

#ifdef STING_TAKEN
#define WEB_SERVE taken_serve
#else
#define WEB_SERVE web_worker_serve
#endif

#ifndef STING_PROBE
/* Folders are of operations, and of exhibits. */
static int folder_serve(int channel)
{
    return check_worker_serve(channel, exhibit_check_serve);
}
#endif

/* clang-format off */
/* NULL: a kind that this program does not have yet. */
static const serve_function serve[WORKER_KINDS] = {
    [WORKER_CAMERA] = SERVED_BY(CAMERA_SERVE),
    [WORKER_RELAY] = SERVED_BY(relay_serve),
    [WORKER_PICTURE] = SERVED_BY(picture_worker_serve),
    [WORKER_PLAYER] = SERVED_BY(player_worker_serve),
    [WORKER_CHECK] = SERVED_BY(answers_serve),
    [WORKER_FOLDER] = SERVED_BY(folder_serve),
    [WORKER_NET] = SERVED_BY(net_worker_serve),
    [WORKER_WEB] = SERVED_BY(WEB_SERVE),
    [WORKER_WITNESS] = SERVED_BY(witness_worker_serve),
    [WORKER_DRILL] = SERVED_BY(rehearsal_worker_serve),
};
/* clang-format on */

int workers_run(int argc, char **argv)
{
    char missing[200];
    enum worker_kind kind = argc > 1 ? worker_kind_find(argv[1]) : WORKER_KINDS;
    if (kind == WORKER_KINDS) {
        return EXIT_USAGE;
    }
    signal(SIGPIPE, SIG_IGN);
    if (worker_enter(kind, argc > 2 ? argv[2] : NULL, missing)) {
        return EXIT_FAILED;
    }
    return serve[kind] ? serve[kind](WORKER_CHANNEL_FD) : EXIT_FAILED;
}
