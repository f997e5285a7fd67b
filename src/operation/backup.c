#include "operation/backup.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "crypt/signature.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/tree.h"
#include "operation/backup_copy.h"
#include "operation/backup_keys.h"
#include "operation/backup_notes.h"
#include "operation/backup_queue.h"
#include "operation/box_hold.h"
#include "operation/check_worker.h"
#include "operation/key_file.h"
#include "operation/writer.h"

#define MAGIC "sting-backup-1\n"
#define MOST_ROUNDS 3
#define REST_MS 300
#define MOST_MARK_BYTES 1024
#define O_WALK (O_PATH | O_DIRECTORY | O_CLOEXEC)

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

/* Does a folder of that name lie in the operation, and go where that goes? */
static bool lies_within(int operation, const char *path)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct stat own, at, above = {0};
    if (buffer_text_append(&copy, path) || fstat(operation, &own)) {
        return false;
    }
    int dir STING_AUTO(fd_close) = open(dirname((char *)copy.data), O_WALK);
    while (dir >= 0 && !fstat(dir, &at) &&
           (at.st_dev != above.st_dev || at.st_ino != above.st_ino)) {
        if (at.st_dev == own.st_dev && at.st_ino == own.st_ino) {
            return true;
        }
        above = at;
        int up = openat(dir, "..", O_WALK);
        fd_close(&dir);
        dir = up;
    }
    return false;
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
    struct backup_notes notes STING_AUTO(backup_notes_release) = {.name = ""};
    enum sting_status status = turn(operation, fault);
    if (!status) {
        status = backup_notes_take(way->from, &notes, fault);
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
        status = backup_queue(way, fault);
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
        status = backup_notes_copy(way, &notes, fault);
    }
    return status ? status : backup_keys(operation, way, walked->epoch, fault);
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
    return check_copy(folder, &options,
                      "run sting verify on the operation and on the copy",
                      &out->report, out->missing, fault);
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
    if (lies_within(operation_dir(operation), order->folder)) {
        return fault_set(fault, STING_E_ARG, "name a folder on another disk",
                         "%.200s would lie in the operation itself",
                         order->folder);
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
