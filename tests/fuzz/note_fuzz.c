/* What parses as a note has the text that its parts give, and nobody signed
 * it: the key is one that the fuzzer does not have. */
#include <stdlib.h>
#include <string.h>

#include "ledger/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct public_key key = {{0x29, 1}};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct note note;
    char origin[NOTE_MOST_NAME + 1];
    if (note_parse((struct bytes){data, size}, &note)) {
        return 0;
    }
    memcpy(origin, note.origin.data, note.origin.size);
    origin[note.origin.size] = '\0';
    if (note.bytes > size || note.signatures < 1 ||
        note_write(&again, origin, note.size, note.root) ||
        again.size != note.text.size + 1 ||
        memcmp(again.data, note.text.data, note.text.size) != 0 ||
        note_verify(&note, origin, &key) == STING_OK) {
        abort();
    }
    return 0;
}
