#include "station/upkeep.h"

#include <sys/statvfs.h>

#include "ledger/store.h"

#define REOPEN_US (INT64_C(5) * 1000000)
/* Kept free for the ledger and the keys; recording goes on above more. */
#define RESERVE_BYTES ((uint64_t)64 << 20)
#define RESUME_BYTES ((uint64_t)80 << 20)

static void disk_check(struct desk *desk, struct cameras *cameras,
                       struct moment now)
{
    struct statvfs disk;
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
    const char *words =
        has_room ? "the disk has room again: recording goes on"
                 : "THE DISK IS FULL: NOTHING IS RECORDED; alerts and the "
                   "ledger go on; make room (more than 80 MB)";
    tell(desk->teller, &tale, "%s", words);
    outbound_say(desk, now, words);
    cameras_room(cameras, has_room, now);
    desk->has_room = has_room;
}

/* Past its end an operation records nothing; not past it any more, as when a
 * clock was wrong for a moment or the end was moved, it does again. */
static void until_check(struct upkeep *upkeep, struct desk *desk,
                        struct cameras *cameras, struct moment now)
{
    int64_t said_us = desk->core ? core_until_us(desk->core) : 0;
    int64_t until_us =
        said_us ? said_us : operation_config(desk->operation)->until_utc_us;
    bool is_past = now.utc_us >= until_us;
    if (!is_past && !upkeep->is_past) {
        return;
    }
    cameras_past(cameras, is_past, now); /* those too that were added since */
    if (is_past != upkeep->is_past) {
        const char *words =
            is_past ? "THE OPERATION IS PAST ITS END: recording has stopped; "
                      "who decides to go on says so with sting extend"
                    : "the operation is not past its end any more, by this "
                      "machine's clock: recording goes on";
        const struct tale tale = {.event = "until",
                                  .state = is_past ? "past" : "again"};
        tell(desk->teller, &tale, "%s", words);
        outbound_say(desk, now, words);
    }
    upkeep->is_past = is_past;
}

/* A fresh key every minute, whether anything happened or not; what became of
 * the clock as soon as it is seen. */
static void record_check(struct desk *desk, struct moment now)
{
    struct fault fault = {"", ""};
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

void upkeep_tick(struct upkeep *upkeep, struct desk *desk,
                 struct cameras *cameras, struct moment now)
{
    disk_check(desk, cameras, now);
    until_check(upkeep, desk, cameras, now);
    keeper_tick(&upkeep->keeper, desk->operation, now);
    record_check(desk, now);
}

void upkeep_reopen(struct upkeep *upkeep, struct desk *desk,
                   struct cameras *cameras, struct outbound *outbound,
                   struct moment now)
{
    struct fault fault = {"", ""};
    if (!desk->is_broken || now.boot_us < upkeep->reopen_us) {
        return;
    }
    upkeep->reopen_us = now.boot_us + REOPEN_US;
    cameras_unrecord(cameras);
    outbound_close(outbound, desk);
    core_free(&desk->core);
    enum sting_status status =
        core_open(desk->operation, clock_now, &desk->core, &fault);
    if (!status) {
        status = outbound_open(outbound, desk, now, &fault);
    }
    if (!status) {
        status = cameras_record_anew(cameras, &fault);
    }
    if (!status) {
        const struct tale tale = {.event = "record", .state = "again"};
        desk->is_broken = false;
        tell(desk->teller, &tale, "the record is kept again");
    }
}
