#include "ledger/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_kind.h"
#include "ledger/reader.h"
#include "ledger/torn.h"
#include "ledger/verify_state.h"

void verify_say_kind(struct verify_run *run, enum verify_verdict verdict,
                     const struct line *line, const char *path,
                     const char *words)
{
    struct fault fault = {"", ""};
    bool is_folder = !strcmp(path, "evidence/checkpoints");
    bool is_odd =
        file_kind_check(run->operation, path, is_folder, &fault) != STING_OK;
    verify_say(run, verdict, line, path, "%s%s%s", is_odd ? fault.why : words,
               is_odd ? ": " : "", fault.todo);
}

/* ---- V2: the chain ---- */

/* The last line that a good checkpoint signs is as its root says: between it
 * and the line behind it, it is the one behind. */
static void say_changed(struct verify_run *run, uint64_t seq)
{
    struct line which =
        verify_stand_in(seq + 1 == run->signed_lines ? seq + 1 : seq);
    verify_say(run, VERIFY_TAMPERED, &which, "evidence/ledger",
               "the line was changed after it was written");
    run->is_chain_broken = false;
}

/* When a line does not name the hash of the one before, one of the two was
 * changed. The next line tells which: it names the hash of this one. */
static void judge_chain(struct verify_run *run, const struct line *line,
                        struct bytes text)
{
    if (line->seq == 0) { /* of what format it is, verify_genesis() judges */
        size_t known = line_prev_size(line_raw(line, "v"));
        run->prev_size = known ? known : line->prev_size;
    }
    bool fits = line_follows(line, run->prev, run->prev_size);
    if (run->is_chain_broken) {
        say_changed(run, fits ? line->seq - 2 : line->seq - 1);
        return;
    }
    run->is_chain_broken = !fits;
    if (!fits) {
        run->doubt = run->tree;
        run->doubt_prev = run->prev;
        run->doubt_size = text.size;
        memcpy(run->doubt_text, text.data, text.size);
    }
}

/* Still in doubt at the end: then the last line's prev= was right. */
static void end_chain(struct verify_run *run)
{
    if (run->is_chain_broken && run->tree.leaves >= 2) {
        say_changed(run, run->tree.leaves - 2);
    }
}

/* ---- all lines ---- */

static void say_malformed(struct verify_run *run, const struct line *line,
                          enum sting_status parsed)
{
    if (parsed == STING_E_UNSUPPORTED) {
        verify_say(run, VERIFY_UNVERIFIABLE, line, "evidence/ledger",
                   "the line is of a kind that this version does not know");
    } else {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "the line is not one that sting writes");
    }
}

/* Behind `close` stands what ends its session or outsiders say of it. One that
 * nobody signed in time closes nothing. */
static void verify_closed(struct verify_run *run, const struct line *line)
{
    const char *kind = line->kind->name;
    if (run->is_closed && !line_may_follow_close(kind)) {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "the line was written after the operation was closed");
    }
    run->is_closed |= !strcmp(kind, "close") && verify_is_signed(run, line);
}

/* A line that parses: what does it say, and is it so? */
static enum sting_status take_line(struct verify_run *run,
                                   const struct line *line, struct bytes text)
{
    if (!run->is_chain_broken) { /* else the line before may be the liar */
        verify_clocks(run, line);
        verify_continuity(run, line);
    }
    verify_closed(run, line);
    if (!strcmp(line->kind->name, "genesis")) {
        verify_genesis(run, line, text);
    } else if (!strcmp(line->kind->name, "epoch")) {
        verify_epoch(run, line);
    }
    verify_config_take(run, line);
    enum sting_status status = verify_anchors_line(run, line);
    return status ? status : verify_files(run, line);
}

static enum sting_status count_line(struct verify_run *run, struct line *line,
                                    enum sting_status parsed, struct bytes text)
{
    bool known = !parsed || parsed == STING_E_UNSUPPORTED;
    if (!known) {
        *line = verify_stand_in(run->tree.leaves);
        run->is_chain_broken = false; /* this line is the broken one */
    } else if (line->seq != run->tree.leaves) {
        struct line here = verify_stand_in(run->tree.leaves);
        verify_say(run, VERIFY_TAMPERED, &here, "evidence/ledger",
                   "the line is numbered %" PRIu64, line->seq);
        line->seq = run->tree.leaves;
    } else {
        judge_chain(run, line, text);
    }
    enum sting_status status = verify_epoch_turn(run, line);
    if (parsed) {
        say_malformed(run, line, parsed);
    } else if (!status) {
        status = take_line(run, line, text);
    }
    run->prev = digest_of(text);
    tree_add(&run->tree, tree_leaf(text));
    run->report->entries = run->tree.leaves;
    if (!status) {
        status = verify_notes_take(run, line);
    }
    verify_anchors_pass(run, line);
    return status;
}

static void tell_progress(struct verify_run *run,
                          const struct ledger_reader *reader)
{
    run->report->read_bytes = ledger_reader_offset(reader);
    if (run->options->progress && run->tree.leaves % 16 == 0) {
        run->options->progress(run->options->context, run->report);
    }
}

static bool is_real_failure(enum sting_status status)
{
    return status == STING_E_IO || status == STING_E_NOMEM;
}

/* The last line, not signed, of which lost power may have taken a part. */
static bool is_torn(const struct verify_run *run,
                    const struct ledger_reader *reader,
                    enum sting_status parsed)
{
    return parsed == STING_E_FORMAT && !run->notes.has_note &&
           ledger_reader_is_last(reader) &&
           torn_has_hole(ledger_reader_text(reader),
                         ledger_reader_offset(reader));
}

/* Is it to be known now whether a checkpoint is to come that signs the line?
 * The first behind a checkpoint begins what nobody signed, or does not. */
static bool asks_for_note(const struct verify_run *run, const struct line *line,
                          enum sting_status parsed)
{
    return run->is_later || run->tree.leaves == run->signed_lines ||
           (!parsed && line_instructs(line->kind->name));
}

/* Judge the line that the reader holds. E_ABSENT: nothing can be judged. */
static enum sting_status walk_line(struct verify_run *run,
                                   const struct ledger_reader *reader,
                                   struct line *line, enum sting_status parsed)
{
    enum sting_status status = STING_OK;
    run->is_later = ledger_reader_offset(reader) >= run->bytes_then;
    if (asks_for_note(run, line, parsed) && run->tree.leaves > 0) {
        status = verify_notes_poll(run);
    }
    if (!status) {
        status = count_line(run, line, parsed, ledger_reader_text(reader));
    }
    if (!status && run->tree.leaves == 1 && !run->origin[0]) {
        verify_say(run, VERIFY_UNVERIFIABLE, line, "evidence/ledger",
                   "the ledger does not begin with a genesis line");
        return STING_E_ABSENT; /* without its keys nothing can be judged */
    }
    if (!status && run->tree.leaves == 1) {
        status = verify_anchors_begin(run, line);
    }
    tell_progress(run, reader);
    return status;
}

/* Up to the end, as it is now. */
static enum sting_status walk_on(struct verify_run *run,
                                 struct ledger_reader *reader)
{
    enum sting_status status = STING_OK;
    while (!status) {
        struct line line;
        enum sting_status parsed = ledger_reader_next(reader, &line);
        if (parsed == STING_E_ABSENT) {
            return STING_OK;
        }
        if (is_real_failure(parsed)) {
            return fault_errno(run->fault, parsed, "check the disk",
                               "evidence/ledger cannot be read");
        }
        if (is_torn(run, reader, parsed)) {
            run->report->torn_bytes = ledger_reader_text(reader).size;
            return STING_OK;
        }
        status = walk_line(run, reader, &line, parsed);
    }
    return status;
}

/* A station may write meanwhile: what a new checkpoint speaks of was written
 * before it, and is read too. */
static enum sting_status walk(struct verify_run *run,
                              struct ledger_reader *reader)
{
    uint64_t before = 0;
    enum sting_status status = verify_notes_begin(run);
    do {
        before = run->tree.leaves;
        status = status ? status : walk_on(run, reader);
        if (!status && run->tree.leaves > 0) {
            status = verify_notes_poll(run);
        }
    } while (!status && run->notes.has_note && run->tree.leaves > before);
    run->report->torn_bytes += ledger_reader_rest(reader);
    return status == STING_E_ABSENT ? STING_OK : status;
}

/* ---- the end ---- */

/* Which of a day's were erased, no line says: the day is named, where none is
 * missing that came after. */
static void say_more_gone(struct verify_run *run,
                          const struct verify_missing *row,
                          const struct line *line, bool was_seen)
{
    char day[sizeof row->file];
    snprintf(day, sizeof day, "evidence/segments/%s/%s", row->camera,
             row->date);
    if (row->count > 0) {
        verify_say_file(run, line, was_seen, day,
                        "%" PRIu64 " more of this day's recordings are missing "
                        "than lines say were erased",
                        row->count);
    } else {
        verify_say_file(
            run, line, was_seen, day,
            "others of this day's recordings are missing than lines "
            "say were erased");
    }
}

static void judge_missing(struct verify_run *run)
{
    for (size_t i = 0; i < run->missings; i++) {
        struct line line = verify_stand_in(run->missing[i].seq);
        line.at.utc_us = run->missing[i].utc_us;
        bool was_seen = verify_file_seen(run, line.seq);
        if (run->missing[i].is_told && !run->missing[i].is_late) {
            say_more_gone(run, &run->missing[i], &line, was_seen);
            continue;
        }
        verify_say_file(
            run, &line, was_seen, run->missing[i].file,
            "the file is missing, and no signed line says that it was "
            "erased");
    }
}

/* A note that speaks of more lines than there are. */
static void judge_end(struct verify_run *run)
{
    if (!run->origin[0]) {
        return; /* nothing could be judged: there are no keys */
    }
    struct line line = verify_stand_in(run->tree.leaves);
    /* What nobody signed says nothing of lines that are gone. */
    enum sting_status sign =
        run->notes.has_note
            ? note_verify(&run->notes.note, run->origin, &run->log)
            : STING_OK;
    if (run->notes.has_note && sign == STING_E_ABSENT) {
        verify_say(run, VERIFY_UNVERIFIABLE, &line, run->notes.file,
                   "a checkpoint beyond the end lacks the signature of the "
                   "log key");
    } else if (run->notes.has_note && sign) {
        verify_say(run, VERIFY_TAMPERED, &line, run->notes.file,
                   "the checkpoint was changed after it was signed");
    } else if (run->notes.has_note && run->report->torn_bytes > 0) {
        verify_say(run, VERIFY_TAMPERED, &line, "evidence/ledger",
                   "the last line was signed and has lost its end");
    } else if (run->notes.has_note) {
        verify_say(run, VERIFY_CUT, &line, run->notes.file,
                   "a checkpoint speaks of %" PRIu64 " lines, %" PRIu64
                   " are left",
                   run->notes.note.size, run->tree.leaves);
    } else if (run->report->checkpoints == 0) {
        verify_say_kind(run, VERIFY_UNVERIFIABLE, NULL, "evidence/checkpoints",
                        "there is no checkpoint");
    }
}

static void measure_tail(struct verify_run *run)
{
    struct verify_report *report = run->report;
    report->tail_entries = run->tree.leaves - run->signed_lines;
    report->signed_until_us = run->signed_at.utc_us;
    if (report->tail_entries == 0 || run->signed_lines == 0) {
        return;
    }
    bool one_boot = !strcmp(run->boot, run->signed_boot);
    int64_t us = one_boot ? run->last.boot_us - run->signed_at.boot_us
                          : run->last.utc_us - run->signed_at.utc_us;
    report->tail_s = us > 0 ? (double)us / 1e6 : 0;
}

static void run_release(struct verify_run **run)
{
    if (*run) {
        verify_notes_release(&(*run)->notes);
        unsigned_lines_release(&(*run)->marks);
        verify_outside_release(&(*run)->outside);
        verify_repeated_release(&(*run)->repeated);
        verify_seen_release(&(*run)->named);
        verify_baits_release(&(*run)->baits);
        for (size_t i = 0; i < (*run)->missings; i++) {
            verify_stretches_release(*run, &(*run)->missing[i]);
        }
        free((*run)->missing);
        free((*run)->incident);
        free((*run)->room);
        buffer_wipe(&(*run)->film.head);
        verify_folders_release(&(*run)->folders);
    }
    free(*run);
    *run = NULL;
}

static uint64_t size_now(int operation)
{
    struct stat info;
    return fstatat(operation, "evidence/ledger", &info, AT_SYMLINK_NOFOLLOW)
               ? 0
               : (uint64_t)info.st_size;
}

/* A link on the way is followed by nobody who checks evidence. */
static enum sting_status open_ledger(struct verify_run *run,
                                     struct ledger_reader **out)
{
    return file_kind_check(run->operation, "evidence/ledger", false, run->fault)
               ? STING_E_UNSUPPORTED
               : ledger_reader_open(run->operation, out, run->fault);
}

static enum sting_status judge_all(struct verify_run *run)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status = open_ledger(run, &reader);
    if (status == STING_E_ABSENT) {
        verify_say(run, VERIFY_UNVERIFIABLE, NULL, "evidence/ledger",
                   "there is no ledger here");
        return STING_OK;
    }
    if (status == STING_E_UNSUPPORTED) {
        verify_say_kind(run, VERIFY_UNVERIFIABLE, NULL, "evidence/ledger",
                        "this is not a regular file");
        return STING_OK;
    }
    if (!status) {
        ledger_reader_tell_torn(reader);
        run->bytes_then = size_now(run->operation);
        run->report->ledger_bytes = run->bytes_then;
        status = verify_notes_open(run->operation, &run->notes, run->fault);
    }
    if (!status) {
        status = verify_marks_read(run);
    }
    if (!status) {
        status = walk(run, reader);
    }
    verify_settled_end(run);
    if (!status) {
        status = verify_repeated_end(run);
    }
    if (!status) {
        status = verify_baits(run);
    }
    if (!status) {
        status = verify_beside(run);
    }
    if (status) {
        return status;
    }
    if (run->tree.leaves == 0) {
        verify_say(run, VERIFY_UNVERIFIABLE, NULL, "evidence/ledger",
                   run->bytes_then ? "the ledger has no whole line, in %" PRIu64
                                     " bytes: put the file back, from a copy"
                                   : "the ledger is empty",
                   run->bytes_then);
    }
    end_chain(run);
    judge_end(run);
    status = verify_anchors_end(run);
    judge_missing(run);
    measure_tail(run);
    run->report->torn_bytes += run->notes.torn_bytes;
    verify_unclaimed(run);
    return status;
}

enum sting_status verify_operation(int operation,
                                   const struct verify_options *options,
                                   struct verify_report *report,
                                   struct fault *fault)
{
    struct verify_run *run STING_AUTO(run_release) = calloc(1, sizeof *run);
    *report = (struct verify_report){0};
    if (!run) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    run->operation = operation;
    run->notes.open = -1;
    run->options = options;
    run->report = report;
    run->fault = fault;
    enum sting_status status = judge_all(run);
    if (status == STING_E_NOMEM) {
        fault_set(fault, status, "", "out of memory");
    }
    return status;
}
