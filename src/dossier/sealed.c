/* Sealed texts that lines of the ledger name: notes, findings of traces. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "dossier/collect.h"
#include "ledger/line.h"
#include "ledger/store.h"

#define MOST_BYTES ((size_t)8 * 1024 * 1024)

static void text_copy(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

static int64_t time_of(const struct json *json, int64_t otherwise_us)
{
    int64_t at_us = otherwise_us;
    const char *text = json_text(json, "at");
    if (text && clock_parse(text, &at_us)) {
        return otherwise_us;
    }
    return at_us;
}

static uint32_t count_of(const struct json *json, const char *key)
{
    double value = json_number(json, key, 0);
    return value >= 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

static enum sting_status remark_take(const struct line *line,
                                     const struct json *json,
                                     struct dossier *dossier)
{
    struct dossier_remark *remark =
        array_add(&dossier->remark, &dossier->remarks, sizeof *dossier->remark);
    if (!remark) {
        return STING_E_NOMEM;
    }
    remark->seq = line->seq;
    remark->at_us = time_of(json, line->at.utc_us);
    remark->copy = count_of(json, "copy");
    int64_t incident = 0;
    if (!line_integer(line, "incident", &incident) && incident > 0 &&
        incident <= UINT32_MAX) {
        remark->incident = (uint32_t)incident;
    }
    text_copy(remark->kind, sizeof remark->kind, json_text(json, "kind"));
    text_copy(remark->bait, sizeof remark->bait, json_text(json, "bait"));
    text_copy(remark->by, sizeof remark->by, json_text(json, "by"));
    text_copy(remark->text, sizeof remark->text, json_text(json, "text"));
    return STING_OK;
}

static enum sting_status trace_take(const struct line *line,
                                    const struct json *json,
                                    struct dossier *dossier)
{
    struct dossier_trace *trace =
        array_add(&dossier->trace, &dossier->traces, sizeof *dossier->trace);
    if (!trace) {
        return STING_E_NOMEM;
    }
    const char *picture = json_text(json, "picture");
    const char *slash = picture ? strrchr(picture, '/') : NULL;
    trace->seq = line->seq;
    trace->at_us = line->at.utc_us;
    trace->page = count_of(json, "page");
    trace->copy = count_of(json, "copy");
    trace->log10_lr = json_number(json, "log10_lr", NAN);
    trace->log10_false = json_number(json, "log10_false", NAN);
    trace->tried = json_number(json, "tried", 0);
    text_copy(trace->picture, sizeof trace->picture,
              slash ? slash + 1 : picture);
    text_copy(trace->verdict, sizeof trace->verdict,
              json_text(json, "verdict"));
    text_copy(trace->bait, sizeof trace->bait, json_text(json, "bait"));
    text_copy(trace->issued_to, sizeof trace->issued_to,
              json_text(json, "issued_to"));
    return STING_OK;
}

/* One object a line; what is none is passed over. */
static enum sting_status lines_take(const struct line *line, struct bytes text,
                                    struct dossier *dossier)
{
    bool is_trace = !strcmp(line->kind->name, "trace");
    enum sting_status status = STING_OK;
    struct bytes one;
    while (!status && text_line_or_rest_take(&text, &one)) {
        struct json *json STING_AUTO(json_free) = NULL;
        if (!json_read(one, &json)) {
            status = is_trace ? trace_take(line, json, dossier)
                              : remark_take(line, json, dossier);
        }
    }
    return status;
}

/* A text that cannot be opened is still one that was written. */
static enum sting_status tell_closed(const struct line *line,
                                     const struct fault *fault,
                                     struct dossier *dossier)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    json_add_text(json, "kind", "note");
    json_add_text(json, "verdict", "unreadable");
    json_add_text(json, "picture", fault->why);
    json_add_text(json, "text", fault->why);
    enum sting_status status = json_line(json, &text);
    return status ? status : lines_take(line, buffer_bytes(&text), dossier);
}

/* A blind operation's findings of before they were sealed without names hold
 * them; a dossier is made by the first person alone. */
static void names_drop(struct dossier *dossier, size_t from)
{
    for (size_t i = from; i < dossier->traces; i++) {
        dossier->trace[i].issued_to[0] = '\0';
    }
}

enum sting_status dossier_take_sealed(const struct operation *operation,
                                      const struct operation_keys *keys,
                                      const struct line *line,
                                      struct dossier *dossier)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct fault fault = {"the sealed text cannot be opened", ""};
    struct digest ct;
    enum sting_status status = line_hex(line, "blob", ct.byte, sizeof ct.byte);
    if (!status) {
        status = ledger_blob_open(operation_dir(operation), &keys->identity, ct,
                                  MOST_BYTES, &plain, &fault);
    }
    size_t before = dossier->traces;
    status = status ? tell_closed(line, &fault, dossier)
                    : lines_take(line, buffer_bytes(&plain), dossier);
    if (operation_config(operation)->blind) {
        names_drop(dossier, before);
    }
    return status;
}
