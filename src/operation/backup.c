#include "operation/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypt/signature.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/tree.h"
#include "operation/backup_copy.h"
#include "operation/box_hold.h"
#include "operation/check_worker.h"
#include "operation/key_file.h"
#include "operation/writer.h"

#define NOTES_FOLDER "evidence/checkpoints"
#define MOST_NOTES_BYTES ((size_t)256 * 1024 * 1024)
#define MAGIC "sting-backup-1\n"
#define MOST_ROUNDS 3
#define REST_MS 300
#define MOST_MARK_BYTES 1024

/* What one walk over the ledger has seen. */
struct walked {
    uint64_t bytes; /* of whole lines */
    struct tree tree;
    char origin[64];
    char epoch[2 * PUBLIC_KEY_SIZE + 1]; /* the key that signs now, public */
};

static enum sting_status mark_write(int folder, const struct walked *walked,
                                    const char *state, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char root[DIGEST_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        &text, MAGIC "origin %s\nstate %s\nlines %" PRIu64 "\nroot %s\n",
        walked->origin, state, walked->tree.leaves,
        digest_text(tree_root(&walked->tree), root));
    return status ? status
                  : file_write(folder, BACKUP_FILE, buffer_bytes(&text), 0600,
                               fault);
}

/* An empty folder, or a backup. */
static enum sting_status folder_open(const char *path, int *out,
                                     struct fault *fault)
{
    struct buffer mark STING_AUTO(buffer_release) = {0};
    bool is_new = mkdir(path, 0700) == 0;
    *out = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*out < 0) {
        return fault_errno(fault, STING_E_IO, "name a folder that can be made",
                           "%.200s cannot be opened", path);
    }
    if (is_new) { /* from the first moment it is known as what it is */
        return mark_write(*out, &(struct walked){.bytes = 0}, "begun", fault);
    }
    if (!file_read(*out, BACKUP_FILE, MOST_MARK_BYTES, &mark, NULL)) {
        return STING_OK;
    }
    (void)unlinkat(*out, BACKUP_FILE ".tmp", 0); /* that moment was cut off */
    if (rmdir(path) != 0) {
        return fault_set(fault, STING_E_BUSY, "name another folder",
                         "%.200s holds something that is no backup", path);
    }
    fd_close(out); /* it was empty */
    return folder_open(path, out, fault);
}

/* ---- copying ---- */

static void walk_take(struct walked *walked, const struct line *line,
                      struct bytes text)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "genesis")) {
        line_text(line, "origin", walked->origin, sizeof walked->origin);
        line_text(line, "epoch", walked->epoch, sizeof walked->epoch);
    } else if (!strcmp(kind, "epoch")) {
        line_text(line, "next", walked->epoch, sizeof walked->epoch);
    }
    tree_add(&walked->tree, tree_leaf(text));
    walked->bytes += text.size;
}

/* Every file that a line names, before the line: up to here the copy is whole
 * whenever it is looked at. */
static enum sting_status lines_copy(const struct backup_way *way,
                                    struct walked *walked, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    *walked = (struct walked){.bytes = 0};
    enum sting_status status = ledger_reader_open(way->from, &reader, fault);
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        walk_take(walked, &line, ledger_reader_text(reader));
        status = backup_line(way, &line, fault);
    }
    if (status == STING_E_ABSENT && reader) {
        return STING_OK;
    }
    bool is_strange = status == STING_E_FORMAT ||
                      status == STING_E_UNSUPPORTED || status == STING_E_LIMIT;
    return is_strange ? fault_set(fault, STING_E_FORGED, "run sting verify",
                                  "the ledger has a line that cannot be read")
                      : status;
}

static const char *const locked[] = {KEY_FILE_IDENTITY, KEY_FILE_MARK,
                                     KEY_FILE_CASE, KEY_FILE_NAMES};

/* Keys under a passphrase as they are; those that are gone go here too. */
static enum sting_status locked_copy(const struct backup_way *way,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof locked / sizeof *locked && !status; i++) {
        if (faccessat(way->from, locked[i], F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
            (void)unlinkat(way->to, locked[i], 0);
        }
        status = backup_file(way, locked[i], true, fault);
    }
    return status;
}

/* A key that lies open in the operation, sealed. */
static enum sting_status open_copy(const struct operation *operation, int to,
                                   const char *path, struct fault *fault)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    char name[64];
    (void)snprintf(name, sizeof name, "%s.age", path);
    enum sting_status status = file_read(operation_dir(operation), path,
                                         MOST_MARK_BYTES, &plain, fault);
    if (status == STING_E_ABSENT) { /* a closed operation has none */
        (void)unlinkat(to, name, 0);
        return STING_OK;
    }
    if (!status) {
        status =
            operation_seal(operation, buffer_bytes(&plain), &sealed, fault);
    }
    return status ? status
                  : file_write(to, name, buffer_bytes(&sealed), 0600, fault);
}

/* Is keys/epoch the key that signs what comes behind these lines? A station
 * may have handed over meanwhile. */
static bool epoch_fits(const struct operation *operation,
                       const struct walked *walked)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct secret seed STING_AUTO(secret_wipe) = {{0}};
    char hex[2 * PUBLIC_KEY_SIZE + 1];
    if (file_read(operation_dir(operation), KEY_FILE_EPOCH, MOST_MARK_BYTES,
                  &text, NULL)) {
        return true; /* closed: no key signs any more */
    }
    if (text.size < (size_t)2 * SECRET_SIZE ||
        hex_read((struct bytes){text.data, (size_t)2 * SECRET_SIZE}, seed.byte,
                 SECRET_SIZE)) {
        return false;
    }
    const struct public_key key = signature_public(&seed);
    hex_write((struct bytes){key.byte, PUBLIC_KEY_SIZE}, hex);
    return !strcmp(hex, walked->epoch);
}

static enum sting_status keys_copy(const struct operation *operation,
                                   const struct backup_way *way,
                                   const struct walked *walked,
                                   struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (folder_make(way->to, "keys")) {
        return fault_errno(fault, STING_E_IO, "make room",
                           "the folder keys cannot be made");
    }
    if (!epoch_fits(operation, walked)) {
        return STING_E_BUSY;
    }
    status = locked_copy(way, fault);
    if (!status) {
        status = open_copy(operation, way->to, KEY_FILE_LOG, fault);
    }
    if (!status) {
        status = open_copy(operation, way->to, KEY_FILE_EPOCH, fault);
    }
    return status || epoch_fits(operation, walked) ? status : STING_E_BUSY;
}

/* ---- checkpoints ---- */

/* The newest file of them, as it was before the ledger was looked at: what it
 * speaks of is there. */
struct notes {
    char name[64];
    struct buffer text;
};

static void notes_release(struct notes *notes)
{
    buffer_release(&notes->text);
}

static DIR *notes_listing(int from)
{
    int folder = file_open_below(from, NOTES_FOLDER, O_DIRECTORY);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing) {
        fd_close(&folder);
    }
    return listing;
}

static enum sting_status notes_take(int from, struct notes *out,
                                    struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = notes_listing(from);
    const struct dirent *one = NULL;
    char path[128];
    while (listing && (one = readdir(listing))) {
        size_t size = strlen(one->d_name);
        if (size > 6 && !strcmp(one->d_name + size - 6, ".notes") &&
            strcmp(one->d_name, out->name) > 0) {
            (void)snprintf(out->name, sizeof out->name, "%s", one->d_name);
        }
    }
    (void)snprintf(path, sizeof path, NOTES_FOLDER "/%s", out->name);
    return out->name[0]
               ? file_read(from, path, MOST_NOTES_BYTES, &out->text, fault)
               : STING_OK;
}

static enum sting_status notes_copy(const struct backup_way *way,
                                    const struct notes *notes,
                                    struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = notes_listing(way->from);
    const struct dirent *one = NULL;
    char path[PATH_MAX];
    enum sting_status status = STING_OK;
    if (folder_make(way->to, NOTES_FOLDER)) {
        return fault_errno(fault, STING_E_IO, "make room",
                           NOTES_FOLDER " cannot be made");
    }
    while (listing && !status && (one = readdir(listing))) {
        (void)snprintf(path, sizeof path, NOTES_FOLDER "/%s", one->d_name);
        if (one->d_name[0] != '.' && strcmp(one->d_name, notes->name) < 0) {
            status = backup_file(way, path, false, fault);
        }
    }
    (void)snprintf(path, sizeof path, NOTES_FOLDER "/%s", notes->name);
    return status || !notes->name[0]
               ? status
               : file_write(way->to, path, buffer_bytes(&notes->text), 0600,
                            fault);
}

/* A copied key shall sign no more of what was here than what came while it was
 * copied: a station that runs begins a new epoch before and afterwards. A
 * command that writes by itself closes its own. */
static enum sting_status turn(const struct operation *operation,
                              struct fault *fault)
{
    enum sting_status status =
        writer_station_seal(operation, WRITER_TURN, fault);
    return status == STING_E_ABSENT ? STING_OK : status;
}

static DIR *queue_listing(int from)
{
    int folder = file_open_below(from, "queue", O_DIRECTORY);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing) {
        fd_close(&folder);
    }
    return listing;
}

/* Photographs that were given: they are evidence. */
static bool is_photograph(const char *name)
{
    static const char *const kept[] = {"traced-", "photo-", "unreadable-"};
    bool is_one = false;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        is_one |= !strncmp(name, kept[i], strlen(kept[i]));
    }
    return is_one && !strstr(name, ".tmp");
}

/* What waited when an earlier copy was made and waits no more has another name
 * by now. */
static void queue_clean(const struct backup_way *way)
{
    DIR *listing STING_AUTO(dir_close) = queue_listing(way->to);
    const struct dirent *one = NULL;
    char path[PATH_MAX];
    while (listing && (one = readdir(listing))) {
        (void)snprintf(path, sizeof path, "queue/%s", one->d_name);
        if (!strncmp(one->d_name, "photo-", 6) &&
            faccessat(way->from, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
            errno == ENOENT) {
            (void)unlinkat(way->to, path, 0);
        }
    }
}

/* Of the queue what is evidence, sealed as it is. Deliveries under way are this
 * machine's, and stay; how many is told. */
static enum sting_status queue_copy(const struct backup_way *way,
                                    struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = queue_listing(way->from);
    const struct dirent *one = NULL;
    enum sting_status status = STING_OK;
    way->done->left = 0;
    while (listing && !status && (one = readdir(listing))) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "queue/%s", one->d_name);
        if (is_photograph(one->d_name)) {
            status = backup_file(way, path, true, fault);
        } else {
            way->done->left += one->d_name[0] != '.';
        }
    }
    queue_clean(way);
    return status;
}

/* What lies in boxes/, and a copy there that the ledger may tell of. */
static enum sting_status boxes_copy(const struct backup_way *way,
                                    struct fault *fault)
{
    static const char waiting[] = BOXES_FOLDER "/" BOX_COMING;
    enum sting_status status = backup_tree(way, BOXES_FOLDER, true, fault);
    int ready STING_AUTO(fd_close) = file_open_below(
        way->from, BOXES_FOLDER "/" BOX_COMING "/" OPERATION_IMPORTED, 0);
    return status || ready < 0 ? status
                               : backup_tree(way, waiting, true, fault);
}

/* One round. What is named first, then who names it: notes speak of lines,
 * lines of files. E_BUSY: a station was quicker, do it again. */
static enum sting_status round_copy(const struct operation *operation,
                                    const struct backup_way *way,
                                    struct walked *walked, struct fault *fault)
{
    static const struct {
        const char *path;
        bool is_grown;
    } row[] = {{"evidence/anchors", true},
               {"evidence/renewals", true},
               {"bait", false}};
    struct notes notes STING_AUTO(notes_release) = {.name = ""};
    enum sting_status status = turn(operation, fault);
    if (!status) {
        status = notes_take(way->from, &notes, fault);
    }
    if (!status) {
        status = lines_copy(way, walked, fault);
    }
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        status = backup_tree(way, row[i].path, row[i].is_grown, fault);
    }
    if (!status) {
        status = boxes_copy(way, fault);
    }
    if (!status) {
        status = queue_copy(way, fault);
    }
    if (!status) {
        status = backup_file(way, CONFIG_FILE, true, fault);
    }
    if (!status) {
        status = mark_write(way->to, walked, "begun", fault);
    }
    if (!status) {
        status = backup_ledger(way, walked->bytes, fault);
    }
    if (!status) {
        status = notes_copy(way, &notes, fault);
    }
    return status ? status : keys_copy(operation, way, walked, fault);
}

/* ---- making one ---- */

static void rest(void)
{
    const struct timespec time = {.tv_nsec = REST_MS * 1000000L};
    (void)nanosleep(&time, NULL);
}

static enum sting_status copy_check(int folder,
                                    const struct backup_order *order,
                                    struct backup_done *out,
                                    struct fault *fault)
{
    const struct check_options options = {.progress = order->progress,
                                          .context = order->context};
    verify_report_release(&out->report);
    enum sting_status status =
        check_folder(folder, &options, &out->report, out->missing, fault);
    return status || out->report.verdict <= VERIFY_GAPS
               ? status
               : fault_set(fault, STING_E_FORGED,
                           "run sting verify on the operation and on the copy",
                           "the copy is %s: %.200s",
                           verify_verdict_text(out->report.verdict),
                           out->report.reason);
}

/* A station that deletes or hands over meanwhile makes another round needed. */
static enum sting_status rounds(const struct operation *operation,
                                const struct backup_way *way,
                                const struct backup_order *order,
                                struct walked *walked, struct fault *fault)
{
    enum sting_status status = STING_E_BUSY;
    for (int i = 0; i < MOST_ROUNDS && status == STING_E_BUSY; i++) {
        if (i > 0) {
            rest();
        }
        status = round_copy(operation, way, walked, fault);
        if (!status) {
            status = copy_check(way->to, order, way->done, fault);
            bool is_last = i + 1 == MOST_ROUNDS;
            status =
                status == STING_E_FORGED && !is_last ? STING_E_BUSY : status;
        }
    }
    return status == STING_E_BUSY
               ? fault_set(fault, STING_E_IO, "do it again",
                           "the station writes faster than this copies")
               : status;
}

static enum sting_status made_tell(const struct operation *operation,
                                   const struct backup_order *order,
                                   const struct walked *walked,
                                   struct fault *fault)
{
    char root[DIGEST_TEXT_SIZE], item[64];
    (void)snprintf(item, sizeof item, "backup of %" PRIu64 " entries",
                   walked->tree.leaves);
    const struct line_field field[] = {
        {"item", item},
        {"state", "made"},
        {"by", order->change.by},
        {"after", digest_text(tree_root(&walked->tree), root)},
        {"why", order->change.why},
    };
    enum sting_status status =
        writer_note(operation, clock_now, "custody", field,
                    sizeof field / sizeof *field, fault);
    return status ? status : turn(operation, fault);
}

/* Nothing is written into a closed operation, also not that it was copied. */
static bool is_closed(const struct operation *operation)
{
    return faccessat(operation_dir(operation), KEY_FILE_LOG, F_OK,
                     AT_SYMLINK_NOFOLLOW) != 0;
}

enum sting_status backup_make(const struct operation *operation,
                              const struct backup_order *order,
                              struct backup_done *out, struct fault *fault)
{
    int to STING_AUTO(fd_close) = -1;
    struct walked walked = {.bytes = 0};
    *out = (struct backup_done){0};
    if (operation_office(operation)) {
        return fault_set(fault, STING_E_ARG, "name the operation around it",
                         "an imported record is kept with its office");
    }
    enum sting_status status = folder_open(order->folder, &to, fault);
    const struct backup_way way = {operation_dir(operation), to, out};
    if (!status) {
        status = rounds(operation, &way, order, &walked, fault);
    }
    if (!status) {
        status = mark_write(to, &walked, "whole", fault);
    }
    out->lines = walked.tree.leaves;
    return status || is_closed(operation)
               ? status
               : made_tell(operation, order, &walked, fault);
}
