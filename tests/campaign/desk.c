#include "tests/campaign/desk.h"

#include <stdlib.h>
#include <string.h>

#include "mark/code.h"

static const char *const kind_name[] = {"copy",    "unmarked", "stranger",
                                        "average", "piecing",  "majority",
                                        "minority"};

bool sheet_kind_find(const char *name, enum sheet_kind *out)
{
    for (size_t i = 0; i < sizeof kind_name / sizeof *kind_name; i++) {
        if (!strcmp(name, kind_name[i])) {
            *out = (enum sheet_kind)i;
            return true;
        }
    }
    return false;
}

void desk_close(struct desk *desk)
{
    for (size_t i = 0; i < DESK_MOST_BAITS; i++) {
        if (desk->maker[i]) {
            press_release(&desk->press[i]);
        }
        picture_worker_free(&desk->maker[i]);
    }
    library_release(&desk->library);
    picture_worker_free(&desk->reader);
    operation_keys_wipe(&desk->keys);
    operation_close(&desk->operation);
}

/* In the place of the operation's own, so that a trial comes out the same
 * whenever and wherever it is done again. */
static const struct secret mark_key = {"one mark key for every campaign"};

/* As if so many had been registered. */
static enum sting_status shelf_fill(struct shelf *shelf, uint32_t copies)
{
    uint32_t *number = calloc(copies, sizeof *number);
    if (!number) {
        return STING_E_NOMEM;
    }
    for (uint32_t i = 0; i < copies; i++) {
        number[i] = i + 1;
    }
    free(shelf->copy);
    shelf->copy = number;
    shelf->copies = copies;
    return STING_OK;
}

enum sting_status desk_open(struct desk *out, const char *path,
                            const char *passphrase_file, uint32_t copies,
                            struct fault *fault)
{
    *out = (struct desk){0};
    enum sting_status status = operation_open(path, &out->operation, fault);
    struct people people STING_AUTO(people_wipe) = {0};
    status = status ? status
                    : passphrase_read(passphrase_file, PASSPHRASE_OPEN, "",
                                      &people.first, fault);
    status = status
                 ? status
                 : operation_keys_unlock_by(out->operation,
                                            OPERATION_IDENTITY | OPERATION_MARK,
                                            &people, &out->keys, fault);
    out->keys.mark = status ? out->keys.mark : mark_key;
    status = status ? status : picture_worker_new(&out->reader, fault);
    status = status ? status
                    : library_init(&out->library, out->operation, &out->keys,
                                   out->reader, fault);
    if (!status && out->library.shelves > DESK_MOST_BAITS) {
        status = fault_set(fault, STING_E_LIMIT, "", "too many baits");
    }
    for (size_t i = 0; !status && i < out->library.shelves; i++) {
        status = shelf_fill(&out->library.shelf[i], copies);
        status = status ? status : library_open(&out->library, i, fault);
    }
    if (status) {
        desk_close(out);
    }
    return status;
}

static enum sting_status press_open(struct desk *desk, size_t shelf,
                                    struct fault *fault)
{
    if (desk->maker[shelf]) {
        return STING_OK;
    }
    enum sting_status status = picture_worker_new(&desk->maker[shelf], fault);
    status = status
                 ? status
                 : press_init(&desk->press[shelf], desk->operation, &desk->keys,
                              desk->library.shelf[shelf].bait.name,
                              desk->maker[shelf], fault);
    if (status) {
        picture_worker_free(&desk->maker[shelf]);
    }
    return status;
}

/* Signs of one unit for each copy, and what the colluders make of them. */
static int8_t mixed(enum sheet_kind kind, const uint8_t bit[DESK_COLLUDERS],
                    struct chance *chance)
{
    int ones = bit[0] + bit[1] + bit[2];
    bool one = kind == SHEET_PIECING    ? bit[chance_below(chance, 3)]
               : kind == SHEET_MAJORITY ? ones >= 2
                                        : ones == 1 || ones == 3;
    return one ? 1 : -1;
}

static void page_mix(struct press *press, const struct sheet_order *order,
                     int page, struct chance *chance)
{
    uint32_t units = press->units[page];
    uint8_t *bits = calloc((size_t)units + 1, DESK_COLLUDERS);
    for (int i = 0; bits && i < DESK_COLLUDERS; i++) {
        struct secret key;
        mark_copy_key(&press->document, order->copy[i], &key);
        mark_code(&key, (uint32_t)page, press->threshold[page], units,
                  bits + (size_t)i * units);
        secret_wipe(&key);
    }
    for (uint32_t u = 0; bits && u < units; u++) {
        uint8_t bit[] = {bits[u], bits[units + u], bits[2 * units + u]};
        press->sign[page][u] = mixed(order->kind, bit, chance);
    }
    free(bits);
}

/* Biases and bits of another key. */
static void page_estrange(struct press *press, int page, struct chance *chance)
{
    for (uint32_t u = 0; u < press->units[page]; u++) {
        int threshold = chance_uniform(chance) < 0.5 ? MARK_THRESHOLD_LOW
                                                     : MARK_THRESHOLD_HIGH;
        press->sign[page][u] = chance_below(chance, 256) < threshold ? 1 : -1;
    }
}

static enum sting_status mix_make(struct desk *desk,
                                  const struct sheet_order *order,
                                  struct chance *chance, struct buffer *out,
                                  struct fault *fault)
{
    struct press *press = &desk->press[order->shelf];
    for (int p = 0; p < press->bait.pages; p++) {
        if (order->kind == SHEET_STRANGER) {
            page_estrange(press, p, chance);
        } else {
            page_mix(press, order, p, chance);
        }
    }
    return picture_pdf_write(press->worker, (const int8_t *const *)press->sign,
                             press->units, press->bait.pages, out, fault);
}

enum sting_status desk_make(struct desk *desk, const struct sheet_order *order,
                            struct chance *chance,
                            struct buffer out[DESK_COLLUDERS],
                            struct fault *fault)
{
    enum sting_status status = press_open(desk, order->shelf, fault);
    if (status) {
        return status;
    }
    struct press *press = &desk->press[order->shelf];
    int copies = order->kind == SHEET_AVERAGE ? DESK_COLLUDERS : 1;
    switch (order->kind) {
    case SHEET_COPY:
    case SHEET_AVERAGE:
        for (int i = 0; !status && i < copies; i++) {
            status = press_copy(press, order->copy[i], &out[i], fault);
        }
        return status;
    case SHEET_UNMARKED:
        return bait_original_load(desk->operation, &desk->keys, &press->bait,
                                  out, fault);
    default:
        return mix_make(desk, order, chance, out, fault);
    }
}

uint32_t desk_words(const struct desk *desk, size_t shelf, int page)
{
    const struct mark_page *is = &desk->library.shelf[shelf].bait.page[page];
    uint32_t words = 0;
    for (uint32_t u = 0; u < is->units; u++) {
        words += is->unit[u].axis == MARK_ALONG;
    }
    return words;
}
