#include "cli/verify_outside.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "ledger/anchor_file.h"

void outside_release(struct outside *outside)
{
    for (size_t i = 0; i < OUTSIDE_MOST_KEYS; i++) {
        buffer_release(&outside->anchor[i]);
    }
    buffer_release(&outside->authorities);
    free(outside->checkpoint);
}

const struct fault *fault_said(struct fault *fault, const char *why)
{
    (void)fault_set(fault, STING_E_ARG, "see sting verify --help", "%s", why);
    return fault;
}

/* As it may come back from paper: no blanks at the end of lines, no empty
 * lines before or after. */
static void anchor_clean(struct buffer *text)
{
    size_t out = 0;
    for (size_t i = 0; i < text->size; i++) {
        uint8_t byte = text->data[i];
        if (byte == '\n') {
            while (out > 0 &&
                   (text->data[out - 1] == ' ' || text->data[out - 1] == '\r' ||
                    text->data[out - 1] == '\t')) {
                out--;
            }
            if (out == 0) {
                continue;
            }
        }
        text->data[out++] = byte;
    }
    text->size = out;
}

/* Three lines end with one LF, a whole note with an empty line. */
static enum sting_status anchor_finish(struct buffer *text)
{
    while (text->size > 0 && text->data[text->size - 1] == '\n') {
        text->size--;
    }
    bool is_note = memmem(text->data, text->size, "\n\n", 2) != NULL;
    return buffer_text_append(text, is_note ? "\n\n" : "\n");
}

/* One checkpoint at the front of `rest`: a whole note, or three lines alone. */
static enum sting_status checkpoint_take(struct outside *outside,
                                         struct bytes *rest)
{
    struct note note;
    struct bytes one = *rest;
    if (!note_parse(*rest, &note)) {
        one.size = note.bytes;
    } else if (note_parse_text(*rest, &note)) {
        return STING_E_FORMAT;
    }
    if (outside->checkpoints == ANCHOR_MOST_GIVEN) {
        return STING_E_LIMIT;
    }
    outside->checkpoint[outside->checkpoints++] = one;
    rest->data += one.size;
    rest->size -= one.size;
    return STING_OK;
}

/* All that the file holds: what is not looked at must not seem to fit. */
static enum sting_status anchor_load(struct outside *outside, size_t i,
                                     struct fault *fault)
{
    const char *name = outside->anchor_file.text[i];
    struct buffer *text = &outside->anchor[i];
    enum sting_status status =
        file_read(AT_FDCWD, name, OUTSIDE_MOST_FILE, text, fault);
    if (status) {
        return status;
    }
    anchor_clean(text);
    status = anchor_finish(text);
    struct bytes rest = buffer_bytes(text);
    do {
        status = status ? status : checkpoint_take(outside, &rest);
    } while (!status && rest.size > 0);
    if (status == STING_E_LIMIT) {
        return fault_set(fault, status, "give fewer at once",
                         "at most %d checkpoints are possible",
                         ANCHOR_MOST_GIVEN);
    }
    return status == STING_E_FORMAT
               ? fault_set(fault, STING_E_ARG,
                           "give the three lines of --note, or whole notes, "
                           "one behind the other",
                           "%.200s is no checkpoint, or holds what is none",
                           name)
               : status;
}

static enum sting_status keys_load(struct outside *outside, struct fault *fault)
{
    for (size_t i = 0; i < outside->witness_key.count; i++) {
        if (vkey_parse(outside->witness_key.text[i], &outside->key[i]) ||
            outside->key[i].kind != VKEY_WITNESS) {
            return fault_set(fault, STING_E_ARG,
                             "copy the line name+id+key that it gave you",
                             "%.100s is no key of a witness",
                             outside->witness_key.text[i]);
        }
    }
    return STING_OK;
}

enum sting_status outside_load(struct outside *outside, struct fault *fault)
{
    if (outside->anchor_file.count > OUTSIDE_MOST_KEYS ||
        outside->witness_key.count > OUTSIDE_MOST_KEYS) {
        return fault_set(fault, STING_E_LIMIT, "give fewer at once",
                         "at most %d are possible", OUTSIDE_MOST_KEYS);
    }
    enum sting_status status = keys_load(outside, fault);
    if (!status && outside->anchor_file.count > 0) {
        outside->checkpoint =
            calloc(ANCHOR_MOST_GIVEN, sizeof *outside->checkpoint);
        status = outside->checkpoint ? STING_OK : STING_E_NOMEM;
    }
    for (size_t i = 0; i < outside->anchor_file.count && !status; i++) {
        status = anchor_load(outside, i, fault);
    }
    if (!status && outside->ca_file) {
        status = file_read(AT_FDCWD, outside->ca_file, ANCHOR_MOST_PEM,
                           &outside->authorities, fault);
    }
    return status;
}

void outside_set(const struct outside *outside, struct verify_known *out)
{
    out->now_us = outside->at_us ? outside->at_us : clock_now().utc_us;
    out->witness = outside->key;
    out->witnesses = outside->witness_key.count;
    out->authorities = buffer_bytes(&outside->authorities);
    out->anchor = outside->checkpoint;
    out->anchors = outside->checkpoints;
}
