#include "ledger/age_header.h"

#include <string.h>

#include "base/text.h"
#include "crypt/kdf.h"
#include "crypt/secret.h"

#define COLUMNS 64 /* of a body line */
#define MAC_LETTERS 43

static const char version_line[] = "age-encryption.org/v1\n";
static const char mark[] = "---";

static bool begins_with(struct bytes line, const char *text)
{
    size_t size = strlen(text);
    return line.size >= size && !memcmp(line.data, text, size);
}

/* Split at single blanks into words of visible ASCII. */
static enum sting_status split(struct bytes line, struct age_stanza *out)
{
    out->words = 0;
    size_t start = 0;
    for (size_t i = 0; i <= line.size; i++) {
        if (i < line.size && line.data[i] != ' ') {
            if (line.data[i] < 33 || line.data[i] > 126) {
                return STING_E_FORMAT;
            }
            continue;
        }
        if (i == start) {
            return STING_E_FORMAT;
        }
        if (out->words == AGE_MOST_WORDS) {
            return STING_E_LIMIT;
        }
        out->word[out->words++] = (struct bytes){line.data + start, i - start};
        start = i + 1;
    }
    return STING_OK;
}

/* Body lines: full ones, then one that is shorter, possibly empty. */
static enum sting_status parse_body(struct bytes *from, struct bytes *body)
{
    struct bytes line;
    body->data = from->data;
    do {
        struct buffer plain STING_AUTO(buffer_release) = {0};
        if (!text_line_take(from, &line)) {
            return from->size > COLUMNS ? STING_E_FORMAT : STING_E_ABSENT;
        }
        if (line.size > COLUMNS || base64_read(&plain, line, false)) {
            return STING_E_FORMAT;
        }
    } while (line.size == COLUMNS);
    body->size = (size_t)(from->data - body->data);
    return STING_OK;
}

static enum sting_status parse_mac(struct bytes line, struct digest *out)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct bytes letters = {line.data + 4, line.size - 4};
    enum sting_status status = letters.size == MAC_LETTERS
                                   ? base64_read(&plain, letters, false)
                                   : STING_E_FORMAT;
    if (status) {
        return status;
    }
    memcpy(out->byte, plain.data, DIGEST_SIZE);
    return STING_OK;
}

static enum sting_status parse_stanza(struct bytes line, struct bytes *from,
                                      struct age_header *out)
{
    if (out->stanzas == AGE_MOST_STANZAS) {
        return STING_E_LIMIT;
    }
    struct age_stanza *stanza = &out->stanza[out->stanzas++];
    enum sting_status status =
        split((struct bytes){line.data + 3, line.size - 3}, stanza);
    return status ? status : parse_body(from, &stanza->body);
}

/* All lines after the version line. */
static enum sting_status parse_lines(struct bytes file, struct bytes rest,
                                     struct age_header *out)
{
    struct bytes line;
    while (text_line_take(&rest, &line)) {
        if (begins_with(line, "-> ")) {
            enum sting_status status = parse_stanza(line, &rest, out);
            if (status) {
                return status;
            }
        } else if (begins_with(line, "--- ") && out->stanzas > 0) {
            out->sealed.data = file.data;
            out->sealed.size =
                (size_t)(line.data - file.data) + sizeof mark - 1;
            out->size = (size_t)(rest.data - file.data);
            return parse_mac(line, &out->mac);
        } else {
            return STING_E_FORMAT;
        }
    }
    return STING_E_ABSENT;
}

enum sting_status age_header_parse(struct bytes file, struct age_header *out)
{
    const size_t head = sizeof version_line - 1;
    bool bounded = file.size <= AGE_HEADER_MOST_BYTES;
    struct bytes within = {file.data,
                           bounded ? file.size : AGE_HEADER_MOST_BYTES};
    size_t known = within.size < head ? within.size : head;
    out->stanzas = 0;
    if (known > 0 && memcmp(within.data, version_line, known) != 0) {
        return STING_E_FORMAT;
    }
    if (within.size < head) {
        return STING_E_ABSENT;
    }
    struct bytes rest = {within.data + head, within.size - head};
    enum sting_status status = parse_lines(within, rest, out);
    return status == STING_E_ABSENT && !bounded ? STING_E_LIMIT : status;
}

enum sting_status age_stanza_body(const struct age_stanza *from, uint8_t *out,
                                  size_t size)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct bytes rest = from->body;
    struct bytes line;
    while (text_line_take(&rest, &line)) {
        enum sting_status status = base64_read(&plain, line, false);
        if (status) {
            return status;
        }
    }
    if (!plain.data || plain.size != size) {
        return STING_E_FORMAT;
    }
    memcpy(out, plain.data, size);
    return STING_OK;
}

enum sting_status age_header_begin(struct buffer *out)
{
    return buffer_text_append(out, version_line);
}

enum sting_status age_header_stanza(struct buffer *out, const char *words,
                                    struct bytes body)
{
    struct buffer letters STING_AUTO(buffer_release) = {0};
    enum sting_status status = base64_append(&letters, body, false);
    if (!status) {
        status = buffer_printf(out, "-> %s\n", words);
    }
    size_t at = 0;
    do { /* a body whose last line is full is followed by an empty one */
        size_t left = letters.size - at;
        size_t take = left < COLUMNS ? left : COLUMNS;
        if (!status) {
            status = buffer_printf(out, "%.*s\n", (int)take,
                                   buffer_text(&letters) + at);
        }
        at += take;
        if (take < COLUMNS) {
            return status;
        }
    } while (!status);
    return status;
}

struct digest age_header_mac(struct bytes sealed, struct bytes file_key)
{
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    hkdf_sha256(file_key, (struct bytes){0}, bytes_of_text("header"), key.byte,
                SECRET_SIZE);
    return hmac_sha256(secret_bytes(&key), &sealed, 1);
}

enum sting_status age_header_end(struct buffer *out, size_t start,
                                 struct bytes file_key)
{
    enum sting_status status = buffer_text_append(out, mark);
    if (status) {
        return status;
    }
    struct digest mac = age_header_mac(
        (struct bytes){out->data + start, out->size - start}, file_key);
    status = buffer_text_append(out, " ");
    if (!status) {
        status =
            base64_append(out, (struct bytes){mac.byte, DIGEST_SIZE}, false);
    }
    return status ? status : buffer_text_append(out, "\n");
}
