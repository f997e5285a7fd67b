/* A whole record whose ledger and notes somebody changed, as verify, and then
 * the next writer, finds it. Keys and first bytes are always the same; nobody
 * here can sign.
 *
 * Input: how many changes (2 bits), whether what follows the last signed line
 * is numbered and chained anew, as anybody could (bit 2), whether the writer
 * ends its session or dies (bit 3); each change in 5 bytes (struct change);
 * then what stands behind the last signed line, 0xff, and what stands behind
 * the last note.
 *
 * What holds:
 * - INTACT and INTACT WITH GAPS are said only of lines that are, byte by byte,
 *   those up to a checkpoint, and up to each whose note is there whole;
 * - where the notes are the first ones whole and what they sign is as it was,
 *   nothing is TAMPERED or CUT, whatever stands behind it;
 * - a writer loses no byte: what is not at the front of the ledger and of the
 *   notes when it has opened them lies in evidence/torn.N;
 * - one that refuses the record makes nothing good that was TAMPERED or CUT;
 * - its own lines and signatures make no changed line good, and turn nothing
 *   that nobody signed into an accusation. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/note.h"
#include "ledger/verify.h"
#include "tests/unit/ledger/garden.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_FILES 64
#define MOST_NOTES 16
#define MOST_BYTES ((size_t)1 << 20)
#define LEDGER "evidence/ledger"
#define NOTES "evidence/checkpoints/2011-11-01.notes"

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* ---- always the same ---- */

static uint64_t drawn;

static void fill_again(void *context, uint8_t *out, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++) {
        uint64_t bits = ++drawn * 0x9e3779b97f4a7c15u;
        bits = (bits ^ (bits >> 31)) * 0xbf58476d1ce4e5b9u;
        out[i] = (uint8_t)(bits >> 56);
    }
}

extern const struct random_source __wrap_random_kernel;
const struct random_source __wrap_random_kernel = {fill_again, NULL};

/* ---- the record as it was ---- */

struct kept_file {
    char path[160];
    struct buffer bytes;
};

static struct garden garden;
static struct kept_file file[MOST_FILES];
static size_t files;
static struct bytes ledger_was, notes_was;
static size_t note_ends[MOST_NOTES]; /* where in the notes */
static size_t line_ends[MOST_NOTES]; /* of what it signs, in the ledger */
static size_t notes_count;
static struct moment then;

/* Bytes of so many lines. */
static size_t bytes_of_lines(struct bytes text, uint64_t lines)
{
    size_t at = 0;
    for (; lines > 0 && at < text.size; at++) {
        lines -= text.data[at] == '\n';
    }
    return lines > 0 ? SIZE_MAX : at;
}

static int keep_one(const char *path, const struct stat *info, int type,
                    struct FTW *where)
{
    (void)info;
    (void)where;
    if (type == FTW_F) {
        hold(files < MOST_FILES);
        struct kept_file *one = &file[files++];
        snprintf(one->path, sizeof one->path, "%s",
                 path + strlen(garden.path) + 1);
        hold(!file_read(garden.dir, one->path, MOST_BYTES, &one->bytes, NULL));
    }
    return 0;
}

static struct bytes kept(const char *path)
{
    for (size_t i = 0; i < files; i++) {
        if (!strcmp(file[i].path, path)) {
            return buffer_bytes(&file[i].bytes);
        }
    }
    abort();
}

static void remember(void)
{
    static struct note note;
    hold(!nftw(garden.path, keep_one, 16, FTW_PHYS));
    ledger_was = kept(LEDGER);
    notes_was = kept(NOTES);
    for (size_t at = 0; at < notes_was.size; at += note.bytes) {
        hold(notes_count < MOST_NOTES &&
             !note_parse(
                 (struct bytes){notes_was.data + at, notes_was.size - at},
                 &note));
        note_ends[notes_count] = at + note.bytes;
        line_ends[notes_count++] = bytes_of_lines(ledger_was, note.size);
    }
    then = garden.now;
}

static void record_some(struct ledger *ledger, uint64_t first, uint64_t count)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    recording = garden_camera(&garden, ledger);
    hold(!garden_record(&garden, recording, first, count, 0));
    hold(count < 8 || !recording_close(recording, garden.now, NULL));
}

static void clear(void)
{
    garden_remove(&garden);
}

/* A session that ended, and one that died with lines and parts that nobody
 * signed. */
static void make_record(void)
{
    const struct line_field lost[] = {{"camera", "garage"}, {"state", "lost"}};
    garden_make(&garden, "/dev/shm");
    atexit(clear);
    struct ledger *ledger = garden_open(&garden);
    record_some(ledger, 0, 10);
    hold(!ledger_checkpoint(ledger, garden.now, NULL));
    hold(!ledger_close(&ledger, garden.now, "done", NULL));
    ledger = garden_open(&garden);
    hold(!ledger_checkpoint(ledger, garden.now, NULL));
    record_some(ledger, 100, 3);
    hold(!ledger_append(ledger, garden.now, "camera", lost, 2, NULL, NULL));
    ledger_free(&ledger);
    garden_wait(&garden, 1000000);
    remember();
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *where)
{
    (void)info;
    (void)where;
    return type == FTW_D || type == FTW_DP ? 0 : remove(path);
}

static void put(const char *path, struct bytes bytes)
{
    int out STING_AUTO(fd_close) = openat(
        garden.dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    hold(out >= 0 && !file_write_fd(out, bytes));
}

static void put_all(struct bytes ledger, struct bytes notes)
{
    hold(!nftw(garden.path, remove_one, 16, FTW_DEPTH | FTW_PHYS));
    for (size_t i = 0; i < files; i++) {
        put(file[i].path, buffer_bytes(&file[i].bytes));
    }
    put(LEDGER, ledger);
    put(NOTES, notes);
    garden.now = then;
    drawn = 1u << 20;
}

/* ---- changes ---- */

struct change {
    uint8_t what;  /* least bit: the notes; then one of seven */
    uint8_t at[2]; /* byte or line, least first */
    uint8_t count;
    uint8_t value;
};

static void cut_out(struct buffer *text, size_t at, size_t count)
{
    count = count > text->size - at ? text->size - at : count;
    text->size -= count;
    memmove(text->data + at, text->data + at + count, text->size - at);
}

static void put_in(struct buffer *text, size_t at, struct bytes bytes)
{
    struct buffer made STING_AUTO(buffer_release) = {0};
    hold(!buffer_append(&made, (struct bytes){text->data, at}) &&
         !buffer_append(&made, bytes) &&
         !buffer_append(&made,
                        (struct bytes){text->data + at, text->size - at}));
    struct buffer before = *text;
    *text = made;
    made = before;
}

static void change_line(struct buffer *text, unsigned what, size_t at)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    size_t begin = bytes_of_lines(buffer_bytes(text), at);
    size_t end = bytes_of_lines(buffer_bytes(text), at + 1);
    if (begin == SIZE_MAX || end == SIZE_MAX) {
        return;
    }
    hold(
        !buffer_append(&line, (struct bytes){text->data + begin, end - begin}));
    if (what == 4) {
        cut_out(text, begin, end - begin);
    } else if (what == 5) {
        put_in(text, begin, buffer_bytes(&line));
    } else {
        text->size = end;
    }
}

static void change_one(struct buffer *text, const struct change *change)
{
    size_t at = change->at[0] | (size_t)change->at[1] << 8;
    unsigned what = (unsigned)(change->what >> 1) % 7;
    if (text->size == 0) {
        return;
    }
    if (what >= 4) {
        change_line(text, what, at);
        return;
    }
    at %= text->size;
    if (what == 0) {
        text->data[at] = change->value;
    } else if (what == 1) {
        put_in(text, at, (struct bytes){&change->value, 1});
    } else if (what == 2) {
        cut_out(text, at, change->count);
    } else {
        text->size = at;
    }
}

/* One line, numbered and chained to the one before it, as it should be. */
static void chain_line(struct buffer *out, size_t before, uint64_t seq,
                       struct bytes line)
{
    char number[24], hash[DIGEST_TEXT_SIZE];
    size_t begin = 0, end = line.size;
    const uint8_t *prev = memmem(line.data, line.size, " prev=", 6);
    while (begin < line.size && line.data[begin] >= '0' &&
           line.data[begin] <= '9') {
        begin++;
    }
    if (prev) {
        end = (size_t)(prev - line.data);
    }
    snprintf(number, sizeof number, "%llu", (unsigned long long)seq);
    digest_text(
        digest_of((struct bytes){out->data + before, out->size - before}),
        hash);
    hold(!buffer_append(out, bytes_of_text(number)) &&
         (end <= begin || !buffer_append(out, (struct bytes){line.data + begin,
                                                             end - begin})) &&
         !buffer_append(out, bytes_of_text(" prev=")) &&
         !buffer_append(out, (struct bytes){(uint8_t *)hash, 32}) &&
         !buffer_append(out, bytes_of_text("\n")));
}

static void chain_tail(struct buffer *out, struct bytes tail)
{
    uint64_t seq = 0;
    size_t before = 0;
    for (size_t at = 0; at + 1 < out->size; at++) {
        before = out->data[at] == '\n' ? at + 1 : before;
        seq += out->data[at] == '\n';
    }
    while (tail.size > 0) {
        const uint8_t *lf = memchr(tail.data, '\n', tail.size);
        if (!lf) {
            hold(!buffer_append(out, tail));
            return;
        }
        size_t used = (size_t)(lf - tail.data);
        size_t begin = out->size;
        chain_line(out, before, ++seq, (struct bytes){tail.data, used});
        before = begin;
        tail = (struct bytes){lf + 1, tail.size - used - 1};
    }
}

/* Ledger and notes as the input says. */
static void build(struct bytes rest, unsigned flags, struct buffer *ledger,
                  struct buffer *notes)
{
    struct change change[3];
    size_t changes = flags & 3;
    size_t signed_bytes = line_ends[notes_count - 1];
    for (size_t i = 0; i < changes; i++) {
        if (rest.size < sizeof *change) {
            changes = i;
            break;
        }
        memcpy(&change[i], rest.data, sizeof *change);
        rest.data += sizeof *change;
        rest.size -= sizeof *change;
    }
    const uint8_t *end = rest.size ? memchr(rest.data, 0xff, rest.size) : NULL;
    size_t used = end ? (size_t)(end - rest.data) : rest.size;
    struct bytes tail = {rest.data, used};
    hold(
        !buffer_append(ledger, (struct bytes){ledger_was.data, signed_bytes}) &&
        !buffer_append(notes, notes_was));
    if (flags & 4) {
        chain_tail(ledger, tail);
    } else {
        hold(!buffer_append(ledger, tail));
    }
    hold(!end ||
         !buffer_append(notes, (struct bytes){end + 1, rest.size - used - 1}));
    for (size_t i = 0; i < changes; i++) {
        change_one(change[i].what & 1 ? notes : ledger, &change[i]);
    }
}

/* ---- what holds ---- */

static bool begins_with(struct bytes text, struct bytes front)
{
    return text.size >= front.size &&
           (front.size == 0 || !memcmp(text.data, front.data, front.size));
}

static bool is_signed_as_was(struct bytes ledger, size_t note)
{
    return begins_with(ledger,
                       (struct bytes){ledger_was.data, line_ends[note]});
}

static bool has_note(struct bytes notes, size_t note)
{
    size_t begin = note ? note_ends[note - 1] : 0;
    return memmem(notes.data, notes.size, notes_was.data + begin,
                  note_ends[note] - begin) != NULL;
}

/* How many of the first notes are there, and nothing but these; 0: others. */
static size_t notes_only(struct bytes notes)
{
    for (size_t i = 0; i < notes_count; i++) {
        if (notes.size == note_ends[i]) {
            return begins_with(notes_was, notes) ? i + 1 : 0;
        }
    }
    return 0;
}

static void judge_now(struct verify_report *report)
{
    const struct verify_options options = {.identity = NULL};
    hold(!verify_operation(garden.dir, &options, report, NULL));
}

/* Good is said of what was signed, and of all that was. */
static void good_holds(const struct verify_report *report, struct bytes ledger,
                       struct bytes notes)
{
    if (report->verdict > VERIFY_GAPS) {
        return;
    }
    size_t bytes =
        bytes_of_lines(ledger, report->entries - report->tail_entries);
    hold(bytes > 0 && bytes <= line_ends[notes_count - 1] &&
         begins_with(ledger, (struct bytes){ledger_was.data, bytes}));
    for (size_t i = 0; i < notes_count; i++) {
        hold(!has_note(notes, i) || line_ends[i] <= bytes);
    }
}

/* All of it is at the front of the file, or its end was put aside. */
static bool is_kept(const char *path, struct bytes before)
{
    struct buffer now STING_AUTO(buffer_release) = {0};
    if (file_read(garden.dir, path, MOST_BYTES, &now, NULL)) {
        return false;
    }
    bool is_kept = begins_with(buffer_bytes(&now), before);
    for (int n = 1; n < 4 && !is_kept; n++) {
        struct buffer torn STING_AUTO(buffer_release) = {0};
        char name[24];
        snprintf(name, sizeof name, "evidence/torn.%d", n);
        if (!file_read(garden.dir, name, MOST_BYTES, &torn, NULL) &&
            torn.size <= before.size) {
            size_t front = before.size - torn.size;
            is_kept = !memcmp(before.data + front, torn.data, torn.size) &&
                      begins_with(buffer_bytes(&now),
                                  (struct bytes){before.data, front});
        }
    }
    return is_kept;
}

static bool write_on(bool ends)
{
    const struct ledger_context context = {
        .random = &__wrap_random_kernel,
        .boot = "0a1b2c3d-0000-4000-8000-000000000000",
        .version = "0.1.0"};
    struct ledger *ledger STING_AUTO(ledger_free) = NULL;
    enum sting_status status =
        ledger_open(garden.dir, &context, garden.now, &ledger, NULL);
    hold(status != STING_E_IO && status != STING_E_NOMEM);
    if (!status && ends) {
        hold(!ledger_close(&ledger, garden.now, "done", NULL));
    }
    return !status;
}

/* A changed line stays a changed line, whoever signs behind it. */
static void written_holds(const struct verify_report *report,
                          struct bytes ledger, struct bytes notes)
{
    for (size_t i = 0; i < notes_count; i++) {
        bool is_there =
            begins_with(notes, (struct bytes){notes_was.data, note_ends[i]});
        hold(!is_there || is_signed_as_was(ledger, i) ||
             report->verdict > VERIFY_GAPS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer signs STING_AUTO(buffer_release) = {0};
    struct verify_report before STING_AUTO(verify_report_release) = {0};
    struct verify_report after STING_AUTO(verify_report_release) = {0};
    if (!files) {
        make_record();
    }
    if (size == 0) {
        return 0;
    }
    build((struct bytes){data + 1, size - 1}, *data, &text, &signs);
    struct bytes ledger = buffer_bytes(&text), notes = buffer_bytes(&signs);
    put_all(ledger, notes);
    judge_now(&before);
    good_holds(&before, ledger, notes);
    size_t only = notes_only(notes);
    bool is_as_was = only > 0 && is_signed_as_was(ledger, only - 1);
    hold(!is_as_was || before.verdict < VERIFY_CUT);
    bool is_open = write_on(*data & 8);
    hold(is_kept(LEDGER, ledger) && is_kept(NOTES, notes));
    judge_now(&after);
    written_holds(&after, ledger, notes);
    hold(!is_as_was || after.verdict < VERIFY_CUT);
    hold(is_open || before.verdict < VERIFY_CUT || after.verdict > VERIFY_GAPS);
    return 0;
}
