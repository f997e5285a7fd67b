#include "ledger/line.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define US_PER_S INT64_C(1000000)
#define LINE_END_BYTES (3 + 2 * LINE_RANDOM_SIZE + 6 + 2 * DIGEST_SIZE + 1)

/* One key of a kind's row. */
struct key {
    struct bytes name;
    bool is_needed;
};

/* Take the next key from a row; false at its end. */
static bool next_key(const char **row, struct key *out)
{
    const char *at = *row + strspn(*row, " ");
    size_t size = strcspn(at, " ");
    *row = at + size;
    if (size == 0) {
        return false;
    }
    out->is_needed = at[size - 1] == '!';
    out->name = (struct bytes){(const uint8_t *)at, size - out->is_needed};
    return true;
}

static bool is_plain(uint8_t c)
{
    return c > 32 && c < 127 && c != '%' && c != '=';
}

static enum sting_status append_value(struct buffer *out, const char *value)
{
    enum sting_status status = STING_OK;
    for (; *value && !status; value++) {
        uint8_t c = (uint8_t)*value;
        status = is_plain(c) ? buffer_append(out, (struct bytes){&c, 1})
                             : buffer_printf(out, "%%%02x", c);
    }
    return status;
}

static const struct line_field *find_field(struct bytes key,
                                           const struct line_field field[],
                                           size_t fields)
{
    for (size_t i = 0; i < fields; i++) {
        if (field[i].value && bytes_equal(key, bytes_of_text(field[i].name))) {
            return &field[i];
        }
    }
    return NULL;
}

static size_t present(const struct line_field field[], size_t fields)
{
    size_t count = 0;
    for (size_t i = 0; i < fields; i++) {
        count += field[i].value != NULL;
    }
    return count;
}

/* " key=value" for every key of the row that is given. The number written
 * tells whether a field was double or unknown. */
static enum sting_status append_fields(struct buffer *out, const char *row,
                                       const struct line_field field[],
                                       size_t fields)
{
    size_t written = 0;
    struct key key;
    while (next_key(&row, &key)) {
        const struct line_field *given = find_field(key.name, field, fields);
        if (!given) {
            if (key.is_needed) {
                return STING_E_ARG;
            }
            continue;
        }
        enum sting_status status =
            buffer_printf(out, " %.*s=", (int)key.name.size, key.name.data);
        if (!status) {
            status = append_value(out, given->value);
        }
        if (status) {
            return status;
        }
        written++;
    }
    return written == present(field, fields) ? STING_OK : STING_E_ARG;
}

enum sting_status line_begin(struct buffer *out, const struct line_head *head,
                             const char *kind, const struct line_field field[],
                             size_t fields)
{
    const struct line_kind *row = line_kind_lookup(bytes_of_text(kind));
    size_t before = out->size;
    char time[LINE_TIME_SIZE];
    if (!row || row->is_note || head->at.utc_us < 0 || head->at.boot_us < 0) {
        return STING_E_ARG;
    }
    enum sting_status status = buffer_printf(
        out, "%" PRIu64 " %s %s+%" PRId64 ".%06" PRId64 " %s", head->seq,
        line_time_text(head->at.utc_us, time), head->boot,
        head->at.boot_us / US_PER_S, head->at.boot_us % US_PER_S, kind);
    if (!status) {
        status = append_fields(out, row->keys, field, fields);
    }
    if (!status && out->size - before > LINE_MOST_BYTES - LINE_END_BYTES) {
        status = STING_E_ARG;
    }
    if (status) {
        out->size = before;
    }
    return status;
}

enum sting_status line_end(struct buffer *out,
                           const uint8_t random[LINE_RANDOM_SIZE],
                           struct digest prev, size_t prev_size)
{
    char random_text[2 * LINE_RANDOM_SIZE + 1];
    char prev_text[DIGEST_TEXT_SIZE];
    hex_write((struct bytes){random, LINE_RANDOM_SIZE}, random_text);
    return buffer_printf(out, " r=%s prev=%.*s\n", random_text,
                         2 * (int)prev_size, digest_text(prev, prev_text));
}

size_t line_prev_size(struct bytes version)
{
    static const struct {
        const char *version;
        size_t bytes;
    } known[] = {{"1", DIGEST_SIZE}, {"2", DIGEST_SIZE / 2}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (bytes_equal(version, bytes_of_text(known[i].version))) {
            return known[i].bytes;
        }
    }
    return 0;
}

bool line_follows(const struct line *line, struct digest prev, size_t prev_size)
{
    memset(prev.byte + prev_size, 0, DIGEST_SIZE - prev_size);
    return line->prev_size == prev_size && digest_equal(line->prev, prev);
}

enum sting_status line_note_write(struct buffer *out, const char *kind,
                                  const struct line_field field[],
                                  size_t fields)
{
    const struct line_kind *row = line_kind_lookup(bytes_of_text(kind));
    size_t before = out->size;
    if (!row) {
        return STING_E_ARG;
    }
    enum sting_status status = buffer_text_append(out, row->name);
    if (!status) {
        status = append_fields(out, row->keys, field, fields);
    }
    if (status) {
        out->size = before;
    }
    return status;
}

/* Take a word up to the next blank or the end. */
static struct bytes take_word(struct bytes *from)
{
    size_t size = 0;
    while (size < from->size && from->data[size] != ' ') {
        size++;
    }
    struct bytes word = {from->data, size};
    size_t used = size < from->size ? size + 1 : size;
    from->data += used;
    from->size -= used;
    return word;
}

/* Decimal without sign or leading zeros, at most `most`. */
static enum sting_status parse_count(struct bytes text, uint64_t most,
                                     uint64_t *out)
{
    uint64_t value = 0;
    if (text.size < 1 || text.size > 20 ||
        (text.size > 1 && text.data[0] == '0')) {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; i < text.size; i++) {
        uint64_t digit = (uint64_t)text.data[i] - '0';
        if (text.data[i] < '0' || text.data[i] > '9' || value > most / 10 ||
            value * 10 > most - digit) {
            return STING_E_FORMAT;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return STING_OK;
}

/* "1a2b3c4d+123456.789012" */
static enum sting_status parse_boot(struct bytes word, struct line *out)
{
    uint8_t id[(LINE_BOOT_SIZE - 1) / 2];
    uint64_t s = 0;
    if (word.size < 17 || word.data[8] != '+' ||
        word.data[word.size - 7] != '.' ||
        hex_read((struct bytes){word.data, 8}, id, sizeof id)) {
        return STING_E_FORMAT;
    }
    struct bytes whole = {word.data + 9, word.size - 16};
    enum sting_status status = parse_count(whole, INT64_MAX / US_PER_S - 1, &s);
    int64_t us = 0;
    for (size_t i = word.size - 6; i < word.size; i++) {
        if (word.data[i] < '0' || word.data[i] > '9') {
            return STING_E_FORMAT;
        }
        us = us * 10 + (word.data[i] - '0');
    }
    if (status) {
        return status;
    }
    memcpy(out->boot, word.data, 8);
    out->boot[8] = '\0';
    out->at.boot_us = (int64_t)s * US_PER_S + us;
    return STING_OK;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A value in its one spelling: nothing escaped that need not be, and no
 * NUL, which text cannot hold. */
static bool is_value(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++) {
        if (is_plain(value.data[i])) {
            continue;
        }
        if (value.data[i] != '%' || value.size - i < 3) {
            return false;
        }
        int high = hex_value(value.data[i + 1]);
        int low = hex_value(value.data[i + 2]);
        if (high < 0 || low < 0 || high + low == 0 ||
            is_plain((uint8_t)(high * 16 + low))) {
            return false;
        }
        i += 2;
    }
    return true;
}

static bool is_key(struct bytes key)
{
    for (size_t i = 0; i < key.size; i++) {
        uint8_t c = key.data[i];
        bool letter = c >= 'a' && c <= 'z';
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_'))) {
            return false;
        }
    }
    return key.size > 0;
}

static enum sting_status parse_field(struct bytes word, struct line *out)
{
    const uint8_t *equals =
        word.size ? memchr(word.data, '=', word.size) : NULL;
    if (!equals || out->fields == LINE_MOST_FIELDS) {
        return STING_E_FORMAT;
    }
    struct bytes key = {word.data, (size_t)(equals - word.data)};
    struct bytes value = {equals + 1, word.size - key.size - 1};
    if (!is_key(key) || !is_value(value)) {
        return STING_E_FORMAT;
    }
    out->key[out->fields] = key;
    out->value[out->fields++] = value;
    return STING_OK;
}

/* The keys must be the row's, in its order, the needed ones all there. */
static enum sting_status check_keys(const struct line *line)
{
    const char *row = line->kind->keys;
    struct key key;
    size_t at = 0;
    while (next_key(&row, &key)) {
        if (at < line->fields && bytes_equal(line->key[at], key.name)) {
            at++;
        } else if (key.is_needed) {
            return STING_E_FORMAT;
        }
    }
    if (at == line->fields) {
        return STING_OK;
    }
    /* A key of this row in the wrong place is malformed, and so is one that
     * ends every line; one that we do not know may come from a later version.
     */
    if (bytes_equal(line->key[at], bytes_of_text("r")) ||
        bytes_equal(line->key[at], bytes_of_text("prev"))) {
        return STING_E_FORMAT;
    }
    for (row = line->kind->keys; next_key(&row, &key);) {
        if (bytes_equal(line->key[at], key.name)) {
            return STING_E_FORMAT;
        }
    }
    return STING_E_UNSUPPORTED;
}

/* r= and prev= are the last two fields; take them off again. */
static enum sting_status parse_end(struct line *out)
{
    if (out->fields < 2) {
        return STING_E_FORMAT;
    }
    size_t prev = out->fields - 1;
    size_t random = out->fields - 2;
    if (!bytes_equal(out->key[random], bytes_of_text("r")) ||
        !bytes_equal(out->key[prev], bytes_of_text("prev")) ||
        hex_read(out->value[random], out->random, LINE_RANDOM_SIZE)) {
        return STING_E_FORMAT;
    }
    out->fields -= 2;
    out->prev_size = out->value[prev].size / 2;
    out->prev = (struct digest){{0}};
    bool is_size =
        out->prev_size == DIGEST_SIZE || out->prev_size == DIGEST_SIZE / 2;
    return is_size ? hex_read(out->value[prev], out->prev.byte, out->prev_size)
                   : STING_E_FORMAT;
}

static enum sting_status parse_head(struct bytes *text, struct line *out)
{
    enum sting_status status =
        parse_count(take_word(text), INT64_MAX, &out->seq);
    if (!status) {
        status = line_time_parse(take_word(text), &out->at.utc_us);
    }
    return status ? status : parse_boot(take_word(text), out);
}

enum sting_status line_parse(struct bytes text, struct line *out)
{
    out->fields = 0; /* whoever looks at a line that is none finds nothing */
    out->prev_size = 0;
    if (text.size > LINE_MOST_BYTES) {
        return STING_E_LIMIT;
    }
    if (text.size < 1 || text.data[text.size - 1] != '\n' ||
        (text.size > 1 && text.data[text.size - 2] == ' ')) {
        return STING_E_FORMAT;
    }
    struct bytes rest = {text.data, text.size - 1};
    enum sting_status status = parse_head(&rest, out);
    if (status) {
        return status;
    }
    struct bytes kind = take_word(&rest);
    while (!status && rest.size > 0) {
        status = parse_field(take_word(&rest), out);
    }
    if (!status) {
        status = is_key(kind) ? parse_end(out) : STING_E_FORMAT;
    }
    if (status) {
        return status;
    }
    out->kind = line_kind_lookup(kind);
    bool known = out->kind && !out->kind->is_note;
    return known ? check_keys(out) : STING_E_UNSUPPORTED;
}

enum sting_status line_note_parse(struct bytes text, struct line *out)
{
    if (text.size > LINE_MOST_BYTES ||
        (text.size > 0 && text.data[text.size - 1] == ' ')) {
        return STING_E_FORMAT;
    }
    enum sting_status status = STING_OK;
    out->kind = line_kind_lookup(take_word(&text));
    out->fields = 0;
    while (!status && text.size > 0) {
        status = parse_field(take_word(&text), out);
    }
    if (status) {
        return status;
    }
    return out->kind && out->kind->is_note ? check_keys(out)
                                           : STING_E_UNSUPPORTED;
}

static const struct bytes *lookup(const struct line *line, const char *key)
{
    for (size_t i = 0; i < line->fields; i++) {
        if (bytes_equal(line->key[i], bytes_of_text(key))) {
            return &line->value[i];
        }
    }
    return NULL;
}

bool line_has(const struct line *line, const char *key)
{
    return lookup(line, key) != NULL;
}

struct bytes line_raw(const struct line *line, const char *key)
{
    const struct bytes *value = lookup(line, key);
    return value ? *value : (struct bytes){0};
}

char *line_text(const struct line *line, const char *key, char *out,
                size_t size)
{
    struct bytes value = line_raw(line, key);
    size_t used = 0;
    for (size_t i = 0; i < value.size && used + 1 < size; i++) {
        uint8_t c = value.data[i];
        if (c == '%') { /* parsing made sure that two digits follow */
            c = (uint8_t)(hex_value(value.data[i + 1]) * 16 +
                          hex_value(value.data[i + 2]));
            i += 2;
        }
        out[used++] = (char)c;
    }
    out[used] = '\0';
    return out;
}

enum sting_status line_integer(const struct line *line, const char *key,
                               int64_t *out)
{
    const struct bytes *found = lookup(line, key);
    if (!found) {
        return STING_E_ABSENT;
    }
    struct bytes digits = *found;
    bool negative = digits.size > 1 && digits.data[0] == '-';
    if (negative) {
        digits.data++;
        digits.size--;
    }
    uint64_t value = 0;
    enum sting_status status = parse_count(digits, INT64_MAX, &value);
    if (status || (negative && value == 0)) {
        return STING_E_FORMAT;
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return STING_OK;
}

enum sting_status line_time(const struct line *line, const char *key,
                            int64_t *utc_us)
{
    const struct bytes *found = lookup(line, key);
    return found ? line_time_parse(*found, utc_us) : STING_E_ABSENT;
}

enum sting_status line_hex(const struct line *line, const char *key,
                           uint8_t *out, size_t size)
{
    const struct bytes *found = lookup(line, key);
    return found ? hex_read(*found, out, size) : STING_E_ABSENT;
}
