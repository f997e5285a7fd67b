/* A witness: C2SP tlog-witness, add-checkpoint. */
#include <stdio.h>
#include <string.h>

#include "anchor/anchors_state.h"
#include "base/text.h"

/* The proof that the ledger only grew since the witness last saw it. */
static enum sting_status proof_make(struct anchors *anchors,
                                    struct outsider *outsider,
                                    struct consistency *out,
                                    struct fault *fault)
{
    struct consistency_making making;
    struct growth growth = outsider->seen;
    uint64_t size = outsider->head.size;
    out->nodes = 0;
    if (growth.tree.leaves == 0) {
        return STING_OK;
    }
    if (growth.tree.leaves > size) {
        return fault_set(fault, STING_E_LIMIT, "",
                         "the witness has seen more of this ledger");
    }
    consistency_begin(&growth.tree, size, &making);
    enum sting_status status =
        growth_to(operation_dir(anchors->operation), size, &growth, &making);
    if (!status) {
        consistency_end(&making, out);
    }
    return status;
}

static enum sting_status witness_ask(struct anchors *anchors,
                                     struct outsider *outsider, char *address,
                                     const char **type, struct buffer *body,
                                     struct fault *fault)
{
    struct consistency proof;
    size_t end = strlen(address);
    while (end > 0 && address[end - 1] == '/') {
        address[--end] = '\0';
    }
    snprintf(address + end, sizeof "/add-checkpoint", "/add-checkpoint");
    *type = "text/plain";
    enum sting_status status = proof_make(anchors, outsider, &proof, fault);
    if (!status) {
        status = buffer_printf(body, "old %llu\n",
                               (unsigned long long)outsider->seen.tree.leaves);
    }
    for (unsigned i = 0; i < proof.nodes && !status; i++) {
        status = base64_append(
            body, (struct bytes){proof.node[i].byte, DIGEST_SIZE}, true);
        if (!status) {
            status = buffer_text_append(body, "\n");
        }
    }
    if (!status) {
        status = buffer_text_append(body, "\n");
    }
    struct bytes note = buffer_bytes(&outsider->note);
    note.size--; /* the empty line that ends it in a file of notes */
    return status ? status : buffer_append(body, note);
}

static enum sting_status witness_judge(
    struct anchors *anchors, struct outsider *outsider, struct moment now,
    struct wire_head *head, struct buffer *payload, struct fault *fault)
{
    (void)anchors;
    (void)now;
    if (outsider->http != 200 && outsider->http != 409) {
        return fault_set(fault, STING_E_FORMAT, "", "HTTP status %d",
                         (int)outsider->http);
    }
    return judge_witness_ask(outsider->http, outsider->config->key,
                             outsider_said(outsider),
                             buffer_bytes(&outsider->answer), head, payload);
}

/* The witness is at another size: prove from there, once. */
static enum sting_status conflict_take(struct anchors *anchors,
                                       struct outsider *outsider, uint64_t size,
                                       struct fault *fault)
{
    struct growth growth = {0};
    if (size > outsider->head.size) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the witness has seen %llu lines of this ledger, "
                         "there are %llu",
                         (unsigned long long)size,
                         (unsigned long long)outsider->head.size);
    }
    if (size == outsider->seen.tree.leaves) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the witness has seen other lines of this ledger");
    }
    enum sting_status status =
        growth_to(operation_dir(anchors->operation), size, &growth, NULL);
    if (status) {
        return fault_set(fault, STING_E_FORMAT, "", "the ledger ends too soon");
    }
    outsider->seen = growth;
    return STING_E_BUSY;
}

/* What the check worker read is checked again: it might have been taken
 * over by what it read. The line as a witness writes it, when it holds. */
static enum sting_status cosignature_line(const struct vkey *witness,
                                          const struct outsider *outsider,
                                          const struct judge_witness *found,
                                          struct buffer *whole, char *sig)
{
    struct note note;
    uint64_t time_s = 0;
    uint8_t blob[NOTE_KEY_ID_SIZE + 8 + SIGNATURE_SIZE];
    vkey_id(witness, blob);
    for (int i = 0; i < 8; i++) {
        blob[NOTE_KEY_ID_SIZE + i] = (uint8_t)(found->number >> (56 - 8 * i));
    }
    memcpy(blob + NOTE_KEY_ID_SIZE + 8, found->signature.byte, SIGNATURE_SIZE);
    struct bytes before = buffer_bytes(&outsider->note);
    before.size--;
    enum sting_status status = buffer_append(whole, before);
    if (!status) {
        status = buffer_printf(whole, "\xe2\x80\x94 %s ", witness->name);
    }
    if (!status) {
        status = base64_append(whole, (struct bytes){blob, sizeof blob}, true);
    }
    if (!status) {
        status = buffer_text_append(whole, "\n\n");
    }
    if (!status) {
        status = note_parse(buffer_bytes(whole), &note);
    }
    return status ? status : cosignature_verify(&note, witness, &time_s, sig);
}

static enum sting_status cosignature_keep(struct anchors *anchors,
                                          const struct outsider *outsider,
                                          const struct vkey *witness,
                                          const struct judge_witness *found,
                                          struct moment now,
                                          struct fault *fault)
{
    int operation = operation_dir(anchors->operation);
    char path[ANCHOR_PATH_SIZE];
    char text[3][DIGEST_TEXT_SIZE];
    char at[LINE_TIME_SIZE];
    char sig[VKEY_TEXT_SIZE];
    uint32_t number = 0;
    struct digest ct = {{0}};
    struct buffer whole STING_AUTO(buffer_release) = {0};
    if (cosignature_line(witness, outsider, found, &whole, sig)) {
        return fault_set(fault, STING_E_FORMAT, "", "the cosignature is false");
    }
    enum sting_status status = anchor_file_next(operation, &number, fault);
    anchor_file_path(number, "note", path);
    if (!status) {
        status =
            anchor_file_put(operation, path, buffer_bytes(&whole), &ct, fault);
    }
    snprintf(text[0], sizeof text[0], "%llu",
             (unsigned long long)outsider->head.size);
    const struct line_field field[] = {
        {"size", text[0]},
        {"root", digest_text(outsider->head.root, text[1])},
        {"witness", witness->name},
        {"sig", sig},
        {"at", line_time_text((int64_t)found->number * 1000000, at)},
        {"key", outsider->config->key},
        {"file", path},
        {"ct", digest_text(ct, text[2])},
    };
    return status
               ? status
               : ledger_append(core_ledger(anchors->core), now, "cosig", field,
                               sizeof field / sizeof *field, NULL, fault);
}

static enum sting_status witness_judged(
    struct anchors *anchors, struct outsider *outsider, struct moment now,
    const struct wire_head *head, struct bytes payload, struct fault *fault)
{
    struct judge_witness found;
    struct vkey witness;
    if (judge_witness_read(head, payload, &found) ||
        vkey_parse(outsider->config->key, &witness) ||
        found.word == JUDGE_NOTHING) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the answer holds no cosignature by its key");
    }
    if (found.word == JUDGE_CONFLICT) {
        return conflict_take(anchors, outsider, found.number, fault);
    }
    if (found.number > (uint64_t)(now.utc_us / 1000000 + 300)) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the cosignature is of a time that has not come yet");
    }
    enum sting_status status =
        cosignature_keep(anchors, outsider, &witness, &found, now, fault);
    if (!status) { /* from here on it has seen so much */
        struct growth seen = outsider->seen;
        if (!growth_to(operation_dir(anchors->operation), outsider->head.size,
                       &seen, NULL)) {
            outsider->seen = seen;
        }
    }
    return status;
}

const struct outsider_kind outsider_witness = {"witness", witness_ask,
                                               witness_judge, witness_judged};
