#include "ledger/unsigned_lines.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "ledger/recording_name.h"

/* Of a file of notes, looked at: its end. Of those behind the newest that
 * holds any, the last ones: within a file they never go back. */
#define TAIL_BYTES ((size_t)1 << 20)
#define LAST_BYTES ((size_t)2 * NOTE_MOST_BYTES)
#define NOTES_NAME_SIZE UNSIGNED_LINES_NOTES_SIZE
#define MOST_FILES 100000
/* Signatures of nobody that are looked at, in all, and then still in a file:
 * who plants files full of them keeps nobody from starting. */
#define MOST_FORGED 20000
#define FEW_FORGED 64

/* ---- the last checkpoint ---- */

/* Who has to have signed: as the first line says. */
struct signer {
    char origin[LEDGER_ORIGIN_SIZE];
    struct public_key log;
};

/* The checkpoint that speaks of the most lines, so far; where it stands in two
 * files, in the older one. */
struct last {
    uint64_t size;
    struct digest root;
    char notes[NOTES_NAME_SIZE];
};

/* Names of files of notes. */
struct names {
    char (*name)[NOTES_NAME_SIZE]; /* owned */
    size_t count;
};

static void names_release(struct names *names)
{
    free(names->name);
    *names = (struct names){0};
}

static enum sting_status signer_read(int operation, struct signer *out,
                                     struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (status) {
        return status;
    }
    status = ledger_reader_next(reader, &line);
    if (status == STING_E_IO || status == STING_E_NOMEM) {
        return fault_errno(fault, status, "check the disk",
                           "the first line of evidence/ledger cannot be read");
    }
    if (status || strcmp(line.kind->name, "genesis") != 0 ||
        line_hex(&line, "log", out->log.byte, PUBLIC_KEY_SIZE)) {
        return STING_E_ABSENT;
    }
    line_text(&line, "origin", out->origin, sizeof out->origin);
    return STING_OK;
}

static int newest_first(const void *left, const void *right)
{
    return strcmp(right, left);
}

static enum sting_status names_add(struct names *names, const char *name,
                                   struct fault *fault)
{
    if (names->count == MOST_FILES) {
        return fault_set(fault, STING_E_LIMIT,
                         "take away those that no day of the record has",
                         "evidence/checkpoints holds more than %d files of "
                         "checkpoints",
                         MOST_FILES);
    }
    char *one = array_add(&names->name, &names->count, NOTES_NAME_SIZE);
    if (!one) {
        return STING_E_NOMEM;
    }
    memcpy(one, name, NOTES_NAME_SIZE);
    return STING_OK;
}

/* Files of notes not older than `oldest`, the newest first. */
static enum sting_status names_list(int operation, const char *oldest,
                                    struct names *out, struct fault *fault)
{
    int folder = openat(operation, "evidence/checkpoints",
                        O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing STING_AUTO(dir_close) = folder < 0 ? NULL : fdopendir(folder);
    enum sting_status status = STING_OK;
    const struct dirent *one = NULL;
    if (!listing) {
        fd_close(&folder);
        return STING_OK;
    }
    while (!status && (one = readdir(listing))) {
        if (recording_is_notes(one->d_name) &&
            strcmp(one->d_name, oldest) >= 0) {
            status = names_add(out, one->d_name, fault);
        }
    }
    if (out->count > 0) {
        qsort(out->name, out->count, NOTES_NAME_SIZE, newest_first);
    }
    return status;
}

static enum sting_status tail_read(int operation, const char *name, size_t most,
                                   struct buffer *out, struct fault *fault)
{
    struct stat info;
    char path[64];
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%s", name);
    int file STING_AUTO(fd_close) =
        openat(operation, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0 || fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        return STING_OK; /* no file of notes: there may be an older one */
    }
    off_t tail = (off_t)most;
    off_t skip = info.st_size > tail ? info.st_size - tail : 0;
    enum sting_status status = lseek(file, skip, SEEK_SET) < 0
                                   ? STING_E_IO
                                   : file_read_fd(file, 2 * most, out);
    return status ? fault_errno(fault, status, "check the disk",
                                "%s cannot be read", path)
                  : STING_OK;
}

/* Where the piece of text that ends at `end` begins, behind an empty line. */
static size_t piece_start(struct bytes text, size_t end)
{
    size_t start = end;
    while (start > 1 && memcmp(text.data + start - 2, "\n\n", 2) != 0) {
        start--;
    }
    return start > 1 ? start : 0;
}

/* Of two that speak of as many lines, the one in the older file. */
static bool is_more(const struct note *note, const char *name,
                    const struct last *than)
{
    return note->size > than->size ||
           (note->size > 0 && note->size == than->size &&
            strcmp(name, than->notes) < 0);
}

/* The one that speaks of the most lines and that the signer signed. Read from
 * the end back, so that one signature is checked where nobody added any. */
static void text_take(struct bytes text, const char *name,
                      const struct signer *signer, struct note *note,
                      int *forged, struct last *out)
{
    size_t end = text.size;
    int few = *forged + FEW_FORGED;
    while (end > 0 && *forged < (few > MOST_FORGED ? few : MOST_FORGED)) {
        size_t start = piece_start(text, end);
        struct bytes rest = {text.data + start, text.size - start};
        if (!note_parse(rest, note) && is_more(note, name, out)) {
            if (note_verify(note, signer->origin, &signer->log)) {
                ++*forged;
            } else {
                *out = (struct last){note->size, note->root, ""};
                memcpy(out->notes, name, NOTES_NAME_SIZE);
            }
        }
        end = start > 1 ? start - 1 : 0;
    }
}

/* All files, for any may be a planted one, and the true one behind it. */
static enum sting_status last_read(int operation, const struct signer *signer,
                                   const char *oldest, struct last *out,
                                   struct fault *fault)
{
    struct names names STING_AUTO(names_release) = {0};
    struct note *note = malloc(sizeof *note);
    int forged = 0;
    enum sting_status status =
        note ? names_list(operation, oldest, &names, fault) : STING_E_NOMEM;
    for (size_t i = 0; i < names.count && !status; i++) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        status = tail_read(operation, names.name[i],
                           out->size ? LAST_BYTES : TAIL_BYTES, &text, fault);
        if (!status) {
            text_take(buffer_bytes(&text), names.name[i], signer, note, &forged,
                      out);
        }
    }
    free(note);
    return status;
}

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

static void last_take(struct unsigned_lines *lines, const struct last *last)
{
    lines->signed_to = last->size;
    lines->root = last->root;
    memcpy(lines->notes, last->notes, sizeof lines->notes);
}

enum sting_status unsigned_lines_read(int operation, struct unsigned_lines *out,
                                      struct fault *fault)
{
    struct signer signer;
    struct last last = {.size = 0};
    *out = (struct unsigned_lines){.signed_to = 0};
    enum sting_status status = signer_read(operation, &signer, fault);
    if (!status) {
        status = last_read(operation, &signer, "", &last, fault);
    }
    if (status) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    last_take(out, &last);
    return marks_read(operation, out, fault);
}

void unsigned_lines_refresh(struct unsigned_lines *lines, int operation)
{
    struct signer signer;
    struct last last = {.size = 0};
    const struct unsigned_seen now = seen_now(operation, lines->notes);
    if (is_as_seen(&now, &lines->seen)) {
        return;
    }
    lines->seen = now;
    if (!signer_read(operation, &signer, NULL) &&
        !last_read(operation, &signer, lines->notes, &last, NULL) &&
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

/* The first range that ends beyond it; NULL when there is none. */
static const struct unsigned_range *range_beyond(
    const struct unsigned_lines *lines, uint64_t seq)
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
    return low < lines->ranges ? &lines->range[low] : NULL;
}

bool unsigned_lines_has(const struct unsigned_lines *lines, uint64_t seq)
{
    const struct unsigned_range *range = range_beyond(lines, seq);
    return seq >= lines->signed_to || (range && range->first <= seq);
}

uint64_t unsigned_lines_finder(const struct unsigned_lines *lines, uint64_t seq)
{
    const struct unsigned_range *range = range_beyond(lines, seq);
    return range && range->first <= seq ? range->session : UINT64_MAX;
}

bool unsigned_lines_file_seen(const struct unsigned_lines *lines, uint64_t seq)
{
    const struct unsigned_range *range = range_beyond(lines, seq);
    return seq < lines->signed_to && range && range->first <= seq &&
           seq < range->seen_to &&
           (lines->unlikes == 0 || !bsearch(&seq, lines->unlike, lines->unlikes,
                                            sizeof seq, number_order));
}
