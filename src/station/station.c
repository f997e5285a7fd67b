#include "station/station.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "anchor/anchors.h"
#include "ledger/store.h"
#include "operation/kept.h"
#include "station/camera.h"
#include "station/clients.h"
#include "station/console.h"
#include "station/desk.h"
#include "station/glimpse.h"
#include "station/incidents.h"
#include "station/keeper.h"
#include "station/reload.h"
#include "station/team.h"

#define SECOND_US INT64_C(1000000)
#define TICK_MS 200
#define REOPEN_US (5 * SECOND_US)
#define FLUSH_MS 700   /* that workers get to hand over what they have */
#define ALERTS_MS 500  /* that alerts on their way get */
#define ANCHORS_MS 500 /* and outsiders, to see the newest checkpoint */
/* Kept free for the ledger and the keys; recording goes on above more. */
#define RESERVE_BYTES ((uint64_t)64 << 20)
#define RESUME_BYTES ((uint64_t)80 << 20)
#define MOST_READY (6 + CONSOLE_FDS + CLIENTS_MOST + 2 * CONFIG_MOST_CAMERAS)

struct station {
    struct desk desk;
    struct teller teller;
    struct clients clients;
    struct names names;
    struct anchors *anchors; /* owned */
    struct camera *camera;   /* owned */
    size_t cameras;          /* that were set up */
    size_t camera_at;        /* whose turn it is */
    int signals;             /* a descriptor, owned */
    int64_t reopen_us;       /* boot time of the next try after a refusal */
    int64_t tick_us;
    struct keeper keeper;
    struct glimpse glimpse;
    struct team team;
    struct console console;
    size_t alerts_waiting;       /* as last told */
    bool rests;                  /* no alerts go out, as last told */
    bool ends;                   /* asked to */
    bool rereads;                /* operation.yaml, asked to */
    struct operation *operation; /* borrowed; its configuration may change */
    bool is_past;                /* the operation's `until` */
};

static void station_release(struct station *station)
{
    for (size_t i = 0; i < station->cameras; i++) {
        camera_release(&station->camera[i]);
    }
    console_release(&station->console);
    free(station->camera);
    incidents_free(&station->desk.incidents);
    alerts_free(&station->desk.alerts);
    anchors_free(&station->anchors);
    core_free(&station->desk.core);
    names_release(&station->names);
    glimpse_release(&station->glimpse);
    clients_release(&station->clients);
    fd_close(&station->signals);
}

static const struct config *config_of(const struct station *station)
{
    return operation_config(station->desk.operation);
}

/* ---- beginning ---- */

static enum sting_status signals_open(struct station *station,
                                      struct fault *fault)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    signal(SIGPIPE, SIG_IGN);
    station->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    return station->signals >= 0 ? STING_OK
                                 : fault_errno(fault, STING_E_IO, "",
                                               "signals cannot be waited for");
}

static enum sting_status cameras_open(struct station *station,
                                      struct fault *fault)
{
    size_t count = config_of(station)->cameras;
    /* Room for those that come while it runs. */
    station->camera = calloc(CONFIG_MOST_CAMERAS, sizeof *station->camera);
    if (!station->camera) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        enum sting_status status =
            camera_init(&station->camera[i], (int)i, &station->desk, fault);
        if (status) {
            return status;
        }
        station->cameras++;
    }
    return STING_OK;
}

/* The console, where one is wanted. */
static enum sting_status console_begin(struct station *station, const char *at,
                                       struct fault *fault)
{
    station->teller.heard = console_hear;
    station->teller.hearer = &station->console;
    return at ? console_open(&station->console, &station->desk, at, fault)
              : STING_OK;
}

static enum sting_status station_open(struct station *station,
                                      struct fault *fault)
{
    struct desk *desk = &station->desk;
    uint32_t first = 1;
    enum sting_status status =
        core_open(desk->operation, clock_now, &desk->core, fault);
    if (!status) {
        status = alerts_new(desk->operation, desk->core, &desk->alerts, fault);
    }
    if (!status) {
        status = anchors_new(desk->operation, desk->core, clock_now(),
                             &station->anchors, fault);
    }
    if (!status) {
        status = incidents_first_number(desk->operation, &first, fault);
    }
    if (!status) {
        status = incidents_new(config_of(station)->quiet_us, first,
                               &desk->incidents);
    }
    if (!status) {
        incidents_places(desk->incidents, config_of(station));
    }
    if (!status) {
        status = cameras_open(station, fault);
    }
    if (!status) {
        status = clients_init(&station->clients, desk->operation, fault);
    }
    return status ? status : signals_open(station, fault);
}

static void tell_start(const struct station *station)
{
    const struct config *config = config_of(station);
    const struct tale tale = {.event = "station", .state = "on"};
    const char *recovered = ledger_recovered(core_ledger(station->desk.core));
    if (recovered[0]) {
        const struct tale again = {.event = "station", .state = "recovered"};
        tell(&station->teller, &again, "after an end without order: %s",
             recovered);
    }
    if (kept_is_moved(core_ledger(station->desk.core))) {
        const struct tale moved = {.event = "station", .state = "moved"};
        tell(&station->teller, &moved,
             "THIS OPERATION HAS MOVED, or is a copy: let only one of two "
             "copies go on");
    }
    tell(&station->teller, &tale, "watching %s with %zu camera%s; Ctrl-C ends",
         operation_path(station->desk.operation), config->cameras,
         config->cameras == 1 ? "" : "s");
    if (config->record == CONFIG_INCIDENTS) {
        const struct tale some = {.event = "record", .state = "incidents"};
        tell(&station->teller, &some,
             "only incidents are recorded, from 10 s before; that nobody was "
             "there cannot be shown from what is kept");
    }
    if (config->until_utc_us != INT64_MAX) {
        const struct tale until = {.event = "until"};
        char text[CLOCK_TEXT_SIZE];
        int64_t left_us = config->until_utc_us - station->desk.since.utc_us;
        tell(&station->teller, &until,
             "this operation ends on %.10s: %lld days left",
             clock_text(config->until_utc_us, text),
             (long long)(left_us > 0 ? left_us / (86400 * SECOND_US) : 0));
    }
}

/* ---- each second ---- */

static void disk_check(struct station *station, struct moment now)
{
    struct statvfs disk;
    struct desk *desk = &station->desk;
    if (fstatvfs(operation_dir(desk->operation), &disk) != 0) {
        return;
    }
    uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    bool has_room = room >= (desk->has_room ? RESERVE_BYTES : RESUME_BYTES);
    if (has_room == desk->has_room) {
        return;
    }
    const struct tale tale = {.event = "disk",
                              .state = has_room ? "free" : "full"};
    tell(&station->teller, &tale,
         has_room ? "the disk has room again: recording goes on"
                  : "THE DISK IS FULL: NOTHING IS RECORDED; alerts and the "
                    "ledger go on; make room (more than 80 MB)");
    for (size_t i = 0; i < station->cameras; i++) {
        if (has_room) {
            camera_resume(&station->camera[i], now);
        } else {
            camera_pause(&station->camera[i], now);
        }
    }
    desk->has_room = has_room;
}

/* Past its end an operation records nothing. */
static void until_check(struct station *station, struct moment now)
{
    int64_t said_us =
        station->desk.core ? core_until_us(station->desk.core) : 0;
    int64_t until_us = said_us ? said_us : config_of(station)->until_utc_us;
    if (station->is_past || now.utc_us < until_us) {
        return;
    }
    const struct tale tale = {.event = "until", .state = "past"};
    station->is_past = true;
    for (size_t i = 0; i < station->cameras; i++) {
        camera_stop(&station->camera[i], now, "the operation has ended");
    }
    tell(&station->teller, &tale,
         "THE OPERATION IS PAST ITS END: recording has stopped; who decides "
         "to go on says so with sting extend and starts the station again");
}

/* A fresh key every minute, whether anything happened or not; what became of
 * the clock as soon as it is seen. */
static void record_check(struct station *station, struct moment now)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    const struct clock_state clock = clock_state_of(clock_now);
    if (!desk->core || desk->is_broken) {
        return;
    }
    enum sting_status status =
        ledger_clock(core_ledger(desk->core), &clock, &fault);
    if (!status) {
        status = ledger_epoch_tick(core_ledger(desk->core), now, &fault);
    }
    if (status) {
        desk_break(desk, &fault);
    }
}

/* The disk refused the ledger: let go of it and open it anew, which also
 * recovers what was half done. */
static void reopen(struct station *station, struct moment now)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    if (!desk->is_broken || now.boot_us < station->reopen_us) {
        return;
    }
    station->reopen_us = now.boot_us + REOPEN_US;
    for (size_t i = 0; i < station->cameras; i++) {
        recording_free(&station->camera[i].recording);
    }
    alerts_free(&desk->alerts);
    anchors_free(&station->anchors);
    core_free(&desk->core);
    enum sting_status status =
        core_open(desk->operation, clock_now, &desk->core, &fault);
    if (!status) {
        status = alerts_new(desk->operation, desk->core, &desk->alerts, &fault);
    }
    if (!status) {
        status = anchors_new(desk->operation, desk->core, now,
                             &station->anchors, &fault);
    }
    for (size_t i = 0; i < station->cameras && !status; i++) {
        status = camera_record_anew(&station->camera[i], &fault);
    }
    if (!status) {
        const struct tale tale = {.event = "record", .state = "again"};
        desk->is_broken = false;
        tell(&station->teller, &tale, "the record is kept again");
    }
}

/* Tell when alerts stop going out, and when they go out again. */
static void duty_tell(struct station *station, struct moment now)
{
    char until[CLOCK_TEXT_SIZE];
    const struct duty *duty = alerts_duty(station->desk.alerts);
    bool rests = !duty_is_armed(duty, now.utc_us);
    const struct tale tale = {.event = "duty",
                              .state = rests ? "disarmed" : "armed"};
    if (rests == station->rests) {
        return;
    }
    station->rests = rests;
    if (rests) {
        tell(&station->teller, &tale,
             "NO ALERTS GO OUT until %.19sZ (%s); everything is recorded",
             clock_text(duty->rests_until_us, until), duty->by);
    } else {
        tell(&station->teller, &tale, "alerts go out again");
    }
}

/* Send what is due, and tell when people were reached or not. */
static void alerts_serve(struct station *station, struct moment now)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    if (!desk->alerts || desk->is_broken) {
        return;
    }
    if (alerts_tick(desk->alerts, now, &fault)) {
        desk_break(desk, &fault);
        return;
    }
    duty_tell(station, now);
    size_t waiting = alerts_waiting(desk->alerts);
    const struct tale delivered = {.event = "alert", .state = "delivered"};
    const struct tale on_their_way = {.event = "alert", .state = "waiting"};
    if (waiting > station->alerts_waiting) {
        tell(&station->teller, &on_their_way, "alerts on their way: %zu",
             waiting);
    } else if (waiting == 0 && station->alerts_waiting > 0) {
        tell(&station->teller, &delivered, "all alerts were delivered");
    }
    station->alerts_waiting = waiting;
}

/* Ask outsiders when it is time, and tell what they said. */
static void anchors_serve(struct station *station, struct moment now)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    if (!station->anchors || desk->is_broken) {
        return;
    }
    if (anchors_tick(station->anchors, now, &fault)) {
        desk_break(desk, &fault);
        return;
    }
    const char *news = NULL;
    while ((news = anchors_news(station->anchors))) {
        const struct tale tale = {.event = "anchor"};
        tell(&station->teller, &tale, "%s", news);
    }
}

/* Events to the ledger and to people, alerts on their way at once. */
static void drain(struct station *station, struct moment now)
{
    bool any =
        incidents_drain(&station->desk, station->camera, station->cameras, now);
    if (any) {
        alerts_serve(station, now);
    }
    for (size_t i = 0; i < station->cameras && any; i++) {
        camera_keep(&station->camera[i], now);
    }
}

/* Somebody is about to give out what is recorded now. */
static void cut_asked(struct station *station)
{
    if (!station->desk.core || !core_cut_taken(station->desk.core)) {
        return;
    }
    for (size_t i = 0; i < station->cameras; i++) {
        if (station->camera[i].recording) {
            recording_alert(station->camera[i].recording);
        }
    }
}

static void tick(struct station *station)
{
    struct moment now = clock_now();
    if (now.boot_us >= station->tick_us) {
        station->tick_us = now.boot_us + SECOND_US;
        incidents_tick(station->desk.incidents, now);
        disk_check(station, now);
        until_check(station, now);
        keeper_tick(&station->keeper, station->desk.operation, now);
        record_check(station, now);
        alerts_serve(station, now);
        anchors_serve(station, now);
        reopen(station, now);
    }
    cut_asked(station);
    team_serve(&station->team, &station->desk, now);
    glimpse_serve(&station->glimpse, &station->desk, now);
    console_tick(&station->console, now);
    for (size_t i = 0; i < station->cameras; i++) {
        camera_settle(&station->camera[i], now);
    }
    /* In turn, since one start ends the round. */
    for (size_t i = 0; i < station->cameras; i++) {
        size_t at = station->camera_at++ % station->cameras;
        if (camera_tick(&station->camera[at], now)) {
            break;
        }
    }
    drain(station, now);
}

/* ---- the loop ---- */

static void ready_add(struct pollfd *ready, size_t *count, int fd)
{
    /* poll() takes no notice of a negative descriptor. */
    ready[(*count)++] = (struct pollfd){fd, POLLIN, 0};
}

static void cameras_serve(struct station *station, const struct pollfd *ready)
{
    for (size_t i = 0; i < station->cameras; i++) {
        struct camera *camera = &station->camera[i];
        const struct pollfd *row = &ready[2 * i];
        /* First: it knows better than the worker why there is nothing. */
        if (row[1].revents && row[1].fd == camera->relay.channel) {
            camera_relay_ready(camera, clock_now());
        }
        if (row[0].revents && row[0].fd == camera->worker.channel) {
            camera_worker_ready(camera, clock_now());
        }
    }
}

static void names_serve(struct station *station, struct moment now)
{
    struct names_answer answer;
    while (names_next(&station->names, &station->desk, now, &answer)) {
        if (answer.id >= 0 && (uint64_t)answer.id < station->cameras) {
            camera_answer(&station->camera[answer.id], now, &answer);
        }
    }
}

static void signals_take(struct station *station)
{
    struct signalfd_siginfo info;
    while (read(station->signals, &info, sizeof info) == sizeof info) {
        station->ends |= info.ssi_signo != SIGHUP;
        station->rereads |= info.ssi_signo == SIGHUP;
    }
}

/* operation.yaml is to be read again. */
static void reread(struct station *station, struct moment now)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    const struct reload reload = {.operation = station->operation,
                                  .desk = desk,
                                  .camera = station->camera,
                                  .cameras = &station->cameras};
    station->rereads = false;
    if (!reload_run(&reload, now)) {
        return;
    }
    console_cameras(&station->console, station->camera, station->cameras);
    anchors_free(&station->anchors);
    if (anchors_new(desk->operation, desk->core, now, &station->anchors,
                    &fault)) {
        desk_break(desk, &fault);
    }
}

/* Wait for something to happen and serve it. */
static void turn(struct station *station)
{
    struct pollfd ready[MOST_READY];
    size_t count = 0;
    ready_add(ready, &count, station->signals);
    ready_add(ready, &count,
              station->desk.alerts ? alerts_fd(station->desk.alerts) : -1);
    if (station->desk.alerts) {
        ready[1].events = alerts_events(station->desk.alerts);
    }
    ready_add(ready, &count, station->names.worker.channel);
    int outside[ANCHORS_FDS];
    anchors_fds(station->anchors, outside);
    for (size_t i = 0; i < ANCHORS_FDS; i++) {
        ready_add(ready, &count, outside[i]);
    }
    size_t console_at = count;
    console_wait(&station->console, ready + count);
    count += CONSOLE_FDS;
    size_t cameras_at = count;
    for (size_t i = 0; i < station->cameras; i++) {
        ready_add(ready, &count, station->camera[i].worker.channel);
        ready_add(ready, &count, station->camera[i].relay.channel);
    }
    count += clients_wait(&station->clients, ready + count);
    if (poll(ready, (nfds_t)count, TICK_MS) < 0) {
        return; /* EINTR; nothing was filled in */
    }
    signals_take(station);
    if (ready[1].revents) {
        alerts_serve(station, clock_now());
    }
    if (ready[2].revents) {
        names_serve(station, clock_now());
    }
    if (ready[3].revents || ready[4].revents) {
        anchors_serve(station, clock_now());
    }
    cameras_serve(station, ready + cameras_at);
    clients_serve(&station->clients, &station->desk);
    console_serve(&station->console, ready + console_at, clock_now());
}

/* ---- ending ---- */

static bool any_worker_runs(const struct station *station)
{
    for (size_t i = 0; i < station->cameras; i++) {
        if (station->camera[i].worker.pid > 0) {
            return true;
        }
    }
    return false;
}

static void alerts_end(struct station *station)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    if (desk->alerts && !desk->is_broken &&
        alerts_finish(desk->alerts, clock_now, ALERTS_MS, &fault)) {
        desk_break(desk, &fault);
    }
    alerts_free(&desk->alerts);
}

/* All that was recorded is signed; whoever vouches for it may do so yet. */
static void anchors_end(struct station *station)
{
    struct fault fault = {"", ""};
    struct desk *desk = &station->desk;
    if (station->anchors && !desk->is_broken &&
        operation_config(desk->operation)->anchors > 0 &&
        (ledger_checkpoint(core_ledger(desk->core), clock_now(), &fault) ||
         anchors_finish(station->anchors, clock_now, ANCHORS_MS, &fault))) {
        desk_break(desk, &fault);
    }
    anchors_free(&station->anchors);
}

static enum sting_status station_end(struct station *station,
                                     struct fault *fault)
{
    const struct tale tale = {.event = "station", .state = "ends"};
    tell(&station->teller, &tale, "ending: sealing what was recorded");
    for (size_t i = 0; i < station->cameras; i++) {
        camera_stop_ask(&station->camera[i]);
    }
    int64_t latest_us = clock_now().boot_us + INT64_C(1000) * FLUSH_MS;
    while (any_worker_runs(station) && clock_now().boot_us < latest_us) {
        turn(station);
    }
    struct moment now = clock_now();
    for (size_t i = 0; i < station->cameras; i++) {
        camera_stop(&station->camera[i], now, "the station ended");
    }
    incidents_finish(station->desk.incidents, now);
    drain(station, now);
    for (size_t i = 0; i < station->cameras; i++) {
        recording_free(&station->camera[i].recording);
    }
    alerts_end(station);
    anchors_end(station);
    clients_release(&station->clients); /* while the lock is still ours */
    core_unlisten(station->desk.operation);
    if (station->desk.is_broken || !station->desk.core) {
        return fault_set(fault, STING_E_IO, "look at the disk",
                         "the record could not be kept to the end");
    }
    return core_close(&station->desk.core, "asked to end", fault);
}

enum sting_status station_run(struct operation *operation,
                              const struct station_settings *settings,
                              struct fault *fault)
{
    struct station station STING_AUTO(station_release) = {
        .teller = {.json = settings->json},
        .clients = {.listener = -1},
        .names = {.worker = WORKER_NONE},
        .console = CONSOLE_NONE,
        .glimpse = GLIMPSE_NONE,
        .operation = operation,
        .signals = -1};
    for (int i = 0; i < CLIENTS_MOST; i++) {
        station.clients.client[i].fd = -1;
    }
    station.desk =
        (struct desk){.operation = operation,
                      .teller = &station.teller,
                      .names = &station.names,
                      .anchors = &station.anchors,
                      .console = &station.console,
                      .glimpse = &station.glimpse,
                      .films = glimpse_is_wanted(operation_config(operation)),
                      .since = clock_now(),
                      .has_room = true};
    enum sting_status status = station_open(&station, fault);
    if (!status) {
        status = console_begin(&station, settings->listen, fault);
    }
    if (status) {
        return status;
    }
    console_cameras(&station.console, station.camera, station.cameras);
    tell_start(&station);
    while (!station.ends) {
        tick(&station);
        turn(&station);
        if (station.rereads) {
            reread(&station, clock_now());
        }
    }
    status = station_end(&station, fault);
    const struct tale tale = {.event = "station", .state = "off"};
    tell(&station.teller, &tale,
         status ? "ended, not in order" : "ended; everything is sealed");
    return status;
}
