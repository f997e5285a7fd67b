#include "trace/recheck.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"
#include "mark/code.h"

#define CLOSE_ENOUGH 1e-6 /* of log10: how far logarithms may round apart */

static enum sting_status bias_check(const struct recheck_pack *pack,
                                    const struct line *line,
                                    struct fault *fault)
{
    struct digest bias;
    struct bytes all = {pack->bias[0].byte,
                        (size_t)pack->pages * sizeof *pack->bias};
    if (line_hex(line, "bias", bias.byte, DIGEST_SIZE) ||
        !digest_equal(bias, digest_of(all))) {
        return opened_no(fault, "the bias keys are not what was committed to");
    }
    for (uint32_t i = 0; i < pack->parts; i++) {
        const struct recheck_part *part = &pack->part[i];
        if (!digest_equal(digest_of(secret_bytes(&part->bias)),
                          pack->bias[part->page - 1])) {
            return opened_no(fault, "a bias key is not what was committed to");
        }
    }
    return STING_OK;
}

static enum sting_status issue_check(const struct recheck_pack *pack,
                                     const struct opened_genesis *genesis,
                                     struct recheck *result,
                                     struct fault *fault)
{
    struct line line;
    enum sting_status status =
        opened_line_check(genesis, &pack->issue, "issue", &line, fault);
    if (status) {
        return status;
    }
    result->issued_us = line.at.utc_us;
    result->line = line.seq;
    result->under = pack->issue.path.leaves;
    memcpy(result->case_key, genesis->case_key, sizeof result->case_key);
    status = opened_copy_check(&pack->copy, &line, pack->bait, &pack->original,
                               fault);
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
        return opened_no(fault, "the page record does not fit the units");
    }
    uint8_t *threshold = calloc((size_t)part->units + 1, 1);
    uint8_t *bit = calloc((size_t)part->units + 1, 1);
    enum sting_status status = threshold && bit ? STING_OK : STING_E_NOMEM;
    if (!status) {
        mark_bias(&part->bias, part->units, threshold);
        mark_code(&pack->copy.key, part->page - 1, threshold, part->units, bit);
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
    struct opened_genesis genesis;
    enum sting_status status = opened_genesis_check(
        buffer_bytes(&pack->issue.genesis), &genesis, fault);
    if (!status) {
        status = opened_signature_check(&genesis, pack->signed_bytes,
                                        pack->signature, fault);
    }
    if (!status) {
        status = issue_check(pack, &genesis, &result, fault);
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
        return opened_no(fault, "the strength reported is not what comes out");
    }
    if (!(result.log10_false <= STRENGTH_ATTRIBUTED)) {
        return opened_no(fault, "what was measured names no copy");
    }
    *out = result;
    return STING_OK;
}
