#include "operation/picture_sheets.h"

#include <string.h>

void picture_sheets_close(struct picture_sheets *sheets)
{
    pdf_viewer_close(&sheets->viewer);
    film_release(&sheets->film);
    buffer_release(&sheets->file);
    *sheets = (struct picture_sheets){0};
}

static enum sting_status pdf_open(struct picture_sheets *sheets,
                                  struct fault *fault)
{
    enum sting_status status =
        pdf_viewer_open(buffer_bytes(&sheets->file), &sheets->viewer, fault);
    if (!status) {
        sheets->facts = (struct picture_facts){
            .kind = "PDF", .sheets = pdf_viewer_pages(sheets->viewer)};
    }
    return status;
}

static enum sting_status film_open(struct picture_sheets *sheets,
                                   struct fault *fault)
{
    enum sting_status status =
        film_choose(buffer_bytes(&sheets->file), &sheets->film, fault);
    sheets->facts =
        (struct picture_facts){.kind = "video", .sheets = sheets->film.frames};
    return status;
}

enum sting_status picture_sheets_open(struct picture_sheets *sheets,
                                      struct bytes file, struct fault *fault)
{
    picture_sheets_close(sheets);
    enum sting_status status = buffer_append(&sheets->file, file);
    if (status) {
        return status;
    }
    if (pdf_viewer_is(file)) {
        status = pdf_open(sheets, fault);
    } else if (film_is(file)) {
        status = film_open(sheets, fault);
    } else {
        status = picture_facts_read(buffer_bytes(&sheets->file), &sheets->facts,
                                    fault);
    }
    if (status) {
        picture_sheets_close(sheets);
    }
    return status;
}

static enum sting_status plane_copy(const struct plane *from, struct plane *out)
{
    struct plane copy;
    enum sting_status status =
        plane_init(&copy, from->width_px, from->height_px);
    for (int y = 0; !status && y < copy.height_px; y++) {
        memcpy(plane_row(&copy, y), plane_row(from, y), (size_t)copy.width_px);
    }
    if (!status) {
        *out = copy;
    }
    return status;
}

enum sting_status picture_sheet_decode(struct picture_sheets *sheets, int sheet,
                                       struct plane *out, int64_t *at_us,
                                       struct fault *fault)
{
    *at_us = -1;
    if (sheet < 0 || sheet >= sheets->facts.sheets) {
        return STING_E_ARG;
    }
    if (sheets->viewer) {
        return pdf_viewer_page(sheets->viewer, sheet, out, fault);
    }
    if (sheets->film.frames > 0) {
        *at_us = sheets->film.frame[sheet].at_us;
        return plane_copy(&sheets->film.frame[sheet].grey, out);
    }
    return picture_decode(buffer_bytes(&sheets->file), sheet, out, fault);
}
