/* Read the whole ledger: how far it goes, what of it is signed, whether it
 * was altered or an end of it never finished. */
#include <stdio.h>
#include <string.h>

#include "ledger/reader.h"
#include "ledger/recording_name.h"
#include "ledger/recover_state.h"

#define DAY_US INT64_C(86400000000)

static void take_number(const struct line *line, const char *key, int64_t *next)
{
    int64_t n = 0;
    if (!line_integer(line, key, &n) && n >= *next &&
        recording_number_fits(n, *next)) {
        *next = n + 1;
    }
}

void scan_last_date(const struct scan *scan, char date[LEDGER_DATE_SIZE])
{
    char text[LINE_TIME_SIZE];
    int64_t last_us =
        scan->now_us > scan->signed_us ? scan->now_us : scan->signed_us;
    line_time_text(last_us + DAY_US, text);
    memcpy(date, text, LEDGER_DATE_SIZE - 1);
    date[LEDGER_DATE_SIZE - 1] = '\0';
}

/* The newest folder of a camera, as a signed line says, or another in reason.
 */
static void take_date(const struct ledger *ledger, const struct scan *scan,
                      struct ledger_camera *row, const char *date)
{
    char last[LEDGER_DATE_SIZE];
    scan_last_date(scan, last);
    if (strcmp(date, row->date) > 0 &&
        (!ledger->is_stranger || strcmp(date, last) <= 0)) {
        memcpy(row->date, date, LEDGER_DATE_SIZE);
    }
}

static void take_recording(struct ledger *ledger, const struct line *line,
                           const struct scan *scan, bool is_init)
{
    char name[LEDGER_CAMERA_SIZE + 8];
    char date[LEDGER_DATE_SIZE];
    line_text(line, "camera", name, sizeof name);
    line_text(line, "date", date, sizeof date);
    struct ledger_camera *row = ledger_camera_row(ledger, name);
    if (!row) {
        return;
    }
    take_number(line, "n", is_init ? &row->init : &row->segment);
    if (!is_init) {
        int64_t part = 0;
        bool whole = line_integer(line, "part", &part) != STING_OK;
        row->part = whole || part < 0 || part == INT64_MAX ? 0 : part + 1;
    }
    take_date(ledger, scan, row, date);
}

enum sting_status ledger_recipients_read(
    struct bytes list, struct agreement_key out[AGE_MOST_RECIPIENTS],
    size_t *count)
{
    *count = 0;
    while (list.size > 0) {
        const uint8_t *comma = memchr(list.data, ',', list.size);
        size_t size = comma ? (size_t)(comma - list.data) : list.size;
        if (*count == AGE_MOST_RECIPIENTS ||
            age_recipient_parse((struct bytes){list.data, size},
                                &out[*count])) {
            return STING_E_FORMAT;
        }
        ++*count;
        size_t used = comma ? size + 1 : size;
        list = (struct bytes){list.data + used, list.size - used};
    }
    return *count >= 2 ? STING_OK : STING_E_FORMAT;
}

static enum sting_status take_recipients(struct ledger *ledger,
                                         struct bytes list)
{
    return ledger_recipients_read(list, ledger->recipient, &ledger->recipients);
}

static void take_genesis(struct ledger *ledger, const struct line *line,
                         struct scan *scan)
{
    line_text(line, "origin", ledger->origin, sizeof ledger->origin);
    line_text(line, "role", ledger->role, sizeof ledger->role);
    scan->has_genesis =
        line->seq == 0 &&
        !line_hex(line, "log", scan->log.byte, PUBLIC_KEY_SIZE) &&
        !line_hex(line, "epoch", scan->epoch.byte, PUBLIC_KEY_SIZE) &&
        !take_recipients(ledger, line_raw(line, "recipients"));
    line_text(line, "v", scan->version, sizeof scan->version);
}

static void take_epoch(struct ledger *ledger, const struct line *line,
                       struct scan *scan)
{
    scan->epoch_end = line->seq;
    ledger->epoch_first = line->seq + 1;
    int64_t n = 0;
    if (!line_integer(line, "n", &n) && n >= 0) {
        ledger->epoch = (uint64_t)n + 1;
    }
    if (line_hex(line, "next", scan->epoch.byte, PUBLIC_KEY_SIZE)) {
        scan->is_altered = true;
    }
}

/* Within one boot of the machine, lines never go back in time. */
static void take_boot(struct ledger *ledger, const struct line *line)
{
    if (!strncmp(line->boot, ledger->boot, LINE_BOOT_SIZE - 1)) {
        ledger->last_boot_us = line->at.boot_us;
        ledger->offset_us = line->at.utc_us - line->at.boot_us;
        ledger->has_offset = true;
    }
}

/* One of nobody may bear any number: only the next one is believed. */
static void take_session(struct ledger *ledger, const struct line *line,
                         struct scan *scan)
{
    int64_t n = 0;
    scan->has_session = true;
    scan->has_stop = false;
    if (!line_integer(line, "n", &n) && n > 0 &&
        (!ledger->is_stranger || (uint64_t)n == ledger->session + 1)) {
        ledger->session = (uint64_t)n;
    }
}

static void take_line(struct ledger *ledger, const struct line *line,
                      struct scan *scan)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "seg")) {
        take_recording(ledger, line, scan, false);
    } else if (!strcmp(kind, "init")) {
        take_recording(ledger, line, scan, true);
    } else if (!strcmp(kind, "genesis")) {
        take_genesis(ledger, line, scan);
    } else if (!strcmp(kind, "epoch")) {
        take_epoch(ledger, line, scan);
    } else if (!strcmp(kind, "recipients")) {
        if (take_recipients(ledger, line_raw(line, "to"))) {
            scan->is_altered = true;
        }
    } else if (!strcmp(kind, "session")) {
        take_session(ledger, line, scan);
    } else if (!strcmp(kind, "stop")) {
        scan->has_stop = true;
    } else if (!strcmp(kind, "close")) {
        ledger->is_closed = true;
        scan->closed_us = line->at.utc_us;
        line_text(line, "by", scan->closed_by, sizeof scan->closed_by);
    }
}

/* Count a line in, and compare the root when the last checkpoint is there. */
static void count_line(struct ledger *ledger, struct bytes text,
                       struct scan *scan)
{
    ledger->prev = digest_of(text);
    ledger->bytes += text.size;
    tree_add(&ledger->tree, tree_leaf(text));
    if (ledger->tree.leaves == scan->note_size) {
        scan->is_checked = true;
        if (!digest_equal(tree_root(&ledger->tree), scan->note_root)) {
            scan->is_altered = scan->is_replaced = true;
        }
    }
}

/* Does the line stand where it must, and name the one before it? */
static bool is_chained(const struct ledger *ledger, const struct line *line,
                       enum sting_status parsed)
{
    bool known = !parsed || parsed == STING_E_UNSUPPORTED;
    return known && line->seq == ledger->tree.leaves &&
           line_follows(line, ledger->prev, ledger->prev_size);
}

/* Does it say why pictures are missing? What nobody signed does not: the next
 * session tells of a crash from the last recording on. */
static bool excuses(const struct line *line)
{
    const char *kind = line->kind->name;
    return !strcmp(kind, "stop") || !strcmp(kind, "gap") ||
           !strcmp(kind, "rest") ||
           (!strcmp(kind, "camera") &&
            !bytes_equal(line_raw(line, "state"), bytes_of_text("on")));
}

/* What nobody signed does not instruct: of a session, what it says of files
 * beside the evidence. */
static void take_known(struct ledger *ledger, const struct line *line,
                       struct scan *scan)
{
    const char *kind = line->kind->name;
    bool is_unsigned =
        unsigned_lines_has(&scan->unsigned_lines, ledger->tree.leaves);
    bool is_void = is_unsigned && line_instructs(kind);
    ledger->is_stranger = is_unsigned;
    scan->signed_us = is_unsigned ? scan->signed_us : line->at.utc_us;
    ledger->last_utc_us = line->at.utc_us;
    take_boot(ledger, line);
    if (is_void && ledger->tree.leaves >= scan->note_size) {
        if (scan->voids++ == 0) {
            (void)snprintf(scan->void_kind, sizeof scan->void_kind, "%s", kind);
        }
    }
    if (is_void) {
        return;
    }
    if (ledger->tree.leaves >= scan->note_size) {
        adopted_files_look(&scan->adopted, ledger, line);
    }
    if (!is_unsigned || !excuses(line)) {
        take_line(ledger, line, scan);
        ledger_lag_take(ledger, line);
    }
    if (!is_unsigned) {
        told_take(&ledger->told, line);
    }
}

/* How long the links are: as the first line says, else, where that does not
 * parse, as the next one has it. */
static void prev_size_take(struct ledger *ledger, const struct line *line,
                           enum sting_status parsed)
{
    if (!parsed || parsed == STING_E_UNSUPPORTED) {
        size_t known =
            ledger->tree.leaves == 0 ? line_prev_size(line_raw(line, "v")) : 0;
        ledger->prev_size = known ? known : line->prev_size;
    }
}

/* Is the line of this record? One that breaks the chain behind the last
 * checkpoint is what a crash left: reading stops there. Before it, somebody
 * altered the file: reading goes on, for recording must. */
static bool belongs(struct ledger *ledger, struct scan *scan,
                    const struct line *line, enum sting_status parsed)
{
    bool is_signed = ledger->tree.leaves < scan->note_size;
    if (ledger->prev_size == 0) {
        prev_size_take(ledger, line, parsed);
    }
    if (!is_chained(ledger, line, parsed)) {
        scan->is_altered = scan->is_altered || is_signed;
        if (!is_signed) {
            return false;
        }
    }
    if (!parsed && !is_signed && epoch_ends_at(scan, line)) {
        scan->is_cut_at_epoch = true;
        return false;
    }
    return true;
}

/* Read all lines that belong to the record. */
static enum sting_status scan_lines(struct ledger *ledger, struct scan *scan,
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open(ledger->operation, &reader, fault);
    if (!status) {
        ledger_reader_tell_torn(reader);
    }
    while (!status) {
        struct line line;
        enum sting_status parsed = ledger_reader_next(reader, &line);
        if (parsed == STING_E_ABSENT) {
            break;
        }
        if (parsed == STING_E_IO || parsed == STING_E_NOMEM) {
            return fault_errno(fault, parsed, "check the disk",
                               "evidence/ledger cannot be read");
        }
        if (!belongs(ledger, scan, &line, parsed)) {
            break;
        }
        if (!parsed) {
            take_known(ledger, &line, scan);
        }
        count_line(ledger, ledger_reader_text(reader), scan);
    }
    return status;
}

/* Until lines are read: the end of the day of the last checkpoint. */
static void signed_day_take(struct scan *scan)
{
    char text[LINE_TIME_SIZE];
    snprintf(text, sizeof text, "%.10sT23:59:59.999999Z",
             scan->unsigned_lines.notes);
    if (line_time_parse(bytes_of_text(text), &scan->signed_us)) {
        scan->signed_us = 0;
    }
}

enum sting_status ledger_scan(struct ledger *ledger, struct scan *scan,
                              struct fault *fault)
{
    enum sting_status status =
        unsigned_lines_read(ledger->operation, &scan->unsigned_lines, fault);
    scan->note_size = scan->unsigned_lines.signed_to;
    scan->note_root = scan->unsigned_lines.root;
    signed_day_take(scan);
    if (!status) {
        status = scan_notes(ledger, scan, fault);
    }
    if (!status) {
        epoch_keys_look(ledger, scan);
        status = scan_lines(ledger, scan, fault);
    }
    ledger->is_stranger = false;
    if (status) {
        return status;
    }
    if (!scan->is_checked) { /* the file is shorter than what was signed */
        scan->is_altered = scan->is_replaced = true;
    }
    if (ledger->tree.leaves > scan->note_size) {
        scan->tail = ledger->tree.leaves - scan->note_size;
    }
    return STING_OK;
}

void scan_release(struct scan *scan)
{
    unsigned_lines_release(&scan->unsigned_lines);
}
