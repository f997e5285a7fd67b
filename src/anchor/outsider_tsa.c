/* A time-stamping authority: RFC 3161 over HTTP. */
#include <stdio.h>
#include <string.h>

#include "anchor/anchors_state.h"
#include "base/text.h"
#include "crypt/random.h"

static struct hash said_hash(const struct outsider *outsider)
{
    const struct bytes said = outsider_said(outsider);
    return hash_of(HASH_SHA256, &said, 1);
}

static enum sting_status tsa_ask(struct anchors *anchors,
                                 struct outsider *outsider, char *address,
                                 const char **type, struct buffer *body,
                                 struct fault *fault)
{
    struct hash hash = said_hash(outsider);
    (void)address;
    (void)fault;
    random_fill(operation_random(anchors->operation), outsider->nonce,
                sizeof outsider->nonce);
    *type = "application/timestamp-query";
    return time_stamp_request(&hash, outsider->nonce, body);
}

static enum sting_status http_check(const struct outsider *outsider,
                                    struct fault *fault)
{
    return outsider->http == 200
               ? STING_OK
               : fault_set(fault, STING_E_FORMAT, "", "HTTP status %d",
                           (int)outsider->http);
}

static enum sting_status tsa_judge(struct anchors *anchors,
                                   struct outsider *outsider, struct moment now,
                                   struct wire_head *head,
                                   struct buffer *payload, struct fault *fault)
{
    struct buffer ca STING_AUTO(buffer_release) = {0};
    struct buffer crl STING_AUTO(buffer_release) = {0};
    enum sting_status status = http_check(outsider, fault);
    if (!status) {
        status =
            anchors_pem_read(anchors, outsider->config->ca_file, &ca, fault);
    }
    if (!status) {
        status =
            anchors_pem_read(anchors, outsider->config->crl_file, &crl, fault);
    }
    const struct judge_stamp stamp = {
        .hash = said_hash(outsider),
        .nonce = outsider->nonce,
        .reply = buffer_bytes(&outsider->answer),
        .trust = {buffer_bytes(&ca), buffer_bytes(&crl), now.utc_us}};
    return status ? status : judge_stamp_ask(&stamp, head, payload);
}

/* The files of one stamp; their hashes as the line names them. */
struct kept {
    char tsr_path[ANCHOR_PATH_SIZE];
    char tsr[DIGEST_TEXT_SIZE];
    char note[DIGEST_TEXT_SIZE];
    char ca[DIGEST_TEXT_SIZE];
    char crl[DIGEST_TEXT_SIZE];
};

static enum sting_status pem_keep(struct anchors *anchors, const char *path,
                                  char hex[DIGEST_TEXT_SIZE],
                                  struct fault *fault)
{
    struct digest ct;
    struct buffer pem STING_AUTO(buffer_release) = {0};
    hex[0] = '\0';
    enum sting_status status = anchors_pem_read(anchors, path, &pem, fault);
    if (!status && pem.size > 0) {
        status = anchor_pem_put(operation_dir(anchors->operation),
                                buffer_bytes(&pem), &ct, fault);
        digest_text(ct, hex);
    }
    return status;
}

static enum sting_status files_keep(struct anchors *anchors,
                                    const struct outsider *outsider,
                                    struct kept *out, struct fault *fault)
{
    int operation = operation_dir(anchors->operation);
    char path[ANCHOR_PATH_SIZE];
    uint32_t number = 0;
    struct digest ct = {{0}};
    enum sting_status status = anchor_file_next(operation, &number, fault);
    anchor_file_path(number, "note", path);
    anchor_file_path(number, "tsr", out->tsr_path);
    if (!status) {
        status = anchor_file_put(operation, out->tsr_path,
                                 buffer_bytes(&outsider->answer), &ct, fault);
        digest_text(ct, out->tsr);
    }
    if (!status) {
        status = anchor_file_put(operation, path, buffer_bytes(&outsider->note),
                                 &ct, fault);
        digest_text(ct, out->note);
    }
    if (!status) {
        status = pem_keep(anchors, outsider->config->ca_file, out->ca, fault);
    }
    return status
               ? status
               : pem_keep(anchors, outsider->config->crl_file, out->crl, fault);
}

static enum sting_status stamp_line(struct anchors *anchors,
                                    const struct outsider *outsider,
                                    struct moment now, const struct kept *kept,
                                    int64_t at_us, struct fault *fault)
{
    char size[24];
    char root[DIGEST_TEXT_SIZE];
    char at[LINE_TIME_SIZE];
    snprintf(size, sizeof size, "%llu",
             (unsigned long long)outsider->head.size);
    const struct line_field field[] = {
        {"size", size},
        {"root", digest_text(outsider->head.root, root)},
        {"tsa", outsider->address},
        {"ct", kept->tsr},
        {"file", kept->tsr_path},
        {"note", kept->note},
        {"at", line_time_text(at_us, at)},
        {"ca", kept->ca[0] ? kept->ca : NULL},
        {"crl", kept->crl[0] ? kept->crl : NULL},
    };
    return ledger_append(core_ledger(anchors->core), now, "tsr", field,
                         sizeof field / sizeof *field, NULL, fault);
}

static enum sting_status tsa_judged(struct anchors *anchors,
                                    struct outsider *outsider,
                                    struct moment now,
                                    const struct wire_head *head,
                                    struct bytes payload, struct fault *fault)
{
    struct time_stamp stamp;
    struct kept kept;
    if (judge_stamp_read(head, payload, &stamp)) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the reply could not be judged");
    }
    if (stamp.state != TIME_STAMP_GOOD) {
        return fault_set(fault, STING_E_FORMAT, "", "%s%s%s",
                         time_stamp_phrase(stamp.state),
                         stamp.why[0] ? ": " : "", stamp.why);
    }
    enum sting_status status = files_keep(anchors, outsider, &kept, fault);
    return status
               ? status
               : stamp_line(anchors, outsider, now, &kept, stamp.at_us, fault);
}

const struct outsider_kind outsider_tsa = {"tsa", tsa_ask, tsa_judge,
                                           tsa_judged};
