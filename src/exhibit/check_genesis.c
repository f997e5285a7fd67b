/* E3: the form of exhibit.txt and of the lines; who signed the first one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exhibit/check_state.h"

#define MOST_LINES ((size_t)4 << 20)
#define FINGERPRINT_LEAST 32 /* digits */

static enum sting_status malformed(struct check *check, const char *what)
{
    return check_tampered(check, 3, "%s is malformed", what);
}

static bool text_take(struct bytes *rest, const char *key, const char *set,
                      char *out, size_t size)
{
    struct bytes value;
    if (!check_word(rest, key) || !check_take(rest, "\n", &value) ||
        value.size < 1 || value.size >= size ||
        memchr(value.data, '\0', value.size)) {
        return false;
    }
    memcpy(out, value.data, value.size);
    out[value.size] = '\0';
    return strspn(out, set) == value.size;
}

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS "abcdefghijklmnopqrstuvwxyz" CAPITALS

/* "film PATH", then one or more "piece SEQ BYTES", and again. */
static bool films_form(struct bytes rest)
{
    struct bytes row, word;
    uint64_t number = 0;
    bool has_piece = true;
    while (check_take(&rest, "\n", &row)) {
        bool is_film = check_word(&row, "film ");
        if (is_film && !has_piece) {
            return false;
        }
        has_piece = !is_film;
        if (!is_film &&
            (!check_word(&row, "piece ") || !check_take(&row, " ", &word) ||
             !check_number(word, &number) || !check_number(row, &number))) {
            return false;
        }
    }
    return has_piece && rest.size == 0;
}

static enum sting_status head_read(struct check *check)
{
    struct bytes rest = check_content(check, "data/exhibit.txt");
    struct check_report *report = check->report;
    char text[2][40], lines[32], incident[32];
    uint64_t number = 0;
    check->may_be_erased = check_word(&rest, "sting-exhibit-2\n");
    if (!check->may_be_erased && !check_word(&rest, "sting-exhibit-1\n")) {
        return check_missing(check, 3, "another version");
    }
    if (!text_take(&rest, "mark ", CAPITALS DIGITS "/", report->mark,
                   sizeof report->mark) ||
        !text_take(&rest, "origin ", "sting/abcdef" DIGITS, report->origin,
                   sizeof report->origin) ||
        !text_take(&rest, "lines ", DIGITS, lines, sizeof lines) ||
        !text_take(&rest, "camera ", LETTERS DIGITS "._-", check->camera,
                   sizeof check->camera) ||
        !text_take(&rest, "from ", DIGITS "TZ:.-", text[0], sizeof *text) ||
        !text_take(&rest, "to ", DIGITS "TZ:.-", text[1], sizeof *text) ||
        !text_take(&rest, "incident ", DIGITS, incident, sizeof incident) ||
        strlen(text[0]) != LINE_TIME_SIZE - 1 ||
        strlen(text[1]) != LINE_TIME_SIZE - 1 ||
        !check_number(bytes_of_text(lines), &report->lines) ||
        !check_number(bytes_of_text(incident), &number) || rest.size == 0 ||
        *rest.data != 'f' || !films_form(rest)) {
        return malformed(check, "data/exhibit.txt");
    }
    check->films = rest;
    return STING_OK;
}

static enum sting_status line_add(struct check *check, struct bytes text,
                                  struct line *line)
{
    struct check_line *one = &check->line[check->lines];
    enum sting_status status = line_parse(text, line);
    if ((status && status != STING_E_UNSUPPORTED) ||
        (check->lines > 0 && line->prev_size != one[-1].prev_size)) {
        return malformed(check, "a line");
    }
    if (check->lines > 0 && line->seq <= one[-1].seq) {
        return check_tampered(check, 3, "lines are out of order");
    }
    one->seq = line->seq;
    one->prev_size = line->prev_size;
    one->text = text;
    if (!status) {
        one->is_epoch = !strcmp(line->kind->name, "epoch");
        one->is_init = !strcmp(line->kind->name, "init");
        one->is_seg = !strcmp(line->kind->name, "seg");
        one->is_gap = !strcmp(line->kind->name, "gap");
        one->is_erase = !strcmp(line->kind->name, "erase");
        check->report->gaps += one->is_gap;
    }
    check->lines++;
    return STING_OK;
}

static size_t lines_count(struct bytes rest)
{
    size_t lines = 0;
    struct bytes line;
    while (check_take(&rest, "\n", &line)) {
        lines++;
    }
    return lines;
}

static enum sting_status lines_read(struct check *check)
{
    struct bytes rest = check_content(check, "data/ledger/lines.txt"), text;
    size_t lines = lines_count(rest);
    struct line line;
    if (lines == 0 || lines > MOST_LINES) {
        return malformed(check, "data/ledger/lines.txt");
    }
    check->line = calloc(lines, sizeof *check->line);
    if (!check->line) {
        return STING_E_NOMEM;
    }
    while (check_take(&rest, "\n", &text)) {
        text.size++; /* its LF */
        enum sting_status status = line_add(check, text, &line);
        if (status) {
            return status;
        }
    }
    check->report->shown = check->lines;
    return rest.size == 0 ? STING_OK
                          : malformed(check, "data/ledger/lines.txt");
}

enum sting_status check_founded(struct check *check, int rule,
                                struct bytes text, struct check_founder *out)
{
    struct line line;
    struct public_key key;
    struct signature signature;
    char origin[64];
    const uint8_t *end =
        text.data ? memmem(text.data, text.size, " sig=", 5) : NULL;
    if (line_parse(text, &line) || line.seq != 0 ||
        strcmp(line.kind->name, "genesis") != 0) {
        return check_tampered(check, rule, "the first line is missing");
    }
    out->prev_size = line_prev_size(line_raw(&line, "v"));
    if (!out->prev_size) {
        return check_missing(check, rule, "another version");
    }
    if (!end || line.prev_size != out->prev_size ||
        line_hex(&line, "case", key.byte, PUBLIC_KEY_SIZE) ||
        line_hex(&line, "log", out->log_key.byte, PUBLIC_KEY_SIZE) ||
        line_hex(&line, "epoch", out->epoch_key.byte, PUBLIC_KEY_SIZE) ||
        line_hex(&line, "sig", signature.byte, SIGNATURE_SIZE)) {
        return check_tampered(check, rule, "the first line is malformed");
    }
    struct bytes said = {text.data, (size_t)(end - text.data)};
    if (signature_verify(&key, said, &signature)) {
        return check_tampered(check, rule,
                              "the case key did not sign the first line");
    }
    digest_text(digest_of((struct bytes){key.byte, PUBLIC_KEY_SIZE}),
                out->case_key);
    (void)snprintf(out->origin, sizeof out->origin, "sting/%.32s",
                   out->case_key);
    return strcmp(line_text(&line, "origin", origin, sizeof origin),
                  out->origin) == 0
               ? STING_OK
               : check_tampered(check, rule, "of another operation");
}

enum sting_status check_genesis_rule(struct check *check)
{
    struct check_report *report = check->report;
    struct check_founder founder;
    enum sting_status status = head_read(check);
    if (!status) {
        status = lines_read(check);
    }
    if (!status) {
        status = check_founded(check, 3, check->line[0].text, &founder);
    }
    if (status) {
        return status;
    }
    if (strcmp(report->origin, founder.origin) != 0) {
        return check_tampered(check, 3, "of another operation");
    }
    memcpy(report->case_key, founder.case_key, sizeof report->case_key);
    check->log_key = founder.log_key;
    check->epoch_key = founder.epoch_key;
    size_t size = strlen(check->expected);
    if (size > 0 && (size < FINGERPRINT_LEAST ||
                     strncmp(report->case_key, check->expected, size) != 0)) {
        return check_tampered(check, 3, "another case key");
    }
    report->is_expected = size > 0;
    return STING_OK;
}
