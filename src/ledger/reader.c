#include "ledger/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file_kind.h"
#include "ledger/torn.h"
#include "ledger/unsigned_lines.h"

#define CHUNK_BYTES ((size_t)256 * 1024)

struct ledger_reader {
    int file;           /* owned */
    struct buffer held; /* bytes read and not yet given */
    size_t given;       /* bytes at its front that were given */
    uint64_t offset;    /* in the file, of the last line given */
    uint64_t next;      /* in the file, of held.data[given] */
    uint64_t dropped;   /* bytes of a line too long to be held */
    struct bytes text;
    uint64_t lines; /* so many were given */
    bool tells_torn;
    bool goes_back; /* held ends where `next` is */

    int operation; /* owned, of one that leaves lines out; -1 */
    struct unsigned_lines unsigned_lines; /* and which */
};

enum sting_status ledger_reader_open(int operation, struct ledger_reader **out,
                                     struct fault *fault)
{
    if (file_kind_check(operation, "evidence/ledger", false, fault)) {
        return STING_E_UNSUPPORTED;
    }
    int file STING_AUTO(fd_close) =
        openat(operation, "evidence/ledger",
               O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    if (file >= 0 && (fstat(file, &info) != 0 || !S_ISREG(info.st_mode))) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "name the folder of an operation",
                         "evidence/ledger is not a regular file");
    }
    if (file < 0) {
        return fault_errno(fault,
                           errno == ENOENT || errno == ENOTDIR ? STING_E_ABSENT
                                                               : STING_E_IO,
                           "name the folder of an operation",
                           "evidence/ledger cannot be opened");
    }
    struct ledger_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        return STING_E_NOMEM;
    }
    reader->file = file;
    reader->operation = -1;
    file = -1;
    *out = reader;
    return STING_OK;
}

enum sting_status ledger_reader_open_signed(int operation,
                                            struct ledger_reader **out,
                                            struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (status || !reader) {
        return status;
    }
    status = unsigned_lines_read(operation, &reader->unsigned_lines, fault);
    if (status) {
        return status;
    }
    reader->operation = fcntl(operation, F_DUPFD_CLOEXEC, 3);
    if (reader->operation < 0) {
        return fault_errno(fault, STING_E_IO, "close some files",
                           "the folder cannot be held");
    }
    *out = reader;
    reader = NULL;
    return STING_OK;
}

void ledger_reader_free(struct ledger_reader **reader)
{
    if (*reader) {
        fd_close(&(*reader)->file);
        fd_close(&(*reader)->operation);
        unsigned_lines_release(&(*reader)->unsigned_lines);
        buffer_release(&(*reader)->held);
    }
    free(*reader);
    *reader = NULL;
}

void ledger_reader_tell_torn(struct ledger_reader *reader)
{
    reader->tells_torn = true;
}

/* Read on. Fails: E_ABSENT at the end of the file. */
static enum sting_status fill(struct ledger_reader *reader)
{
    struct buffer *held = &reader->held;
    if (reader->given > 0) {
        held->size -= reader->given;
        memmove(held->data, held->data + reader->given, held->size);
        reader->given = 0;
    }
    if (held->size > LINE_MOST_BYTES) { /* no line is so long: let it pass */
        reader->dropped += held->size;
        reader->next += held->size;
        held->size = 0;
    }
    enum sting_status status = buffer_reserve(held, CHUNK_BYTES);
    if (status) {
        return status;
    }
    ssize_t got = 0;
    do {
        got = read(reader->file, held->data + held->size, CHUNK_BYTES);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {
        return got < 0 ? STING_E_IO : STING_E_ABSENT;
    }
    held->size += (size_t)got;
    return STING_OK;
}

/* Move past one line that is wholly held. */
static void take(struct ledger_reader *reader, size_t size)
{
    reader->text = (struct bytes){reader->held.data + reader->given, size};
    reader->offset = reader->next - reader->dropped;
    reader->given += size;
    reader->next += size;
    reader->lines++;
}

enum sting_status ledger_reader_skip(struct ledger_reader *reader)
{
    size_t looked = 0; /* bytes known to hold no LF */
    for (;;) {
        struct buffer *held = &reader->held;
        size_t left = held->size - reader->given;
        size_t from = reader->given + looked;
        const uint8_t *end =
            left > looked ? memchr(held->data + from, '\n', left - looked)
                          : NULL;
        if (end) {
            take(reader, (size_t)(end - held->data) - reader->given + 1);
            bool too_long = reader->dropped > 0;
            reader->dropped = 0;
            return too_long ? STING_E_LIMIT : STING_OK;
        }
        enum sting_status status = fill(reader);
        if (status) {
            return status;
        }
        looked = left <= reader->held.size && reader->dropped == 0 ? left : 0;
    }
}

/* Hold what stands before. Fails: E_ABSENT at the beginning of the file. */
static enum sting_status fill_back(struct ledger_reader *reader)
{
    struct buffer *held = &reader->held;
    uint64_t before = reader->next - held->size;
    size_t size = before < CHUNK_BYTES ? (size_t)before : CHUNK_BYTES;
    enum sting_status status = buffer_reserve(held, CHUNK_BYTES);
    if (status || size == 0) {
        return status ? status : STING_E_ABSENT;
    }
    memmove(held->data + size, held->data, held->size);
    for (size_t at = 0; at < size;) {
        ssize_t got = pread(reader->file, held->data + at, size - at,
                            (off_t)(before - size + at));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return STING_E_IO; /* a file that is shorter now, too */
        }
        at += got > 0 ? (size_t)got : 0;
    }
    held->size += size;
    return STING_OK;
}

/* The line that ends where held does, and begins behind the LF at `from`. */
static void take_back(struct ledger_reader *reader, size_t from)
{
    struct buffer *held = &reader->held;
    reader->text = (struct bytes){held->data + from, held->size - from};
    held->size = from;
    reader->next -= reader->text.size;
    reader->offset = reader->next;
    reader->lines--;
}

/* Where the line begins that ends where held does; SIZE_MAX: further back. */
static size_t begin_find(const struct ledger_reader *reader)
{
    const struct buffer *held = &reader->held;
    const uint8_t *lf =
        held->size > 1 ? memrchr(held->data, '\n', held->size - 1) : NULL;
    if (lf) {
        return (size_t)(lf - held->data) + 1;
    }
    return held->size > 0 && held->size == reader->next ? 0 : SIZE_MAX;
}

enum sting_status ledger_reader_back(struct ledger_reader *reader)
{
    struct buffer *held = &reader->held;
    bool too_long = false;
    if (!reader->goes_back) {
        held->size = reader->given = 0;
        reader->next -= reader->dropped; /* of what no LF has ended */
        reader->goes_back = true;
    }
    size_t from = begin_find(reader);
    while (from == SIZE_MAX) {
        if (held->size > LINE_MOST_BYTES) { /* no line is so long */
            too_long = true;
            reader->next -= held->size - 1;
            held->size = 1; /* the LF before is still to be found */
        }
        enum sting_status status = fill_back(reader);
        if (status) {
            return status;
        }
        from = begin_find(reader);
    }
    take_back(reader, from);
    return too_long || reader->text.size > LINE_MOST_BYTES ? STING_E_LIMIT
                                                           : STING_OK;
}

/* Did nobody sign the line last given, which instructs? By its place in the
 * file: what number it gives itself may be a lie. */
static bool is_void(struct ledger_reader *reader, const struct line *line)
{
    struct unsigned_lines *known = &reader->unsigned_lines;
    uint64_t seq = reader->lines - 1;
    if (reader->operation < 0 || !line_instructs(line->kind->name)) {
        return false;
    }
    if (seq >= known->signed_to) {
        unsigned_lines_refresh(known, reader->operation);
    }
    return unsigned_lines_has(known, seq);
}

/* The next writer cuts it off: what stands there then is read anew. */
static enum sting_status untake(struct ledger_reader *reader)
{
    reader->held.size = 0;
    reader->given = 0;
    reader->next = reader->offset;
    reader->lines--;
    return lseek(reader->file, (off_t)reader->offset, SEEK_SET) < 0
               ? STING_E_IO
               : STING_E_ABSENT;
}

static bool is_torn(const struct ledger_reader *reader)
{
    return !reader->tells_torn && ledger_reader_is_last(reader) &&
           torn_has_hole(reader->text, reader->offset);
}

enum sting_status ledger_reader_next(struct ledger_reader *reader,
                                     struct line *out)
{
    enum sting_status status = STING_OK;
    do {
        status = ledger_reader_skip(reader);
        if (!status) {
            status = line_parse(reader->text, out);
        }
    } while (!status && is_void(reader, out));
    return status == STING_E_FORMAT && is_torn(reader) ? untake(reader)
                                                       : status;
}

enum sting_status ledger_reader_next_known(struct ledger_reader *reader,
                                           struct line *out)
{
    enum sting_status status = STING_OK;
    do {
        status = ledger_reader_next(reader, out);
    } while (status == STING_E_FORMAT || status == STING_E_LIMIT ||
             status == STING_E_UNSUPPORTED);
    return status;
}

enum sting_status ledger_reader_follow(
    struct ledger_reader *reader, size_t lines,
    enum sting_status (*each)(void *context, const struct line *line),
    void *context)
{
    for (size_t i = 0; i < lines; i++) {
        struct line line;
        enum sting_status status = ledger_reader_next(reader, &line);
        if (status == STING_E_ABSENT) {
            return STING_OK;
        }
        if (!status) {
            status = each(context, &line);
        } else if (status != STING_E_IO) {
            continue; /* sting verify tells what is wrong with it */
        }
        if (status) {
            return status;
        }
    }
    return STING_E_BUSY;
}

struct bytes ledger_reader_text(const struct ledger_reader *reader)
{
    return reader->text;
}

uint64_t ledger_reader_offset(const struct ledger_reader *reader)
{
    return reader->offset;
}

bool ledger_reader_is_last(const struct ledger_reader *reader)
{
    struct stat info;
    return fstat(reader->file, &info) == 0 &&
           (uint64_t)info.st_size == reader->next;
}

uint64_t ledger_reader_rest(const struct ledger_reader *reader)
{
    return reader->held.size - reader->given + reader->dropped;
}
