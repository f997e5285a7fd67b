#include "ledger/evidence_record.h"

#include "ledger/der.h"

/* ---- reading ---- */

/* ArchiveTimeStamp: only its timeStamp; ours has no other part. */
static enum sting_status stamp_read(struct bytes content, size_t chain,
                                    struct evidence_record *out)
{
    uint8_t tag = 0;
    struct bytes inside;
    struct bytes token;
    if (out->stamps == EVIDENCE_MOST_STAMPS) {
        return STING_E_LIMIT;
    }
    if (der_take(&content, &tag, &inside, &token)) {
        return STING_E_FORMAT;
    }
    if (tag != DER_SEQUENCE || content.size > 0) {
        return (tag & 0xe0) == 0xa0 ? STING_E_UNSUPPORTED : STING_E_FORMAT;
    }
    out->stamp[out->stamps++] = (struct evidence_stamp){chain, token};
    return STING_OK;
}

static enum sting_status chain_read(struct bytes content,
                                    struct evidence_record *out)
{
    enum sting_status status = content.size ? STING_OK : STING_E_FORMAT;
    while (!status && content.size > 0) {
        struct bytes stamp;
        status = der_take_tag(&content, DER_SEQUENCE, &stamp, NULL);
        if (!status) {
            status = stamp_read(stamp, out->chains, out);
        }
    }
    out->chains++;
    return status;
}

static enum sting_status chains_read(struct bytes content,
                                     struct evidence_record *out)
{
    enum sting_status status = content.size ? STING_OK : STING_E_FORMAT;
    while (!status && content.size > 0) {
        struct bytes chain;
        if (out->chains == EVIDENCE_MOST_STAMPS) {
            return STING_E_LIMIT;
        }
        status = der_take_tag(&content, DER_SEQUENCE, &chain,
                              &out->chain[out->chains]);
        if (!status) {
            status = chain_read(chain, out);
        }
    }
    return status;
}

/* The hashes that the record says it uses must be ours; which is used where
 * the stamps tell. */
static enum sting_status algorithms_read(struct bytes content)
{
    while (content.size > 0) {
        struct bytes inside;
        struct bytes whole;
        if (der_take_tag(&content, DER_SEQUENCE, &inside, &whole)) {
            return STING_E_FORMAT;
        }
        if (hash_identified(whole) == HASH_KINDS) {
            return STING_E_UNSUPPORTED;
        }
    }
    return STING_OK;
}

enum sting_status evidence_record_read(struct bytes der,
                                       struct evidence_record *out)
{
    static const uint8_t one[] = {1};
    struct bytes record;
    struct bytes part;
    out->stamps = 0;
    out->chains = 0;
    if (der.size > EVIDENCE_MOST_BYTES) {
        return STING_E_LIMIT;
    }
    if (der_take_tag(&der, DER_SEQUENCE, &record, NULL) || der.size > 0 ||
        der_take_tag(&record, DER_INTEGER, &part, NULL)) {
        return STING_E_FORMAT;
    }
    if (!bytes_equal(part, (struct bytes){one, sizeof one})) {
        return STING_E_UNSUPPORTED;
    }
    if (der_take_tag(&record, DER_SEQUENCE, &part, NULL)) {
        return STING_E_FORMAT;
    }
    enum sting_status status = algorithms_read(part);
    uint8_t tag = 0;
    if (!status && (der_take(&record, &tag, &part, NULL) || record.size > 0 ||
                    tag != DER_SEQUENCE)) {
        status = (tag & 0xe0) == 0xa0 ? STING_E_UNSUPPORTED : STING_E_FORMAT;
    }
    return status ? status : chains_read(part, out);
}

/* ---- what stamps are over ---- */

/* ArchiveTimeStampSequence of the first `chains` chains. */
static enum sting_status sequence_write(const struct evidence_record *record,
                                        size_t chains, struct buffer *out)
{
    struct buffer inside STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < chains && !status; i++) {
        status = buffer_append(&inside, record->chain[i]);
    }
    return status ? status
                  : der_append(out, DER_SEQUENCE, buffer_bytes(&inside));
}

/* H(H(object) || H(all older chains)), RFC 4998 section 5.2. */
static enum sting_status chain_hash(const struct evidence_record *record,
                                    size_t chains,
                                    const struct evidence_object *object,
                                    enum hash_kind kind, struct hash *out)
{
    struct buffer sequence STING_AUTO(buffer_release) = {0};
    *out = object->hash[kind];
    if (chains == 0) {
        return STING_OK;
    }
    enum sting_status status = sequence_write(record, chains, &sequence);
    if (!status) {
        struct bytes older = buffer_bytes(&sequence);
        struct hash hash = hash_of(kind, &older, 1);
        const struct bytes both[] = {hash_bytes(&object->hash[kind]),
                                     hash_bytes(&hash)};
        *out = hash_of(kind, both, 2);
    }
    return status;
}

/* What a token itself says, believed by nobody. */
static struct time_stamp token_look(struct bytes token)
{
    const struct hash none = {.kind = HASH_SHA256};
    const struct time_stamp_trust trust = {.at_us = INT64_MAX / 2};
    struct time_stamp out;
    time_stamp_token(token, &none, &trust, &out);
    return out;
}

enum hash_kind evidence_record_kind(const struct evidence_record *record)
{
    return token_look(record->stamp[record->stamps - 1].token).kind;
}

enum sting_status evidence_next(const struct evidence_record *record,
                                const struct evidence_object *object,
                                enum hash_kind kind, struct hash *out)
{
    if (record && evidence_record_kind(record) == kind) {
        *out = hash_of(kind, &record->stamp[record->stamps - 1].token, 1);
        return STING_OK;
    }
    return chain_hash(record, record ? record->chains : 0, object, kind, out);
}

/* ---- writing ---- */

/* One new ArchiveTimeStamp behind those that the chain holds. */
static enum sting_status chain_write(const struct evidence_record *record,
                                     size_t chain, struct bytes token,
                                     struct buffer *out)
{
    struct buffer inside STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; record && i < record->stamps && !status; i++) {
        if (record->stamp[i].chain == chain) {
            status = der_append(&inside, DER_SEQUENCE, record->stamp[i].token);
        }
    }
    if (!status) {
        status = der_append(&inside, DER_SEQUENCE, token);
    }
    return status ? status
                  : der_append(out, DER_SEQUENCE, buffer_bytes(&inside));
}

/* The hashes in use, each once, in the order of the table: DER wants no
 * other for a SEQUENCE, and so there is one spelling. */
static enum sting_status algorithms_write(const struct evidence_record *record,
                                          enum hash_kind kind,
                                          struct buffer *out)
{
    bool is_used[HASH_KINDS] = {false};
    struct buffer inside STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    is_used[kind] = true;
    for (size_t i = 0; record && i < record->stamps; i++) {
        enum hash_kind used = token_look(record->stamp[i].token).kind;
        if (used < HASH_KINDS) {
            is_used[used] = true;
        }
    }
    for (unsigned i = 0; i < HASH_KINDS && !status; i++) {
        if (is_used[i]) {
            status = buffer_append(&inside, hash_identifier((enum hash_kind)i));
        }
    }
    return status ? status
                  : der_append(out, DER_SEQUENCE, buffer_bytes(&inside));
}

enum sting_status evidence_record_write(const struct evidence_record *record,
                                        struct bytes token, enum hash_kind kind,
                                        struct buffer *out)
{
    static const uint8_t one[] = {1};
    struct buffer inside STING_AUTO(buffer_release) = {0};
    struct buffer chains STING_AUTO(buffer_release) = {0};
    bool same = record && evidence_record_kind(record) == kind;
    size_t kept = record ? record->chains - (same ? 1 : 0) : 0;
    if (record && record->stamps == EVIDENCE_MOST_STAMPS) {
        return STING_E_LIMIT;
    }
    enum sting_status status =
        der_append(&inside, DER_INTEGER, (struct bytes){one, sizeof one});
    if (!status) {
        status = algorithms_write(record, kind, &inside);
    }
    for (size_t i = 0; i < kept && !status; i++) {
        status = buffer_append(&chains, record->chain[i]);
    }
    if (!status) {
        status = chain_write(same ? record : NULL, kept, token, &chains);
    }
    if (!status) {
        status = der_append(&inside, DER_SEQUENCE, buffer_bytes(&chains));
    }
    return status ? status
                  : der_append(out, DER_SEQUENCE, buffer_bytes(&inside));
}

/* ---- judging ---- */

static enum sting_status expected(const struct evidence_record *record,
                                  size_t at,
                                  const struct evidence_object *object,
                                  struct hash *out)
{
    const struct evidence_stamp *stamp = &record->stamp[at];
    enum hash_kind kind = token_look(stamp->token).kind;
    if (kind == HASH_KINDS) {
        return STING_E_UNSUPPORTED;
    }
    if (at > 0 && record->stamp[at - 1].chain == stamp->chain) {
        enum hash_kind before = token_look(record->stamp[at - 1].token).kind;
        *out = hash_of(kind, &record->stamp[at - 1].token, 1);
        return before == kind ? STING_OK : STING_E_FORMAT; /* one a chain */
    }
    return chain_hash(record, stamp->chain, object, kind, out);
}

void evidence_record_judge(const struct evidence_record *record,
                           const struct evidence_object *object,
                           const struct time_stamp_trust *trust,
                           struct evidence_finding *out)
{
    *out = (struct evidence_finding){.kind = HASH_KINDS};
    for (size_t i = 0; i < record->stamps; i++) {
        struct hash hash;
        struct time_stamp stamp = {.state = TIME_STAMP_MALFORMED};
        struct time_stamp_trust day = *trust;
        if (i + 1 < record->stamps) {
            day.at_us = token_look(record->stamp[i + 1].token).at_us;
        }
        if (!expected(record, i, object, &hash)) {
            time_stamp_token(record->stamp[i].token, &hash, &day, &stamp);
        }
        out->first = i == 0 ? stamp : out->first;
        out->last = stamp;
        out->kind = stamp.kind;
        if (stamp.state != TIME_STAMP_GOOD) {
            out->bad = i + 1;
            out->fault = stamp;
            return;
        }
    }
}
