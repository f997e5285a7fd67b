#include "ledger/age_wrap.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypt/aead.h"
#include "crypt/kdf.h"

#define SALT_BYTES 16

static const char x25519_label[] = "age-encryption.org/v1/X25519";
static const char scrypt_label[] = "age-encryption.org/v1/scrypt";
static const uint8_t no_nonce[AEAD_NONCE_SIZE]; /* each key is used once */

static enum sting_status append_stanza(struct buffer *out,
                                       const struct secret *key,
                                       const char *words,
                                       const uint8_t *file_key)
{
    struct aead *aead STING_AUTO(aead_free) = NULL;
    uint8_t body[AGE_WRAPPED_BYTES];
    enum sting_status status = aead_new(key, &aead);
    if (status) {
        return status;
    }
    aead_seal(aead, no_nonce, (struct bytes){0},
              (struct bytes){file_key, AGE_FILE_KEY_BYTES}, body);
    return age_header_stanza(out, words,
                             (struct bytes){body, AGE_WRAPPED_BYTES});
}

/* The key that wraps for a recipient: from the shared secret, bound to both
 * public halves. */
static struct secret x25519_key(const struct secret *shared,
                                const struct agreement_key *share,
                                const struct agreement_key *recipient)
{
    uint8_t salt[2 * AGREEMENT_SIZE];
    struct secret key;
    memcpy(salt, share->byte, AGREEMENT_SIZE);
    memcpy(salt + AGREEMENT_SIZE, recipient->byte, AGREEMENT_SIZE);
    hkdf_sha256(secret_bytes(shared), (struct bytes){salt, sizeof salt},
                bytes_of_text(x25519_label), key.byte, SECRET_SIZE);
    return key;
}

static enum sting_status wrap_x25519(const struct agreement_key *recipient,
                                     const struct random_source *random,
                                     const uint8_t *file_key,
                                     struct buffer *out)
{
    struct secret once STING_AUTO(secret_wipe) = random_secret(random);
    struct agreement_key share;
    struct secret shared STING_AUTO(secret_wipe) = {{0}};
    struct buffer words STING_AUTO(buffer_release) = {0};
    if (agreement_offer(&once, recipient, &share, &shared)) {
        return STING_E_ARG; /* a key of low order is nobody's */
    }
    enum sting_status status = buffer_text_append(&words, "X25519 ");
    if (!status) {
        status = base64_append(
            &words, (struct bytes){share.byte, AGREEMENT_SIZE}, false);
    }
    if (status) {
        return status;
    }
    struct secret key STING_AUTO(secret_wipe) =
        x25519_key(&shared, &share, recipient);
    return append_stanza(out, &key, buffer_text(&words), file_key);
}

static enum sting_status scrypt_key(struct bytes passphrase,
                                    const uint8_t salt[SALT_BYTES],
                                    unsigned log2_n, struct secret *out)
{
    uint8_t labelled[sizeof scrypt_label - 1 + SALT_BYTES];
    memcpy(labelled, scrypt_label, sizeof scrypt_label - 1);
    memcpy(labelled + sizeof scrypt_label - 1, salt, SALT_BYTES);
    return scrypt(passphrase, (struct bytes){labelled, sizeof labelled}, log2_n,
                  out->byte, SECRET_SIZE);
}

static enum sting_status wrap_scrypt(const struct age_to *to,
                                     const struct random_source *random,
                                     const uint8_t *file_key,
                                     struct buffer *out)
{
    uint8_t salt[SALT_BYTES];
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    struct buffer words STING_AUTO(buffer_release) = {0};
    random_fill(random, salt, SALT_BYTES);
    enum sting_status status =
        scrypt_key(to->passphrase, salt, to->log2_n, &key);
    if (!status) {
        status = buffer_text_append(&words, "scrypt ");
    }
    if (!status) {
        status = base64_append(&words, (struct bytes){salt, SALT_BYTES}, false);
    }
    if (!status) {
        status = buffer_printf(&words, " %u", to->log2_n);
    }
    return status ? status
                  : append_stanza(out, &key, buffer_text(&words), file_key);
}

static bool is_for_somebody(const struct age_to *to)
{
    return to->passphrase.size > 0
               ? to->recipients == 0 && !to->note
               : to->recipients >= 1 && to->recipients <= AGE_MOST_RECIPIENTS;
}

static enum sting_status wrap_all(const struct age_to *to,
                                  const struct random_source *random,
                                  uint8_t *file_key, struct buffer *out)
{
    random_fill(random, file_key, AGE_FILE_KEY_BYTES);
    if (to->passphrase.size > 0) {
        return wrap_scrypt(to, random, file_key, out);
    }
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < to->recipients && !status; i++) {
        status = wrap_x25519(&to->recipient[i], random, file_key, out);
    }
    return status;
}

static bool is_ahead(const struct age_ahead *ahead, const struct age_to *to)
{
    return ahead->stanzas.size > 0 && to->passphrase.size == 0 &&
           ahead->recipients == to->recipients &&
           memcmp(ahead->recipient, to->recipient,
                  to->recipients * sizeof *to->recipient) == 0;
}

void age_ahead_wipe(struct age_ahead *ahead)
{
    buffer_release(&ahead->stanzas);
    secret_wipe_bytes(ahead->file_key, sizeof ahead->file_key);
}

enum sting_status age_ahead_make(const struct age_to *to,
                                 const struct random_source *random,
                                 struct age_ahead *ahead)
{
    if (to->passphrase.size > 0 || !is_for_somebody(to)) {
        return STING_E_ARG;
    }
    if (is_ahead(ahead, to)) {
        return STING_OK;
    }
    age_ahead_wipe(ahead);
    enum sting_status status =
        wrap_all(to, random, ahead->file_key, &ahead->stanzas);
    if (status) {
        age_ahead_wipe(ahead);
        return status;
    }
    memcpy(ahead->recipient, to->recipient,
           to->recipients * sizeof *to->recipient);
    ahead->recipients = to->recipients;
    return STING_OK;
}

/* The stanzas that were made ahead; no other file has that key. */
static enum sting_status use_up(struct age_ahead *ahead, uint8_t *file_key,
                                struct buffer *out)
{
    memcpy(file_key, ahead->file_key, AGE_FILE_KEY_BYTES);
    enum sting_status status =
        buffer_append(out, buffer_bytes(&ahead->stanzas));
    age_ahead_wipe(ahead);
    return status;
}

static enum sting_status append_note(const char *note, struct buffer *out)
{
    struct buffer words STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_printf(&words, "sting %s", note);
    return status
               ? status
               : age_header_stanza(out, buffer_text(&words), (struct bytes){0});
}

enum sting_status age_wrap(const struct age_to *to,
                           const struct random_source *random,
                           uint8_t file_key[AGE_FILE_KEY_BYTES],
                           struct buffer *out)
{
    if (!is_for_somebody(to)) {
        return STING_E_ARG;
    }
    size_t start = out->size;
    enum sting_status status = age_header_begin(out);
    if (!status) {
        status = to->ahead && is_ahead(to->ahead, to)
                     ? use_up(to->ahead, file_key, out)
                     : wrap_all(to, random, file_key, out);
    }
    if (!status && to->note) {
        status = append_note(to->note, out);
    }
    return status
               ? status
               : age_header_end(out, start,
                                (struct bytes){file_key, AGE_FILE_KEY_BYTES});
}

/* Open a wrapped file key. Fails: E_FORGED when the key does not fit. */
static enum sting_status open_wrapped(const uint8_t body[AGE_WRAPPED_BYTES],
                                      const struct secret *key,
                                      uint8_t *file_key)
{
    struct aead *aead STING_AUTO(aead_free) = NULL;
    enum sting_status status = aead_new(key, &aead);
    return status
               ? status
               : aead_open(aead, no_nonce, (struct bytes){0},
                           (struct bytes){body, AGE_WRAPPED_BYTES}, file_key);
}

static bool is_type(const struct age_stanza *stanza, const char *type)
{
    return bytes_equal(stanza->word[0], bytes_of_text(type));
}

/* The share of an X25519 stanza; its body must have the right size too. */
static enum sting_status parse_x25519(const struct age_stanza *stanza,
                                      struct age_wrapped *out)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    enum sting_status status = stanza->words == 2 ? STING_OK : STING_E_FORMAT;
    if (!status) {
        status = base64_read(&plain, stanza->word[1], false);
    }
    if (!status && plain.size != AGREEMENT_SIZE) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        status = age_stanza_body(stanza, out->body, sizeof out->body);
    }
    if (!status) {
        memcpy(out->share, plain.data, AGREEMENT_SIZE);
    }
    return status;
}

enum sting_status age_unwrap_share(const struct secret *identity,
                                   const struct age_wrapped *wrapped,
                                   uint8_t file_key[AGE_FILE_KEY_BYTES])
{
    struct agreement_key share;
    struct agreement_key mine = agreement_public(identity);
    struct secret shared STING_AUTO(secret_wipe) = {{0}};
    memcpy(share.byte, wrapped->share, AGREEMENT_SIZE);
    if (agreement_shared(identity, &share, &shared)) {
        return STING_E_FORMAT;
    }
    struct secret key STING_AUTO(secret_wipe) =
        x25519_key(&shared, &share, &mine);
    enum sting_status status = open_wrapped(wrapped->body, &key, file_key);
    return status == STING_E_FORGED ? STING_E_ABSENT : status;
}

/* Fails: E_ABSENT when the stanza is for somebody else. */
static enum sting_status unwrap_x25519(const struct age_with *with,
                                       const struct age_stanza *stanza,
                                       uint8_t *file_key)
{
    struct age_wrapped wrapped;
    enum sting_status status = parse_x25519(stanza, &wrapped);
    if (status) {
        return status;
    }
    status = with->ask ? with->ask(with->context, &wrapped, file_key)
                       : STING_E_ABSENT;
    for (size_t i = 0; i < with->identities && status == STING_E_ABSENT; i++) {
        status = age_unwrap_share(&with->identity[i], &wrapped, file_key);
    }
    return status;
}

/* Rounds as canonical decimal. */
static enum sting_status parse_rounds(struct bytes text, unsigned *out)
{
    unsigned value = 0;
    if (text.size < 1 || text.size > 2 || text.data[0] == '0') {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return STING_E_FORMAT;
        }
        value = value * 10 + (text.data[i] - '0');
    }
    *out = value;
    return value <= AGE_SCRYPT_MOST_LOG2_N ? STING_OK : STING_E_LIMIT;
}

static enum sting_status unwrap_scrypt(const struct age_with *with,
                                       const struct age_header *header,
                                       uint8_t *file_key)
{
    const struct age_stanza *stanza = &header->stanza[0];
    struct buffer salt STING_AUTO(buffer_release) = {0};
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    unsigned log2_n = 0;
    if (header->stanzas != 1 || stanza->words != 3 ||
        base64_read(&salt, stanza->word[1], false) || salt.size != SALT_BYTES) {
        return STING_E_FORMAT;
    }
    enum sting_status status = parse_rounds(stanza->word[2], &log2_n);
    if (status) {
        return status;
    }
    if (with->passphrase.size == 0) {
        return STING_E_ABSENT;
    }
    uint8_t body[AGE_WRAPPED_BYTES];
    status = scrypt_key(with->passphrase, salt.data, log2_n, &key);
    if (!status) {
        status = age_stanza_body(stanza, body, sizeof body);
    }
    if (!status) {
        status = open_wrapped(body, &key, file_key);
    }
    return status == STING_E_FORGED ? STING_E_ABSENT : status;
}

/* A passphrase stanza stands alone, so that whoever can open the file by a
 * passphrase knows that it was sealed by somebody who knew it. */
static enum sting_status find_key(const struct age_with *with,
                                  const struct age_header *header,
                                  uint8_t *file_key)
{
    for (size_t i = 0; i < header->stanzas; i++) {
        if (is_type(&header->stanza[i], "scrypt")) {
            return unwrap_scrypt(with, header, file_key);
        }
    }
    enum sting_status status = STING_E_ABSENT;
    for (size_t i = 0; i < header->stanzas && status == STING_E_ABSENT; i++) {
        if (is_type(&header->stanza[i], "X25519")) {
            status = unwrap_x25519(with, &header->stanza[i], file_key);
        }
    }
    return status;
}

enum sting_status age_unwrap(const struct age_with *with,
                             const struct age_header *header,
                             uint8_t file_key[AGE_FILE_KEY_BYTES])
{
    enum sting_status status = find_key(with, header, file_key);
    if (status) {
        return status;
    }
    struct digest mac = age_header_mac(
        header->sealed, (struct bytes){file_key, AGE_FILE_KEY_BYTES});
    return digest_equal(mac, header->mac) ? STING_OK : STING_E_FORGED;
}
