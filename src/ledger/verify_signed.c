/* Who signed what: the first line, the checkpoints, the epochs' keys. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/verify_state.h"

/* ---- V12: the first line ---- */

static bool case_key_signed(const struct line *line, struct bytes text,
                            struct public_key *key)
{
    struct signature signature;
    const uint8_t *sig = memmem(text.data, text.size, " sig=", 5);
    if (!sig || line_hex(line, "case", key->byte, PUBLIC_KEY_SIZE) ||
        line_hex(line, "sig", signature.byte, SIGNATURE_SIZE)) {
        return false;
    }
    struct bytes said = {text.data, (size_t)(sig - text.data)};
    return !signature_verify(key, said, &signature);
}

void verify_genesis(struct verify_run *run, const struct line *line,
                    struct bytes text)
{
    struct public_key case_key;
    char origin[LEDGER_ORIGIN_SIZE];
    if (line->seq != 0) {
        verify_say(run, VERIFY_TAMPERED, line, "", "a second genesis line");
        return;
    }
    if (!line_prev_size(line_raw(line, "v"))) {
        char version[8];
        verify_say(run, VERIFY_UNVERIFIABLE, line, "",
                   "the record is of format %s; this version of sting reads "
                   "formats %s",
                   line_text(line, "v", version, sizeof version),
                   LINE_VERSIONS);
        return;
    }
    if (!case_key_signed(line, text, &case_key)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the case key did not sign this genesis line");
        return;
    }
    digest_text(digest_of((struct bytes){case_key.byte, PUBLIC_KEY_SIZE}),
                run->report->case_key);
    line_text(line, "origin", run->origin, sizeof run->origin);
    if (strcmp(run->origin, ledger_origin_text(&case_key, origin)) != 0 ||
        line_hex(line, "log", run->log.byte, PUBLIC_KEY_SIZE) ||
        line_hex(line, "epoch", run->epoch_key.byte, PUBLIC_KEY_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the genesis line contradicts itself");
        run->origin[0] = '\0';
    }
}

/* ---- V3 and V4: checkpoints ---- */

/* Is there a signature in this name, or one that begins so, by another key? */
static bool is_signed_by_another(const struct note *note, const char *name,
                                 bool begins)
{
    struct bytes wanted = bytes_of_text(name);
    for (size_t i = 0; i < note->signatures; i++) {
        struct bytes given = note->signature[i].name;
        given.size =
            begins && given.size > wanted.size ? wanted.size : given.size;
        if (bytes_equal(given, wanted)) {
            return true;
        }
    }
    return false;
}

/* V6: a key signs its own epoch only. */
static bool is_foreign(const struct verify_run *run, const char *key)
{
    char name[NOTE_MOST_NAME];
    bool of_epoch = !strcmp(key, "epoch");
    snprintf(name, sizeof name, "%s%s", run->origin, of_epoch ? "/epoch/" : "");
    return is_signed_by_another(&run->notes.note, name, of_epoch);
}

static void say_unsigned(struct verify_run *run, const struct line *line,
                         enum sting_status status, const char *key)
{
    bool absent = status == STING_E_ABSENT;
    if (absent && is_foreign(run, key)) {
        verify_say(run, VERIFY_TAMPERED, line, run->notes.file,
                   "the checkpoint is signed by another key than the %s key",
                   key);
        return;
    }
    verify_say(run, absent ? VERIFY_UNVERIFIABLE : VERIFY_TAMPERED, line,
               run->notes.file,
               absent ? "the checkpoint lacks the signature of the %s key"
                      : "the checkpoint's signature by the %s key is false",
               key);
}

/* The last line does not name the hash of the one before, and a checkpoint
 * ends here: was it only that the last line's own prev= was changed? */
static bool only_prev_changed(const struct verify_run *run)
{
    uint8_t text[LINE_MOST_BYTES];
    char prev[DIGEST_TEXT_SIZE];
    struct tree tree = run->doubt;
    size_t size = run->doubt_size;
    memcpy(text, run->doubt_text, size);
    memcpy(text + size - 1 - 2 * run->prev_size,
           digest_text(run->doubt_prev, prev), 2 * run->prev_size);
    tree_add(&tree, tree_leaf((struct bytes){text, size}));
    return digest_equal(tree_root(&tree), run->notes.note.root);
}

static void judge_root(struct verify_run *run, const struct line *line)
{
    if (!run->is_chain_broken) {
        verify_say(run, VERIFY_TAMPERED, line, run->notes.file,
                   "the lines up to here are not the ones that were signed");
    } else if (only_prev_changed(run)) {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "the line was changed after it was written");
        run->is_chain_broken = false;
    } /* else what comes next tells which line it was */
}

/* It is good, and a writer that came behind its last line did not see it. Those
 * before 27 November 2026 signed the end of a hand-over before they said so. */
static void judge_kept_back(struct verify_run *run, const struct line *line)
{
    uint64_t finder = unsigned_lines_finder(&run->marks, line->seq);
    if (finder < run->marks.signed_to &&
        (!line->kind || strcmp(line->kind->name, "epoch") != 0)) {
        struct line said = verify_stand_in(finder);
        said.at.utc_us = line->at.utc_us;
        verify_say(run, VERIFY_TAMPERED, &said, run->notes.file,
                   "a checkpoint of %" PRIu64 " lines was kept from the "
                   "recorder, which found the last of them signed by nobody",
                   run->notes.note.size);
    }
}

/* The note that speaks of all lines so far. */
static void judge_note(struct verify_run *run, const struct line *line)
{
    const struct note *note = &run->notes.note;
    char epoch_name[NOTE_MOST_NAME];
    ledger_epoch_name(run->origin, run->epoch, epoch_name, sizeof epoch_name);
    enum sting_status status = note_verify(note, run->origin, &run->log);
    if (status) {
        say_unsigned(run, line, status, "log");
        return;
    }
    verify_settled_take(run);
    status = note_verify(note, epoch_name, &run->epoch_key);
    if (status) {
        say_unsigned(run, line, status, "epoch");
        return;
    }
    if (!bytes_equal(note->origin, bytes_of_text(run->origin)) ||
        !digest_equal(note->root, tree_root(&run->tree))) {
        judge_root(run, line);
        return;
    }
    judge_kept_back(run, line);
    run->report->checkpoints++;
    run->signed_lines = run->tree.leaves;
    run->signed_at = line->at;
    memcpy(run->signed_boot, line->boot, sizeof run->signed_boot);
    run->report->epochs += run->wants_note;
    run->wants_note = false;
}

static enum sting_status next_note(struct verify_run *run)
{
    enum sting_status status = verify_notes_next(&run->notes);
    struct line line = verify_stand_in(run->tree.leaves);
    if (status == STING_E_FORMAT || status == STING_E_LIMIT) {
        verify_say(run, VERIFY_TAMPERED, &line, run->notes.file,
                   "a checkpoint is malformed or cut");
        return STING_OK;
    }
    if (status == STING_E_UNSUPPORTED) {
        verify_say_kind(run, VERIFY_TAMPERED, &line, run->notes.file,
                        "this is not a regular file");
        return STING_OK;
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

/* Judge every note that speaks of as many lines as were read. */
enum sting_status verify_notes_take(struct verify_run *run,
                                    const struct line *line)
{
    enum sting_status status = STING_OK;
    while (!status && run->notes.has_note &&
           run->notes.note.size <= run->tree.leaves) {
        if (run->notes.note.size < run->tree.leaves) {
            verify_say(run, VERIFY_TAMPERED, line, run->notes.file,
                       "the checkpoints are out of order");
        } else {
            judge_note(run, line);
        }
        status = next_note(run);
    }
    return status;
}

/* The last line, as far as a checkpoint wants to know. */
static struct line last_line(const struct verify_run *run)
{
    struct line line = {.seq = run->tree.leaves - 1, .at = run->last};
    memcpy(line.boot, run->boot, sizeof line.boot);
    return line;
}

enum sting_status verify_notes_poll(struct verify_run *run)
{
    struct line line = last_line(run);
    enum sting_status status = run->notes.has_note ? STING_OK : next_note(run);
    return status ? status : verify_notes_take(run, &line);
}

/* ---- V5: epochs ---- */

void verify_epoch(struct verify_run *run, const struct line *line)
{
    int64_t n = -1;
    int64_t first = -1;
    if (line_integer(line, "n", &n) || line_integer(line, "first", &first) ||
        n < 0 || (uint64_t)n != run->epoch || first < 0 ||
        (uint64_t)first != run->epoch_first) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "epoch %" PRIu64 " is not closed in its turn", run->epoch);
    }
    if (line_hex(line, "next", run->next_key.byte, PUBLIC_KEY_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name the next epoch's key");
    }
    run->wants_note = true;
    run->wants_turn = true;
}

/* The line behind an `epoch` line: its checkpoint was written before this
 * one; the key that it names is the one from here on. */
enum sting_status verify_epoch_turn(struct verify_run *run,
                                    const struct line *line)
{
    enum sting_status status = STING_OK;
    if (!run->wants_turn) {
        return STING_OK;
    }
    if (run->wants_note) {
        status = verify_notes_poll(run);
    }
    if (run->wants_note) {
        verify_say(run, VERIFY_UNVERIFIABLE, line, "evidence/checkpoints",
                   "the checkpoint that closes epoch %" PRIu64 " is missing",
                   run->epoch);
    }
    run->wants_note = false;
    run->wants_turn = false;
    run->epoch_key = run->next_key;
    run->epoch++;
    run->epoch_first = run->tree.leaves;
    return status;
}

enum sting_status verify_notes_begin(struct verify_run *run)
{
    return next_note(run);
}
