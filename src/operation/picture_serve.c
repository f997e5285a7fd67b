/* The picture worker's side: photographs and PDFs in, pixels, units and
 * marked copies out. */
#include <string.h>

#include "mark/fact.h"
#include "mark/letters.h"
#include "operation/easel.h"
#include "operation/picture_sheets.h"
#include "operation/picture_worker.h"
#include "wire/wire.h"

/* What lies before the worker: each kind of file, the one given last. */
struct desk {
    int channel;
    struct easel easel;
    struct picture_sheets sheets;
};

static enum sting_status send_plane(const struct desk *desk,
                                    const struct plane *plane, int64_t at_us)
{
    struct buffer rows STING_AUTO(buffer_release) = {0};
    struct wire_head head = {
        .kind = WIRE_PICTURE_PLANE,
        .number = {plane->width_px, plane->height_px, at_us}};
    enum sting_status status = buffer_reserve(
        &rows, (size_t)plane->width_px * (size_t)plane->height_px);
    for (int y = 0; !status && y < plane->height_px; y++) {
        status = buffer_append(&rows, (struct bytes){plane_row(plane, y),
                                                     (size_t)plane->width_px});
    }
    return status ? status
                  : wire_send(desk->channel, head, buffer_bytes(&rows));
}

static enum sting_status send_done(const struct desk *desk, int64_t number,
                                   struct bytes payload)
{
    struct wire_head head = {.kind = WIRE_DONE, .number = {number}};
    return wire_send(desk->channel, head, payload);
}

/* kind NUL taken NUL camera NUL */
static enum sting_status send_facts(const struct desk *desk)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    const struct picture_facts *facts = &desk->sheets.facts;
    const char *const told[] = {facts->kind, facts->exif.taken,
                                facts->exif.camera};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < sizeof told / sizeof *told; i++) {
        status = buffer_append(&text, (struct bytes){(const uint8_t *)told[i],
                                                     strlen(told[i]) + 1});
    }
    return status ? status
                  : send_done(desk, facts->sheets, buffer_bytes(&text));
}

static enum sting_status serve_picture(struct desk *desk,
                                       const struct wire_head *request,
                                       struct bytes payload,
                                       struct fault *fault)
{
    (void)request;
    enum sting_status status =
        picture_sheets_open(&desk->sheets, payload, fault);
    return status ? status : send_facts(desk);
}

static enum sting_status serve_load(struct desk *desk,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    int64_t at_us = -1, sheet = request->number[0];
    (void)payload;
    enum sting_status status =
        sheet >= 0 && sheet < desk->sheets.facts.sheets
            ? picture_sheet_decode(&desk->sheets, (int)sheet, &plane, &at_us,
                                   fault)
            : STING_E_ARG;
    return status ? status : send_plane(desk, &plane, at_us);
}

static enum sting_status serve_open(struct desk *desk,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    (void)request;
    enum sting_status status = easel_open(&desk->easel, payload, fault);
    return status ? status
                  : send_done(desk, desk->easel.pages, (struct bytes){0});
}

static enum sting_status check_page(const struct desk *desk,
                                    const struct wire_head *request)
{
    return desk->easel.file && request->number[0] >= 0 &&
                   request->number[0] < desk->easel.pages
               ? STING_OK
               : STING_E_ARG;
}

static enum sting_status serve_page(struct desk *desk,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct buffer record STING_AUTO(buffer_release) = {0};
    enum sting_status status = check_page(desk, request);
    int p = (int)request->number[0];
    enum mark_reach reach = request->number[1] ? MARK_FAINT : MARK_FULL;
    if (!status) {
        status = payload.size > 0
                     ? easel_take_plan(&desk->easel, p, payload, fault)
                     : easel_plan(&desk->easel, p, reach, fault);
    }
    if (status) {
        return status;
    }
    const struct mark_page *page = &desk->easel.page[p];
    status = mark_page_write(page, &record);
    struct wire_head head = {
        .kind = WIRE_DONE,
        .number = {page->units, (int64_t)(desk->easel.budget.growth * 1e6),
                   desk->easel.budget.left_out},
    };
    return status ? status
                  : wire_send(desk->channel, head, buffer_bytes(&record));
}

static enum sting_status serve_render(struct desk *desk,
                                      const struct wire_head *request,
                                      struct bytes payload, struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    (void)payload;
    enum sting_status status = check_page(desk, request);
    if (!status) {
        status =
            pdf_file_render(desk->easel.file, (int)request->number[0],
                            (double)request->number[1] / 1e6, &plane, fault);
    }
    return status ? status : send_plane(desk, &plane, -1);
}

static enum sting_status serve_letters(struct desk *desk,
                                       const struct wire_head *request,
                                       struct bytes payload,
                                       struct fault *fault)
{
    struct buffer letters STING_AUTO(buffer_release) = {0};
    (void)payload;
    enum sting_status status = check_page(desk, request);
    if (!status) {
        status = pdf_file_letters(desk->easel.file, (int)request->number[0],
                                  &letters, fault);
    }
    size_t count = letters.size / sizeof(struct pdf_letter);
    if (count > MARK_MOST_LETTERS) {
        letters.size = count = 0;
    }
    return status ? status
                  : send_done(desk, (int64_t)count, buffer_bytes(&letters));
}

static enum sting_status serve_write(struct desk *desk,
                                     const struct wire_head *request,
                                     struct bytes payload, struct fault *fault)
{
    (void)request;
    enum sting_status status = easel_write(&desk->easel, payload, fault);
    return status ? status
                  : send_done(desk, 0, buffer_bytes(&desk->easel.copy));
}

static enum sting_status serve_pack(struct desk *desk,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    (void)payload;
    (void)fault;
    int64_t packing = request->number[0];
    if (packing < MARK_PACKING_FIRST || packing > MARK_PACKING_NOW) {
        return STING_E_ARG;
    }
    easel_pack(&desk->easel, (enum mark_packing)packing);
    return send_done(desk, 0, (struct bytes){0});
}

static enum sting_status serve_rules(struct desk *desk,
                                     const struct wire_head *request,
                                     struct bytes payload, struct fault *fault)
{
    (void)request;
    (void)payload;
    enum sting_status status = easel_rules(&desk->easel, fault);
    return status ? status : send_done(desk, 0, (struct bytes){0});
}

/* The next part of a text that NULs part; false when there is none. */
static bool part_take(struct bytes *from, bool is_last, struct bytes *out)
{
    const uint8_t *end =
        from->size ? memchr(from->data, '\0', from->size) : NULL;
    if (is_last == (end != NULL)) {
        return false;
    }
    *out = (struct bytes){from->data,
                          end ? (size_t)(end - from->data) : from->size};
    size_t taken = out->size + (end ? 1 : 0);
    *from = (struct bytes){from->data + taken, from->size - taken};
    return true;
}

static enum sting_status serve_find(struct desk *desk,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct pdf_wanted wanted;
    struct pdf_spot spot;
    struct buffer text STING_AUTO(buffer_release) = {0};
    uint32_t found = 0;
    (void)request;
    if (!desk->easel.file || !part_take(&payload, false, &wanted.before) ||
        !part_take(&payload, false, &wanted.value) ||
        !part_take(&payload, true, &wanted.after)) {
        return STING_E_ARG;
    }
    enum sting_status status =
        pdf_file_find(desk->easel.file, &wanted, &found, &spot, &text, fault);
    struct wire_head head = {
        .kind = WIRE_DONE,
        .number = {found, spot.page, spot.content, spot.glyph, spot.glyphs}};
    return status ? status
                  : wire_send(desk->channel, head, buffer_bytes(&text));
}

static bool swap_take(struct bytes *from, struct pdf_swap *out)
{
    uint32_t number[5];
    if (from->size < sizeof number) {
        return false;
    }
    memcpy(number, from->data, sizeof number);
    size_t rest = from->size - sizeof number;
    if (number[4] > rest) {
        return false;
    }
    *out = (struct pdf_swap){{number[0], number[1], number[2], number[3]},
                             {from->data + sizeof number, number[4]}};
    size_t taken = sizeof number + number[4];
    *from = (struct bytes){from->data + taken, from->size - taken};
    return true;
}

static enum sting_status serve_swap(struct desk *desk,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct pdf_swap swap[FACTS_MOST];
    size_t swaps = 0;
    (void)request;
    while (payload.size > 0) {
        if (swaps == FACTS_MOST || !swap_take(&payload, &swap[swaps++])) {
            return STING_E_ARG;
        }
    }
    enum sting_status status = easel_swap(&desk->easel, swap, swaps, fault);
    return status ? status : send_done(desk, 0, (struct bytes){0});
}

static const struct {
    uint32_t kind;
    enum sting_status (*serve)(struct desk *desk,
                               const struct wire_head *request,
                               struct bytes payload, struct fault *fault);
} service[] = {
    {WIRE_PICTURE_OPEN, serve_picture}, {WIRE_PICTURE_LOAD, serve_load},
    {WIRE_PDF_OPEN, serve_open},        {WIRE_PDF_PAGE, serve_page},
    {WIRE_PDF_RENDER, serve_render},    {WIRE_PDF_WRITE, serve_write},
    {WIRE_PDF_RULES, serve_rules},      {WIRE_PDF_FIND, serve_find},
    {WIRE_PDF_SWAP, serve_swap},        {WIRE_PDF_PACK, serve_pack},
    {WIRE_PDF_LETTERS, serve_letters},
};

static enum sting_status serve_one(void *context,
                                   const struct wire_head *request,
                                   struct bytes payload, struct fault *fault)
{
    struct desk *desk = context;
    for (size_t i = 0; i < sizeof service / sizeof *service; i++) {
        if (service[i].kind == request->kind) {
            return service[i].serve(desk, request, payload, fault);
        }
    }
    return STING_E_ARG;
}

int picture_worker_serve(int channel)
{
    struct desk desk = {.channel = channel};
    wire_serve(channel, serve_one, &desk);
    easel_clear(&desk.easel);
    picture_sheets_close(&desk.sheets);
    return 0;
}
