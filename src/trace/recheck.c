#include "trace/recheck.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/signature.h"
#include "ledger/line.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "mark/code.h"

#define ORIGIN_SIZE 128
#define CLOSE_ENOUGH 1e-6 /* of log10: how far logarithms may round apart */

static enum sting_status no(struct fault *fault, const char *why)
{
    return fault_set(fault, STING_E_FORGED, "do not rely on it", "%s", why);
}

/* What the first line of the ledger says, once its signature holds. */
struct genesis {
    char origin[ORIGIN_SIZE];
    struct public_key log;
};

static enum sting_status genesis_check(const struct recheck_pack *pack,
                                       struct genesis *out,
                                       struct recheck *result,
                                       struct fault *fault)
{
    struct bytes text = buffer_bytes(&pack->issue.genesis);
    struct line line;
    struct public_key key;
    struct signature signature;
    const uint8_t *end =
        text.size ? memmem(text.data, text.size, " sig=", 5) : NULL;
    if (!end || line_parse(text, &line) || line.seq != 0 ||
        strcmp(line.kind->name, "genesis") != 0 ||
        line_hex(&line, "case", key.byte, sizeof key.byte) ||
        line_hex(&line, "log", out->log.byte, sizeof out->log.byte) ||
        line_hex(&line, "sig", signature.byte, sizeof signature.byte)) {
        return no(fault, "the ledger's first line is malformed");
    }
    struct bytes said = {text.data, (size_t)(end - text.data)};
    if (signature_verify(&key, said, &signature)) {
        return no(fault, "the case key did not sign the ledger's first line");
    }
    digest_text(digest_of((struct bytes){key.byte, sizeof key.byte}),
                result->case_key);
    line_text(&line, "origin", out->origin, sizeof out->origin);
    return STING_OK;
}

static enum sting_status signed_check(const struct recheck_pack *pack,
                                      const struct genesis *genesis,
                                      struct fault *fault)
{
    struct signature signature;
    struct note note;
    memcpy(signature.byte, pack->signature, sizeof signature.byte);
    if (signature_verify(&genesis->log, pack->signed_bytes, &signature)) {
        return no(fault, "the pack was changed after it was signed");
    }
    struct bytes text = buffer_bytes(&pack->issue.note);
    if (note_parse(text, &note) || note.bytes != text.size ||
        !bytes_equal(note.origin, bytes_of_text(genesis->origin)) ||
        note_verify(&note, genesis->origin, &genesis->log)) {
        return no(fault, "the log key did not sign the checkpoint");
    }
    if (note.size != pack->issue.path.leaves ||
        proof_check(&pack->issue.path,
                    tree_leaf(buffer_bytes(&pack->issue.line)), note.root)) {
        return no(fault, "the commitment is not under the checkpoint");
    }
    return STING_OK;
}

/* The issue line speaks of this batch, and the copy is in its root. */
static enum sting_status batch_check(const struct recheck_pack *pack,
                                     const struct line *line,
                                     struct fault *fault)
{
    char bait[CONFIG_NAME_SIZE];
    int64_t first = 0, count = 0;
    struct digest root, original;
    if (line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) ||
        line_hex(line, "root", root.byte, DIGEST_SIZE) ||
        line_hex(line, "original", original.byte, DIGEST_SIZE)) {
        return no(fault, "the commitment is malformed");
    }
    line_text(line, "bait", bait, sizeof bait);
    if (strcmp(bait, pack->bait) != 0 || first != pack->first ||
        count != (int64_t)pack->place.leaves ||
        !digest_equal(original, pack->original)) {
        return no(fault, "the commitment speaks of another batch");
    }
    struct digest leaf = mark_commitment_leaf(
        pack->copy, &pack->key, pack->salt.byte, bytes_of_text(pack->holder));
    if (proof_check(&pack->place, leaf, root)) {
        return no(fault, "copy, key or holder is not what was committed to");
    }
    return STING_OK;
}

static enum sting_status bias_check(const struct recheck_pack *pack,
                                    const struct line *line,
                                    struct fault *fault)
{
    struct digest bias;
    struct bytes all = {pack->bias[0].byte,
                        (size_t)pack->pages * sizeof *pack->bias};
    if (line_hex(line, "bias", bias.byte, DIGEST_SIZE) ||
        !digest_equal(bias, digest_of(all))) {
        return no(fault, "the bias keys are not what was committed to");
    }
    for (uint32_t i = 0; i < pack->parts; i++) {
        const struct recheck_part *part = &pack->part[i];
        if (!digest_equal(digest_of(secret_bytes(&part->bias)),
                          pack->bias[part->page - 1])) {
            return no(fault, "a bias key is not what was committed to");
        }
    }
    return STING_OK;
}

static enum sting_status issue_check(const struct recheck_pack *pack,
                                     struct recheck *result,
                                     struct fault *fault)
{
    struct line line;
    if (line_parse(buffer_bytes(&pack->issue.line), &line) ||
        strcmp(line.kind->name, "issue") != 0 ||
        line.seq != pack->issue.path.index) {
        return no(fault, "the commitment is malformed");
    }
    result->issued_us = line.at.utc_us;
    result->line = line.seq;
    result->under = pack->issue.path.leaves;
    enum sting_status status = batch_check(pack, &line, fault);
    return status ? status : bias_check(pack, &line, fault);
}

static enum sting_status part_score(const struct recheck_pack *pack,
                                    const struct recheck_part *part,
                                    struct recheck *result, struct fault *fault)
{
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct bytes record = buffer_bytes(&part->record);
    if (mark_page_read(&record, &page) || record.size > 0 ||
        page.units != part->units) {
        return no(fault, "the page record does not fit the units");
    }
    uint8_t *threshold = calloc((size_t)part->units + 1, 1);
    uint8_t *bit = calloc((size_t)part->units + 1, 1);
    enum sting_status status = threshold && bit ? STING_OK : STING_E_NOMEM;
    if (!status) {
        mark_bias(&part->bias, part->units, threshold);
        mark_code(&pack->key, part->page - 1, threshold, part->units, bit);
        strength_add(&result->strength, part->a, threshold, part->units);
        result->sum += strength_sum(part->a, threshold, bit, part->units);
    }
    free(threshold);
    free(bit);
    return status;
}

enum sting_status recheck_run(const struct recheck_pack *pack,
                              struct recheck *out, struct fault *fault)
{
    struct recheck result = {0};
    struct genesis genesis;
    enum sting_status status = genesis_check(pack, &genesis, &result, fault);
    if (!status) {
        status = signed_check(pack, &genesis, fault);
    }
    if (!status) {
        status = issue_check(pack, &result, fault);
    }
    strength_init(&result.strength);
    for (uint32_t i = 0; !status && i < pack->parts; i++) {
        status = part_score(pack, &pack->part[i], &result, fault);
    }
    if (status) {
        return status;
    }
    result.log10_lr = strength_log10_lr(&result.strength, result.sum);
    result.log10_false =
        strength_log10_false(result.log10_lr, pack->tried, pack->run);
    if (!(fabs(result.log10_lr - pack->log10_lr) < CLOSE_ENOUGH)) {
        return no(fault, "the strength reported is not what comes out");
    }
    *out = result;
    return STING_OK;
}
