/* The operators of a content stream, and what each does to the state of reading
 * it: ISO 32000-1, table 51. */
#include <stdlib.h>
#include <string.h>

#include "pdf/scan.h"
#include "pdf/source_image.h"

#define WORD_SIZE 4   /* the longest operator and its NUL */
#define NAME_SIZE 128 /* of a resource */

double scan_number(const struct scan *scan, int from_end)
{
    int i = scan->operands - from_end;
    return i >= 0 && scan->operand[i].kind == TOKEN_NUMBER
               ? scan->operand[i].number
               : 0;
}

void scan_name(const struct scan *scan, int from_end, char *out, size_t size)
{
    int i = scan->operands - from_end;
    size_t used = 0;
    if (i >= 0 && scan->operand[i].kind == TOKEN_NAME) {
        struct bytes raw = pdf_token_bytes(scan->lexer.text, scan->operand[i]);
        for (size_t at = 1; at < raw.size && used + 1 < size; at++) {
            char hex[3] = {0};
            if (raw.data[at] == '#' && at + 2 < raw.size) {
                memcpy(hex, raw.data + at + 1, 2);
                at += 2;
                out[used++] = (char)strtoul(hex, NULL, 16);
            } else {
                out[used++] = (char)raw.data[at];
            }
        }
    }
    out[used] = 0;
}

/* Whatever is shown next does not stand where the last operator left off. */
static void end_line(struct scan *scan)
{
    struct content *content = &scan->page->content[scan->content];
    if (content->shows > 0) {
        content->show[content->shows - 1].ends_line = true;
    }
}

void scan_next_line(struct scan *scan, double x, double y)
{
    end_line(scan);
    struct place_map by = {1, 0, 0, 1, x, y};
    scan->line = place_map_then(by, scan->line);
    scan->text = scan->line;
}

static struct place_map operand_map(const struct scan *scan)
{
    return (struct place_map){scan_number(scan, 6), scan_number(scan, 5),
                              scan_number(scan, 4), scan_number(scan, 3),
                              scan_number(scan, 2), scan_number(scan, 1)};
}

static enum sting_status op_save(struct scan *scan)
{
    if (scan->saves == SCAN_STATES) {
        return fault_set(scan->fault, STING_E_LIMIT, "",
                         "a page saves its state %d times over", SCAN_STATES);
    }
    scan->saved[scan->saves++] = scan->state;
    return STING_OK;
}

static enum sting_status op_restore(struct scan *scan)
{
    if (scan->saves > scan->saves_floor) {
        scan->state = scan->saved[--scan->saves];
    }
    return STING_OK;
}

static enum sting_status op_concat(struct scan *scan)
{
    scan->state.ctm = place_map_then(operand_map(scan), scan->state.ctm);
    return STING_OK;
}

static enum sting_status op_begin_text(struct scan *scan)
{
    end_line(scan);
    scan->text = scan->line = place_map_identity;
    return STING_OK;
}

static enum sting_status op_char_space(struct scan *scan)
{
    scan->state.char_space = scan_number(scan, 1);
    return STING_OK;
}

static enum sting_status op_word_space(struct scan *scan)
{
    scan->state.word_space = scan_number(scan, 1);
    return STING_OK;
}

static enum sting_status op_stretch(struct scan *scan)
{
    scan->state.stretch = scan_number(scan, 1) / 100;
    return STING_OK;
}

static enum sting_status op_leading(struct scan *scan)
{
    scan->state.leading = scan_number(scan, 1);
    return STING_OK;
}

static enum sting_status op_mode(struct scan *scan)
{
    scan->state.mode = (int)scan_number(scan, 1);
    return STING_OK;
}

static enum sting_status op_rise(struct scan *scan)
{
    scan->state.rise = scan_number(scan, 1);
    return STING_OK;
}

static enum sting_status op_font(struct scan *scan)
{
    char name[NAME_SIZE];
    struct face *face = NULL;
    scan_name(scan, 2, name, sizeof name);
    if (source_font(scan->source, scan->resources, name, &face)) {
        face = NULL; /* text in a font that is missing is not followed */
    }
    scan->state.face = face;
    scan->state.size = scan_number(scan, 1);
    return STING_OK;
}

static enum sting_status op_graphics_state(struct scan *scan)
{
    char name[NAME_SIZE];
    struct face *face = NULL;
    double size = 0;
    scan_name(scan, 1, name, sizeof name);
    if (!source_state_font(scan->source, scan->resources, name, &face, &size)) {
        scan->state.face = face;
        scan->state.size = size;
    }
    return STING_OK;
}

static enum sting_status op_move(struct scan *scan)
{
    scan_next_line(scan, scan_number(scan, 2), scan_number(scan, 1));
    return STING_OK;
}

static enum sting_status op_move_leading(struct scan *scan)
{
    scan->state.leading = -scan_number(scan, 1);
    return op_move(scan);
}

static enum sting_status op_matrix(struct scan *scan)
{
    end_line(scan);
    scan->text = scan->line = operand_map(scan);
    return STING_OK;
}

static enum sting_status op_line(struct scan *scan)
{
    scan_next_line(scan, 0, -scan->state.leading);
    return STING_OK;
}

static enum sting_status op_show(struct scan *scan)
{
    return scan_show(scan, SHOW_TJ_STRING, scan->lexer.at);
}

static enum sting_status op_show_array(struct scan *scan)
{
    return scan_show(scan, SHOW_TJ_ARRAY, scan->lexer.at);
}

static enum sting_status op_show_next(struct scan *scan)
{
    return scan_show(scan, SHOW_NEXT, scan->lexer.at);
}

static enum sting_status op_show_spaced(struct scan *scan)
{
    return scan_show(scan, SHOW_SPACED, scan->lexer.at);
}

static enum sting_status op_begin_marked(struct scan *scan)
{
    char tag[8];
    scan_name(scan, 2, tag, sizeof tag);
    scan->marked++;
    if (!strcmp(tag, "OC") && scan->hidden_from == 0) {
        scan->hidden_from = scan->marked;
    }
    return STING_OK;
}

static enum sting_status op_end_marked(struct scan *scan)
{
    if (scan->hidden_from == scan->marked) {
        scan->hidden_from = 0;
    }
    scan->marked -= scan->marked > 0;
    return STING_OK;
}

static enum sting_status look_at(struct scan *scan,
                                 const struct content_image *image)
{
    struct source_image known = {.dict = image->dict,
                                 .data = image->data,
                                 .resources = image->resources};
    enum sting_status status =
        image->number > 0 ? source_image(scan->source, image->number, &known)
                          : source_image_inline(scan->source, &known);
    struct page_content *page = scan->page;
    page->has_two_levels = page->has_two_levels || (!status && known.bits == 1);
    page->has_large = page->has_large || status == STING_E_LIMIT;
    return status == STING_E_FORMAT
               ? fault_set(scan->fault, status, "print it into a new PDF first",
                           "a picture has another width or other colours than "
                           "the PDF says, and viewers show it each in their "
                           "own way")
               : STING_OK;
}

/* Drawn before on this page. */
static bool is_known(const struct page_content *page,
                     const struct content_image *image)
{
    for (uint32_t i = 0; i < page->images; i++) {
        if (image->number > 0 && page->image[i].number == image->number) {
            return true;
        }
    }
    return false;
}

static enum sting_status add_image(struct scan *scan,
                                   struct content_image image)
{
    struct page_content *page = scan->page;
    if (page->images == CONTENT_MOST_IMAGES) {
        return STING_OK;
    }
    void *grown =
        reallocarray(page->image, page->images + 1, sizeof *page->image);
    if (!grown) {
        return STING_E_NOMEM;
    }
    page->image = grown;
    enum sting_status status =
        is_known(page, &image) ? STING_OK : look_at(scan, &image);
    if (status) {
        return status;
    }
    image.map = scan->state.ctm;
    image.stays = scan->hidden_from != 0;
    page->image[page->images++] = image;
    return STING_OK;
}

static enum sting_status op_inline_image(struct scan *scan)
{
    const struct bytes text = scan->lexer.text;
    size_t begin = scan->lexer.at;
    struct lexer_token token = pdf_lexer_next(&scan->lexer);
    while (token.kind != TOKEN_END && !pdf_token_is(text, token, "ID")) {
        token = pdf_lexer_next(&scan->lexer);
    }
    struct content_image image = {
        .content = scan->content,
        .dict = {text.data + begin, token.begin - begin},
        .resources = scan->resources,
    };
    pdf_lexer_skip_image(&scan->lexer, image.dict);
    size_t data = token.end + 1; /* a blank follows ID */
    size_t end = scan->lexer.at > data + 2 ? scan->lexer.at - 2 : data;
    image.data = (struct bytes){text.data + data, end - data};
    scan->page->has_picture = true;
    return data < text.size ? add_image(scan, image) : STING_OK;
}

static enum sting_status op_draw_image(struct scan *scan, const char *name)
{
    int number[2] = {0, 0};
    scan->page->has_picture = true;
    if (source_image_find(scan->source, scan->resources, name, number)) {
        return STING_OK;
    }
    const struct content_image image = {.number = number[0]};
    const struct content_image mask = {.number = number[1], .is_mask = true};
    enum sting_status status = add_image(scan, image);
    return status || number[1] == 0 ? status : add_image(scan, mask);
}

static enum sting_status op_draw(struct scan *scan)
{
    char name[NAME_SIZE];
    struct source_form form = {0};
    scan_name(scan, 1, name, sizeof name);
    if (source_form(scan->source, scan->resources, name, &form)) {
        return op_draw_image(scan, name);
    }
    if (scan->depth >= SCAN_DEPTH || scan->forms_left < 1) {
        return fault_set(scan->fault, STING_E_LIMIT,
                         "print it into a new PDF first",
                         "a page draws too many forms within forms");
    }
    scan->forms_left--;
    return scan_form(scan, &form);
}

static const struct operator_row {
    const char *word;
    enum sting_status (*act)(struct scan *scan);
} operator_table[] = {
    {"q", op_save},           {"Q", op_restore},
    {"cm", op_concat},        {"BT", op_begin_text},
    {"Tc", op_char_space},    {"Tw", op_word_space},
    {"Tz", op_stretch},       {"TL", op_leading},
    {"Tr", op_mode},          {"Ts", op_rise},
    {"Tf", op_font},          {"gs", op_graphics_state},
    {"Td", op_move},          {"TD", op_move_leading},
    {"Tm", op_matrix},        {"T*", op_line},
    {"Tj", op_show},          {"TJ", op_show_array},
    {"'", op_show_next},      {"\"", op_show_spaced},
    {"BMC", op_begin_marked}, {"BDC", op_begin_marked},
    {"EMC", op_end_marked},   {"BI", op_inline_image},
    {"Do", op_draw},
};

/* A BMC has its tag last, a BDC last but one. */
static void align_marked(struct scan *scan, const char *word)
{
    if (!strcmp(word, "BMC") && scan->operands < SCAN_OPERANDS) {
        scan->operand[scan->operands++] = (struct lexer_token){0};
    }
}

enum sting_status scan_apply(struct scan *scan, struct lexer_token token)
{
    char word[WORD_SIZE] = "";
    struct bytes raw = pdf_token_bytes(scan->lexer.text, token);
    if (raw.size >= WORD_SIZE) {
        return STING_OK;
    }
    memcpy(word, raw.data, raw.size);
    if (scan_path_operator(scan, word)) {
        return STING_OK;
    }
    align_marked(scan, word);
    for (size_t i = 0; i < sizeof operator_table / sizeof *operator_table;
         i++) {
        if (!strcmp(operator_table[i].word, word)) {
            return operator_table[i].act(scan);
        }
    }
    return STING_OK;
}
