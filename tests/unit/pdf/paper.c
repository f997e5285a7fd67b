#include "paper.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

#define MOST_OBJECTS 32

void paper_write(const char *const *object, size_t objects, const char *kids,
                 const char *more, struct buffer *out)
{
    size_t place[MOST_OBJECTS] = {0};
    char catalog[512], pages[256];
    const char *body[MOST_OBJECTS] = {
        NULL, catalog, pages,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
        "/Encoding/WinAnsiEncoding>>"};
    int count = 0;
    for (const char *at = kids; (at = strchr(at, 'R')); at++) {
        count++;
    }
    snprintf(catalog, sizeof catalog, "<</Type/Catalog/Pages 2 0 R%s>>", more);
    snprintf(pages, sizeof pages,
             "<</Type/Pages/Count %d/Kids%s/MediaBox[0 0 612 792]"
             "/Resources<</Font<</F 3 0 R>>>>>>",
             count, kids);
    for (size_t i = 0; i < objects; i++) {
        body[4 + i] = object[i];
    }
    assert_int_equal(buffer_printf(out, "%%PDF-1.4\n%%\xe2\xe3\n"), 0);
    for (size_t i = 1; i < 4 + objects; i++) {
        place[i] = out->size;
        assert_int_equal(
            buffer_printf(out, "%zu 0 obj\n%s\nendobj\n", i, body[i]), 0);
    }
    size_t table = out->size;
    assert_int_equal(buffer_printf(out, "xref\n0 %zu\n%s", 4 + objects,
                                   "0000000000 65535 f \n"),
                     0);
    for (size_t i = 1; i < 4 + objects; i++) {
        assert_int_equal(buffer_printf(out, "%010zu 00000 n \n", place[i]), 0);
    }
    assert_int_equal(buffer_printf(out,
                                   "trailer\n<</Size %zu/Root 1 0 R>>\n"
                                   "startxref\n%zu\n%%%%EOF\n",
                                   4 + objects, table),
                     0);
}

void paper_page(const char *content, const char *keys,
                const char *const *object, size_t objects, struct buffer *out)
{
    static char stream[65536];
    char page[1024];
    const char *all[MOST_OBJECTS] = {page, stream};
    snprintf(page, sizeof page, "<</Type/Page/Parent 2 0 R/Contents 5 0 R%s>>",
             keys);
    snprintf(stream, sizeof stream, "<</Length %zu>>\nstream\n%s\nendstream",
             strlen(content), content);
    for (size_t i = 0; i < objects; i++) {
        all[2 + i] = object[i];
    }
    paper_write(all, 2 + objects, "[4 0 R]", "", out);
}

void paper_tower(struct buffer *out)
{
    static char form[13][256];
    const char *object[13];
    for (size_t i = 0; i < 13; i++) {
        snprintf(form[i], sizeof form[i],
                 "<</Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %zu 0 "
                 "R>>>>/Length 60>>\nstream\n%60s\nendstream",
                 i + 7,
                 i == 12 ? "0 0 1 1 re f"
                         : "/X Do /X Do /X Do /X Do /X Do "
                           "/X Do /X Do /X Do /X Do /X Do ");
        object[i] = form[i];
    }
    paper_page("/X Do", "/Resources<</XObject<</X 6 0 R>>>>", object, 13, out);
}
