/* Any bytes may be offered as a photograph, a scan or a video. What opens has
 * at least one picture; each picture that decodes is within the limits, comes
 * out the same a second time, and what is said of the camera is printable. */
#include <stdlib.h>
#include <string.h>

#include "operation/picture_sheets.h"

#define MOST_SHEETS 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_text(const char *text)
{
    for (; *text; text++) {
        check(*text >= ' ' && *text <= '~');
    }
}

static void check_same(const struct plane *a, const struct plane *b)
{
    check(a->width_px == b->width_px && a->height_px == b->height_px);
    for (int y = 0; y < a->height_px; y++) {
        check(!memcmp(plane_row(a, y), plane_row(b, y), (size_t)a->width_px));
    }
}

static void check_sheet(struct picture_sheets *sheets, int sheet)
{
    struct plane first STING_AUTO(plane_release) = {0};
    struct plane again STING_AUTO(plane_release) = {0};
    int64_t at_us = 0;
    if (picture_sheet_decode(sheets, sheet, &first, &at_us, NULL)) {
        return;
    }
    check(first.width_px > 0 && first.height_px > 0);
    check((int64_t)first.width_px * first.height_px <= PICTURE_MOST_PIXELS);
    check(at_us >= -1);
    check(!picture_sheet_decode(sheets, sheet, &again, &at_us, NULL));
    check_same(&first, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct picture_sheets sheets = {0};
    if (!picture_sheets_open(&sheets, (struct bytes){data, size}, NULL)) {
        check(sheets.facts.sheets >= 1);
        check_text(sheets.facts.exif.taken);
        check_text(sheets.facts.exif.camera);
        for (int i = 0; i < sheets.facts.sheets && i < MOST_SHEETS; i++) {
            check_sheet(&sheets, i);
        }
    }
    check(picture_sheet_decode(&sheets, sheets.facts.sheets, &(struct plane){0},
                               &(int64_t){0}, NULL) == STING_E_ARG);
    picture_sheets_close(&sheets);
    return 0;
}
