/* Scripts that words are made of in other ways: by their Unicode blocks. */
#include "pdf/face.h"
#include "pdf/word.h"

static const struct {
    int first, last;
    uint8_t flag;
} block[] = {
    {0x0590, 0x08ff, PDF_WORD_BACKWARD}, /* Hebrew to Arabic Extended-A */
    {0x2e80, 0x9fff, PDF_WORD_GRID},     /* radicals to ideographs, kana */
    {0xf900, 0xfaff, PDF_WORD_GRID},
    {0xfb1d, 0xfdff, PDF_WORD_BACKWARD}, /* presentation forms */
    {0xfe30, 0xfe4f, PDF_WORD_GRID},
    {0xfe70, 0xfeff, PDF_WORD_BACKWARD},
    {0xff00, 0xffef, PDF_WORD_GRID}, /* full and half widths */
    {0x20000, 0x3ffff, PDF_WORD_GRID},
};

uint8_t face_script(int unicode)
{
    for (size_t i = 0; i < sizeof block / sizeof *block; i++) {
        if (unicode >= block[i].first && unicode <= block[i].last) {
            return block[i].flag;
        }
    }
    return 0;
}
