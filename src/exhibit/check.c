#include "exhibit/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "exhibit/check_state.h"
#include "ledger/note.h"

static void answer(struct check_report *report, enum verify_verdict verdict,
                   int rule, const char *format, va_list values)
{
    (void)vsnprintf(report->why, sizeof report->why, format, values);
    report->verdict = verdict;
    report->rule = rule;
}

enum sting_status check_tampered(struct check *check, int rule,
                                 const char *format, ...)
{
    va_list values;
    va_start(values, format);
    answer(check->report, VERIFY_TAMPERED, rule, format, values);
    va_end(values);
    return STING_E_FORGED;
}

enum sting_status check_missing(struct check *check, int rule,
                                const char *format, ...)
{
    va_list values;
    va_start(values, format);
    answer(check->report, VERIFY_UNVERIFIABLE, rule, format, values);
    va_end(values);
    return STING_E_FORGED;
}

const struct check_entry *check_find(const struct check *check,
                                     const char *path)
{
    size_t low = 0, high = check->entries;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(check->entry[middle].path, path);
        if (order == 0) {
            return &check->entry[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

struct bytes check_content(const struct check *check, const char *path)
{
    const struct check_entry *entry = check_find(check, path);
    return entry ? entry->content : (struct bytes){NULL, 0};
}

bool check_take(struct bytes *rest, const char *mark, struct bytes *out)
{
    size_t size = strlen(mark);
    const uint8_t *end =
        rest->size ? memmem(rest->data, rest->size, mark, size) : NULL;
    if (!end) {
        return false;
    }
    *out = (struct bytes){rest->data, (size_t)(end - rest->data)};
    rest->data += out->size + size;
    rest->size -= out->size + size;
    return true;
}

bool check_word(struct bytes *rest, const char *word)
{
    size_t size = strlen(word);
    if (rest->size < size || memcmp(rest->data, word, size) != 0) {
        return false;
    }
    rest->data += size;
    rest->size -= size;
    return true;
}

bool check_number(struct bytes text, uint64_t *out)
{
    uint64_t value = 0;
    if (text.size < 1 || text.size > 18 ||
        (text.size > 1 && text.data[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        value = value * 10 + (text.data[i] - '0');
    }
    *out = value;
    return true;
}

bool check_base64(struct bytes text, uint8_t *out, size_t size)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    if (text.size > 4 * size || base64_read(&plain, text, true) ||
        plain.size != size) {
        return false;
    }
    memcpy(out, plain.data, size);
    return true;
}

enum sting_status check_note_next(struct bytes *rest, struct check_note *out)
{
    struct bytes text;
    const uint8_t *start = rest->data;
    if (!check_take(rest, "\n\n", &text) ||
        !check_take(rest, "\n\n", &out->signatures)) {
        return STING_E_FORMAT;
    }
    out->text = (struct bytes){start, text.size + 1};
    struct bytes lines = out->text;
    for (int i = 0; i < 3; i++) {
        if (!check_take(&lines, "\n", &out->line[i])) {
            return STING_E_FORMAT;
        }
    }
    return lines.size == 0 ? STING_OK : STING_E_FORMAT;
}

/* "EM-DASH NAME BASE64" */
static bool signature_take(struct bytes *rest, struct bytes *name,
                           struct bytes *letters)
{
    struct bytes row;
    if (!check_take(rest, "\n", &row)) {
        row = *rest;
        rest->size = 0;
    }
    if (!check_word(&row, "\xe2\x80\x94 ") || !check_take(&row, " ", name)) {
        return false;
    }
    *letters = row;
    return !row.size || !memchr(row.data, ' ', row.size);
}

enum sting_status check_signed(struct check *check, int rule,
                               const struct check_note *note, const char *name,
                               const struct public_key *key)
{
    struct bytes rest = note->signatures, who, letters;
    uint8_t id[NOTE_KEY_ID_SIZE];
    size_t found = 0;
    note_key_id(name, key, id);
    do {
        uint8_t raw[NOTE_KEY_ID_SIZE + SIGNATURE_SIZE];
        struct signature signature;
        if (!signature_take(&rest, &who, &letters)) {
            return check_tampered(check, rule, "signatures are malformed");
        }
        if (!bytes_equal(who, bytes_of_text(name))) {
            continue;
        }
        if (!check_base64(letters, raw, sizeof raw)) {
            return check_tampered(check, rule, "a signature is malformed");
        }
        memcpy(signature.byte, raw + NOTE_KEY_ID_SIZE, SIGNATURE_SIZE);
        if (memcmp(raw, id, sizeof id) != 0) {
            continue;
        }
        if (signature_verify(key, note->text, &signature)) {
            return check_tampered(check, rule, "false signature by %s", name);
        }
        found++;
    } while (rest.size > 0);
    return found ? STING_OK
                 : check_missing(check, rule, "no signature by %s", name);
}

static enum sting_status all_rules(struct check *check)
{
    enum sting_status status = check_folder_rules(check);
    if (!status) {
        status = check_genesis_rule(check);
    }
    if (!status) {
        status = check_ledger_rules(check);
    }
    return status ? status : check_films_rule(check);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct check_entry *)a)->path,
                  ((const struct check_entry *)b)->path);
}

enum sting_status exhibit_check(const struct check_entry *entry, size_t entries,
                                const char *expected,
                                struct check_report *report,
                                struct buffer *pieces)
{
    for (size_t i = 1; i < entries; i++) {
        if (by_path(&entry[i - 1], &entry[i]) >= 0) {
            return STING_E_ARG;
        }
    }
    struct check check = {.entry = entry,
                          .entries = entries,
                          .expected = expected,
                          .report = report,
                          .pieces = pieces};
    *report = (struct check_report){.verdict = VERIFY_INTACT};
    enum sting_status status = all_rules(&check);
    free(check.line);
    if (!status && report->gaps > 0) {
        report->verdict = VERIFY_GAPS;
    }
    return status == STING_E_FORGED ? STING_OK : status;
}

void check_piece_differs(const struct check_piece *piece,
                         struct check_report *report)
{
    report->verdict = VERIFY_TAMPERED;
    report->rule = 8;
    (void)snprintf(report->why, sizeof report->why,
                   "line %llu speaks of other bytes",
                   (unsigned long long)piece->seq);
}

enum sting_status check_report_json(const struct check_report *report,
                                    struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    char rule[8];
    (void)snprintf(rule, sizeof rule, "E%d", report->rule);
    json_add_text(json, "verdict", verify_verdict_text(report->verdict));
    json_add_text(json, "rule", report->rule ? rule : NULL);
    json_add_text(json, "reason", report->why[0] ? report->why : NULL);
    json_add_text(json, "exhibit", report->mark[0] ? report->mark : NULL);
    json_add_text(json, "origin", report->origin[0] ? report->origin : NULL);
    json_add_text(json, "office", report->office[0] ? report->office : NULL);
    json_add_integer(json, "shown", (int64_t)report->shown);
    json_add_integer(json, "entries", (int64_t)report->lines);
    json_add_integer(json, "epochs", (int64_t)report->epochs);
    json_add_integer(json, "films", (int64_t)report->films);
    json_add_integer(json, "gaps_found", (int64_t)report->gaps);
    json_add_text(json, "sha256", report->tags[0] ? report->tags : NULL);
    json_add_text(json, "case_key",
                  report->case_key[0] ? report->case_key : NULL);
    json_add_bool(json, "case_key_expected", report->is_expected);
    json_add_time(json, "films_anchored_until", report->films_until_us);
    verify_report_anchors_json(json, &report->outside);
    return json_line(json, out);
}

/* By when an outsider had seen what is shown. */
static enum sting_status outside_text(const struct check_report *report,
                                      struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    enum sting_status status =
        verify_report_anchors_text(&report->outside, out);
    bool is_partly =
        report->films_until_us == 0 && report->outside.anchored_until_us > 0;
    if (!status && is_partly) {
        status = buffer_text_append(
            out, "  no outsider had seen all that the films show\n");
    }
    if (!status && report->films_until_us > 0) {
        status = buffer_printf(out, "  all that the films show, by %s\n",
                               clock_text(report->films_until_us, time));
    }
    return status;
}

static enum sting_status whole_text(const struct check_report *report,
                                    struct buffer *out)
{
    return buffer_printf(
        out,
        "\nexhibit %s of %s: %llu films, %llu lines of %llu, "
        "%llu epochs\nsha256 of tagmanifest-sha256.txt %s\n"
        "case key %s\n%s\n",
        report->mark, report->origin, (unsigned long long)report->films,
        (unsigned long long)report->shown, (unsigned long long)report->lines,
        (unsigned long long)report->epochs, report->tags, report->case_key,
        report->is_expected ? "as expected"
                            : "ORIGIN UNKNOWN: compare the case key with what "
                              "its owner told you");
}

enum sting_status check_report_text(const struct check_report *report,
                                    struct buffer *out)
{
    if (report->rule) {
        return buffer_printf(out, "%s E%d: %s\n",
                             verify_verdict_text(report->verdict), report->rule,
                             report->why);
    }
    enum sting_status status =
        buffer_printf(out, "%s", verify_verdict_text(report->verdict));
    if (!status && report->gaps > 0) {
        status = buffer_printf(out, ": %llu", (unsigned long long)report->gaps);
    }
    if (!status && report->office[0]) {
        status = buffer_printf(
            out,
            "; REPORT, CUSTODY, MARK: THE WORD OF WHO IMPORTED IT, %s, VOUCHED "
            "FOR BY NOBODY HERE: ask them",
            report->office);
    }
    if (!status) {
        status = whole_text(report, out);
    }
    return status ? status : outside_text(report, out);
}
