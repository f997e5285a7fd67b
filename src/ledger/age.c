/* The body of an age file: chunks of 64 KiB, each sealed with its number. */
#include "ledger/age.h"

#include <stdlib.h>
#include <string.h>

#include "crypt/aead.h"
#include "crypt/kdf.h"
#include "ledger/age_header.h"
#include "ledger/age_wrap.h"

#define NONCE_BYTES 16
#define SEALED_CHUNK_BYTES (AGE_CHUNK_BYTES + AEAD_TAG_SIZE)

/* What writer and reader share: the payload key and the chunk's number. */
struct chunks {
    struct aead *aead; /* owned */
    uint64_t number;
    struct digest_state *hash; /* of all that is sealed; NULL: not asked for */
};

static enum sting_status chunks_init(struct chunks *chunks,
                                     const uint8_t *file_key,
                                     const uint8_t nonce[NONCE_BYTES])
{
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    hkdf_sha256((struct bytes){file_key, AGE_FILE_KEY_BYTES},
                (struct bytes){nonce, NONCE_BYTES}, bytes_of_text("payload"),
                key.byte, SECRET_SIZE);
    return aead_new(&key, &chunks->aead);
}

/* Eleven bytes of number, big-endian, and whether it is the last chunk. */
static void chunk_nonce(uint64_t number, bool last,
                        uint8_t out[AEAD_NONCE_SIZE])
{
    memset(out, 0, AEAD_NONCE_SIZE);
    for (size_t i = 0; i < 8; i++) {
        out[10 - i] = (uint8_t)(number >> (8 * i));
    }
    out[11] = last;
}

static enum sting_status chunk_seal(struct chunks *chunks, struct bytes plain,
                                    bool last, struct buffer *out)
{
    uint8_t nonce[AEAD_NONCE_SIZE];
    enum sting_status status = buffer_reserve(out, plain.size + AEAD_TAG_SIZE);
    if (status) {
        return status;
    }
    chunk_nonce(chunks->number++, last, nonce);
    aead_seal(chunks->aead, nonce, (struct bytes){0}, plain,
              out->data + out->size);
    if (chunks->hash) { /* now, while it is in cache */
        digest_update(chunks->hash, (struct bytes){out->data + out->size,
                                                   plain.size + AEAD_TAG_SIZE});
    }
    out->size += plain.size + AEAD_TAG_SIZE;
    out->data[out->size] = '\0';
    return STING_OK;
}

/* Counts the chunk only when it opens, so that it may be tried again. */
static enum sting_status chunk_open(struct chunks *chunks, struct bytes sealed,
                                    bool last, struct buffer *out)
{
    uint8_t nonce[AEAD_NONCE_SIZE];
    enum sting_status status = buffer_reserve(out, sealed.size);
    if (status) {
        return status;
    }
    chunk_nonce(chunks->number, last, nonce);
    status = aead_open(chunks->aead, nonce, (struct bytes){0}, sealed,
                       out->data + out->size);
    if (!status) {
        chunks->number++;
        out->size += sealed.size - AEAD_TAG_SIZE;
    }
    if (out->data) {
        out->data[out->size] = '\0';
    }
    return status;
}

struct age_writer {
    struct chunks chunks;
    struct buffer held; /* plaintext short of a chunk, or one full chunk */
};

static enum sting_status writer_begin(struct age_writer *writer,
                                      const struct age_to *to,
                                      const struct random_source *random,
                                      struct buffer *out)
{
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    uint8_t nonce[NONCE_BYTES];
    random_fill(random, nonce, sizeof nonce);
    enum sting_status status = age_wrap(to, random, file_key, out);
    if (!status) {
        status = buffer_append(out, (struct bytes){nonce, NONCE_BYTES});
    }
    if (!status) {
        status = chunks_init(&writer->chunks, file_key, nonce);
    }
    secret_wipe_bytes(file_key, sizeof file_key);
    return status;
}

enum sting_status age_writer_new(const struct age_to *to,
                                 const struct random_source *random,
                                 struct buffer *out, struct age_writer **writer)
{
    struct age_writer *made STING_AUTO(age_writer_free) =
        calloc(1, sizeof *made);
    if (!made) {
        return STING_E_NOMEM;
    }
    enum sting_status status = writer_begin(made, to, random, out);
    if (status) {
        return status;
    }
    *writer = made;
    made = NULL;
    return STING_OK;
}

void age_writer_free(struct age_writer **writer)
{
    if (*writer) {
        aead_free(&(*writer)->chunks.aead);
        buffer_wipe(&(*writer)->held);
    }
    free(*writer);
    *writer = NULL;
}

/* Move bytes from the front of *from into what is held, up to one chunk. */
static enum sting_status hold(struct buffer *held, size_t most,
                              struct bytes *from)
{
    size_t room = most - held->size;
    size_t take = from->size < room ? from->size : room;
    enum sting_status status = buffer_reserve(held, most - held->size);
    if (!status) {
        status = buffer_append(held, (struct bytes){from->data, take});
    }
    if (!status && take > 0) {
        from->data += take;
        from->size -= take;
    }
    return status;
}

/* A full chunk is sealed only when more follows: the last one is marked. */
enum sting_status age_writer_put(struct age_writer *writer, struct bytes plain,
                                 struct buffer *out)
{
    struct buffer *held = &writer->held;
    enum sting_status status = STING_OK;
    while (!status && plain.size > 0) {
        if (held->size == AGE_CHUNK_BYTES) {
            status =
                chunk_seal(&writer->chunks, buffer_bytes(held), false, out);
            held->size = 0;
        } else if (held->size == 0 && plain.size > AGE_CHUNK_BYTES) {
            struct bytes chunk = {plain.data, AGE_CHUNK_BYTES};
            status = chunk_seal(&writer->chunks, chunk, false, out);
            plain.data += AGE_CHUNK_BYTES;
            plain.size -= AGE_CHUNK_BYTES;
        } else {
            status = hold(held, AGE_CHUNK_BYTES, &plain);
        }
    }
    return status;
}

enum sting_status age_writer_end(struct age_writer *writer, struct buffer *out)
{
    return chunk_seal(&writer->chunks, buffer_bytes(&writer->held), true, out);
}

struct age_reader {
    struct age_with with; /* borrowed keys */
    struct chunks chunks; /* aead is NULL until the header is read */
    struct buffer held;   /* sealed bytes not yet decided */
    enum sting_status failed;
};

enum sting_status age_reader_new(const struct age_with *with,
                                 struct age_reader **reader)
{
    struct age_reader *made = calloc(1, sizeof *made);
    if (!made) {
        return STING_E_NOMEM;
    }
    made->with = *with;
    *reader = made;
    return STING_OK;
}

void age_reader_free(struct age_reader **reader)
{
    if (*reader) {
        aead_free(&(*reader)->chunks.aead);
        buffer_release(&(*reader)->held);
    }
    free(*reader);
    *reader = NULL;
}

static enum sting_status unwrap(struct age_reader *reader,
                                const struct age_header *header)
{
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    enum sting_status status = age_unwrap(&reader->with, header, file_key);
    if (!status) {
        status = chunks_init(&reader->chunks, file_key,
                             reader->held.data + header->size);
    }
    secret_wipe_bytes(file_key, sizeof file_key);
    return status;
}

/* Read header and nonce once they are there; what follows stays held. */
static enum sting_status reader_begin(struct age_reader *reader)
{
    struct buffer *held = &reader->held;
    struct age_header *header = malloc(sizeof *header);
    if (!header) {
        return STING_E_NOMEM;
    }
    enum sting_status status = age_header_parse(buffer_bytes(held), header);
    if (!status) {
        size_t used = header->size + NONCE_BYTES;
        status = held->size < used ? STING_OK : unwrap(reader, header);
        if (!status && reader->chunks.aead) {
            memmove(held->data, held->data + used, held->size - used);
            held->size -= used;
        }
    } else if (status == STING_E_ABSENT) {
        status = STING_OK; /* more is to come */
    }
    free(header);
    return status;
}

/* A whole chunk behind which more comes. One that is marked as the last is
 * given out all the same: it is genuine, and what follows it is not. */
static enum sting_status chunk_pass(struct age_reader *reader,
                                    struct bytes sealed, struct buffer *out)
{
    enum sting_status status = chunk_open(&reader->chunks, sealed, false, out);
    if (status != STING_E_FORGED) {
        return status;
    }
    status = chunk_open(&reader->chunks, sealed, true, out);
    return status ? status : STING_E_FORMAT;
}

/* Open straight from `sealed` while a whole chunk surely is not the last. */
static enum sting_status open_chunks(struct age_reader *reader,
                                     struct bytes sealed, struct buffer *out)
{
    struct buffer *held = &reader->held;
    enum sting_status status = STING_OK;
    while (!status && sealed.size > 0) {
        if (held->size == SEALED_CHUNK_BYTES) {
            status = chunk_pass(reader, buffer_bytes(held), out);
            held->size = 0;
        } else if (held->size == 0 && sealed.size > SEALED_CHUNK_BYTES) {
            struct bytes chunk = {sealed.data, SEALED_CHUNK_BYTES};
            status = chunk_pass(reader, chunk, out);
            sealed.data += SEALED_CHUNK_BYTES;
            sealed.size -= SEALED_CHUNK_BYTES;
        } else {
            status = hold(held, SEALED_CHUNK_BYTES, &sealed);
        }
    }
    return status;
}

static enum sting_status reader_take(struct age_reader *reader,
                                     struct bytes sealed, struct buffer *out)
{
    if (reader->chunks.aead) {
        return open_chunks(reader, sealed, out);
    }
    enum sting_status status = buffer_append(&reader->held, sealed);
    if (!status) {
        status = reader_begin(reader);
    }
    if (status || !reader->chunks.aead) {
        return status;
    }
    struct buffer first STING_AUTO(buffer_release) = reader->held;
    reader->held = (struct buffer){0};
    return open_chunks(reader, buffer_bytes(&first), out);
}

enum sting_status age_reader_put(struct age_reader *reader, struct bytes sealed,
                                 struct buffer *out)
{
    if (!reader->failed) {
        reader->failed = reader_take(reader, sealed, out);
    }
    return reader->failed;
}

/* What is held must be the last chunk. A whole chunk that is not the last
 * is given out all the same: it is genuine, the file was cut behind it. */
static enum sting_status finish(struct age_reader *reader, struct buffer *out)
{
    struct bytes held = buffer_bytes(&reader->held);
    if (!reader->chunks.aead || held.size < AEAD_TAG_SIZE) {
        return STING_E_FORMAT;
    }
    if (held.size == AEAD_TAG_SIZE && reader->chunks.number > 0) {
        return STING_E_FORMAT; /* only an empty file ends in an empty chunk */
    }
    enum sting_status status = chunk_open(&reader->chunks, held, true, out);
    if (status != STING_E_FORGED || held.size < SEALED_CHUNK_BYTES) {
        return status;
    }
    status = chunk_open(&reader->chunks, held, false, out);
    return status ? status : STING_E_FORMAT;
}

enum sting_status age_reader_end(struct age_reader *reader, struct buffer *out)
{
    if (!reader->failed) {
        enum sting_status status = finish(reader, out);
        reader->failed = STING_E_ARG; /* nothing may follow the end */
        return status;
    }
    return reader->failed;
}

/* `hash` takes all that is appended; NULL: none. */
static enum sting_status seal(const struct age_to *to,
                              const struct random_source *random,
                              struct bytes plain, struct buffer *out,
                              struct digest_state *hash)
{
    struct age_writer *writer STING_AUTO(age_writer_free) = NULL;
    size_t chunks = plain.size / AGE_CHUNK_BYTES + 1;
    size_t start = out->size;
    enum sting_status status = age_writer_new(to, random, out, &writer);
    if (!status) {
        status = buffer_reserve(out, plain.size + chunks * AEAD_TAG_SIZE);
    }
    if (!status && hash) {
        digest_update(hash,
                      (struct bytes){out->data + start, out->size - start});
        writer->chunks.hash = hash;
    }
    if (!status) {
        status = age_writer_put(writer, plain, out);
    }
    if (!status) {
        status = age_writer_end(writer, out);
    }
    if (status) {
        out->size = start;
    }
    return status;
}

enum sting_status age_seal(const struct age_to *to,
                           const struct random_source *random,
                           struct bytes plain, struct buffer *out)
{
    return seal(to, random, plain, out, NULL);
}

enum sting_status age_seal_hashed(const struct age_to *to,
                                  const struct random_source *random,
                                  struct bytes plain, struct buffer *out,
                                  struct digest *ct)
{
    struct digest_state hash STING_AUTO(digest_release) = {0};
    digest_init(&hash);
    enum sting_status status = seal(to, random, plain, out, &hash);
    if (!status) {
        *ct = digest_final(&hash);
    }
    return status;
}

enum sting_status age_open(const struct age_with *with, struct bytes sealed,
                           struct buffer *out)
{
    struct age_reader *reader STING_AUTO(age_reader_free) = NULL;
    enum sting_status status = age_reader_new(with, &reader);
    if (!status) {
        status = age_reader_put(reader, sealed, out);
    }
    return status ? status : age_reader_end(reader, out);
}

static enum sting_status append_words(const struct age_stanza *stanza,
                                      struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 1; i < stanza->words && !status; i++) {
        status = i > 1 ? buffer_text_append(out, " ") : STING_OK;
        if (!status) {
            status = buffer_append(out, stanza->word[i]);
        }
    }
    return status;
}

enum sting_status age_note(struct bytes sealed, struct buffer *out)
{
    struct age_header *header = malloc(sizeof *header);
    if (!header) {
        return STING_E_NOMEM;
    }
    enum sting_status status = age_header_parse(sealed, header);
    const struct age_stanza *found = NULL;
    for (size_t i = 0; !status && i < header->stanzas; i++) {
        if (bytes_equal(header->stanza[i].word[0], bytes_of_text("sting"))) {
            found = &header->stanza[i];
        }
    }
    if (!status) {
        status = found ? append_words(found, out) : STING_E_ABSENT;
    }
    free(header);
    return status;
}
