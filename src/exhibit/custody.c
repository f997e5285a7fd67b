/* CUSTODY.csv: who opened, took out or handed on what, and when. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "exhibit/gathered.h"

static const char *const column[] = {"by",       "why",    "command", "of",
                                     "what",     "item",   "exhibit", "state",
                                     "incident", "sha256", "before",  "after"};

/* RFC 4180; a field that a spreadsheet would take for a formula is text. */
static enum sting_status cell_add(struct buffer *out, const char *text)
{
    enum sting_status status = buffer_text_append(out, ",\"");
    if (!status && *text && strchr("=+-@\t\r", *text)) {
        status = buffer_text_append(out, "'");
    }
    for (; !status && *text; text++) {
        uint8_t c = (uint8_t)*text;
        status = c == '"' ? buffer_text_append(out, "\"\"")
                          : buffer_append(out, (struct bytes){&c, 1});
    }
    return status ? status : buffer_text_append(out, "\"");
}

static enum sting_status row_add(const struct line *line, struct buffer *out)
{
    char time[LINE_TIME_SIZE];
    enum sting_status status =
        buffer_printf(out, "%" PRIu64 ",%s,%s", line->seq,
                      line_time_text(line->at.utc_us, time), line->kind->name);
    for (size_t c = 0; !status && c < sizeof column / sizeof *column; c++) {
        char value[1024];
        line_text(line, column[c], value, sizeof value);
        text_clean(value);
        status = cell_add(out, value);
    }
    return status ? status : buffer_text_append(out, "\r\n");
}

enum sting_status custody_put(const struct gathered *gathered, struct bag *bag,
                              struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_text_append(&text, "entry,time,deed");
    for (size_t c = 0; !status && c < sizeof column / sizeof *column; c++) {
        status = buffer_printf(&text, ",%s", column[c]);
    }
    if (!status) {
        status = buffer_text_append(&text, "\r\n");
    }
    for (size_t i = 0; !status && i < gathered->lines; i++) {
        if (gathered->line[i].is_shown &&
            gathered->line[i].why == WHY_CUSTODY) {
            struct line line = gathered_parse(gathered, i);
            status = row_add(&line, &text);
        }
    }
    return status
               ? status
               : bag_put(bag, "data/CUSTODY.csv", buffer_bytes(&text), fault);
}
