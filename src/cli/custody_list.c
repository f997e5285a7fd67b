#include "cli/custody_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "ledger/line.h"
#include "ledger/reader.h"

/* Kinds of lines that are about keys and what they opened. */
static const char *const custody_kind[] = {
    "unlock", "custody", "export", "release", "dossier",    "erase",
    "import", "extend",  "close",  "config",  "recipients",
};

static bool is_custody(const struct line *line)
{
    for (size_t i = 0; i < sizeof custody_kind / sizeof *custody_kind; i++) {
        if (!strcmp(line->kind->name, custody_kind[i])) {
            return true;
        }
    }
    return false;
}

/* A value with its escapes undone, bytes that a terminal obeys as '?'. */
static char *shown(const struct line *line, const char *key, char *out,
                   size_t size)
{
    line_text(line, key, out, size);
    text_clean(out);
    return out;
}

static char *key_of(const struct line *line, size_t field, char *out,
                    size_t size)
{
    (void)snprintf(out, size, "%.*s", (int)line->key[field].size,
                   (const char *)line->key[field].data);
    return out;
}

static void print_words(const struct line *line)
{
    char at[CLOCK_TEXT_SIZE];
    char key[LINE_KIND_SIZE * 2];
    char value[LINE_MOST_BYTES];
    printf("%" PRIu64 "  %s  %s", line->seq, clock_text(line->at.utc_us, at),
           line->kind->name);
    for (size_t i = 0; i < line->fields; i++) {
        key_of(line, i, key, sizeof key);
        printf("  %s: %s", key, shown(line, key, value, sizeof value));
    }
    putchar('\n');
}

static enum sting_status print_json(const struct line *line)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    char key[LINE_KIND_SIZE * 2];
    char value[LINE_MOST_BYTES];
    json_add_integer(json, "line", (int64_t)line->seq);
    json_add_time(json, "at", line->at.utc_us);
    json_add_text(json, "kind", line->kind->name);
    for (size_t i = 0; i < line->fields; i++) {
        key_of(line, i, key, sizeof key);
        json_add_text(json, key, line_text(line, key, value, sizeof value));
    }
    enum sting_status status = json_line(json, &text);
    fputs(buffer_text(&text), stdout);
    return status;
}

enum sting_status custody_list_print(int dir, bool as_json, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open_signed(dir, &reader, fault);
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        if (is_custody(&line) && as_json) {
            status = print_json(&line);
        } else if (is_custody(&line)) {
            print_words(&line);
        }
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}
