#include "mark/letters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void mark_letters_release(struct mark_letters *letters)
{
    free(letters->letter);
    *letters = (struct mark_letters){0};
}

enum sting_status mark_letters_read(struct bytes from, struct mark_letters *out)
{
    struct mark_letters made STING_AUTO(mark_letters_release) = {
        .letters = from.size / sizeof *made.letter};
    if (from.size % sizeof *made.letter || made.letters > MARK_MOST_LETTERS) {
        return STING_E_FORMAT;
    }
    made.letter = calloc(made.letters + 1, sizeof *made.letter);
    if (!made.letter) {
        return STING_E_NOMEM;
    }
    if (made.letters > 0) {
        memcpy(made.letter, from.data, from.size);
    }
    for (size_t i = 0; i < made.letters; i++) {
        const struct pdf_letter *letter = &made.letter[i];
        if (!isfinite(letter->x_pt) || !isfinite(letter->y_pt) ||
            letter->is_picture > 1) {
            return STING_E_FORMAT;
        }
    }
    *out = made;
    made = (struct mark_letters){0};
    return STING_OK;
}
