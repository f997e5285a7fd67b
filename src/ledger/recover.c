/* Recovery: read the whole ledger, see what a crash left, and say so. */
#include "ledger/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"

#define MOST_NOTES_BYTES ((size_t)64 * 1024 * 1024)

/* An end that was never finished, put aside. */
struct torn {
    uint64_t bytes; /* 0: there was none */
    struct digest ct;
    char file[64];
};

/* What reading the ledger from its front found. */
struct scan {
    bool has_genesis;
    bool has_stop;      /* the last session ended in order */
    bool is_altered;    /* before the last checkpoint */
    bool is_checked;    /* the last checkpoint's root was compared */
    uint64_t note_size; /* the last checkpoint */
    struct digest note_root;
    uint64_t epoch_end; /* seq of the last `epoch` line; 0 when none */
    struct public_key log;
    struct public_key epoch;      /* now expected */
    struct public_key epoch_last; /* expected before the last hand-over */
    struct torn note;
    struct torn line;
};

/* ---- the last checkpoint ---- */

/* The newest "DATE.notes"; "" when there is none. */
static enum sting_status newest_notes(struct ledger *ledger,
                                      struct fault *fault)
{
    int folder = openat(ledger->operation, "evidence/checkpoints",
                        O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing) {
        fd_close(&folder);
        return fault_errno(fault, STING_E_IO, "put the folder back",
                           "evidence/checkpoints cannot be read");
    }
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        size_t size = strlen(one->d_name);
        if (size == LEDGER_DATE_SIZE - 1 + strlen(".notes") &&
            !strcmp(one->d_name + LEDGER_DATE_SIZE - 1, ".notes") &&
            strncmp(one->d_name, ledger->notes_date, LEDGER_DATE_SIZE - 1) >
                0) {
            memcpy(ledger->notes_date, one->d_name, LEDGER_DATE_SIZE - 1);
        }
    }
    closedir(listing);
    return STING_OK;
}

/* Put bytes aside as evidence/torn.N, the first N that is free. */
static enum sting_status put_aside(struct ledger *ledger, struct bytes bytes,
                                   struct torn *out, struct fault *fault)
{
    struct torn torn = {.bytes = bytes.size, .ct = digest_of(bytes)};
    for (int n = 1; n < 100000; n++) {
        snprintf(torn.file, sizeof torn.file, "evidence/torn.%d", n);
        if (faccessat(ledger->operation, torn.file, F_OK,
                      AT_SYMLINK_NOFOLLOW) != 0) {
            *out = torn;
            return file_write(ledger->operation, torn.file, bytes, 0600, fault);
        }
    }
    return fault_set(fault, STING_E_LIMIT, "clear the folder up",
                     "evidence holds too many torn files");
}

/* A note cut in the middle was never finished: put it aside. */
static enum sting_status cut_torn_note(struct ledger *ledger, const char *path,
                                       struct bytes torn, off_t good,
                                       struct scan *scan, struct fault *fault)
{
    enum sting_status status = put_aside(ledger, torn, &scan->note, fault);
    if (status) {
        return status;
    }
    int file STING_AUTO(fd_close) =
        openat(ledger->operation, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 || ftruncate(file, good) != 0 || fsync(file) != 0) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "%s cannot be cut", path);
    }
    return STING_OK;
}

static enum sting_status last_note(struct ledger *ledger, struct scan *scan,
                                   struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char path[64];
    enum sting_status status = newest_notes(ledger, fault);
    if (status || !ledger->notes_date[0]) {
        return status;
    }
    snprintf(path, sizeof path, "evidence/checkpoints/%s.notes",
             ledger->notes_date);
    status = file_read(ledger->operation, path, MOST_NOTES_BYTES, &text, fault);
    struct note *note = malloc(sizeof *note);
    size_t good = 0;
    enum sting_status parsed = note ? STING_OK : STING_E_NOMEM;
    while (!status && !parsed && good < text.size) {
        parsed = note_parse((struct bytes){text.data + good, text.size - good},
                            note);
        if (!parsed) {
            scan->note_size = note->size;
            scan->note_root = note->root;
            good += note->bytes;
        }
    }
    free(note);
    if (!status && good < text.size && parsed == STING_E_ABSENT) {
        struct bytes torn = {text.data + good, text.size - good};
        return cut_torn_note(ledger, path, torn, (off_t)good, scan, fault);
    }
    scan->is_altered = scan->is_altered || good < text.size;
    return status;
}

/* ---- reading the lines ---- */

static void take_number(const struct line *line, const char *key, int64_t *next)
{
    int64_t n = 0;
    if (!line_integer(line, key, &n) && n >= *next && n < INT64_MAX) {
        *next = n + 1;
    }
}

static void take_recording(struct ledger *ledger, const struct line *line,
                           bool is_init)
{
    char name[LEDGER_CAMERA_SIZE + 8];
    char date[LEDGER_DATE_SIZE];
    line_text(line, "camera", name, sizeof name);
    line_text(line, "date", date, sizeof date);
    struct ledger_camera *row = ledger_camera_row(ledger, name);
    if (!row) {
        return;
    }
    take_number(line, "n", is_init ? &row->init : &row->segment);
    if (strcmp(date, row->date) > 0) {
        memcpy(row->date, date, sizeof date);
    }
}

static enum sting_status take_recipients(struct ledger *ledger,
                                         struct bytes list)
{
    ledger->recipients = 0;
    while (list.size > 0) {
        const uint8_t *comma = memchr(list.data, ',', list.size);
        size_t size = comma ? (size_t)(comma - list.data) : list.size;
        if (ledger->recipients == AGE_MOST_RECIPIENTS ||
            age_recipient_parse((struct bytes){list.data, size},
                                &ledger->recipient[ledger->recipients])) {
            return STING_E_FORMAT;
        }
        ledger->recipients++;
        size_t used = comma ? size + 1 : size;
        list = (struct bytes){list.data + used, list.size - used};
    }
    return ledger->recipients >= 2 ? STING_OK : STING_E_FORMAT;
}

static void take_genesis(struct ledger *ledger, const struct line *line,
                         struct scan *scan)
{
    line_text(line, "origin", ledger->origin, sizeof ledger->origin);
    line_text(line, "role", ledger->role, sizeof ledger->role);
    scan->has_genesis =
        line->seq == 0 &&
        !line_hex(line, "log", scan->log.byte, PUBLIC_KEY_SIZE) &&
        !line_hex(line, "epoch", scan->epoch.byte, PUBLIC_KEY_SIZE) &&
        !take_recipients(ledger, line_raw(line, "recipients"));
}

static void take_epoch(struct ledger *ledger, const struct line *line,
                       struct scan *scan)
{
    scan->epoch_last = scan->epoch;
    scan->epoch_end = line->seq;
    ledger->epoch_first = line->seq + 1;
    int64_t n = 0;
    if (!line_integer(line, "n", &n) && n >= 0) {
        ledger->epoch = (uint64_t)n + 1;
    }
    if (line_hex(line, "next", scan->epoch.byte, PUBLIC_KEY_SIZE)) {
        scan->is_altered = true;
    }
}

/* Within one boot of the machine, lines never go back in time. */
static void take_boot(struct ledger *ledger, const struct line *line)
{
    bool same = !strncmp(line->boot, ledger->boot, LINE_BOOT_SIZE - 1);
    ledger->last_boot_us = same ? line->at.boot_us : ledger->last_boot_us;
}

static void take_line(struct ledger *ledger, const struct line *line,
                      struct scan *scan)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "seg")) {
        take_recording(ledger, line, false);
    } else if (!strcmp(kind, "init")) {
        take_recording(ledger, line, true);
    } else if (!strcmp(kind, "genesis")) {
        take_genesis(ledger, line, scan);
    } else if (!strcmp(kind, "epoch")) {
        take_epoch(ledger, line, scan);
    } else if (!strcmp(kind, "recipients")) {
        if (take_recipients(ledger, line_raw(line, "to"))) {
            scan->is_altered = true;
        }
    } else if (!strcmp(kind, "session")) {
        int64_t n = 0;
        scan->has_stop = false;
        ledger->session =
            line_integer(line, "n", &n) || n < 0 ? 0 : (uint64_t)n;
    } else if (!strcmp(kind, "stop")) {
        scan->has_stop = true;
    }
}

/* Count a line in, and compare the root when the last checkpoint is there. */
static void count_line(struct ledger *ledger, struct bytes text,
                       struct scan *scan)
{
    ledger->prev = digest_of(text);
    ledger->bytes += text.size;
    tree_add(&ledger->tree, tree_leaf(text));
    if (ledger->tree.leaves == scan->note_size) {
        scan->is_checked = true;
        if (!digest_equal(tree_root(&ledger->tree), scan->note_root)) {
            scan->is_altered = true;
        }
    }
}

/* Does the line stand where it must, and name the one before it? */
static bool is_chained(const struct ledger *ledger, const struct line *line,
                       enum sting_status parsed)
{
    bool known = !parsed || parsed == STING_E_UNSUPPORTED;
    return known && line->seq == ledger->tree.leaves &&
           digest_equal(line->prev, ledger->prev);
}

static void take_known(struct ledger *ledger, const struct line *line,
                       struct scan *scan)
{
    ledger->last_utc_us = line->at.utc_us;
    take_boot(ledger, line);
    take_line(ledger, line, scan);
}

/* Read all lines. A line that breaks the chain behind the last checkpoint is
 * what a crash left: reading stops there. Before it, somebody altered the
 * file: reading goes on, for recording must. */
static enum sting_status scan_lines(struct ledger *ledger, struct scan *scan,
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open(ledger->operation, &reader, fault);
    while (!status) {
        struct line line;
        enum sting_status parsed = ledger_reader_next(reader, &line);
        if (parsed == STING_E_ABSENT) {
            break;
        }
        if (parsed == STING_E_IO || parsed == STING_E_NOMEM) {
            return fault_errno(fault, parsed, "check the disk",
                               "evidence/ledger cannot be read");
        }
        if (!is_chained(ledger, &line, parsed)) {
            if (ledger->tree.leaves >= scan->note_size) {
                break;
            }
            scan->is_altered = true;
        }
        if (!parsed) {
            take_known(ledger, &line, scan);
        }
        count_line(ledger, ledger_reader_text(reader), scan);
    }
    return status;
}

/* ---- recovery ---- */

/* Put what follows the last whole line aside and cut it off. */
static enum sting_status cut_torn_line(struct ledger *ledger, struct scan *scan,
                                       struct fault *fault)
{
    struct buffer tail STING_AUTO(buffer_release) = {0};
    if (lseek(ledger->file, (off_t)ledger->bytes, SEEK_SET) < 0 ||
        file_read_fd(ledger->file, MOST_NOTES_BYTES, &tail)) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "the end of evidence/ledger cannot be read");
    }
    if (tail.size == 0) {
        return STING_OK;
    }
    enum sting_status status =
        put_aside(ledger, buffer_bytes(&tail), &scan->line, fault);
    if (status) {
        return status;
    }
    if (ftruncate(ledger->file, (off_t)ledger->bytes) != 0 ||
        fsync(ledger->file) != 0) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "evidence/ledger cannot be cut");
    }
    return STING_OK;
}

static bool fits(const struct secret *key, const struct public_key *expected)
{
    struct public_key public = signature_public(key);
    return public_key_equal(&public, expected);
}

/* A hand-over was cut off behind its line: sign the closed epoch if that is
 * still to be done, then put the new key in its place. */
static enum sting_status finish_hand_over(
    struct ledger *ledger, const struct scan *scan, const struct secret *old,
    const struct secret *next, struct moment now, struct fault *fault)
{
    if (scan->note_size <= scan->epoch_end) {
        if (!fits(old, &scan->epoch_last) ||
            ledger->tree.leaves != scan->epoch_end + 1) {
            return fault_set(fault, STING_E_FORGED,
                             "put the key file back as it was",
                             "keys/epoch is not the key of epoch %" PRIu64,
                             ledger->epoch - 1);
        }
        enum sting_status status =
            ledger_sign(ledger, now, ledger->epoch - 1, old, fault);
        if (status) {
            return status;
        }
    }
    ledger->epoch_key = *next;
    enum sting_status status =
        ledger_key_write(ledger->operation, "keys/epoch", next, fault);
    unlinkat(ledger->operation, "keys/epoch.next", 0);
    return status;
}

static enum sting_status read_keys(struct ledger *ledger,
                                   const struct scan *scan, struct moment now,
                                   struct fault *fault)
{
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    struct secret next STING_AUTO(secret_wipe) = {{0}};
    enum sting_status status =
        ledger_key_read(ledger->operation, "keys/log", &ledger->log_key, fault);
    if (!status) {
        status = ledger_key_read(ledger->operation, "keys/epoch", &key, fault);
    }
    if (status) {
        return status;
    }
    if (!fits(&ledger->log_key, &scan->log)) {
        return fault_set(fault, STING_E_FORGED,
                         "put the key file back as it was",
                         "keys/log is not the key that the ledger names");
    }
    if (fits(&key, &scan->epoch)) {
        ledger->epoch_key = key;
        unlinkat(ledger->operation, "keys/epoch.next", 0);
        return STING_OK;
    }
    if (ledger_key_read(ledger->operation, "keys/epoch.next", &next, NULL) ||
        !fits(&next, &scan->epoch)) {
        return fault_set(
            fault, STING_E_FORGED, "put the key file back as it was",
            "keys/epoch is not the key of epoch %" PRIu64, ledger->epoch);
    }
    return finish_hand_over(ledger, scan, &key, &next, now, fault);
}

static enum sting_status append_session(struct ledger *ledger,
                                        struct moment now, struct fault *fault)
{
    char n[24];
    ledger->session++;
    snprintf(n, sizeof n, "%" PRIu64, ledger->session);
    const struct line_field field[] = {
        {"n", n},
        {"boot", ledger->boot},
        {"version", ledger->version},
        {"config", ledger->config[0] ? ledger->config : NULL},
        {"role", ledger->role[0] ? ledger->role : NULL},
    };
    return ledger_append(ledger, now, "session", field, 5, NULL, fault);
}

static enum sting_status append_gap(struct ledger *ledger, struct moment now,
                                    const struct line_field field[],
                                    size_t fields, struct fault *fault)
{
    return ledger_append(ledger, now, "gap", field, fields, NULL, fault);
}

static enum sting_status append_torn(struct ledger *ledger, struct moment now,
                                     const struct torn *torn,
                                     struct fault *fault)
{
    char bytes[24];
    char ct[DIGEST_TEXT_SIZE];
    if (torn->bytes == 0) {
        return STING_OK;
    }
    snprintf(bytes, sizeof bytes, "%" PRIu64, torn->bytes);
    const struct line_field field[] = {{"cause", "torn"},
                                       {"bytes", bytes},
                                       {"ct", digest_text(torn->ct, ct)},
                                       {"file", torn->file}};
    return append_gap(ledger, now, field, 4, fault);
}

static enum sting_status append_crash(struct ledger *ledger, struct moment now,
                                      int64_t last_us, struct fault *fault)
{
    char from[LINE_TIME_SIZE];
    char to[LINE_TIME_SIZE];
    const struct line_field field[] = {{"cause", "crash"},
                                       {"from", line_time_text(last_us, from)},
                                       {"to", line_time_text(now.utc_us, to)}};
    return append_gap(ledger, now, field, 3, fault);
}

static enum sting_status append_clock(struct ledger *ledger, struct moment now,
                                      int64_t last_us, struct fault *fault)
{
    char step[24];
    snprintf(step, sizeof step, "%" PRId64, now.utc_us - last_us);
    const struct line_field field[] = {{"state", "back"}, {"step_us", step}};
    return ledger_append(ledger, now, "clock", field, 2, NULL, fault);
}

/* The lines that say what was found in the ledger itself. */
static enum sting_status tell_found(struct ledger *ledger,
                                    const struct scan *scan, struct moment now,
                                    struct fault *fault)
{
    static const struct line_field altered[] = {{"cause", "altered"}};
    int64_t last_us = ledger->last_utc_us;
    enum sting_status status = append_session(ledger, now, fault);
    if (!status && now.utc_us < last_us) {
        status = append_clock(ledger, now, last_us, fault);
    }
    if (!status) {
        status = append_torn(ledger, now, &scan->note, fault);
    }
    if (!status) {
        status = append_torn(ledger, now, &scan->line, fault);
    }
    if (!status && scan->is_altered) {
        status = append_gap(ledger, now, altered, 1, fault);
    }
    return status;
}

/* The recordings, and from when to when a crash left none. */
static enum sting_status tell_recordings(struct ledger *ledger, bool crashed,
                                         int64_t last_us, uint64_t *adopted,
                                         struct moment now, struct fault *fault)
{
    enum sting_status status = ledger_adopt(ledger, now, adopted, fault);
    if (status || !crashed) {
        return status;
    }
    int64_t from_us =
        ledger->adopted_until_us > last_us ? ledger->adopted_until_us : last_us;
    return append_crash(ledger, now, from_us, fault);
}

/* Then an epoch of its own for what the crash left, so that it is signed
 * and the old key goes. */
static enum sting_status tell(struct ledger *ledger, const struct scan *scan,
                              struct moment now, struct fault *fault)
{
    bool crashed = ledger->session > 0 && !scan->has_stop;
    int64_t last_us = ledger->last_utc_us;
    uint64_t adopted = 0;
    enum sting_status status = tell_found(ledger, scan, now, fault);
    if (!status) {
        status =
            tell_recordings(ledger, crashed, last_us, &adopted, now, fault);
    }
    bool torn = scan->note.bytes > 0 || scan->line.bytes > 0;
    if (status || (!crashed && adopted == 0 && !torn && !scan->is_altered)) {
        return status;
    }
    snprintf(ledger->recovered, sizeof ledger->recovered,
             "%s%s%" PRIu64 " recordings without their line were adopted",
             scan->is_altered ? "the ledger was altered: run sting verify; "
                              : "",
             crashed ? "the last session ended without a word; " : "", adopted);
    return ledger_next_epoch(ledger, now, fault);
}

enum sting_status ledger_recover(struct ledger *ledger, struct moment now,
                                 struct fault *fault)
{
    struct scan scan = {0};
    enum sting_status status = last_note(ledger, &scan, fault);
    if (!status) {
        status = scan_lines(ledger, &scan, fault);
    }
    if (status) {
        return status;
    }
    if (!scan.has_genesis) {
        return fault_set(fault, STING_E_FORMAT, "run sting verify",
                         "evidence/ledger does not begin with a genesis line");
    }
    if (!scan.is_checked) { /* the file is shorter than what was signed */
        scan.is_altered = true;
    }
    ledger->signed_lines = scan.note_size;
    status = cut_torn_line(ledger, &scan, fault);
    if (!status) {
        status = read_keys(ledger, &scan, now, fault);
    }
    return status ? status : tell(ledger, &scan, now, fault);
}
