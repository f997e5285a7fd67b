/* E4 to E7: the signature of the whole, the checkpoint, the place of each
 * line, the epochs' keys. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "exhibit/check_state.h"
#include "ledger/consistency.h"
#include "ledger/note.h"
#include "ledger/proof.h"
#include "ledger/tree.h"

static bool says(struct bytes line, const char *text)
{
    return bytes_equal(line, bytes_of_text(text));
}

/* The one note of a file. */
static bool note_alone(const struct check *check, const char *path,
                       struct check_note *out)
{
    struct bytes rest = check_content(check, path);
    return !check_note_next(&rest, out) && rest.size == 0;
}

static enum sting_status signature_rule(struct check *check)
{
    struct check_report *report = check->report;
    struct check_note note;
    digest_text(check_find(check, "tagmanifest-sha256.txt")->sha256,
                report->tags);
    if (!note_alone(check, "signature.txt", &note) ||
        !says(note.line[0], "sting-exhibit-1") ||
        !says(note.line[1], report->mark) ||
        !says(note.line[2], report->tags)) {
        return check_tampered(check, 4, "the signature is of another exhibit");
    }
    const struct check_entry *office = check_find(check, CHECK_OFFICE);
    if (!office || !office->is_file) {
        return check_signed(check, 4, &note, report->origin, &check->log_key);
    }
    struct check_founder founder;
    enum sting_status status =
        check_founded(check, 4, office->content, &founder);
    if (!status) {
        memcpy(report->office, founder.origin, sizeof report->office);
        status =
            check_signed(check, 4, &note, founder.origin, &founder.log_key);
    }
    return status;
}

static enum sting_status checkpoint_rule(struct check *check,
                                         struct check_note *note)
{
    uint64_t lines = 0;
    if (!note_alone(check, "data/ledger/checkpoint.txt", note) ||
        !says(note->line[0], check->report->origin) ||
        !check_number(note->line[1], &lines) || lines != check->report->lines ||
        !check_base64(note->line[2], check->root.byte, DIGEST_SIZE)) {
        return check_tampered(check, 5, "another checkpoint");
    }
    return check_signed(check, 5, note, check->report->origin, &check->log_key);
}

/* Hashes, a line each, and an empty line. */
static bool nodes_take(struct bytes *rest, struct digest *node, unsigned most,
                       unsigned *nodes)
{
    struct bytes text, row;
    if (check_word(rest, "\n")) {
        return true; /* a ledger of one line has no siblings */
    }
    if (!check_take(rest, "\n\n", &text)) {
        return false;
    }
    while (text.size > 0) {
        bool is_last = !check_take(&text, "\n", &row);
        if (is_last) {
            row = text;
            text.size = 0;
        }
        if (*nodes == most ||
            !check_base64(row, node[(*nodes)++].byte, DIGEST_SIZE)) {
            return false;
        }
    }
    return true;
}

/* "index N", siblings, an empty line. */
static bool path_take(struct bytes *rest, uint64_t lines, struct proof *out)
{
    struct bytes row;
    *out = (struct proof){.leaves = lines};
    if (!check_word(rest, "index ") || !check_take(rest, "\n", &row) ||
        !check_number(row, &out->index) || out->index >= lines) {
        return false;
    }
    return nodes_take(rest, out->node, PROOF_MOST_DEPTH, &out->depth);
}

static enum sting_status paths_rule(struct check *check)
{
    struct bytes rest = check_content(check, "data/ledger/proofs.txt");
    for (size_t i = 0; i < check->lines; i++) {
        struct check_line *line = &check->line[i];
        struct proof path;
        struct digest root;
        if (!path_take(&rest, check->report->lines, &path) ||
            path.index != line->seq) {
            return check_tampered(check, 6,
                                  "the path of line %" PRIu64 " is malformed",
                                  line->seq);
        }
        if (proof_fold(&path, tree_leaf(line->text), &root, &line->ending) ||
            !digest_equal(root, check->root)) {
            return check_tampered(
                check, 6, "line %" PRIu64 " is not in the ledger", line->seq);
        }
    }
    return rest.size == 0 ? STING_OK
                          : check_tampered(check, 6, "a path of no line");
}

/* The next checkpoint that is told by its three lines, and its proof. */
struct earlier {
    uint64_t lines;
    struct digest root;
    struct consistency proof;
};

static bool earlier_take(struct bytes *rest, const struct check *check,
                         struct earlier *out)
{
    struct bytes head, line;
    uint64_t before = out->lines;
    out->proof.nodes = 0;
    return check_take(rest, "\n", &head) && says(head, check->report->origin) &&
           check_take(rest, "\n", &line) && check_number(line, &out->lines) &&
           out->lines > before && out->lines < check->report->lines &&
           check_take(rest, "\n", &line) &&
           check_base64(line, out->root.byte, DIGEST_SIZE) &&
           check_word(rest, "\n") &&
           nodes_take(rest, out->proof.node, CONSISTENCY_MOST,
                      &out->proof.nodes);
}

static enum sting_status earlier_rule(struct check *check)
{
    const struct check_entry *entry = check_find(check, CHECK_EARLIER);
    if (!entry || !entry->is_file) {
        return STING_OK;
    }
    struct bytes rest = entry->content;
    struct earlier one = {.lines = 0};
    do {
        if (!earlier_take(&rest, check, &one)) {
            return check_tampered(check, 6, "%s is malformed", CHECK_EARLIER);
        }
        if (consistency_check(&one.proof, one.lines, one.root,
                              check->report->lines, check->root)) {
            return check_tampered(check, 6,
                                  "the checkpoint over %" PRIu64
                                  " lines is of another ledger",
                                  one.lines);
        }
    } while (rest.size > 0);
    return STING_OK;
}

/* The chain of keys while it is followed. */
struct chain {
    uint64_t number, start; /* of the epoch under way; its first line */
    struct public_key key, used;
    struct bytes closings;
};

static enum sting_status signed_twice(struct check *check, int rule,
                                      const struct check_note *note,
                                      uint64_t epoch,
                                      const struct public_key *key)
{
    char name[NOTE_MOST_NAME];
    const char *origin = check->report->origin;
    (void)snprintf(name, sizeof name, "%s/epoch/%" PRIu64, origin, epoch);
    enum sting_status status =
        check_signed(check, rule, note, origin, &check->log_key);
    return status ? status : check_signed(check, rule, note, name, key);
}

static enum sting_status epoch_follow(struct check *check,
                                      const struct check_line *one,
                                      struct chain *chain)
{
    struct line line;
    struct check_note note;
    struct digest root;
    int64_t number = -1, first = -1;
    uint64_t lines = 0;
    if (line_parse(one->text, &line) || line_integer(&line, "n", &number) ||
        line_integer(&line, "first", &first) ||
        number != (int64_t)chain->number || first != (int64_t)chain->start) {
        return check_tampered(check, 7, "an epoch is left out");
    }
    if (chain->closings.size == 0) {
        return check_missing(check, 7, "a checkpoint is missing");
    }
    if (check_note_next(&chain->closings, &note) ||
        !says(note.line[0], check->report->origin) ||
        !check_number(note.line[1], &lines) || lines != one->seq + 1 ||
        !check_base64(note.line[2], root.byte, DIGEST_SIZE) ||
        !digest_equal(root, one->ending)) {
        return check_tampered(check, 7,
                              "the checkpoint of epoch %" PRIu64 " is another",
                              chain->number);
    }
    enum sting_status status =
        signed_twice(check, 7, &note, chain->number, &chain->key);
    chain->used = chain->key;
    chain->start = lines;
    chain->number++;
    if (!status && line_hex(&line, "next", chain->key.byte, PUBLIC_KEY_SIZE)) {
        status = check_tampered(check, 7, "an epoch names no key");
    }
    return status;
}

static enum sting_status epochs_rule(struct check *check,
                                     const struct check_note *final)
{
    struct chain chain = {.key = check->epoch_key,
                          .used = check->epoch_key,
                          .closings =
                              check_content(check, "data/ledger/epochs.txt")};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < check->lines; i++) {
        if (check->line[i].is_epoch) {
            status = epoch_follow(check, &check->line[i], &chain);
        }
    }
    if (!status && chain.closings.size > 0) {
        status = check_tampered(check, 7, "a checkpoint too many");
    }
    check->report->epochs = chain.number;
    bool is_end = chain.number > 0 && chain.start == check->report->lines;
    return status ? status
                  : signed_twice(check, 7, final, chain.number - is_end,
                                 is_end ? &chain.used : &chain.key);
}

enum sting_status check_ledger_rules(struct check *check)
{
    struct check_note final;
    enum sting_status status = signature_rule(check);
    if (!status) {
        status = checkpoint_rule(check, &final);
    }
    if (!status) {
        status = paths_rule(check);
    }
    if (!status) {
        status = earlier_rule(check);
    }
    return status ? status : epochs_rule(check, &final);
}
