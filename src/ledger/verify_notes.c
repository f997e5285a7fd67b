/* Reading the notes of a folder, and remembering hashes. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ledger/recording_name.h"
#include "ledger/torn.h"
#include "ledger/verify_state.h"

#define MOST_NOTES_BYTES ((size_t)64 * 1024 * 1024)
#define MOST_FILES 100000
#define FIRST_SLOTS ((size_t)1 << 12)
#define MOST_SLOTS ((size_t)1 << 25)

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum sting_status add_date(struct verify_notes *notes, const char *name)
{
    if (notes->dates == MOST_FILES) {
        return STING_E_LIMIT;
    }
    void *grown = notes->date;
    if ((notes->dates & (notes->dates - 1)) == 0) { /* a power of two: full */
        size_t wanted = notes->dates ? 2 * notes->dates : 1;
        grown = reallocarray(notes->date, wanted, sizeof *notes->date);
    }
    if (!grown) {
        return STING_E_NOMEM;
    }
    notes->date = grown;
    memcpy(notes->date[notes->dates], name, LEDGER_DATE_SIZE - 1);
    notes->date[notes->dates++][LEDGER_DATE_SIZE - 1] = '\0';
    return STING_OK;
}

enum sting_status verify_notes_open(int operation, struct verify_notes *notes,
                                    struct fault *fault)
{
    int folder =
        file_open_below(operation, "evidence/checkpoints", O_DIRECTORY);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    enum sting_status status = STING_OK;
    if (!listing) {
        fd_close(&folder);
        return STING_OK; /* no notes: the caller will miss them */
    }
    const struct dirent *one = NULL;
    while (!status && (one = readdir(listing))) {
        const char *name = one->d_name;
        if (strlen(name) == LEDGER_DATE_SIZE - 1 + strlen(".notes") &&
            !strcmp(name + LEDGER_DATE_SIZE - 1, ".notes") &&
            recording_is_date(
                (struct bytes){(const uint8_t *)name, LEDGER_DATE_SIZE - 1})) {
            status = add_date(notes, name);
        }
    }
    closedir(listing);
    if (status) {
        return fault_set(fault, status, "", "there are too many checkpoints");
    }
    if (notes->dates > 0) {
        qsort(notes->date, notes->dates, sizeof *notes->date, compare);
    }
    return STING_OK;
}

void verify_notes_release(struct verify_notes *notes)
{
    free(notes->date);
    buffer_release(&notes->text);
    *notes = (struct verify_notes){0};
}

static enum sting_status load(int operation, struct verify_notes *notes)
{
    notes->text.size = 0;
    notes->given = 0;
    snprintf(notes->file, sizeof notes->file, "evidence/checkpoints/%s.notes",
             notes->date[notes->at]);
    return file_read(operation, notes->file, MOST_NOTES_BYTES, &notes->text,
                     NULL);
}

enum sting_status verify_notes_next(int operation, struct verify_notes *notes)
{
    notes->has_note = false;
    while (notes->given == notes->text.size) {
        notes->at += notes->file[0] != '\0';
        if (notes->at >= notes->dates) {
            return STING_E_ABSENT;
        }
        enum sting_status status = load(operation, notes);
        if (status) {
            return status == STING_E_ABSENT ? STING_E_IO : status;
        }
    }
    struct bytes rest = {notes->text.data + notes->given,
                         notes->text.size - notes->given};
    enum sting_status status = note_parse(rest, &notes->note);
    bool is_last = notes->at + 1 == notes->dates;
    if (status && is_last && torn_is_note(rest, notes->given)) {
        notes->torn_bytes = rest.size;
        notes->given = notes->text.size;
        return STING_E_ABSENT;
    }
    if (status) { /* in the middle, one that ends too soon is no better */
        return status == STING_E_ABSENT ? STING_E_FORMAT : status;
    }
    notes->given += notes->note.bytes;
    notes->has_note = true;
    return STING_OK;
}

static uint64_t key_of(struct digest hash)
{
    uint64_t key = 0;
    memcpy(&key, hash.byte, sizeof key);
    return key ? key : 1; /* zero marks an empty slot */
}

/* The slot where the key is, or could be. */
static size_t find(const uint64_t *slot, size_t slots, uint64_t key)
{
    size_t at = (size_t)key & (slots - 1);
    while (slot[at] != 0 && slot[at] != key) {
        at = (at + 1) & (slots - 1);
    }
    return at;
}

static bool grow(struct verify_seen *seen)
{
    size_t wanted = seen->slots ? 2 * seen->slots : FIRST_SLOTS;
    uint64_t *grown =
        wanted > MOST_SLOTS ? NULL : calloc(wanted, sizeof *grown);
    if (!grown) {
        return false;
    }
    for (size_t i = 0; i < seen->slots; i++) {
        if (seen->slot[i] != 0) {
            grown[find(grown, wanted, seen->slot[i])] = seen->slot[i];
        }
    }
    free(seen->slot);
    seen->slot = grown;
    seen->slots = wanted;
    return true;
}

bool verify_seen_add(struct verify_seen *seen, struct digest hash)
{
    uint64_t key = key_of(hash);
    if (2 * seen->used >= seen->slots && !grow(seen) && seen->slots == 0) {
        return false;
    }
    size_t at = find(seen->slot, seen->slots, key);
    if (seen->slot[at] == key) {
        return true;
    }
    if (2 * seen->used < seen->slots) {
        seen->slot[at] = key;
        seen->used++;
    }
    return false;
}

void verify_seen_release(struct verify_seen *seen)
{
    free(seen->slot);
    *seen = (struct verify_seen){0};
}
