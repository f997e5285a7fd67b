#include "ledger/unsigned_lines.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "ledger/last_signed.h"
#include "ledger/reader.h"

static struct unsigned_seen seen_now(int operation, const char *notes)
{
    struct stat folder, file;
    char path[64];
    struct unsigned_seen now = {.bytes = -1};
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%s", notes);
    if (!fstatat(operation, "evidence/checkpoints", &folder, 0)) {
        now.folder = folder.st_mtim;
    }
    if (notes[0] && !fstatat(operation, path, &file, AT_SYMLINK_NOFOLLOW)) {
        now.bytes = file.st_size;
    }
    return now;
}

static bool is_as_seen(const struct unsigned_seen *now,
                       const struct unsigned_seen *before)
{
    return now->bytes == before->bytes &&
           now->folder.tv_sec == before->folder.tv_sec &&
           now->folder.tv_nsec == before->folder.tv_nsec;
}

/* ---- what the session lines tell ---- */

static enum sting_status range_add(struct unsigned_lines *lines,
                                   const struct unsigned_range *range)
{
    if (lines->ranges == UNSIGNED_LINES_MOST) {
        return STING_E_LIMIT;
    }
    struct unsigned_range *one =
        array_add(&lines->range, &lines->ranges, sizeof *lines->range);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = *range;
    return STING_OK;
}

static enum sting_status unlike_add(struct unsigned_lines *lines, uint64_t seq)
{
    uint64_t *one =
        array_add(&lines->unlike, &lines->unlikes, sizeof *lines->unlike);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = seq;
    return STING_OK;
}

/* "17,23": numbers that grow, each of a line that was looked at. */
static enum sting_status unlike_read(struct unsigned_lines *lines,
                                     struct unsigned_range *range,
                                     const char *text)
{
    enum sting_status status = STING_OK;
    uint64_t least = range->first;
    while (*text && !status) {
        char *end = NULL;
        uint64_t seq = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || (*end && *end != ',') ||
            seq < least || seq >= range->seen_to ||
            lines->unlikes == UNSIGNED_LINES_MOST) {
            range->seen_to = range->first; /* not ours, or more than are held:
                                              nothing was seen */
            return STING_OK;
        }
        least = seq + 1;
        text = *end ? end + 1 : end;
        status = unlike_add(lines, seq);
    }
    return status;
}

static bool may_be_mark(struct bytes text)
{
    static const char key[] = " unsigned=";
    return memmem(text.data, text.size, key, sizeof key - 1) != NULL;
}

/* If it is a mark, *before: the first of the lines that it names. */
static enum sting_status mark_take(struct unsigned_lines *lines,
                                   struct bytes text, uint64_t seq,
                                   uint64_t *before)
{
    struct line line;
    char unlike[LINE_MOST_BYTES];
    int64_t count = 0;
    int64_t seen = 0;
    if (!may_be_mark(text) || line_parse(text, &line) ||
        strcmp(line.kind->name, "session") != 0 ||
        line_integer(&line, "unsigned", &count) || count < 1) {
        return STING_OK;
    }
    uint64_t most = (uint64_t)count < seq ? (uint64_t)count : seq;
    struct unsigned_range range = {seq - most, seq, seq - most};
    if (!line_integer(&line, "seen", &seen) && seen > 0 &&
        (uint64_t)seen <= most) {
        range.seen_to += (uint64_t)seen;
    }
    *before = range.first;
    enum sting_status status = unlike_read(
        lines, &range, line_text(&line, "unlike", unlike, sizeof unlike));
    return status ? status : range_add(lines, &range);
}

/* Past the lines that are signed; their count, and that of those before the
 * first that may be a mark. */
static enum sting_status signed_pass(struct ledger_reader *reader,
                                     uint64_t signed_to, uint64_t *count,
                                     uint64_t *first)
{
    *first = UINT64_MAX;
    for (*count = 0; *count < signed_to; ++*count) {
        enum sting_status status = ledger_reader_skip(reader);
        if (status &&
            status != STING_E_LIMIT) { /* no line of ours is so long */
            return status == STING_E_ABSENT ? STING_OK : status;
        }
        if (!status && *first == UINT64_MAX &&
            may_be_mark(ledger_reader_text(reader))) {
            *first = *count;
        }
    }
    return STING_OK;
}

/* The last mark of all is true: who found an untrue one named it in one of his
 * own. What that names was anybody's, marks among it too; before it, the last
 * one is true again. */
static enum sting_status marks_back(struct ledger_reader *reader, uint64_t seq,
                                    uint64_t first,
                                    struct unsigned_lines *lines)
{
    uint64_t before = seq;
    enum sting_status status = STING_OK;
    while (seq > first && first < before && !status) {
        seq--;
        status = ledger_reader_back(reader);
        if (status == STING_E_LIMIT) {
            status = STING_OK;
        } else if (!status && seq < before) {
            status = mark_take(lines, ledger_reader_text(reader), seq, &before);
            if (status == STING_E_LIMIT) {
                return status;
            }
        }
    }
    return status;
}

static int range_order(const void *left, const void *right)
{
    const struct unsigned_range *a = left, *b = right;
    return a->session < b->session ? -1 : a->session > b->session;
}

static int number_order(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void lines_order(struct unsigned_lines *lines)
{
    if (lines->ranges > 0) {
        qsort(lines->range, lines->ranges, sizeof *lines->range, range_order);
    }
    if (lines->unlikes > 0) {
        qsort(lines->unlike, lines->unlikes, sizeof *lines->unlike,
              number_order);
    }
}

static enum sting_status marks_read(int operation, struct unsigned_lines *lines,
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    uint64_t count = 0;
    uint64_t first = 0;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (status) {
        return status;
    }
    status = signed_pass(reader, lines->signed_to, &count, &first);
    if (!status) {
        status = marks_back(reader, count, first, lines);
    }
    lines_order(lines);
    if (status == STING_E_LIMIT) {
        return fault_set(
            fault, status, "go on with a new operation, and keep this one",
            "more than %d sessions of evidence/ledger found lines signed by "
            "nobody",
            UNSIGNED_LINES_MOST);
    }
    if (status == STING_E_IO) {
        return fault_errno(fault, status, "check the disk",
                           "evidence/ledger cannot be read");
    }
    return status;
}

/* ---- */

static void last_take(struct unsigned_lines *lines,
                      const struct last_signed *last)
{
    lines->signed_to = last->size;
    lines->root = last->root;
    memcpy(lines->notes, last->notes, sizeof lines->notes);
}

enum sting_status unsigned_lines_read(int operation, struct unsigned_lines *out,
                                      struct fault *fault)
{
    struct last_signed last;
    *out = (struct unsigned_lines){.signed_to = 0};
    enum sting_status status = last_signed_read(operation, "", &last, fault);
    if (status) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    last_take(out, &last);
    return marks_read(operation, out, fault);
}

void unsigned_lines_refresh(struct unsigned_lines *lines, int operation)
{
    struct last_signed last;
    const struct unsigned_seen now = seen_now(operation, lines->notes);
    if (is_as_seen(&now, &lines->seen)) {
        return;
    }
    lines->seen = now;
    if (!last_signed_read(operation, lines->notes, &last, NULL) &&
        last.size > lines->signed_to) {
        struct unsigned_lines fresh STING_AUTO(unsigned_lines_release) = {
            .seen = now};
        last_take(&fresh, &last);
        if (!marks_read(operation, &fresh, NULL)) {
            struct unsigned_lines before = *lines;
            *lines = fresh;
            fresh = before;
        }
    }
}

void unsigned_lines_release(struct unsigned_lines *lines)
{
    free(lines->range);
    free(lines->unlike);
    *lines = (struct unsigned_lines){.signed_to = 0};
}

/* The range that it is in; NULL when there is none. */
static const struct unsigned_range *range_of(const struct unsigned_lines *lines,
                                             uint64_t seq)
{
    size_t low = 0;
    size_t high = lines->ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (lines->range[middle].session > seq) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low < lines->ranges && lines->range[low].first <= seq
               ? &lines->range[low]
               : NULL;
}

bool unsigned_lines_has(const struct unsigned_lines *lines, uint64_t seq)
{
    return seq >= lines->signed_to || range_of(lines, seq);
}

uint64_t unsigned_lines_finder(const struct unsigned_lines *lines, uint64_t seq)
{
    const struct unsigned_range *range = range_of(lines, seq);
    return range ? range->session : UINT64_MAX;
}

bool unsigned_lines_file_seen(const struct unsigned_lines *lines, uint64_t seq)
{
    const struct unsigned_range *range = range_of(lines, seq);
    return seq < lines->signed_to && range && seq < range->seen_to &&
           (lines->unlikes == 0 || !bsearch(&seq, lines->unlike, lines->unlikes,
                                            sizeof seq, number_order));
}
