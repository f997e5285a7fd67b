/* A batch as the text of its file: version 2, 3 of blind operations, and
 * reading version 1. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypt/stream.h"
#include "operation/baits.h"
#include "operation/register.h"
#include "operation/sheet.h"

#define MAGIC_1 "sting-register-1\n"
#define MAGIC_2 "sting-register-2\n"
#define MAGIC_3 "sting-register-3\n"
#define NAMES_STEP ((size_t)4096) /* names sealed apart fill whole ones */

const char *register_name(const char *holder)
{
    return strcmp(holder, REGISTER_SEALED_NAME) != 0 ? holder : NULL;
}

void register_batch_release(struct register_batch *batch)
{
    if (batch->salt) {
        secret_wipe_bytes(batch->salt, batch->copies * sizeof *batch->salt);
    }
    free(batch->salt);
    free(batch->bias);
    holder_list_release(&batch->holder);
    buffer_release(&batch->names);
    secret_wipe(&batch->seed);
    *batch = (struct register_batch){0};
}

struct register_copy register_copy_at(const struct register_batch *batch,
                                      uint32_t index)
{
    struct register_copy copy = {.number = batch->first + index,
                                 .holder =
                                     holder_list_at(&batch->holder, index)};
    uint8_t nonce[CHACHA20_NONCE_SIZE] = {0};
    if (batch->salt) {
        copy.salt = batch->salt[index];
        return copy;
    }
    for (int i = 0; i < 4; i++) {
        nonce[i] = (uint8_t)(copy.number >> (8 * i));
    }
    chacha20(&batch->seed, nonce, 0, copy.salt.byte, SECRET_SIZE);
    return copy;
}

static enum sting_status head_write(const char *magic,
                                    const struct register_batch *batch,
                                    struct buffer *out)
{
    char text[3][DIGEST_TEXT_SIZE];
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out,
        "%sbait %s\noriginal %s\nroot %s\nfacts %s\nissued %s\n"
        "folder %s\npages %u\ncopies %u\n",
        magic, batch->bait, digest_text(batch->original, text[0]),
        digest_text(batch->root, text[1]), digest_text(batch->facts, text[2]),
        clock_text(batch->issued_utc_us, when), batch->folder, batch->pages,
        batch->copies);
    if (!status && batch->packers[0]) {
        status = buffer_printf(out, "packers %s\n", batch->packers);
    }
    for (uint32_t p = 0; p < batch->pages && !status; p++) {
        status = buffer_printf(out, "bias %s\n",
                               digest_text(batch->bias[p], text[0]));
    }
    return status;
}

static enum sting_status seed_write(const struct register_batch *batch,
                                    struct buffer *out)
{
    char seed[2 * SECRET_SIZE + 1];
    hex_write(secret_bytes(&batch->seed), seed);
    enum sting_status status =
        buffer_printf(out, "seed %s\nholders %zu\n", seed,
                      holder_list_text(&batch->holder).size);
    secret_wipe_bytes(seed, sizeof seed);
    return status;
}

enum sting_status register_head_write(const struct register_batch *batch,
                                      struct buffer *out)
{
    enum sting_status status = head_write(MAGIC_2, batch, out);
    return status ? status : seed_write(batch, out);
}

enum sting_status register_blind_head_write(const struct register_batch *batch,
                                            size_t size, struct buffer *out)
{
    enum sting_status status = head_write(MAGIC_3, batch, out);
    return status ? status : buffer_printf(out, "names %zu\n", size);
}

/* The length of what is sealed tells nothing of one name's. */
static enum sting_status names_pad(size_t size, struct buffer *out)
{
    static const uint8_t nothing[NAMES_STEP];
    size_t over = size % NAMES_STEP;
    return buffer_append(out,
                         (struct bytes){nothing, over ? NAMES_STEP - over : 0});
}

enum sting_status register_names_write(const struct register_batch *batch,
                                       struct buffer *out)
{
    size_t start = out->size;
    enum sting_status status = seed_write(batch, out);
    if (!status) {
        status = buffer_append(out, holder_list_text(&batch->holder));
    }
    return status ? status : names_pad(out->size - start, out);
}

/* "sting-register-1", 2 or 3; 0 when it is none. */
static int version_take(struct bytes *from)
{
    size_t size = strlen(MAGIC_1);
    int version = 0;
    if (from->size >= size) {
        version = !memcmp(from->data, MAGIC_1, size)   ? 1
                  : !memcmp(from->data, MAGIC_2, size) ? 2
                  : !memcmp(from->data, MAGIC_3, size) ? 3
                                                       : 0;
    }
    if (version) {
        from->data += size;
        from->size -= size;
    }
    return version;
}

static enum sting_status counts_read(struct bytes *from,
                                     struct register_batch *out)
{
    int64_t pages = 0;
    int64_t copies = 0;
    enum sting_status status =
        sheet_take_number(from, "pages", BAIT_MOST_PAGES, &pages);
    if (!status) {
        status =
            sheet_take_number(from, "copies", REGISTER_MOST_COPIES, &copies);
    }
    if (!status && (copies == 0 || copies > UINT32_MAX - out->first)) {
        status = STING_E_FORMAT;
    }
    out->pages = (uint32_t)pages;
    out->copies = (uint32_t)copies;
    return status;
}

static enum sting_status head_read(struct bytes *from, int version,
                                   struct register_batch *out)
{
    enum sting_status status =
        sheet_take_text(from, "bait", out->bait, sizeof out->bait);
    if (!status) {
        status = sheet_take_digest(from, "original", &out->original);
    }
    if (!status) {
        status = sheet_take_digest(from, "root", &out->root);
    }
    if (!status && version > 1) {
        status = sheet_take_digest(from, "facts", &out->facts);
    }
    if (!status) {
        status = sheet_take_time(from, "issued", &out->issued_utc_us);
    }
    if (!status && version > 1) {
        status =
            sheet_take_text(from, "folder", out->folder, sizeof out->folder);
    }
    return status ? status : counts_read(from, out);
}

/* A line that earlier registers lack. */
static enum sting_status packers_read(struct bytes *from,
                                      struct register_batch *out)
{
    static const char key[] = "packers ";
    bool is_there = from->size >= sizeof key - 1 &&
                    !memcmp(from->data, key, sizeof key - 1);
    if (!is_there) {
        return STING_OK;
    }
    enum sting_status status =
        sheet_take_text(from, "packers", out->packers, sizeof out->packers);
    return !status && !sheet_text_is_valid(out->packers) ? STING_E_FORMAT
                                                         : status;
}

static enum sting_status biases_read(struct bytes *from,
                                     struct register_batch *out)
{
    enum sting_status status = STING_OK;
    out->bias = calloc((size_t)out->pages + 1, sizeof *out->bias);
    if (!out->bias) {
        return STING_E_NOMEM;
    }
    for (uint32_t p = 0; p < out->pages && !status; p++) {
        status = sheet_take_digest(from, "bias", &out->bias[p]);
    }
    return status;
}

static enum sting_status copy_read(struct bytes *from, uint32_t number,
                                   struct secret *salt,
                                   struct holder_list *list)
{
    int64_t got = 0;
    struct digest hex;
    struct bytes holder;
    enum sting_status status =
        sheet_take_number(from, "copy", UINT32_MAX, &got);
    if (!status && got != number) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        status = sheet_take_digest(from, "salt", &hex);
    }
    if (!status) {
        memcpy(salt->byte, hex.byte, SECRET_SIZE);
        status = sheet_take(from, "holder", &holder);
    }
    if (!status) {
        status = holder_list_add(list, holder);
    }
    return status == STING_E_ARG ? STING_E_FORMAT : status;
}

static enum sting_status copies_read_1(struct bytes from,
                                       struct register_batch *out)
{
    enum sting_status status = STING_OK;
    out->salt = calloc(out->copies, sizeof *out->salt);
    if (!out->salt) {
        return STING_E_NOMEM;
    }
    for (uint32_t i = 0; i < out->copies && !status; i++) {
        status = copy_read(&from, out->first + i, &out->salt[i], &out->holder);
    }
    return !status && from.size > 0 ? STING_E_FORMAT : status;
}

static enum sting_status copies_read_2(struct bytes from, struct buffer *text,
                                       struct register_batch *out)
{
    struct digest seed;
    int64_t size = 0;
    enum sting_status status = sheet_take_digest(&from, "seed", &seed);
    if (!status) {
        memcpy(out->seed.byte, seed.byte, SECRET_SIZE);
        status = sheet_take_number(&from, "holders", UINT32_MAX, &size);
    }
    if (!status && (uint64_t)size != from.size) {
        status = STING_E_FORMAT;
    }
    return status
               ? status
               : holder_list_take(&out->holder, text, from.size, out->copies);
}

/* Names that stay sealed: something stands for each. */
static enum sting_status copies_read_3(struct bytes from,
                                       struct register_batch *out)
{
    int64_t size = 0;
    enum sting_status status =
        sheet_take_number(&from, "names", UINT32_MAX, &size);
    if (!status && (uint64_t)size != from.size) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        status = buffer_append(&out->names, from);
    }
    for (uint32_t i = 0; i < out->copies && !status; i++) {
        status =
            holder_list_add(&out->holder, bytes_of_text(REGISTER_SEALED_NAME));
    }
    return status;
}

/* What fills the last step goes; names of before it was filled end earlier. */
static enum sting_status padding_drop(struct buffer *text)
{
    struct bytes from = buffer_bytes(text);
    struct digest seed;
    int64_t size = 0;
    enum sting_status status = sheet_take_digest(&from, "seed", &seed);
    if (!status) {
        status = sheet_take_number(&from, "holders", UINT32_MAX, &size);
    }
    secret_wipe_bytes(&seed, sizeof seed);
    if (status || (uint64_t)size >= from.size) {
        return status;
    }
    size_t padding = from.size - (size_t)size;
    for (size_t i = (size_t)size; i < from.size && !status; i++) {
        status = from.data[i] ? STING_E_FORMAT : STING_OK;
    }
    if (status || padding >= NAMES_STEP || text->size % NAMES_STEP != 0) {
        return STING_E_FORMAT;
    }
    text->size -= padding;
    return STING_OK;
}

enum sting_status register_names_read(struct buffer *text,
                                      struct register_batch *batch)
{
    struct register_batch opened STING_AUTO(register_batch_release) = {
        .first = batch->first, .copies = batch->copies};
    enum sting_status status = padding_drop(text);
    if (!status) {
        status = copies_read_2(buffer_bytes(text), text, &opened);
    }
    if (status) {
        return status;
    }
    holder_list_release(&batch->holder);
    buffer_release(&batch->names);
    batch->holder = opened.holder;
    batch->seed = opened.seed;
    opened.holder = (struct holder_list){0};
    return STING_OK;
}

enum sting_status register_read(struct buffer *text, uint32_t first,
                                struct register_batch *out)
{
    struct register_batch batch STING_AUTO(register_batch_release) = {
        .first = first};
    struct bytes from = buffer_bytes(text);
    int version = version_take(&from);
    enum sting_status status =
        version ? head_read(&from, version, &batch) : STING_E_FORMAT;
    if (status) {
        batch.copies = 0; /* nothing to wipe yet */
        return status;
    }
    status = version > 1 ? packers_read(&from, &batch) : STING_OK;
    if (!status) {
        status = biases_read(&from, &batch);
    }
    if (!status) {
        status = version == 1   ? copies_read_1(from, &batch)
                 : version == 2 ? copies_read_2(from, text, &batch)
                                : copies_read_3(from, &batch);
    }
    if (!status) {
        *out = batch;
        batch = (struct register_batch){0};
    }
    return status;
}
