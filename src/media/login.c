#include "media/login.h"

#include <libavutil/hash.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define MOST_HEX (2 * 32 + 1)

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == ',';
}

static bool is_word(uint8_t c)
{
    return c > ' ' && c < 127 && c != '=' && c != ',' && c != '"';
}

static bool word_is(struct bytes word, const char *name)
{
    return word.size == strlen(name) &&
           strncasecmp((const char *)word.data, name, word.size) == 0;
}

static void step(struct bytes *from, size_t by)
{
    *from = (struct bytes){from->data + by, from->size - by};
}

static struct bytes word_take(struct bytes *from)
{
    struct bytes word = {from->data, 0};
    while (word.size < from->size && is_word(from->data[word.size])) {
        word.size++;
    }
    step(from, word.size);
    return word;
}

/* What stands between quotation marks, or a word. */
static struct bytes value_take(struct bytes *from)
{
    if (from->size == 0 || from->data[0] != '"') {
        return word_take(from);
    }
    step(from, 1);
    struct bytes value = {from->data, 0};
    while (value.size < from->size && from->data[value.size] != '"') {
        value.size += from->data[value.size] == '\\' ? 2 : 1;
    }
    value.size = value.size < from->size ? value.size : from->size;
    step(from, value.size);
    step(from, from->size > 0);
    return value;
}

/* The next name=value; false at the end, or where there is none. */
static bool pair_take(struct bytes *from, struct bytes *name,
                      struct bytes *value)
{
    while (from->size > 0 && is_blank(from->data[0])) {
        step(from, 1);
    }
    *name = word_take(from);
    if (name->size == 0 || from->size == 0 || from->data[0] != '=') {
        return false;
    }
    step(from, 1);
    *value = value_take(from);
    return true;
}

/* A text that can be written between quotation marks again as it stands. */
static bool keep(char *to, size_t room, struct bytes value)
{
    if (value.size >= room) {
        return false;
    }
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < 32 || value.data[i] == 127) {
            return false;
        }
    }
    memcpy(to, value.data, value.size);
    to[value.size] = '\0';
    return true;
}

/* Whether "auth" is one of the words of a list. */
static bool has_auth(struct bytes list)
{
    while (list.size > 0) {
        if (word_is(word_take(&list), "auth")) {
            return true;
        }
        step(&list, list.size > 0);
    }
    return false;
}

static bool pair_keep(struct login *login, struct bytes name,
                      struct bytes value)
{
    if (word_is(name, "realm")) {
        return keep(login->realm, sizeof login->realm, value);
    }
    if (word_is(name, "nonce")) {
        return keep(login->nonce, sizeof login->nonce, value);
    }
    if (word_is(name, "opaque")) {
        return keep(login->opaque, sizeof login->opaque, value);
    }
    if (word_is(name, "qop")) {
        login->has_qop = has_auth(value);
        return login->has_qop;
    }
    if (word_is(name, "algorithm")) {
        bool is_sha = word_is(value, "SHA-256");
        login->kind = is_sha ? LOGIN_SHA256 : login->kind;
        return is_sha || word_is(value, "MD5");
    }
    return true;
}

bool login_challenge(struct login *login, struct bytes value)
{
    struct bytes scheme = word_take(&value), name, one;
    bool is_digest = word_is(scheme, "Digest");
    struct login asked = {.kind = is_digest ? LOGIN_MD5 : LOGIN_BASIC};
    if (!is_digest && !word_is(scheme, "Basic")) {
        return false;
    }
    while (pair_take(&value, &name, &one)) {
        if (!pair_keep(&asked, name, one)) {
            return false;
        }
    }
    if (asked.kind < login->kind || (is_digest && !asked.nonce[0])) {
        return false;
    }
    *login = asked;
    return true;
}

static enum sting_status basic_write(const char *user, const char *password,
                                     struct buffer *out)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        buffer_reserve(&plain, strlen(user) + strlen(password) + 2);
    status = status ? status : buffer_printf(&plain, "%s:%s", user, password);
    status = status ? status : buffer_text_append(out, "Authorization: Basic ");
    status = status ? status : base64_append(out, buffer_bytes(&plain), true);
    return status ? status : buffer_text_append(out, "\r\n");
}

/* The hash of some texts with colons between them, as hexadecimal digits. */
static bool hash_of(enum login_kind kind, const char *const *text, int texts,
                    char out[MOST_HEX])
{
    struct AVHashContext *hash = NULL;
    if (av_hash_alloc(&hash, kind == LOGIN_MD5 ? "MD5" : "SHA256") < 0) {
        return false;
    }
    av_hash_init(hash);
    for (int i = 0; i < texts; i++) {
        av_hash_update(hash, (const uint8_t *)":", i > 0);
        av_hash_update(hash, (const uint8_t *)text[i], strlen(text[i]));
    }
    av_hash_final_hex(hash, (uint8_t *)out, MOST_HEX);
    av_hash_freep(&hash);
    return true;
}

static enum sting_status digest_write(struct login *l, const char *const who[2],
                                      const char *method, const char *uri,
                                      struct buffer *out)
{
    char first[MOST_HEX], second[MOST_HEX], answer[MOST_HEX], count[12];
    snprintf(count, sizeof count, "%08x", ++l->uses);
    const char *const a1[] = {who[0], l->realm, who[1]};
    const char *const a2[] = {method, uri};
    if (!hash_of(l->kind, a1, 3, first) || !hash_of(l->kind, a2, 2, second)) {
        return STING_E_NOMEM;
    }
    const char *const old[] = {first, l->nonce, second};
    const char *const qop[] = {first, l->nonce, count, count, "auth", second};
    bool done = l->has_qop ? hash_of(l->kind, qop, 6, answer)
                           : hash_of(l->kind, old, 3, answer);
    enum sting_status status =
        done ? buffer_printf(out,
                             "Authorization: Digest username=\"%s\", "
                             "realm=\"%s\", nonce=\"%s\", uri=\"%s\", "
                             "response=\"%s\"",
                             who[0], l->realm, l->nonce, uri, answer)
             : STING_E_NOMEM;
    if (!status && l->kind == LOGIN_SHA256) {
        status = buffer_text_append(out, ", algorithm=SHA-256");
    }
    if (!status && l->opaque[0]) {
        status = buffer_printf(out, ", opaque=\"%s\"", l->opaque);
    }
    if (!status && l->has_qop) {
        status = buffer_printf(out, ", qop=auth, nc=%s, cnonce=\"%s\"", count,
                               count);
    }
    return status ? status : buffer_text_append(out, "\r\n");
}

enum sting_status login_answer(struct login *login, const char *user,
                               const char *password, const char *method,
                               const char *uri, struct buffer *out)
{
    const char *const who[2] = {user, password};
    if (login->kind == LOGIN_NONE) {
        return STING_OK;
    }
    return login->kind == LOGIN_BASIC
               ? basic_write(user, password, out)
               : digest_write(login, who, method, uri, out);
}

enum sting_status login_token(struct bytes nonce, const char *created,
                              const char *password, struct buffer *out)
{
    uint8_t digest[20];
    struct AVHashContext *hash = NULL;
    if (av_hash_alloc(&hash, "SHA160") < 0) {
        return STING_E_NOMEM;
    }
    av_hash_init(hash);
    av_hash_update(hash, nonce.data, nonce.size);
    av_hash_update(hash, (const uint8_t *)created, strlen(created));
    av_hash_update(hash, (const uint8_t *)password, strlen(password));
    av_hash_final(hash, digest);
    av_hash_freep(&hash);
    return base64_append(out, (struct bytes){digest, sizeof digest}, true);
}
