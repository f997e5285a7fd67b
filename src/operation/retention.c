#include "operation/retention.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/recording_name.h"
#include "operation/clock_trust.h"
#include "operation/incident_list.h"
#include "operation/writer.h"

#define DAY_US INT64_C(86400000000)
#define FOLDER "evidence/segments"
#define DATE_SIZE 11
#define MOST_FILES 200000 /* at a time; the next run goes on */

/* One camera's day, and what of it may go. */
struct day {
    char camera[LEDGER_CAMERA_SIZE];
    char date[DATE_SIZE];
    uint64_t bytes;                    /* of all its files */
    bool is_newest;                    /* of its camera: still in use */
    bool is_wanted;                    /* to go, if nothing holds it */
    bool is_for_room;                  /* and only while all take too much */
    bool is_told;                      /* a line says that it goes */
    char (*path)[RECORDING_PATH_SIZE]; /* owned; files that go */
    size_t files;
    uint64_t free; /* bytes that go with them */
    uint64_t kept;
};

struct days {
    struct day *day; /* owned; by date */
    size_t count;
    size_t files; /* chosen so far */
};

static void days_release(struct days *days)
{
    for (size_t i = 0; i < days->count; i++) {
        free(days->day[i].path);
    }
    free(days->day);
}

static DIR *dir_open(int at, const char *path)
{
    return dir_of(
        openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/* ---- what is there ---- */

static uint64_t bytes_below(int operation, const struct day *day)
{
    char path[RECORDING_PATH_SIZE];
    uint64_t bytes = 0;
    struct stat info;
    struct dirent *entry = NULL;
    (void)snprintf(path, sizeof path, FOLDER "/%s/%s", day->camera, day->date);
    DIR *dir STING_AUTO(dir_close) = dir_open(operation, path);
    while (dir && (entry = readdir(dir)) != NULL) {
        if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) ==
                0 &&
            S_ISREG(info.st_mode)) {
            bytes += (uint64_t)info.st_size;
        }
    }
    return bytes;
}

static enum sting_status day_add(struct days *days, int operation,
                                 const char *camera, const char *date)
{
    struct day *day = array_add(&days->day, &days->count, sizeof *days->day);
    if (!day) {
        return STING_E_NOMEM;
    }
    (void)snprintf(day->camera, sizeof day->camera, "%.64s", camera);
    (void)snprintf(day->date, sizeof day->date, "%.10s", date);
    day->bytes = bytes_below(operation, day);
    return STING_OK;
}

static enum sting_status camera_list(struct days *days, int operation,
                                     const char *camera)
{
    char path[RECORDING_PATH_SIZE];
    struct dirent *entry = NULL;
    enum sting_status status = STING_OK;
    size_t first = days->count;
    (void)snprintf(path, sizeof path, FOLDER "/%.64s", camera);
    DIR *dir STING_AUTO(dir_close) = dir_open(operation, path);
    while (dir && !status && (entry = readdir(dir)) != NULL) {
        if (recording_is_date(bytes_of_text(entry->d_name))) {
            status = day_add(days, operation, camera, entry->d_name);
        }
    }
    size_t newest = first;
    for (size_t i = first; i < days->count; i++) {
        newest =
            strcmp(days->day[i].date, days->day[newest].date) > 0 ? i : newest;
    }
    if (first < days->count) {
        days->day[newest].is_newest = true;
    }
    return status;
}

static int by_date(const void *left, const void *right)
{
    const struct day *a = left;
    const struct day *b = right;
    int order = strcmp(a->date, b->date);
    return order ? order : strcmp(a->camera, b->camera);
}

static enum sting_status days_list(int operation, struct days *days)
{
    struct dirent *entry = NULL;
    enum sting_status status = STING_OK;
    DIR *dir STING_AUTO(dir_close) = dir_open(operation, FOLDER);
    while (dir && !status && (entry = readdir(dir)) != NULL) {
        if (ledger_is_camera_name(bytes_of_text(entry->d_name))) {
            status = camera_list(days, operation, entry->d_name);
        }
    }
    if (days->count > 1) {
        qsort(days->day, days->count, sizeof *days->day, by_date);
    }
    return status;
}

/* ---- what is to go ---- */

static uint64_t bytes_of(const struct days *days)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < days->count; i++) {
        bytes += days->day[i].bytes;
    }
    return bytes;
}

/* By name, by age, or as long as all do not fit. The last is only what may be
 * looked at: how much goes is known when incidents have been asked. */
static void days_choose(const struct retention_order *order, int64_t now_us,
                        struct days *days)
{
    char oldest[LINE_TIME_SIZE];
    int64_t from_us = now_us - order->days * DAY_US;
    line_time_text(from_us > 0 ? from_us : 0, oldest);
    bool is_over = order->bytes && bytes_of(days) > (uint64_t)order->bytes;
    for (size_t i = 0; i < days->count; i++) {
        struct day *day = &days->day[i];
        bool is_named = order->date && !strcmp(day->date, order->date) &&
                        (!order->camera || !strcmp(day->camera, order->camera));
        bool is_old = order->days && strncmp(day->date, oldest, 10) < 0;
        day->is_wanted = !day->is_newest && (is_named || is_old || is_over);
        day->is_for_room = !is_named && !is_old;
    }
}

static enum sting_status trust_take(void *context, const struct line *line)
{
    clock_trust_take(context, line);
    return STING_OK;
}

/* By how much the clock shows too much; asked for where days are let go by
 * their age. */
static enum sting_status ahead_find(int operation,
                                    const struct retention_order *order,
                                    int64_t *ahead_us, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct clock_trust trust = {0};
    if (!order->days) {
        return STING_OK;
    }
    enum sting_status status =
        ledger_reader_open_signed(operation, &reader, fault);
    status = status
                 ? status
                 : ledger_reader_follow(reader, SIZE_MAX, trust_take, &trust);
    *ahead_us = status ? 0 : clock_trust_ahead(&trust, &order->now);
    return status;
}

static struct day *day_find(const struct days *days, const struct line *line)
{
    char camera[LEDGER_CAMERA_SIZE];
    char date[DATE_SIZE];
    line_text(line, "camera", camera, sizeof camera);
    line_text(line, "date", date, sizeof date);
    for (size_t i = 0; i < days->count; i++) {
        struct day *day = &days->day[i];
        if (day->is_wanted && !strcmp(day->camera, camera) &&
            !strcmp(day->date, date)) {
            return day;
        }
    }
    return NULL;
}

static bool is_held(const struct incident_list *incidents, const char *camera,
                    int64_t from_us, int64_t to_us)
{
    for (size_t i = 0; i < incidents->count; i++) {
        const struct incident_entry *one = &incidents->entry[i];
        int64_t end_us = one->end_us ? one->end_us : INT64_MAX / 2;
        if (incident_list_is_by(incidents, one, camera) &&
            to_us > one->start_us - RETENTION_AROUND_US &&
            from_us < end_us + RETENTION_AROUND_US) {
            return true;
        }
    }
    return false;
}

/* A recording of a day that is to go. */
static enum sting_status recording_take(int operation, const struct line *line,
                                        const struct incident_list *incidents,
                                        struct day *day)
{
    struct recording_name name = {
        .kind = line_has(line, "part") ? RECORDING_PART : RECORDING_SEGMENT};
    char path[RECORDING_PATH_SIZE];
    int64_t from_us = 0, length_us = 0;
    struct stat info;
    if (line_integer(line, "n", &name.n) || line_time(line, "t0", &from_us) ||
        line_integer(line, "us", &length_us) ||
        (name.kind == RECORDING_PART &&
         line_integer(line, "part", &name.part))) {
        return STING_OK; /* for `sting verify` to tell */
    }
    memcpy(name.camera, day->camera, sizeof day->camera);
    memcpy(name.date, day->date, sizeof day->date);
    recording_name_path(&name, path);
    if (fstatat(operation, path, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK;
    }
    if (is_held(incidents, day->camera, from_us, from_us + length_us)) {
        day->kept++;
        return STING_OK;
    }
    char *one = array_add(&day->path, &day->files, sizeof *day->path);
    if (!one) {
        return STING_E_NOMEM;
    }
    memcpy(one, path, sizeof path);
    day->free += (uint64_t)info.st_size;
    return STING_OK;
}

static bool any_wanted(const struct days *days)
{
    bool any = false;
    for (size_t i = 0; i < days->count; i++) {
        any |= days->day[i].is_wanted;
    }
    return any;
}

static enum sting_status files_choose(int operation, struct days *days,
                                      struct fault *fault)
{
    struct incident_list incidents STING_AUTO(incident_list_release) = {0};
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = incident_list_read(operation, &incidents, fault);
    if (!status) {
        status = ledger_reader_open(operation, &reader, fault);
    }
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        struct day *day =
            !strcmp(line.kind->name, "seg") ? day_find(days, &line) : NULL;
        if (day && days->files < MOST_FILES) {
            size_t before = day->files;
            status = recording_take(operation, &line, &incidents, day);
            days->files += day->files - before;
        }
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}

/* ---- and how it goes ---- */

static enum sting_status day_tell(struct writer *writer, const struct day *day,
                                  const struct retention_order *order,
                                  struct fault *fault)
{
    char count[24], bytes[24];
    (void)snprintf(count, sizeof count, "%zu", day->files);
    (void)snprintf(bytes, sizeof bytes, "%" PRIu64, day->free);
    const struct line_field field[] = {
        {"what", "recordings"},   {"camera", day->camera},
        {"date", day->date},      {"count", count},
        {"bytes", bytes},         {"why", order->change.why},
        {"by", order->change.by},
    };
    return writer_line(writer, "erase", field, sizeof field / sizeof *field,
                       NULL, fault);
}

static enum sting_status day_erase(int operation, const struct day *day,
                                   struct fault *fault)
{
    char path[RECORDING_PATH_SIZE];
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < day->files && !status; i++) {
        if (unlinkat(operation, day->path[i], 0) != 0 && errno != ENOENT) {
            status = fault_errno(fault, STING_E_IO, "check the permissions",
                                 "%s cannot be deleted", day->path[i]);
        }
    }
    (void)snprintf(path, sizeof path, FOLDER "/%s/%s", day->camera, day->date);
    DIR *dir STING_AUTO(dir_close) = dir_open(operation, path);
    if (!status && dir && fsync(dirfd(dir)) != 0) {
        status = fault_errno(fault, STING_E_IO, "check the disk",
                             "%s cannot be synced", path);
    }
    return status;
}

/* A line for each day that goes. */
static enum sting_status days_tell(const struct operation *operation,
                                   const struct retention_order *order,
                                   struct days *days,
                                   struct retention_done *out,
                                   struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < days->count && !status; i++) {
        struct day *day = &days->day[i];
        out->kept += day->kept;
        if (day->files == 0 ||
            (day->is_for_room && out->bytes_left <= (uint64_t)order->bytes)) {
            continue;
        }
        if (!writer) {
            status = writer_open(operation, clock_now, &writer, fault);
        }
        if (!status) {
            status = day_tell(writer, day, order, fault);
        }
        day->is_told = true;
        out->days++;
        out->files += day->files;
        out->bytes += day->free;
        out->bytes_left -= day->free;
    }
    return status || !writer ? status : writer_close(&writer, fault);
}

/* What no checkpoint signs accounts for nothing: a station is asked for one;
 * where none runs, the lines are signed already. */
static enum sting_status lines_sign(const struct operation *operation,
                                    struct fault *fault)
{
    enum sting_status status =
        writer_station_seal(operation, WRITER_SIGN, fault);
    return status == STING_E_ABSENT ? STING_OK : status;
}

enum sting_status retention_apply(const struct operation *operation,
                                  const struct retention_order *order,
                                  struct retention_done *out,
                                  struct fault *fault)
{
    struct days days STING_AUTO(days_release) = {0};
    int dir = operation_dir(operation);
    *out = (struct retention_done){0};
    if (operation_office(operation)) { /* no line of it could say so */
        return fault_set(fault, STING_E_ARG,
                         "erase where it was recorded; to keep nothing of it "
                         "here, remove the folder",
                         "an imported record is not erased from: it would be "
                         "TAMPERED");
    }
    enum sting_status status = days_list(dir, &days);
    if (!status) {
        status = ahead_find(dir, order, &out->ahead_us, fault);
    }
    days_choose(order, order->now.at.utc_us - out->ahead_us, &days);
    out->bytes_left = bytes_of(&days);
    if (!status && any_wanted(&days)) {
        status = files_choose(dir, &days, fault);
    }
    if (!status) {
        status = days_tell(operation, order, &days, out, fault);
    }
    if (!status && out->days > 0) {
        status = lines_sign(operation, fault);
    }
    for (size_t i = 0; i < days.count && !status; i++) {
        if (days.day[i].is_told) {
            status = day_erase(dir, &days.day[i], fault);
        }
    }
    return status;
}
