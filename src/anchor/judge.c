#include "anchor/judge.h"

#include <stdio.h>
#include <string.h>

#define MOST_DIGITS 18

/* ---- asking and reading answers: the core's side ---- */

enum sting_status judge_stamp_ask(const struct judge_stamp *stamp,
                                  struct wire_head *head,
                                  struct buffer *payload)
{
    static const uint8_t none[TIME_STAMP_NONCE_SIZE];
    const struct bytes part[] = {
        hash_bytes(&stamp->hash),
        {stamp->nonce ? stamp->nonce : none, TIME_STAMP_NONCE_SIZE},
        stamp->reply,
        stamp->trust.authorities,
        stamp->trust.revoked};
    enum sting_status status = STING_OK;
    *head = (struct wire_head){
        .kind = WIRE_CHECK_STAMP,
        .number = {stamp->trust.at_us, (int64_t)stamp->hash.kind,
                   stamp->nonce != NULL, (int64_t)stamp->reply.size,
                   (int64_t)stamp->trust.authorities.size}};
    for (size_t i = 0; i < sizeof part / sizeof *part && !status; i++) {
        status = buffer_append(payload, part[i]);
    }
    return status;
}

/* The text at the front of *from up to its NUL, cut to fit; clean of control
 * characters. */
static void text_take(struct bytes *from, char *out, size_t size)
{
    size_t length = strnlen((const char *)from->data, from->size);
    size_t kept = length < size ? length : size - 1;
    for (size_t i = 0; i < kept; i++) {
        out[i] = (char)from->data[i];
        if (from->data[i] < 0x20 || from->data[i] > 0x7e) {
            out[i] = '?';
        }
    }
    out[kept] = '\0';
    size_t passed = length < from->size ? length + 1 : length;
    from->data += passed;
    from->size -= passed;
}

enum sting_status judge_stamp_read(const struct wire_head *head,
                                   struct bytes payload, struct time_stamp *out)
{
    if (head->kind != WIRE_DONE || head->number[0] < 0 ||
        head->number[0] >= TIME_STAMP_STATES || head->number[3] < 0 ||
        head->number[3] > HASH_KINDS || payload.size == 0) {
        return STING_E_FORMAT;
    }
    *out = (struct time_stamp){.state = (enum time_stamp_state)head->number[0],
                               .at_us = head->number[1],
                               .good_until_us = head->number[2],
                               .kind = (enum hash_kind)head->number[3]};
    text_take(&payload, out->who, sizeof out->who);
    text_take(&payload, out->authority, sizeof out->authority);
    text_take(&payload, out->why, sizeof out->why);
    return STING_OK;
}

enum sting_status judge_stamp_token(const struct wire_head *head,
                                    struct bytes reply, struct bytes *token)
{
    int64_t at = head->number[4];
    if (at <= 0 || (uint64_t)at >= reply.size) {
        return STING_E_FORMAT;
    }
    *token = (struct bytes){reply.data + at, reply.size - (size_t)at};
    return STING_OK;
}

enum sting_status judge_witness_ask(int64_t http, const char *key,
                                    struct bytes text, struct bytes body,
                                    struct wire_head *head,
                                    struct buffer *payload)
{
    *head = (struct wire_head){.kind = WIRE_CHECK_WITNESS,
                               .number = {http, (int64_t)text.size}};
    enum sting_status status = buffer_append(
        payload, (struct bytes){(const uint8_t *)key, strlen(key) + 1});
    if (!status) {
        status = buffer_append(payload, text);
    }
    return status ? status : buffer_append(payload, body);
}

enum sting_status judge_witness_read(const struct wire_head *head,
                                     struct bytes payload,
                                     struct judge_witness *out)
{
    if (head->kind != WIRE_DONE || head->number[0] < JUDGE_NOTHING ||
        head->number[0] > JUDGE_CONFLICT || head->number[1] < 0 ||
        payload.size != SIGNATURE_SIZE) {
        return STING_E_FORMAT;
    }
    out->word = (enum judge_word)head->number[0];
    out->number = (uint64_t)head->number[1];
    memcpy(out->signature.byte, payload.data, SIGNATURE_SIZE);
    return STING_OK;
}

/* ---- the worker's side ---- */

static bool bytes_take(struct bytes *from, int64_t size, struct bytes *out)
{
    if (size < 0 || (uint64_t)size > from->size) {
        return false;
    }
    *out = (struct bytes){from->data, (size_t)size};
    from->data += size;
    from->size -= (size_t)size;
    return true;
}

static enum sting_status stamp_serve(int channel,
                                     const struct wire_head *request,
                                     struct bytes payload)
{
    struct bytes hash;
    struct bytes nonce;
    struct bytes reply;
    struct judge_stamp stamp = {.trust.at_us = request->number[0]};
    struct time_stamp found;
    if (request->number[1] < 0 || request->number[1] >= HASH_KINDS) {
        return STING_E_ARG;
    }
    stamp.hash.kind = (enum hash_kind)request->number[1];
    if (!bytes_take(&payload, (int64_t)hash_size(stamp.hash.kind), &hash) ||
        !bytes_take(&payload, TIME_STAMP_NONCE_SIZE, &nonce) ||
        !bytes_take(&payload, request->number[3], &reply) ||
        !bytes_take(&payload, request->number[4], &stamp.trust.authorities)) {
        return STING_E_FORMAT;
    }
    memcpy(stamp.hash.byte, hash.data, hash.size);
    stamp.trust.revoked = payload;
    time_stamp_reply(reply, &stamp.hash, request->number[2] ? nonce.data : NULL,
                     &stamp.trust, &found);
    struct buffer token STING_AUTO(buffer_release) = {0};
    int64_t at = time_stamp_token_of(reply, &token)
                     ? 0
                     : (int64_t)(reply.size - token.size);
    struct buffer words STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        buffer_printf(&words, "%s%c%s%c%s", found.who, '\0', found.authority,
                      '\0', found.why);
    const struct wire_head answer = {
        .kind = WIRE_DONE,
        .number = {(int64_t)found.state, found.at_us, found.good_until_us,
                   (int64_t)found.kind, at}};
    return status ? status : wire_send(channel, answer, buffer_bytes(&words));
}

/* "123 LF", nothing else. */
static bool size_read(struct bytes body, uint64_t *out)
{
    if (body.size < 2 || body.size > MOST_DIGITS + 1 ||
        body.data[body.size - 1] != '\n' ||
        (body.data[0] == '0' && body.size > 2)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i + 1 < body.size; i++) {
        if (body.data[i] < '0' || body.data[i] > '9') {
            return false;
        }
        *out = *out * 10 + (body.data[i] - '0');
    }
    return true;
}

/* The signature lines that came back, behind the text that was sent: does
 * one of them hold? */
static void cosignature_find(const struct vkey *witness, struct bytes text,
                             struct bytes body, struct judge_witness *out)
{
    struct note note;
    struct buffer whole STING_AUTO(buffer_release) = {0};
    uint64_t time_s = 0;
    if (buffer_append(&whole, text) || buffer_text_append(&whole, "\n") ||
        buffer_append(&whole, body) || buffer_text_append(&whole, "\n") ||
        note_parse(buffer_bytes(&whole), &note) ||
        cosignature_verify(&note, witness, &time_s, NULL)) {
        return;
    }
    uint8_t id[NOTE_KEY_ID_SIZE];
    vkey_id(witness, id);
    for (size_t i = 0; i < note.signatures; i++) {
        const struct note_signature *one = &note.signature[i];
        if (memcmp(one->id, id, sizeof id) == 0 &&
            one->body_size == 8 + SIGNATURE_SIZE &&
            bytes_equal(one->name, bytes_of_text(witness->name))) {
            out->word = JUDGE_COSIGNED;
            out->number = time_s;
            memcpy(out->signature.byte, one->body + 8, SIGNATURE_SIZE);
        }
    }
}

static enum sting_status witness_serve(int channel,
                                       const struct wire_head *request,
                                       struct bytes payload)
{
    struct judge_witness found = {.word = JUDGE_NOTHING};
    struct vkey witness;
    struct bytes text;
    const char *key = (const char *)payload.data;
    size_t length = payload.size ? strnlen(key, payload.size) : 0;
    if (length == payload.size || vkey_parse(key, &witness)) {
        return STING_E_FORMAT;
    }
    payload.data += length + 1;
    payload.size -= length + 1;
    if (!bytes_take(&payload, request->number[1], &text)) {
        return STING_E_FORMAT;
    }
    if (request->number[0] == 200) {
        cosignature_find(&witness, text, payload, &found);
    } else if (request->number[0] == 409 && size_read(payload, &found.number)) {
        found.word = JUDGE_CONFLICT;
    }
    const struct wire_head answer = {
        .kind = WIRE_DONE,
        .number = {(int64_t)found.word, (int64_t)found.number}};
    return wire_send(channel, answer,
                     (struct bytes){found.signature.byte, SIGNATURE_SIZE});
}

enum sting_status judge_serve(void *context, const struct wire_head *request,
                              struct bytes payload, struct fault *fault)
{
    const int channel = *(const int *)context;
    (void)fault;
    return request->kind == WIRE_CHECK_STAMP
               ? stamp_serve(channel, request, payload)
           : request->kind == WIRE_CHECK_WITNESS
               ? witness_serve(channel, request, payload)
               : STING_E_ARG;
}
