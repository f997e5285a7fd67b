/* A note with cosignatures: a witness whose key the fuzzer does not have never
 * cosigned; a key that reads, is written the same; an evidence record that
 * reads, is written the same by its own stamps. */
#include <stdlib.h>
#include <string.h>

#include "ledger/cosignature.h"
#include "ledger/evidence_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void key_try(struct bytes from)
{
    char text[VKEY_TEXT_SIZE];
    char again[VKEY_TEXT_SIZE];
    struct vkey vkey;
    if (from.size >= sizeof text) {
        return;
    }
    memcpy(text, from.data, from.size);
    text[from.size] = '\0';
    if (!vkey_parse(text, &vkey) &&
        strcmp(vkey_text(&vkey, again), text) != 0) {
        abort();
    }
}

static void record_try(struct bytes der)
{
    static struct evidence_record record;
    if (evidence_record_read(der, &record)) {
        return;
    }
    if (record.stamps < 1 || record.chains < 1 ||
        record.stamps > EVIDENCE_MOST_STAMPS || record.chains > record.stamps) {
        abort();
    }
    for (size_t i = 0; i < record.stamps; i++) {
        struct bytes token = record.stamp[i].token;
        if (token.data < der.data ||
            token.data + token.size > der.data + der.size ||
            record.stamp[i].chain >= record.chains) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct secret secret = {{0x29, 1}};
    struct bytes from = {data, size};
    struct note note;
    uint64_t time_s = 0;
    char text[VKEY_TEXT_SIZE];
    struct vkey witness = {
        .name = "w", .kind = VKEY_WITNESS, .key = signature_public(&secret)};
    if (!note_parse(from, &note) &&
        cosignature_verify(&note, &witness, &time_s, text) == STING_OK) {
        abort();
    }
    key_try(from);
    record_try(from);
    return 0;
}
