/* Recovery: cut off what a crash left unfinished, take up the keys, say so. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "ledger/recover_state.h"

/* ---- the torn end and the keys ---- */

/* Put what follows the last whole line aside and cut it off. */
static enum sting_status cut_torn_line(struct ledger *ledger, struct scan *scan,
                                       struct fault *fault)
{
    struct stat info;
    if (fstat(ledger->file, &info) != 0) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "the end of evidence/ledger cannot be read");
    }
    if ((uint64_t)info.st_size <= ledger->bytes) {
        return STING_OK;
    }
    enum sting_status status = torn_end_put_aside(
        ledger, ledger->file, ledger->bytes, &scan->line, fault);
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

/* The key turns when the checkpoint that closed the epoch before is durable:
 * no crash leaves the new key without it. */
static bool lacks_closing_note(const struct scan *scan)
{
    return scan->epoch_end > 0 && scan->note_size <= scan->epoch_end;
}

static enum sting_status read_keys(struct ledger *ledger, struct scan *scan,
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
        scan->is_altered = scan->is_altered || lacks_closing_note(scan);
        unlinkat(ledger->operation, "keys/epoch.next", 0);
        return STING_OK;
    }
    if (ledger_key_read(ledger->operation, "keys/epoch.next", &next, NULL) ||
        !fits(&next, &scan->epoch) || lacks_closing_note(scan)) {
        return fault_set(
            fault, STING_E_FORGED, "put the key file back as it was",
            "keys/epoch is not the key of epoch %" PRIu64, ledger->epoch);
    }
    ledger->epoch_key = next; /* a hand-over was cut off behind its note */
    return ledger_key_turn(ledger, fault);
}

/* ---- the lines that say so ---- */

static enum sting_status append_session(struct ledger *ledger,
                                        const struct scan *scan,
                                        struct moment now, struct fault *fault)
{
    char n[24], tail[24], seen[24];
    char unlike[ADOPTED_TEXT_SIZE];
    const struct adopted_files *adopted = &scan->adopted;
    uint64_t looked =
        adopted->is_over ? adopted->over_at - scan->note_size : scan->tail;
    snprintf(tail, sizeof tail, "%" PRIu64, scan->tail);
    snprintf(seen, sizeof seen, "%" PRIu64, looked);
    ledger->session++;
    snprintf(n, sizeof n, "%" PRIu64, ledger->session);
    const struct line_field field[] = {
        {"n", n},
        {"boot", ledger->boot},
        {"version", ledger->version},
        {"config", ledger->config[0] ? ledger->config : NULL},
        {"role", ledger->role[0] ? ledger->role : NULL},
        {"place", ledger->place[0] ? ledger->place : NULL},
        {"unsigned", scan->tail ? tail : NULL},
        {"seen", scan->tail && looked ? seen : NULL},
        {"unlike",
         adopted->unlikes ? adopted_files_unlike(adopted, unlike) : NULL},
    };
    return ledger_append(ledger, now, "session", field,
                         sizeof field / sizeof *field, NULL, fault);
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

/* The lines that say what was found in the ledger itself. */
static enum sting_status tell_found(struct ledger *ledger,
                                    const struct scan *scan, struct moment now,
                                    struct fault *fault)
{
    const struct line_field altered[] = {
        {"cause", "altered"},
        {"why", scan->is_replaced ? LEDGER_REPLACED : NULL}};
    const struct ledger_clock_before before = {
        ledger->last_utc_us, ledger->offset_us, ledger->has_offset};
    enum sting_status status = append_session(ledger, scan, now, fault);
    if (!status) {
        status = ledger_clock_start(ledger, now, &before, fault);
    }
    if (!status) {
        status = append_torn(ledger, now, &scan->note, fault);
    }
    if (!status) {
        status = append_torn(ledger, now, &scan->line, fault);
    }
    if (!status && scan->is_altered) {
        status = append_gap(ledger, now, altered, 2, fault);
    }
    return status;
}

__attribute__((format(printf, 2, 3))) static void recovered_add(
    struct ledger *ledger, const char *format, ...)
{
    size_t used = strlen(ledger->recovered);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(ledger->recovered + used, sizeof ledger->recovered - used,
                    format, arguments);
    va_end(arguments);
}

/* What was at the end of the ledger and is no line. */
static void torn_add(struct ledger *ledger, const struct scan *scan)
{
    if (scan->line.bytes > 0 && !scan->is_cut_at_epoch) {
        recovered_add(ledger,
                      "; %" PRIu64 " bytes at the end of the ledger that are "
                      "no lines were put aside as %s",
                      scan->line.bytes, scan->line.file);
    }
}

/* What was not adopted, though it lies where recordings do. */
static void adopt_left_add(struct ledger *ledger,
                           const struct adopting *adopting)
{
    if (adopting->left > 0) {
        recovered_add(ledger,
                      "; %" PRIu64 " files among the recordings were "
                      "left as they are, the first %s: no recordings, or too "
                      "much to read",
                      adopting->left, adopting->first_left);
    }
}

/* Then an epoch of its own for what the crash left, so that it is signed
 * and the old key goes. */
static enum sting_status tell(struct ledger *ledger, const struct scan *scan,
                              struct moment now, struct fault *fault)
{
    bool crashed = scan->has_session && !scan->has_stop;
    int64_t last_us = ledger->last_utc_us;
    struct adopting adopting = {.adopted = 0};
    scan_last_date(scan, adopting.last_date);
    enum sting_status status = tell_found(ledger, scan, now, fault);
    if (!status) {
        status = ledger_adopt(ledger, now, &adopting, fault);
    }
    if (!status && crashed) {
        ledger_drafts_remove(ledger);
        status = ledger_lag_tell(ledger, last_us, now, fault);
    }
    bool torn = scan->note.bytes > 0 || scan->line.bytes > 0;
    if (status ||
        (!crashed && adopting.adopted == 0 && adopting.left == 0 && !torn &&
         !scan->is_altered && scan->voids == 0 && scan->adopted.unlikes == 0)) {
        return status;
    }
    snprintf(ledger->recovered, sizeof ledger->recovered,
             "%s%s%" PRIu64 " recordings without their line were adopted",
             scan->is_altered ? "the ledger was altered: run sting verify; "
                              : "",
             crashed ? "the last session ended without a word; " : "",
             adopting.adopted);
    if (scan->is_cut_at_epoch) {
        recovered_add(ledger,
                      "; an epoch line that nobody signed was put aside with "
                      "what follows it, as %s",
                      scan->line.file);
    }
    torn_add(ledger, scan);
    adopt_left_add(ledger, &adopting);
    if (scan->voids > 0) {
        recovered_add(ledger,
                      "; %" PRIu64 " lines at its end that nobody signed count "
                      "for nothing, the first of the kind %s: do it again if "
                      "it was you",
                      scan->voids, scan->void_kind);
    }
    if (scan->adopted.unlikes > 0) {
        recovered_add(ledger,
                      "; %zu recordings that lines signed by nobody name are "
                      "not there or are other ones",
                      scan->adopted.unlikes);
    }
    return ledger_next_epoch(ledger, now, fault);
}

/* Nothing is written into a closed ledger, nor signed: anybody may have added
 * what stands behind its last checkpoint. */
static enum sting_status refuse_closed(const struct scan *scan,
                                       struct fault *fault)
{
    char at[LINE_TIME_SIZE];
    return fault_set(fault, STING_E_UNSUPPORTED,
                     "read it with sting verify, or import it into another",
                     "the operation was closed on %.19sZ by %s; nothing can "
                     "be written into it",
                     line_time_text(scan->closed_us, at),
                     scan->closed_by[0] ? scan->closed_by : "somebody");
}

/* What stands where checkpoints belong, if it is no file, is the reason. */
static enum sting_status refuse_unsigned(const struct ledger *ledger,
                                         const struct scan *scan,
                                         struct fault *fault)
{
    struct fault found = {"", ""};
    char path[96];
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%s",
                   scan->no_notes);
    if (scan->no_notes[0]) {
        (void)!file_kind_check(ledger->operation, path, false, &found);
    }
    return fault_set(fault, STING_E_FORGED,
                     "put evidence/checkpoints back from a copy",
                     "%s%sno checkpoint signs the beginning of "
                     "evidence/ledger, which says what is sealed to whom",
                     found.why, found.why[0] ? ": " : "");
}

/* A session that finds no room for its end would leave one without a word. */
static enum sting_status room_check(int operation, struct fault *fault)
{
    struct statvfs disk;
    uint64_t room = fstatvfs(operation, &disk) == 0
                        ? (uint64_t)disk.f_bavail * disk.f_frsize
                        : LEDGER_LEAST_ROOM;
    errno = ENOSPC;
    return room >= LEDGER_LEAST_ROOM
               ? STING_OK
               : fault_errno(fault, STING_E_IO, "make room",
                             "nothing is begun with %" PRIu64
                             " bytes free of %" PRIu64 " that it may need",
                             room, LEDGER_LEAST_ROOM);
}

/* What was found there stays as it was found, whatever happens. */
static enum sting_status notes_sync(const struct ledger *ledger,
                                    struct fault *fault)
{
    char path[64];
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%s.notes",
                   ledger->notes_date);
    int file STING_AUTO(fd_close) =
        openat(ledger->operation, path,
               O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool is_synced = file < 0 ? errno == ENOENT : fsync(file) == 0;
    return is_synced && !folder_sync(ledger->operation, "evidence/checkpoints")
               ? STING_OK
               : fault_errno(fault, STING_E_IO, "check the disk",
                             "evidence/checkpoints cannot be synced");
}

enum sting_status ledger_recover(struct ledger *ledger, struct moment now,
                                 struct fault *fault)
{
    struct scan scan STING_AUTO(scan_release) = {.now_us = now.utc_us};
    enum sting_status status = ledger_scan(ledger, &scan, fault);
    if (status) {
        return status;
    }
    if (!scan.has_genesis) {
        return fault_set(fault, STING_E_FORMAT, "run sting verify",
                         "evidence/ledger does not begin with a genesis line");
    }
    ledger->signed_lines = scan.note_size;
    ledger->epoch_since_us = now.boot_us;
    if (!line_prev_size(bytes_of_text(scan.version))) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "use the version of sting that began it, or a later "
                         "one",
                         "its ledger is of format %s; this is sting %s, which "
                         "writes formats %s",
                         scan.version, STING_VERSION, LINE_VERSIONS);
    }
    if (scan.note_size == 0) {
        return refuse_unsigned(ledger, &scan, fault);
    }
    if (scan.closed_us) {
        return refuse_closed(&scan, fault);
    }
    status = room_check(ledger->operation, fault);
    if (status) {
        return status;
    }
    status = notes_sync(ledger, fault);
    if (status) {
        return status;
    }
    status = cut_torn_line(ledger, &scan, fault);
    if (!status) {
        status = read_keys(ledger, &scan, fault);
    }
    return status ? status : tell(ledger, &scan, now, fault);
}
