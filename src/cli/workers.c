/* One row a kind of worker; owners add theirs. */
#include "cli/workers.h"

#include <signal.h>
#include <unistd.h>

#include "alert/net_worker.h"
#include "cli/command.h"
#include "jail/worker.h"
#include "operation/check_worker.h"
#include "operation/picture_worker.h"
#include "operation/player_worker.h"
#include "station/relay.h"
#include "trace/recheck.h"
#include "watch/camera.h"

typedef int (*serve_function)(int channel);

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

/* clang-format off */
/* NULL: a kind that this program does not have yet. */
static const serve_function serve[WORKER_KINDS] = {
    [WORKER_CAMERA] = SERVED_BY(CAMERA_SERVE),
    [WORKER_RELAY] = SERVED_BY(relay_serve),
    [WORKER_PICTURE] = SERVED_BY(picture_worker_serve),
    [WORKER_PLAYER] = SERVED_BY(player_worker_serve),
    [WORKER_CHECK] = SERVED_BY(recheck_worker_serve),
    [WORKER_FOLDER] = SERVED_BY(check_worker_serve),
    [WORKER_NET] = SERVED_BY(net_worker_serve),
    [WORKER_WEB] = SERVED_BY(NULL),
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
