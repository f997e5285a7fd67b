#include "dossier/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "dossier/clocks.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/verify.h"
#include "operation/incident_list.h"
#include "operation/register.h"

struct collecting {
    const struct operation *operation;
    const struct operation_keys *keys;
    struct dossier *dossier;
    struct incident_list incidents;
    struct watching *watching; /* owned by who collects */
    struct all_clocks clocks;
};

/* What a line counts as. A change of light, a scene still new: told by a line
 * of an incident's form with number 0, and no incident. */
static const char *kind_counted(const struct line *line)
{
    int64_t number = -1;
    bool is_condition = !strcmp(line->kind->name, "incident") &&
                        !line_integer(line, "n", &number) && number == 0;
    bool is_masked =
        !strcmp(line->kind->name, "init") && line_has(line, "masks");
    bool is_raw = !strcmp(line->kind->name, "init") && line_has(line, "raw");
    bool is_refused =
        !strcmp(line->kind->name, "unlock") &&
        bytes_equal(line_raw(line, "state"), bytes_of_text("refused"));
    return is_condition ? "condition"
           : is_masked  ? "init masked"
           : is_raw     ? "init raw"
           : is_refused ? "unlock refused"
                        : line->kind->name;
}

static enum sting_status count_take(struct dossier *dossier,
                                    const struct line *line)
{
    const char *kind = kind_counted(line);
    for (size_t i = 0; i < dossier->counts; i++) {
        if (!strcmp(dossier->count[i].kind, kind)) {
            dossier->count[i].lines++;
            return STING_OK;
        }
    }
    struct dossier_count *count =
        array_add(&dossier->count, &dossier->counts, sizeof *dossier->count);
    if (!count) {
        return STING_E_NOMEM;
    }
    (void)snprintf(count->kind, sizeof count->kind, "%s", kind);
    count->lines = 1;
    return STING_OK;
}

/* Digests are for machines; people see their first digits. */
static void field_tell(const struct line *line, size_t index, char *out,
                       size_t size)
{
    char key[32];
    char value[200];
    size_t used = strlen(out);
    (void)snprintf(key, sizeof key, "%.*s", (int)line->key[index].size,
                   (const char *)line->key[index].data);
    line_text(line, key, value, sizeof value);
    if (strlen(value) == 64 && strspn(value, "0123456789abcdef") == 64) {
        memcpy(value + 16, "\xe2\x80\xa6", 4);
    }
    (void)snprintf(out + used, size - used, "%s%s %s", used ? ", " : "", key,
                   value);
}

static enum sting_status deed_take(struct dossier_deed **deed, size_t *deeds,
                                   const struct line *line)
{
    static const char *const left_out[] = {
        "blob", "pt", "sig", "purpose", "purpose_pt", "recipients"};
    struct dossier_deed *one = array_add(deed, deeds, sizeof *one);
    if (!one) {
        return STING_E_NOMEM;
    }
    one->seq = line->seq;
    one->at_us = line->at.utc_us;
    (void)snprintf(one->kind, sizeof one->kind, "%s", line->kind->name);
    for (size_t i = 0; i < line->fields; i++) {
        bool is_left_out = false;
        for (size_t k = 0; k < sizeof left_out / sizeof *left_out; k++) {
            is_left_out = is_left_out ||
                          bytes_equal(line->key[i], bytes_of_text(left_out[k]));
        }
        if (!is_left_out) {
            field_tell(line, i, one->words, sizeof one->words);
        }
    }
    return STING_OK;
}

static enum sting_status deed_line(struct collecting *collecting,
                                   const struct line *line)
{
    return deed_take(&collecting->dossier->deed, &collecting->dossier->deeds,
                     line);
}

static enum sting_status gap_line(struct collecting *collecting,
                                  const struct line *line)
{
    return deed_take(&collecting->dossier->gap, &collecting->dossier->gaps,
                     line);
}

static enum sting_status genesis_line(struct collecting *collecting,
                                      const struct line *line)
{
    struct dossier *dossier = collecting->dossier;
    dossier->began_us = line->at.utc_us;
    line_text(line, "origin", dossier->fingerprint,
              sizeof dossier->fingerprint);
    return deed_line(collecting, line);
}

static enum sting_status incident_line(struct collecting *collecting,
                                       const struct line *line)
{
    return incident_list_take(&collecting->incidents, line);
}

static enum sting_status note_line(struct collecting *collecting,
                                   const struct line *line)
{
    return dossier_take_sealed(collecting->operation, collecting->keys, line,
                               collecting->dossier);
}

/* The last mark of an incident counts; all of them are told. */
static enum sting_status ack_line(struct collecting *collecting,
                                  const struct line *line)
{
    enum sting_status status = incident_line(collecting, line);
    if (!status && line_has(line, "blob")) {
        status = note_line(collecting, line);
    }
    return status ? status : deed_line(collecting, line);
}

static enum sting_status drill_line(struct collecting *collecting,
                                    const struct line *line)
{
    enum sting_status status = incident_line(collecting, line);
    return status ? status : deed_line(collecting, line);
}

static enum sting_status go_line(struct collecting *collecting,
                                 const struct line *line)
{
    enum sting_status status = incident_line(collecting, line);
    return status ? status : deed_line(collecting, line);
}

static enum sting_status page_line(struct collecting *collecting,
                                   const struct line *line)
{
    struct dossier *dossier = collecting->dossier;
    struct page_seen seen;
    if (!page_seen_take(line, &seen)) {
        return STING_OK; /* counted, as every line */
    }
    struct page_seen *to =
        array_add(&dossier->page, &dossier->pages, sizeof *to);
    if (!to) {
        return STING_E_NOMEM;
    }
    *to = seen;
    return STING_OK;
}

static enum sting_status seg_line(struct collecting *collecting,
                                  const struct line *line)
{
    return all_clocks_take(&collecting->clocks, line);
}

static enum sting_status trace_line(struct collecting *collecting,
                                    const struct line *line)
{
    enum sting_status status = note_line(collecting, line);
    return status ? status : deed_line(collecting, line);
}

/* What each kind of line is to a dossier; others are counted only. */
static const struct {
    const char *kind;
    enum sting_status (*take)(struct collecting *collecting,
                              const struct line *line);
} row[] = {
    {"genesis", genesis_line},
    {"gap", gap_line},
    {"incident", incident_line},
    {"alert", incident_line},
    {"note", note_line},
    {"trace", trace_line},
    {"bait", deed_line},
    {"issue", deed_line},
    {"handover", deed_line},
    {"unlock", deed_line},
    {"custody", deed_line},
    {"export", deed_line},
    {"release", deed_line},
    {"dossier", deed_line},
    {"drill", drill_line},
    {"import", deed_line},
    {"extend", deed_line},
    {"erase", deed_line},
    {"recipients", deed_line},
    {"ack", ack_line},
    {"arm", deed_line},
    {"close", deed_line},
    {"go", go_line},
    {"box", deed_line},
    {"config", deed_line},
    {"page", page_line},
    {"seg", seg_line},
};

static enum sting_status line_take(struct collecting *collecting,
                                   const struct line *line)
{
    enum sting_status status = count_take(collecting->dossier, line);
    status = status ? status : watching_take(collecting->watching, line);
    for (size_t i = 0; !status && i < sizeof row / sizeof *row; i++) {
        if (!strcmp(row[i].kind, line->kind->name)) {
            status = row[i].take(collecting, line);
        }
    }
    return status;
}

static enum sting_status ledger_walk(struct collecting *collecting,
                                     struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open_signed(
        operation_dir(collecting->operation), &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = line_take(collecting, &line);
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}

static void text_copy(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text);
}

/* Names of the cameras that saw it, as people list them. */
static void cameras_copy(const struct incident_list *list, uint64_t bits,
                         char *out, size_t size)
{
    size_t used = 0;
    for (size_t c = 0; c < list->cameras && used < size; c++) {
        if (bits >> c & 1) {
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     used ? ", " : "", list->camera[c]);
        }
    }
}

static enum sting_status incidents_take(struct collecting *collecting)
{
    struct dossier *dossier = collecting->dossier;
    for (size_t i = 0; i < collecting->incidents.count; i++) {
        const struct incident_entry *entry = &collecting->incidents.entry[i];
        struct dossier_incident *incident = array_add(
            &dossier->incident, &dossier->incidents, sizeof *incident);
        if (!incident) {
            return STING_E_NOMEM;
        }
        incident->seq = entry->seq;
        incident->number = entry->number;
        incident->start_us = entry->start_us;
        incident->end_us = entry->end_us;
        incident->is_cut = entry->is_cut;
        incident->alerts = entry->alerts;
        incident->alerted_us =
            entry->delivered_us ? entry->delivered_us : entry->shown_us;
        incident->ack_us = entry->ack_us;
        incident->team_us = entry->team_us;
        incident->is_walk = entry->is_walk;
        incident->sight = entry->sight;
        incident->sight_us = entry->sight_us;
        cameras_copy(&collecting->incidents, entry->seen_by, incident->cameras,
                     sizeof incident->cameras);
        cameras_copy(&collecting->incidents, entry->unseen, incident->unseen,
                     sizeof incident->unseen);
        text_copy(incident->team, sizeof incident->team, entry->team);
        text_copy(incident->camera, sizeof incident->camera, entry->camera);
        text_copy(incident->zone, sizeof incident->zone, entry->zone);
        text_copy(incident->bait, sizeof incident->bait, entry->bait);
        text_copy(incident->kind, sizeof incident->kind, entry->kind);
        text_copy(incident->tier, sizeof incident->tier, entry->tier);
        text_copy(incident->mark, sizeof incident->mark, entry->mark);
        all_clocks_tell(&collecting->clocks, incident);
    }
    return STING_OK;
}

static enum sting_status copies_take(struct collecting *collecting,
                                     struct fault *fault)
{
    struct dossier *dossier = collecting->dossier;
    struct register_list list STING_AUTO(register_list_release) = {0};
    enum sting_status status = register_load(
        collecting->operation, collecting->keys, NULL, &list, fault);
    if (!status) {
        status =
            handover_load(collecting->operation, &dossier->handover, fault);
    }
    for (size_t b = 0; !status && b < list.batches; b++) {
        const struct register_batch *batch = &list.batch[b];
        for (uint32_t i = 0; i < batch->copies; i++) {
            struct dossier_copy *copy =
                array_add(&dossier->copy, &dossier->copies, sizeof *copy);
            if (!copy) {
                return STING_E_NOMEM;
            }
            copy->number = batch->first + i;
            copy->issued_us = batch->issued_utc_us;
            copy->handover = handover_find(&dossier->handover, copy->number);
            text_copy(copy->bait, sizeof copy->bait, batch->bait);
            text_copy(copy->holder, sizeof copy->holder,
                      holder_list_at(&batch->holder, i));
        }
    }
    return status;
}

static void config_take(struct collecting *collecting)
{
    const struct config *config = operation_config(collecting->operation);
    struct dossier *dossier = collecting->dossier;
    text_copy(dossier->goal, sizeof dossier->goal, config->goal);
    text_copy(dossier->legal_basis, sizeof dossier->legal_basis,
              config->legal_basis);
    text_copy(dossier->decided_by, sizeof dossier->decided_by,
              config->decided_by);
    text_copy(dossier->exit_criteria, sizeof dossier->exit_criteria,
              config->exit_criteria);
    dossier->until_us =
        config->until_utc_us == INT64_MAX ? 0 : config->until_utc_us;
}

static enum sting_status verify_take(struct collecting *collecting,
                                     struct fault *fault)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct verify_options options = {.identity = &collecting->keys->identity,
                                     .known.now_us = clock_now().utc_us};
    struct dossier *dossier = collecting->dossier;
    enum sting_status status = verify_operation(
        operation_dir(collecting->operation), &options, &report, fault);
    if (status) {
        return status;
    }
    text_copy(dossier->verdict, sizeof dossier->verdict,
              verify_verdict_text(report.verdict));
    text_copy(dossier->reason, sizeof dossier->reason, report.reason);
    if (report.verdict <= VERIFY_GAPS && report.tail_entries > 0) {
        snprintf(dossier->reason, sizeof dossier->reason,
                 "but the last %llu of %llu entries (%.1f s) are not signed",
                 (unsigned long long)report.tail_entries,
                 (unsigned long long)report.entries, report.tail_s);
    }
    dossier->entries = report.entries;
    dossier->anchored_us = report.anchored_until_us;
    dossier->segments = report.segments;
    dossier->bytes = report.bytes;
    dossier->tail_s = report.tail_s;
    dossier->anchored_us = report.anchored_until_us;
    dossier->gaps_found = report.said.gaps + report.said.gaps_more;
    return STING_OK;
}

enum sting_status dossier_collect(const struct operation *operation,
                                  const struct operation_keys *keys,
                                  int64_t now_us, struct dossier *out,
                                  struct fault *fault)
{
    struct dossier dossier = {.made_us = now_us};
    struct watching *watching STING_AUTO(watching_free) = NULL;
    enum sting_status status =
        watching_new(operation_config(operation), &watching);
    struct collecting collecting = {operation, keys,     &dossier,
                                    {0},       watching, {0}};
    config_take(&collecting);
    if (!status) {
        status = ledger_walk(&collecting, fault);
    }
    if (!status) {
        status = watching_give(watching, &dossier.watched);
    }
    if (!status) {
        status = incidents_take(&collecting);
    }
    if (!status) {
        status = copies_take(&collecting, fault);
    }
    if (!status) {
        status = verify_take(&collecting, fault);
    }
    if (!status) {
        status = dossier_stills(operation, keys, &dossier);
    }
    incident_list_release(&collecting.incidents);
    all_clocks_release(&collecting.clocks);
    if (status) {
        dossier_release(&dossier);
        return status;
    }
    *out = dossier;
    return STING_OK;
}
