/* The picture worker's side: photographs and PDFs in, pixels, units and
 * marked copies out. */
#include <stdlib.h>
#include <string.h>

#include "mark/budget.h"
#include "mark/cell.h"
#include "mark/fact.h"
#include "mark/motion.h"
#include "operation/picture_sheets.h"
#include "operation/picture_worker.h"
#include "pdf/account.h"
#include "pdf/file.h"
#include "pdf/replace.h"
#include "wire/wire.h"

/* The PDF opened last, and what is planned for its pages. */
struct easel {
    int channel;
    struct pdf_file *file;
    struct pdf_file *swapped; /* the same with texts replaced; NULL: none */
    struct mark_page *page;   /* owned; one a page, once one is asked for */
    bool *is_planned;         /* owned; with its cells, or as it was given */
    bool has_words;           /* words of all pages are planned */
    bool is_packed;           /* how to pack copies is known */
    bool is_checked;          /* a copy was read by MuPDF and compared */
    struct mark_budget budget;
    struct buffer copy; /* owned: written last */
    int pages;
    struct picture_sheets sheets; /* of the file that was given last */
};

static void easel_clear(struct easel *easel)
{
    for (int p = 0; easel->page && p < easel->pages; p++) {
        mark_page_release(&easel->page[p]);
    }
    free(easel->page);
    free(easel->is_planned);
    easel->page = NULL;
    easel->is_planned = NULL;
    easel->has_words = easel->is_packed = easel->is_checked = false;
    easel->pages = 0;
    buffer_release(&easel->copy);
    pdf_file_close(&easel->swapped);
    pdf_file_close(&easel->file);
}

static enum sting_status send_plane(const struct easel *easel,
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
                  : wire_send(easel->channel, head, buffer_bytes(&rows));
}

static enum sting_status send_done(const struct easel *easel, int64_t number,
                                   struct bytes payload)
{
    struct wire_head head = {.kind = WIRE_DONE, .number = {number}};
    return wire_send(easel->channel, head, payload);
}

/* kind NUL taken NUL camera NUL */
static enum sting_status send_facts(const struct easel *easel)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    const struct picture_facts *facts = &easel->sheets.facts;
    const char *const told[] = {facts->kind, facts->exif.taken,
                                facts->exif.camera};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < sizeof told / sizeof *told; i++) {
        status = buffer_append(&text, (struct bytes){(const uint8_t *)told[i],
                                                     strlen(told[i]) + 1});
    }
    return status ? status
                  : send_done(easel, facts->sheets, buffer_bytes(&text));
}

static enum sting_status serve_picture(struct easel *easel,
                                       const struct wire_head *request,
                                       struct bytes payload,
                                       struct fault *fault)
{
    (void)request;
    enum sting_status status =
        picture_sheets_open(&easel->sheets, payload, fault);
    return status ? status : send_facts(easel);
}

static enum sting_status serve_load(struct easel *easel,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    int64_t at_us = -1, sheet = request->number[0];
    (void)payload;
    enum sting_status status =
        sheet >= 0 && sheet < easel->sheets.facts.sheets
            ? picture_sheet_decode(&easel->sheets, (int)sheet, &plane, &at_us,
                                   fault)
            : STING_E_ARG;
    return status ? status : send_plane(easel, &plane, at_us);
}

static enum sting_status serve_open(struct easel *easel,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    (void)request;
    easel_clear(easel);
    enum sting_status status = pdf_file_open(payload, &easel->file, fault);
    if (status) {
        return status;
    }
    easel->pages = pdf_file_pages(easel->file);
    return send_done(easel, easel->pages, (struct bytes){0});
}

static enum sting_status make_room(struct easel *easel)
{
    size_t pages = (size_t)easel->pages;
    if (!easel->page) {
        easel->page = calloc(pages, sizeof *easel->page);
        easel->is_planned = calloc(pages, sizeof *easel->is_planned);
    }
    return easel->page && easel->is_planned ? STING_OK : STING_E_NOMEM;
}

/* Words of all pages at once, since they share one budget; cells page by
 * page, since they take long. */
static enum sting_status plan_page(struct easel *easel, int p,
                                   enum mark_reach reach, struct fault *fault)
{
    double bytes = 0;
    enum sting_status status = STING_OK;
    if (easel->is_planned[p]) {
        return STING_OK;
    }
    if (!easel->has_words) {
        for (int i = 0; i < easel->pages; i++) {
            mark_page_release(&easel->page[i]);
            easel->is_planned[i] = false;
        }
        status = mark_plan_file(easel->file, reach, easel->page, &easel->budget,
                                fault);
        easel->has_words = !status;
    }
    if (!status) {
        status = mark_cells_add(easel->file, p, &easel->page[p], &bytes, fault);
    }
    easel->budget.growth += bytes / (double)pdf_file_size(easel->file);
    easel->is_planned[p] = !status;
    return status;
}

/* Mark a page as it was planned before. */
static enum sting_status take_plan(struct easel *easel, int p,
                                   struct bytes record, struct fault *fault)
{
    struct pdf_text text;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    enum sting_status status = mark_page_read(&record, &page);
    if (!status) {
        status = pdf_file_text(easel->file, p, &text, fault);
    }
    if (!status && !mark_page_fits(&page, &text)) {
        status = fault_set(fault, STING_E_UNSUPPORTED,
                           "use the version of sting that registered it",
                           "words of page %d are found in other places than "
                           "when it was registered",
                           p + 1);
    }
    if (!status) {
        mark_page_release(&easel->page[p]);
        easel->page[p] = page;
        easel->is_planned[p] = true;
        easel->is_packed = false;
        page = (struct mark_page){0};
    }
    return status;
}

static enum sting_status check_page(const struct easel *easel,
                                    const struct wire_head *request)
{
    return easel->file && request->number[0] >= 0 &&
                   request->number[0] < easel->pages
               ? STING_OK
               : STING_E_ARG;
}

static enum sting_status serve_page(struct easel *easel,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct buffer record STING_AUTO(buffer_release) = {0};
    enum sting_status status = check_page(easel, request);
    int p = (int)request->number[0];
    enum mark_reach reach = request->number[1] ? MARK_FAINT : MARK_FULL;
    if (!status) {
        status = make_room(easel);
    }
    if (!status) {
        status = payload.size > 0 ? take_plan(easel, p, payload, fault)
                                  : plan_page(easel, p, reach, fault);
    }
    if (status) {
        return status;
    }
    const struct mark_page *page = &easel->page[p];
    status = mark_page_write(page, &record);
    struct wire_head head = {
        .kind = WIRE_DONE,
        .number = {page->units, (int64_t)(easel->budget.growth * 1e6),
                   easel->budget.left_out},
    };
    return status ? status
                  : wire_send(easel->channel, head, buffer_bytes(&record));
}

static enum sting_status serve_render(struct easel *easel,
                                      const struct wire_head *request,
                                      struct bytes payload, struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    (void)payload;
    enum sting_status status = check_page(easel, request);
    if (!status) {
        status =
            pdf_file_render(easel->file, (int)request->number[0],
                            (double)request->number[1] / 1e6, &plane, fault);
    }
    return status ? status : send_plane(easel, &plane, -1);
}

static struct pdf_file *file_to_write(const struct easel *easel)
{
    return easel->swapped ? easel->swapped : easel->file;
}

static enum sting_status page_moves(struct easel *easel, int p,
                                    const int8_t *sign,
                                    struct mark_motion *motion,
                                    struct pdf_moves *out, struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status =
        pdf_file_text(file_to_write(easel), p, &text, fault);
    return status ? status
                  : mark_motion_make(&easel->page[p], sign, text.words, motion,
                                     out);
}

static enum sting_status write_copy(struct easel *easel, struct bytes signs,
                                    struct buffer *out, struct fault *fault)
{
    size_t pages = (size_t)easel->pages, at = 0;
    struct pdf_moves *moves = calloc(pages, sizeof *moves);
    struct mark_motion *motion = calloc(pages, sizeof *motion);
    enum sting_status status = moves && motion ? STING_OK : STING_E_NOMEM;
    for (size_t p = 0; !status && p < pages; p++) {
        size_t units = easel->page[p].units;
        if (signs.size - at < units) {
            status = STING_E_ARG;
            break;
        }
        status = page_moves(easel, (int)p, (const int8_t *)signs.data + at,
                            &motion[p], &moves[p], fault);
        at += units;
    }
    if (!status) {
        status = at == signs.size
                     ? pdf_file_write(file_to_write(easel), moves, out, fault)
                     : STING_E_ARG;
    }
    for (size_t p = 0; motion && p < pages; p++) {
        mark_motion_release(&motion[p]);
    }
    free(motion);
    free(moves);
    return status;
}

/* Every byte of every copy; every glyph of the first and of those with texts
 * of their own: that of others lies between places which were checked when
 * the bait was added. */
static enum sting_status check_copy(struct easel *easel, struct bytes copy,
                                    struct fault *fault)
{
    struct pdf_file *file = file_to_write(easel);
    enum sting_status status = pdf_file_account(file, copy, fault);
    if (!status && (easel->swapped || !easel->is_checked)) {
        status = pdf_file_check(file, copy, MARK_MOST_PT, fault);
        easel->is_checked = !status;
    }
    return status;
}

/* Everything that the making of copies rests on. */
static enum sting_status make_ready(struct easel *easel, struct fault *fault)
{
    enum sting_status status = easel->file ? STING_OK : STING_E_ARG;
    if (!status) {
        status = make_room(easel);
    }
    for (int p = 0; !status && p < easel->pages; p++) {
        status = plan_page(easel, p, MARK_FULL, fault);
    }
    if (!status && !easel->is_packed) {
        status = mark_pack(easel->file, easel->page, fault);
        easel->is_packed = !status;
    }
    return status;
}

static enum sting_status serve_write(struct easel *easel,
                                     const struct wire_head *request,
                                     struct bytes payload, struct fault *fault)
{
    (void)request;
    enum sting_status status = make_ready(easel, fault);
    easel->copy.size = 0;
    if (!status) {
        status = write_copy(easel, payload, &easel->copy, fault);
    }
    if (!status) {
        status = check_copy(easel, buffer_bytes(&easel->copy), fault);
    }
    return status ? status : send_done(easel, 0, buffer_bytes(&easel->copy));
}

/* How far words go, whichever way. */
static enum sting_status most_moves(struct easel *easel, int p,
                                    struct mark_motion *motion,
                                    struct pdf_moves *out, struct fault *fault)
{
    uint32_t units = easel->page[p].units;
    int8_t *sign = malloc((size_t)units + 1);
    if (!sign) {
        return STING_E_NOMEM;
    }
    memset(sign, 1, units);
    enum sting_status status = page_moves(easel, p, sign, motion, out, fault);
    free(sign);
    return status;
}

static enum sting_status serve_rules(struct easel *easel,
                                     const struct wire_head *request,
                                     struct bytes payload, struct fault *fault)
{
    size_t pages = (size_t)easel->pages;
    struct pdf_moves *most = calloc(pages + 1, sizeof *most);
    struct mark_motion *motion = calloc(pages + 1, sizeof *motion);
    enum sting_status status = most && motion ? STING_OK : STING_E_NOMEM;
    (void)request;
    (void)payload;
    if (!status && easel->copy.size == 0) {
        status = STING_E_ARG;
    }
    for (size_t p = 0; !status && p < pages; p++) {
        status = most_moves(easel, (int)p, &motion[p], &most[p], fault);
    }
    if (!status) {
        status = pdf_file_rules(file_to_write(easel),
                                buffer_bytes(&easel->copy), most, fault);
    }
    for (size_t p = 0; motion && p < pages; p++) {
        mark_motion_release(&motion[p]);
    }
    free(motion);
    free(most);
    return status ? status : send_done(easel, 0, (struct bytes){0});
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

static enum sting_status serve_find(struct easel *easel,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct pdf_wanted wanted;
    struct pdf_spot spot;
    struct buffer text STING_AUTO(buffer_release) = {0};
    uint32_t found = 0;
    (void)request;
    if (!easel->file || !part_take(&payload, false, &wanted.before) ||
        !part_take(&payload, false, &wanted.value) ||
        !part_take(&payload, true, &wanted.after)) {
        return STING_E_ARG;
    }
    enum sting_status status =
        pdf_file_find(easel->file, &wanted, &found, &spot, &text, fault);
    struct wire_head head = {
        .kind = WIRE_DONE,
        .number = {found, spot.page, spot.content, spot.glyph, spot.glyphs}};
    return status ? status
                  : wire_send(easel->channel, head, buffer_bytes(&text));
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

/* Write the file with its texts and open what came out in its place. */
static enum sting_status swap_texts(struct easel *easel,
                                    const struct pdf_swap *swap, size_t swaps,
                                    struct fault *fault)
{
    struct buffer made STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    enum sting_status status =
        pdf_file_replace(easel->file, swap, swaps, &made, fault);
    if (!status) {
        status = pdf_file_account(easel->file, buffer_bytes(&made), fault);
    }
    if (!status) {
        status = pdf_file_open(buffer_bytes(&made), &file, fault);
    }
    if (!status) {
        status = pdf_file_replaced_check(easel->file, file, swap, swaps, fault);
    }
    if (!status) {
        pdf_file_pack(file, pdf_file_effort(easel->file));
        easel->swapped = file;
        file = NULL;
    }
    return status;
}

static enum sting_status serve_swap(struct easel *easel,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    struct pdf_swap swap[FACTS_MOST];
    size_t swaps = 0;
    enum sting_status status = STING_OK;
    (void)request;
    pdf_file_close(&easel->swapped);
    while (payload.size > 0) {
        if (swaps == FACTS_MOST || !swap_take(&payload, &swap[swaps++])) {
            return STING_E_ARG;
        }
    }
    status = make_ready(easel, fault);
    if (!status && swaps > 0) {
        status = swap_texts(easel, swap, swaps, fault);
    }
    return status ? status : send_done(easel, 0, (struct bytes){0});
}

static const struct {
    uint32_t kind;
    enum sting_status (*serve)(struct easel *easel,
                               const struct wire_head *request,
                               struct bytes payload, struct fault *fault);
} service[] = {
    {WIRE_PICTURE_OPEN, serve_picture}, {WIRE_PICTURE_LOAD, serve_load},
    {WIRE_PDF_OPEN, serve_open},        {WIRE_PDF_PAGE, serve_page},
    {WIRE_PDF_RENDER, serve_render},    {WIRE_PDF_WRITE, serve_write},
    {WIRE_PDF_RULES, serve_rules},      {WIRE_PDF_FIND, serve_find},
    {WIRE_PDF_SWAP, serve_swap},
};

static enum sting_status serve_one(void *context,
                                   const struct wire_head *request,
                                   struct bytes payload, struct fault *fault)
{
    struct easel *easel = context;
    for (size_t i = 0; i < sizeof service / sizeof *service; i++) {
        if (service[i].kind == request->kind) {
            return service[i].serve(easel, request, payload, fault);
        }
    }
    return STING_E_ARG;
}

int picture_worker_serve(int channel)
{
    struct easel easel = {.channel = channel};
    wire_serve(channel, serve_one, &easel);
    easel_clear(&easel);
    picture_sheets_close(&easel.sheets);
    return 0;
}
