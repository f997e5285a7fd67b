#include "station/station.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "ledger/store.h"
#include "operation/kept.h"
#include "station/cameras.h"
#include "station/clients.h"
#include "station/console.h"
#include "station/desk.h"
#include "station/glimpse.h"
#include "station/incidents.h"
#include "station/laying.h"
#include "station/outbound.h"
#include "station/prints.h"
#include "station/reload.h"
#include "station/team.h"
#include "station/upkeep.h"

#define SECOND_US INT64_C(1000000)
#define TICK_MS 200
#define FLUSH_MS 700 /* that workers get to hand over what they have */
#define MOST_READY (2 + OUTBOUND_FDS + CONSOLE_FDS + CLIENTS_MOST + CAMERAS_FDS)

struct station {
    struct desk desk;
    struct page_touch touch;
    struct teller teller;
    struct clients clients;
    struct names names;
    struct outbound outbound;
    struct cameras cameras;
    struct upkeep upkeep;
    int signals; /* a descriptor, owned */
    int64_t tick_us;
    struct beat beat;
    struct glimpse glimpse;
    struct team team;
    struct console console;
    struct prints prints;
    struct laid laid;            /* as the ledger tells */
    bool ends;                   /* asked to */
    bool rereads;                /* operation.yaml, asked to */
    struct operation *operation; /* borrowed; its configuration may change */
};

static void station_release(struct station *station)
{
    cameras_release(&station->cameras);
    console_release(&station->console);
    incidents_free(&station->desk.incidents);
    outbound_close(&station->outbound, &station->desk);
    core_free(&station->desk.core);
    names_release(&station->names);
    glimpse_release(&station->glimpse);
    prints_wipe(&station->prints);
    laid_release(&station->laid);
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
    enum sting_status status = operation_watch_check(desk->operation, fault);
    if (!status) {
        status = core_open(desk->operation, clock_now, &desk->core, fault);
    }
    if (!status) {
        status = outbound_open(&station->outbound, desk, clock_now(), fault);
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
        status =
            laid_read(operation_dir(desk->operation), &station->laid, fault);
    }
    if (!status) {
        status = cameras_open(&station->cameras, desk, fault);
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

/* Events to the ledger and to people, alerts on their way at once. */
static void drain(void *context, struct moment now)
{
    struct station *station = context;
    if (incidents_drain(&station->desk, station->cameras.camera,
                        station->cameras.count, now)) {
        outbound_alerts(&station->outbound, &station->desk, now);
        cameras_keep(&station->cameras, now);
    }
}

/* Nothing was done for seconds: people are told, and no camera is blamed. */
static void beat(struct station *station, struct moment now)
{
    const struct tale tale = {.event = "station", .state = "stood-still"};
    if (beat_take(&station->beat, now.boot_us)) {
        tell(&station->teller, &tale,
             "THE STATION STOOD STILL for %d s, itself, its disk or the whole "
             "machine: nobody was told of anything meanwhile",
             beat_stood_s(&station->beat));
        cameras_stood(&station->cameras, &station->beat);
    }
}

static void tick(struct station *station)
{
    struct desk *desk = &station->desk;
    struct moment now = clock_now();
    beat(station, now);
    if (now.boot_us >= station->tick_us) {
        station->tick_us = now.boot_us + SECOND_US;
        incidents_tick(desk->incidents, now);
        upkeep_tick(&station->upkeep, desk, &station->cameras, now);
        outbound_alerts(&station->outbound, desk, now);
        outbound_anchors(&station->outbound, desk, now);
        upkeep_reopen(&station->upkeep, desk, &station->cameras,
                      &station->outbound, now);
    }
    /* Somebody is about to give out what is recorded now. */
    if (desk->core && core_cut_taken(desk->core)) {
        cameras_cut(&station->cameras);
    }
    team_serve(&station->team, desk, now);
    glimpse_serve(&station->glimpse, desk, now);
    console_tick(&station->console, now);
    cameras_tick(&station->cameras, now);
    drain(station, now);
}

/* ---- the loop ---- */

static void names_serve(struct station *station, struct moment now)
{
    struct names_answer answer;
    while (names_next(&station->names, &station->desk, now, &answer)) {
        cameras_answer(&station->cameras, now, &answer);
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
    struct cameras *cameras = &station->cameras;
    const struct reload reload = {.operation = station->operation,
                                  .desk = &station->desk,
                                  .camera = cameras->camera,
                                  .cameras = &cameras->count};
    station->rereads = false;
    if (!reload_run(&reload, now)) {
        return;
    }
    laying_tell(&station->laid, &station->desk, now);
    console_cameras(&station->console, cameras->camera, cameras->count);
    outbound_anchors_anew(&station->outbound, &station->desk, now);
}

/* Wait for something to happen and serve it. */
static void turn(struct station *station)
{
    struct pollfd ready[MOST_READY];
    /* poll() takes no notice of a negative descriptor. */
    ready[0] = (struct pollfd){station->signals, POLLIN, 0};
    ready[1] = (struct pollfd){station->names.worker.channel, POLLIN, 0};
    size_t outbound_at = 2;
    outbound_wait(&station->outbound, &station->desk, ready + outbound_at);
    size_t console_at = outbound_at + OUTBOUND_FDS;
    console_wait(&station->console, ready + console_at);
    size_t cameras_at = console_at + CONSOLE_FDS;
    size_t count = cameras_at;
    count += cameras_wait(&station->cameras, ready + count);
    size_t clients_at = count;
    count += clients_wait(&station->clients, ready + clients_at);
    if (poll(ready, (nfds_t)count, TICK_MS) < 0) {
        return; /* EINTR; nothing was filled in */
    }
    if (ready[0].revents) {
        signals_take(station);
    }
    if (ready[1].revents) {
        names_serve(station, clock_now());
    }
    outbound_serve(&station->outbound, &station->desk, ready + outbound_at);
    cameras_serve(&station->cameras, ready + cameras_at);
    clients_serve(&station->clients, ready + clients_at, &station->desk);
    console_serve(&station->console, ready + console_at, clock_now());
}

/* ---- ending ---- */

static enum sting_status station_end(struct station *station,
                                     struct fault *fault)
{
    const struct tale tale = {.event = "station", .state = "ends"};
    tell(&station->teller, &tale, "ending: sealing what was recorded");
    cameras_stop_ask(&station->cameras);
    int64_t latest_us = clock_now().boot_us + INT64_C(1000) * FLUSH_MS;
    while (cameras_run(&station->cameras) && clock_now().boot_us < latest_us) {
        turn(station);
    }
    struct moment now = clock_now();
    cameras_stop(&station->cameras, now, "the station ended");
    incidents_finish(station->desk.incidents, now);
    drain(station, now);
    cameras_unrecord(&station->cameras);
    outbound_end(&station->outbound, &station->desk);
    clients_release(&station->clients); /* while the lock is still ours */
    core_unlisten(station->desk.operation);
    if (station->desk.is_broken || !station->desk.core) {
        return fault_set(fault, STING_E_IO, "look at the disk",
                         "the record could not be kept to the end");
    }
    return core_close(&station->desk.core, "asked to end", fault);
}

/* It did not come to be, which is no crash: what has begun ends in order. */
static void station_abandon(struct station *station)
{
    struct fault ignored = {"", ""};
    cameras_unrecord(&station->cameras);
    clients_release(&station->clients); /* while the lock is still ours */
    if (station->desk.core) {
        core_unlisten(station->desk.operation);
        (void)!core_close(&station->desk.core, "it could not begin", &ignored);
    }
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
                      .drain = drain,
                      .station = &station,
                      .touch = &station.touch,
                      .names = &station.names,
                      .anchors = &station.outbound.anchors,
                      .console = &station.console,
                      .glimpse = &station.glimpse,
                      .prints = &station.prints,
                      .films = glimpse_is_wanted(operation_config(operation)),
                      .since = clock_now(),
                      .has_room = true};
    enum sting_status status = station_open(&station, fault);
    if (!status) {
        status = console_begin(&station, settings->listen, fault);
    }
    if (status) {
        station_abandon(&station);
        return status;
    }
    console_cameras(&station.console, station.cameras.camera,
                    station.cameras.count);
    laying_tell(&station.laid, &station.desk, clock_now());
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
