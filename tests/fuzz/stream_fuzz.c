/* Two kinds of pages. Where the first byte is even, the others choose operators
 * that are well formed: its null edit and a copy in which words move read like
 * the original, with no glyph beyond its limit. Where it is odd, they are the
 * content as it stands: what is written of it is the same each time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/file.h"

#define MOST_WORDS 4096
#define SHIFT_PT 0.1F
#define LIMIT_PT 0.15

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(enum sting_status status)
{
    if (status && status != STING_E_NOMEM) {
        abort();
    }
}

/* A file of one page with this content, and the font /F. */
static void build(struct bytes content, struct buffer *out)
{
    static const char *const object[] = {
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[4 0 R]/MediaBox[0 0 3000 2000]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ("<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F 3 0 R"
         ">>/XObject<</X 5 0 R>>>>>>")};
    size_t place[6] = {0};
    must(buffer_text_append(out, "%PDF-1.4\n"));
    for (size_t i = 1; i < 5; i++) {
        place[i] = out->size;
        must(buffer_printf(out, "%zu 0 obj\n%s\nendobj\n", i, object[i - 1]));
    }
    place[5] = out->size;
    must(buffer_printf(out, "5 0 obj\n<</Length %zu>>stream\n", content.size));
    must(buffer_append(out, content));
    must(buffer_text_append(out, "\nendstream\nendobj\n"));
    size_t table = out->size;
    must(buffer_text_append(out, "xref\n0 6\n0000000000 65535 f \n"));
    for (size_t i = 1; i < 6; i++) {
        must(buffer_printf(out, "%010zu 00000 n \n", place[i]));
    }
    must(buffer_printf(out,
                       "trailer<</Size 6/Root 1 0 R>>\nstartxref\n%zu\n"
                       "%%%%EOF\n",
                       table));
}

/* %d are numbers, %s small ones, %x a string, %y the line that comes next, %v
 * the column that comes next; ~ goes down a line. Text never lies over other
 * text: in what order that reads is a matter of taste, not of the copy. */
static const char *const operators[] = {
    "BT 1 0 0 1 72 %y Tm ",
    "ET ",
    "q ",
    "Q ",
    "%x Tj ",
    "[%x %d %x]TJ ",
    "[%d %d %x %d]TJ",
    "~%x'",
    "~%s %s %x\" ",
    "~%s -14 Td ",
    "~0 -14 TD\n",
    "~T* ",
    "14 TL ",
    "%s Tc ",
    "%s Tw ",
    "%s Ts ",
    "/F 12 Tf ",
    "/F 9.5 Tf ",
    "1 0 0 1 72 %y Tm ",
    "0 1 -1 0 %v 40 Tm %x Tj 1 0 0 1 72 %y Tm ",
    ".9 0 0 1.1 72 %y Tm ",
    "1 0 0 1 .01 .02 cm ",
    "%d %d m %d %d l S ",
    "%d %d 9 9 re f ",
    "%% note\n",
    "BI/W 8/H 1/BPC 8/CS/G ID (EI T EI\nEI ",
    "/P<</A(b)>>BDC ",
    "EMC ",
    "90 Tz ",
    "/X Do "};

#define LINE_PT 14
#define FIRST_COLUMN_PT 620 /* beside the lines, which are short */

struct taps {
    const uint8_t *at;
    size_t left;
    int y_pt; /* of the line */
    int x_pt; /* of the last column */
};

static uint8_t next_byte(struct taps *taps)
{
    if (taps->left == 0) {
        return 0;
    }
    taps->left--;
    return *taps->at++;
}

static void put_string(struct taps *taps, struct buffer *out)
{
    unsigned size = next_byte(taps) % 16;
    must(buffer_text_append(out, "<"));
    for (unsigned i = 0; i < size; i++) {
        unsigned byte = next_byte(taps);
        must(buffer_printf(out, "%02x", byte & 1 ? byte : 32 + byte % 95));
    }
    must(buffer_text_append(out, ">"));
}

static void put_value(struct taps *taps, char kind, struct buffer *out)
{
    int value = kind == 'd' || kind == 's' ? (int8_t)next_byte(taps) : 0;
    if (kind == 'x') {
        put_string(taps, out);
    } else if (kind == 'd') {
        must(buffer_printf(out, "%.*f", value & 3, value * 1.2345));
    } else if (kind == 's') {
        must(buffer_printf(out, "%.*f", value & 3, value / 64.0));
    } else if (kind == 'y') {
        must(buffer_printf(out, "%d", taps->y_pt -= LINE_PT));
    } else if (kind == 'v') {
        must(buffer_printf(out, "%d", taps->x_pt += LINE_PT));
    } else {
        must(buffer_text_append(out, "%"));
    }
}

static void put_operator(struct taps *taps, struct buffer *out)
{
    size_t count = sizeof operators / sizeof *operators;
    const char *form = operators[next_byte(taps) % count];
    if (*form == '~') {
        taps->y_pt -= LINE_PT;
        form++;
    }
    bool is_apart = *form == '[' || *form == '/' || !strncmp(form, "%x", 2);
    if (!is_apart && out->size > 0 && out->data[out->size - 1] > ' ') {
        must(buffer_text_append(out, " ")); /* else it would be one word */
    }
    for (; *form; form++) {
        if (*form == '%') {
            put_value(taps, *++form, out);
        } else {
            const char one[2] = {*form, 0};
            must(buffer_text_append(out, one));
        }
    }
}

static void try_copy(struct pdf_file *file, const struct pdf_moves *moves,
                     double limit)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct fault fault;
    if (pdf_file_write(file, moves, &copy, &fault)) {
        return;
    }
    enum sting_status status =
        pdf_file_check(file, buffer_bytes(&copy), limit, &fault);
    if (limit > 0 && (status == STING_E_FORGED || status == STING_E_FORMAT)) {
        abort();
    }
    must(pdf_file_write(file, moves, &again, &fault));
    if (!bytes_equal(buffer_bytes(&copy), buffer_bytes(&again))) {
        abort();
    }
}

/* All words, each another way than those beside it. */
static struct pdf_moves move_all(const struct pdf_text *text,
                                 struct pdf_move move[MOST_WORDS])
{
    uint32_t words = text->words < MOST_WORDS ? text->words : MOST_WORDS;
    for (uint32_t w = 0; w < words; w++) {
        bool stays = text->word[w].flags & PDF_WORD_SHARED;
        move[w].along_pt = stays ? 0 : (w % 2 ? SHIFT_PT : -SHIFT_PT);
        move[w].across_pt = stays ? 0 : (w % 3 ? SHIFT_PT / 2 : 0);
    }
    return (struct pdf_moves){.move = move, .moves = words};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pdf_move move[MOST_WORDS];
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer content STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct pdf_text text;
    struct fault fault;
    bool formed = size > 0 && data[0] % 2 == 0;
    struct taps taps = {data + 1, size > 0 ? size - 1 : 0, 1980,
                        FIRST_COLUMN_PT};
    if (formed) {
        must(buffer_text_append(&content, "/F 12 Tf 14 TL "));
    }
    while (formed && taps.left > 0 && taps.y_pt > 40) {
        put_operator(&taps, &content);
    }
    build(formed ? buffer_bytes(&content) : (struct bytes){data, size}, &paper);
    if (pdf_file_open(buffer_bytes(&paper), &file, &fault) ||
        pdf_file_text(file, 0, &text, &fault)) {
        return 0;
    }
    const struct pdf_moves moved = move_all(&text, move);
    const struct pdf_moves null = {.move = move, .always = true};
    try_copy(file, &moved, formed ? LIMIT_PT : 0);
    try_copy(file, &null, formed ? 0.002 : 0);
    return 0;
}
