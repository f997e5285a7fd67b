/* Images of every codec, displaced and read back by MuPDF. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h>
#include <openjpeg.h>

#include "base/file.h"
#include "pdf/file.h"
#include "pdf/pack.h"
#include "pdf/raster_jbig2.h"
#include "pdf/raster_rows.h"
#include "pdf/source_image.h"
#include "tests/check.h"

#define SIDE 400 /* pixels; the page is as many quarter points: 288 dpi */
#define CELLS 5

static uint8_t grey[SIDE * SIDE]; /* discs, some grey, on white */
static uint8_t bits[SIDE * SIDE / 8];

static void draw(void)
{
    memset(grey, 255, sizeof grey);
    memset(bits, 255, sizeof bits);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            int dx = x % 80 - 40, dy = y % 80 - 40;
            if (dx * dx + dy * dy < 500) {
                grey[y * SIDE + x] = (uint8_t)(x / 80 * 25);
                bits[(y * SIDE + x) / 8] &= (uint8_t) ~(128 >> x % 8);
            }
        }
    }
}

/* One page of 100 x 100 pt, covered by an image. `draws` is its content. */
static void image_paper(const char *keys, struct bytes data, const char *draws,
                        struct buffer *out)
{
    const char *const head[] = {
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n",
        ("3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents "
         "4 0 R/Resources<</XObject<</I 5 0 R>>>>>>\nendobj\n"),
    };
    size_t place[6] = {0, 9};
    assert_int_equal(buffer_text_append(out, head[0]), 0);
    for (int i = 1; i < 3; i++) {
        place[i + 1] = out->size;
        assert_int_equal(buffer_text_append(out, head[i]), 0);
    }
    place[4] = out->size;
    assert_int_equal(buffer_printf(out,
                                   "4 0 obj\n<</Length %zu>>\nstream\n%s\n"
                                   "endstream\nendobj\n",
                                   strlen(draws), draws),
                     0);
    place[5] = out->size;
    assert_int_equal(
        buffer_printf(out,
                      "5 0 obj\n<</Type/XObject/Subtype/Image/Width %d/Height "
                      "%d/ColorSpace/DeviceGray%s/Length %zu>>\nstream\n",
                      SIDE, SIDE, keys, data.size),
        0);
    assert_int_equal(buffer_append(out, data), 0);
    assert_int_equal(buffer_text_append(out, "\nendstream\nendobj\n"), 0);
    size_t table = out->size;
    assert_int_equal(
        buffer_text_append(out, "xref\n0 6\n0000000000 65535 f \n"), 0);
    for (int i = 1; i < 6; i++) {
        assert_int_equal(buffer_printf(out, "%010zu 00000 n \n", place[i]), 0);
    }
    assert_int_equal(buffer_printf(out,
                                   "trailer\n<</Size 6/Root 1 0 R>>\nstartxref"
                                   "\n%zu\n%%%%EOF\n",
                                   table),
                     0);
}

static const char once[] = "q 100 0 0 100 0 0 cm /I Do Q";

static void jpeg_data(int rows, struct buffer *out)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr error;
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg.err = jpeg_std_error(&error);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &size);
    jpeg.image_width = SIDE;
    jpeg.image_height = (JDIMENSION)rows;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 85, TRUE);
    jpeg.optimize_coding = TRUE;
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < rows; y++) {
        JSAMPROW row = grey + (ptrdiff_t)y * SIDE;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    assert_int_equal(buffer_append(out, (struct bytes){data, size}), 0);
    free(data);
}

/* OpenJPEG writes to files alone without more ado. */
static void jpx_data(struct buffer *out)
{
    char name[] = "/tmp/raster-test-XXXXXX";
    struct fault fault;
    opj_image_cmptparm_t plane = {
        .dx = 1, .dy = 1, .w = SIDE, .h = SIDE, .prec = 8, .bpp = 8};
    opj_cparameters_t how;
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    opj_set_default_encoder_parameters(&how);
    how.tcp_numlayers = 1;
    how.cp_disto_alloc = 1;
    how.tcp_rates[0] = 10;
    how.irreversible = 1;
    opj_image_t *image = opj_image_create(1, &plane, OPJ_CLRSPC_GRAY);
    image->x1 = image->y1 = SIDE;
    for (int i = 0; i < SIDE * SIDE; i++) {
        image->comps[0].data[i] = grey[i];
    }
    opj_codec_t *codec = opj_create_compress(OPJ_CODEC_JP2);
    opj_stream_t *stream = opj_stream_create_default_file_stream(name, 0);
    assert_true(opj_setup_encoder(codec, &how, image) &&
                opj_start_compress(codec, image, stream) &&
                opj_encode(codec, stream) && opj_end_compress(codec, stream));
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    assert_int_equal(file_read(AT_FDCWD, name, 1 << 20, out, &fault), 0);
    close(fd);
    unlink(name);
}

static const struct bytes grey_rows = {grey, sizeof grey};
static const struct bytes bit_rows = {bits, sizeof bits};

static void plain_paper(struct buffer *out)
{
    image_paper("/BitsPerComponent 8", grey_rows, once, out);
}

static void deflate_paper(struct buffer *out)
{
    const struct source_image image = {
        .width = SIDE, .height = SIDE, .bits = 8, .components = 1};
    struct buffer rows STING_AUTO(buffer_release) = {0};
    struct buffer data STING_AUTO(buffer_release) = {0};
    uint8_t tried[SIDE], predicted[SIDE + 1];
    static const uint8_t none[SIDE];
    for (int y = 0; y < SIDE; y++) {
        raster_predict_row(&image, grey + (ptrdiff_t)y * SIDE,
                           y > 0 ? grey + (ptrdiff_t)(y - 1) * SIDE : none,
                           tried, predicted);
        assert_int_equal(
            buffer_append(&rows, (struct bytes){predicted, sizeof predicted}),
            0);
    }
    assert_int_equal(pack_samples(buffer_bytes(&rows), &data), 0);
    image_paper("/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<<"
                "/Predictor 15/Columns 400>>",
                buffer_bytes(&data), once, out);
}

static void jpeg_paper(struct buffer *out)
{
    struct buffer data STING_AUTO(buffer_release) = {0};
    jpeg_data(SIDE, &data);
    image_paper("/BitsPerComponent 8/Filter/DCTDecode", buffer_bytes(&data),
                once, out);
}

static void jpx_paper(struct buffer *out)
{
    struct buffer data STING_AUTO(buffer_release) = {0};
    jpx_data(&data);
    image_paper("/BitsPerComponent 8/Filter/JPXDecode", buffer_bytes(&data),
                once, out);
}

static void bit_paper(struct buffer *out)
{
    image_paper("/BitsPerComponent 1", bit_rows, once, out);
}

/* What a file without compression holds, packed as fax. */
static void fax_paper_of(const char *keys, struct buffer *out)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer rows STING_AUTO(buffer_release) = {0};
    struct buffer data STING_AUTO(buffer_release) = {0};
    struct source *source STING_AUTO(source_close) = NULL;
    struct fault fault;
    bit_paper(&plain);
    assert_int_equal(pdf_source_open(buffer_bytes(&plain), &source, &fault), 0);
    assert_int_equal(buffer_append(&rows, bit_rows), 0);
    assert_int_equal(source_fax(source, buffer_bytes(&rows), SIDE, SIDE, &data),
                     0);
    image_paper(keys, buffer_bytes(&data), once, out);
}

static void fax_paper(struct buffer *out)
{
    fax_paper_of("/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<<"
                 "/K -1/Columns 400/Rows 400>>",
                 out);
}

/* Ones are black: the sheet shows in negative, which is its own affair. */
static void turned_fax_paper(struct buffer *out)
{
    fax_paper_of("/BitsPerComponent 1/Filter/CCITTFaxDecode/Decode[1 0]"
                 "/DecodeParms<</K -1/Columns 400/BlackIs1 true>>",
                 out);
}

static void jbig2_paper(struct buffer *out)
{
    struct buffer rows STING_AUTO(buffer_release) = {0};
    struct buffer data STING_AUTO(buffer_release) = {0};
    assert_int_equal(buffer_append(&rows, bit_rows), 0);
    for (size_t i = 0; i < rows.size; i++) {
        rows.data[i] = (uint8_t)~rows.data[i];
    }
    assert_int_equal(raster_jbig2(buffer_bytes(&rows), SIDE, SIDE, &data), 0);
    assert_in_range(data.size, 100, sizeof bits / 4);
    image_paper("/BitsPerComponent 1/Filter/JBIG2Decode", buffer_bytes(&data),
                once, out);
}

static const struct {
    void (*make)(struct buffer *out);
    int near; /* of a sample that did not move */
    bool is_two;
} kind[] = {
    {plain_paper, 0, false},     {deflate_paper, 0, false},
    {jpeg_paper, 10, false},     {jpx_paper, 30, false},
    {bit_paper, 0, true},        {fax_paper, 0, true},
    {turned_fax_paper, 0, true}, {jbig2_paper, 0, true},
};
#define KINDS (sizeof kind / sizeof *kind)

static struct plane render(struct bytes bytes)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct plane plane;
    struct fault fault = {"", ""};
    assert_int_equal(pdf_file_open(bytes, &file, &fault), 0);
    assert_int_equal(pdf_file_render(file, 0, 288, &plane, &fault), 0);
    assert_int_equal(plane.width_px, SIDE);
    return plane;
}

static void displace_by(struct bytes paper, struct pdf_node *node,
                        struct buffer *out)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct fault fault = {"", ""};
    const struct pdf_field field = {25, CELLS, CELLS, node};
    struct pdf_moves moves = {.field = &field};
    assert_int_equal(pdf_file_open(paper, &file, &fault), 0);
    assert_int_equal(pdf_file_write(file, &moves, out, &fault), 0);
}

/* The file again, all of it displaced by this. */
static void displace(struct bytes paper, float x_pt, float y_pt,
                     struct buffer *out)
{
    struct pdf_node node[CELLS * CELLS];
    for (int i = 0; i < CELLS * CELLS; i++) {
        node[i] = (struct pdf_node){x_pt, y_pt};
    }
    displace_by(paper, node, out);
}

/* The file again, so many rows of cells from the top displaced to the right,
 * the others to the left. */
static void displace_rows(struct bytes paper, int rows, struct buffer *out)
{
    struct pdf_node node[CELLS * CELLS];
    for (int i = 0; i < CELLS * CELLS; i++) {
        node[i] = (struct pdf_node){i < rows * CELLS ? 0.25F : -0.25F, 0};
    }
    displace_by(paper, node, out);
}

static void what_does_not_move_stays_as_it_is(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer paper STING_AUTO(buffer_release) = {0};
        struct buffer copy STING_AUTO(buffer_release) = {0};
        kind[k].make(&paper);
        displace(buffer_bytes(&paper), 0, 0, &copy);
        struct plane a = render(buffer_bytes(&paper));
        struct plane b = render(buffer_bytes(&copy));
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int d = plane_row(&a, y)[x] - plane_row(&b, y)[x];
                assert_true(abs(d) <= kind[k].near);
            }
        }
        plane_release(&a);
        plane_release(&b);
    }
}

/* The centre of darkness around the disc in the middle. */
static void centre(const struct plane *plane, double *x, double *y)
{
    double sum = 0, sum_x = 0, sum_y = 0;
    for (int j = 165; j < 235; j++) {
        for (int i = 165; i < 235; i++) {
            double dark = 255 - plane_row(plane, j)[i];
            sum += dark;
            sum_x += dark * i;
            sum_y += dark * j;
        }
    }
    *x = sum_x / sum;
    *y = sum_y / sum;
}

static void every_kind_moves_as_its_cells_do(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer paper STING_AUTO(buffer_release) = {0};
        struct buffer copy STING_AUTO(buffer_release) = {0};
        double x[2], y[2];
        kind[k].make(&paper);
        displace(buffer_bytes(&paper), 0.25F, -0.15F, &copy);
        struct plane a = render(buffer_bytes(&paper));
        struct plane b = render(buffer_bytes(&copy));
        centre(&a, &x[0], &y[0]);
        centre(&b, &x[1], &y[1]);
        assert_true(fabs(x[1] - x[0] - 1.0) < (kind[k].is_two ? 0.25 : 0.05));
        assert_true(fabs(y[1] - y[0] + 0.6) < (kind[k].is_two ? 0.45 : 0.05));
        for (int i = 0; kind[k].is_two && i < SIDE; i++) {
            assert_true(plane_row(&b, 200)[i] == 0 ||
                        plane_row(&b, 200)[i] == 255);
        }
        plane_release(&a);
        plane_release(&b);
    }
}

static void a_copy_keeps_the_codec_and_nearly_the_size(void **state)
{
    (void)state;
    static const char *const filter[KINDS] = {
        NULL, "/FlateDecode",    "/DCTDecode",      "/JPXDecode",
        NULL, "/CCITTFaxDecode", "/CCITTFaxDecode", "/JBIG2Decode",
    };
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer paper STING_AUTO(buffer_release) = {0};
        struct buffer copy STING_AUTO(buffer_release) = {0};
        kind[k].make(&paper);
        displace(buffer_bytes(&paper), 0.25F, 0.25F, &copy);
        if (filter[k]) {
            assert_non_null(
                memmem(copy.data, copy.size, filter[k], strlen(filter[k])));
        }
        assert_true(copy.size < paper.size + paper.size / 4 + 1000);
    }
}

static void an_image_drawn_twice_moves_where_it_is_largest(void **state)
{
    (void)state;
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer copy STING_AUTO(buffer_release) = {0};
    double x[2], y[2];
    image_paper("/BitsPerComponent 8", grey_rows,
                "q 9 0 0 9 0 0 cm /I Do Q q 100 0 0 100 0 0 cm /I Do Q "
                "q 9 0 0 9 0 0 cm /I Do Q",
                &paper);
    displace(buffer_bytes(&paper), 0.25F, -0.15F, &copy);
    struct plane before = render(buffer_bytes(&paper));
    struct plane after = render(buffer_bytes(&copy));
    centre(&before, &x[0], &y[0]);
    centre(&after, &x[1], &y[1]);
    assert_true(fabs(x[1] - x[0] - 1.0) < 0.05);
    assert_true(fabs(y[1] - y[0] + 0.6) < 0.05);
    plane_release(&before);
    plane_release(&after);
}

static void a_broken_image_stays(void **state)
{
    (void)state;
    struct buffer data STING_AUTO(buffer_release) = {0};
    jpeg_data(SIDE, &data);
    for (size_t size = 2; size < data.size; size += size / 2 + 1) {
        struct buffer paper STING_AUTO(buffer_release) = {0};
        struct buffer copy STING_AUTO(buffer_release) = {0};
        data.data[size / 2] ^= 0x55;
        image_paper("/BitsPerComponent 8/Filter/DCTDecode",
                    (struct bytes){data.data, size}, once, &paper);
        displace(buffer_bytes(&paper), 0.25F, 0.25F, &copy);
        assert_true(copy.size > 0);
    }
}

/* The centre of darkness around the disc in this column and row. */
static struct place disc_centre(const struct plane *plane, int column, int row)
{
    double sum = 0, sum_x = 0, sum_y = 0;
    for (int j = row * 80 + 5; j < row * 80 + 75; j++) {
        for (int i = column * 80 + 5; i < column * 80 + 75; i++) {
            double dark = 255 - plane_row(plane, j)[i];
            sum += dark;
            sum_x += dark * i;
            sum_y += dark * j;
        }
    }
    return (struct place){sum_x / sum, sum_y / sum};
}

/* Readers put a file's first row at the top and as many as /Height has on the
 * image's place: of more rows the last are cut off, of fewer those that lack
 * are blank. */
/* A paper in which a word stands for another as long; gives what reading its
 * page says. */
static enum sting_status read_with(const char *word, const char *other,
                                   struct fault *fault)
{
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct pdf_text text;
    jpeg_paper(&paper);
    uint8_t *at = memmem(paper.data, paper.size, word, strlen(word));
    assert_true(at && strlen(word) == strlen(other));
    memcpy(at, other, strlen(other));
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), &file, fault), 0);
    return pdf_file_text(file, 0, &text, fault);
}

static void a_jpeg_that_is_not_what_the_pdf_says_is_refused(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    assert_int_equal(read_with("/Width 400", "/Width 400", &fault), 0);
    assert_int_equal(read_with("/Width 400", "/Width 399", &fault),
                     STING_E_FORMAT);
    assert_non_null(strstr(fault.why, "each in their own way"));
    assert_int_equal(
        read_with("/ColorSpace/DeviceGray", "/ColorSpace/DeviceRGB ", &fault),
        STING_E_FORMAT);
    assert_int_equal(
        read_with("/ColorSpace/DeviceGray", "/Elsewhere1/DeviceGray", &fault),
        STING_E_FORMAT);
}

static void a_jpeg_of_other_height_moves_where_it_is_shown(void **state)
{
    (void)state;
    static const int rows[] = {SIDE / 2, SIDE * 3 / 4};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer data STING_AUTO(buffer_release) = {0};
        struct buffer paper STING_AUTO(buffer_release) = {0};
        struct buffer copy STING_AUTO(buffer_release) = {0};
        jpeg_data(rows[i], &data);
        image_paper("/BitsPerComponent 8/Filter/DCTDecode", buffer_bytes(&data),
                    once, &paper);
        displace_rows(buffer_bytes(&paper), 2, &copy);
        struct plane before = render(buffer_bytes(&paper));
        struct plane after = render(buffer_bytes(&copy));
        for (int row = 0; row < 2; row++) {
            struct place a = disc_centre(&before, 1, row);
            struct place b = disc_centre(&after, 1, row);
            assert_true(fabs(b.x - a.x - 1.0) < 0.1);
            assert_true(fabs(b.y - a.y) < 0.05);
        }
        plane_release(&before);
        plane_release(&after);
    }
}

static void bits_come_apart_and_together(void **state)
{
    (void)state;
    for (int b = 1; b <= 8; b *= 2) {
        const struct source_image image = {
            .width = 13, .height = 7, .bits = b, .components = 3};
        uint8_t rows[7 * 39];
        uint8_t samples[39], again[39];
        size_t row = raster_row_bytes(&image);
        for (size_t i = 0; i < row * 7; i++) {
            rows[i] = (uint8_t)(i * 37 + i / 5);
        }
        for (size_t y = 0; y < 7; y++) {
            uint8_t *packed = rows + y * row;
            packed[row - 1] &= (uint8_t)(0xff << (row * 8 - 39 * (size_t)b));
            raster_unpack_row(&image, packed, samples);
            raster_pack_row(&image, samples, again);
            assert_memory_equal(packed, again, row);
        }
    }
}

/* The sheet cut into strips, each an image of its own or inline. */
struct sheet {
    int strips;
    bool is_inline, is_two;
};

static struct bytes strip_of(const struct sheet *sheet, int i)
{
    size_t size =
        (sheet->is_two ? sizeof bits : sizeof grey) / (size_t)sheet->strips;
    return (struct bytes){(sheet->is_two ? bits : grey) + (size_t)i * size,
                          size};
}

static void draw_strip(const struct sheet *sheet, int i, struct buffer *draws)
{
    double side = 100.0 / sheet->strips;
    assert_int_equal(buffer_printf(draws, "q 100 0 0 %g 0 %g cm ", side,
                                   100 - side * (i + 1)),
                     0);
    if (!sheet->is_inline) {
        assert_int_equal(buffer_printf(draws, "/I%d Do Q\n", i), 0);
        return;
    }
    assert_int_equal(buffer_printf(draws, "BI/W %d/H %d/CS/G/BPC %d ID ", SIDE,
                                   SIDE / sheet->strips, sheet->is_two ? 1 : 8),
                     0);
    assert_int_equal(buffer_append(draws, strip_of(sheet, i)), 0);
    assert_int_equal(buffer_text_append(draws, "\nEI Q\n"), 0);
}

static void put_stream(const char *head, struct bytes data, struct buffer *out)
{
    assert_int_equal(
        buffer_printf(out, "%s/Length %zu>>\nstream\n", head, data.size), 0);
    assert_int_equal(buffer_append(out, data), 0);
    assert_int_equal(buffer_text_append(out, "\nendstream\nendobj\n"), 0);
}

static void put_table(const size_t *place, int objects, struct buffer *out)
{
    size_t table = out->size;
    assert_int_equal(
        buffer_printf(out, "xref\n0 %d\n0000000000 65535 f \n", objects), 0);
    for (int i = 1; i < objects; i++) {
        assert_int_equal(buffer_printf(out, "%010zu 00000 n \n", place[i]), 0);
    }
    assert_int_equal(buffer_printf(out,
                                   "trailer\n<</Size %d/Root 1 0 R>>\n"
                                   "startxref\n%zu\n%%%%EOF\n",
                                   objects, table),
                     0);
}

static void sheet_paper(const struct sheet *sheet, struct buffer *out)
{
    static const char *const object[] = {
        "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n",
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 "
        "R/Resources<</XObject<</I0 5 0 R/I1 6 0 R/I2 7 0 R/I3 8 0 R>>>>>>\n"
        "endobj\n"};
    struct buffer draws STING_AUTO(buffer_release) = {0};
    size_t place[16] = {0};
    assert_int_equal(buffer_text_append(out, "%PDF-1.4\n"), 0);
    for (int i = 0; i < 3; i++) {
        place[1 + i] = out->size;
        assert_int_equal(buffer_text_append(out, object[i]), 0);
    }
    for (int i = 0; i < sheet->strips; i++) {
        char head[160];
        draw_strip(sheet, i, &draws);
        place[5 + i] = out->size;
        snprintf(head, sizeof head,
                 "%d 0 obj\n<</Subtype/Image/Width %d/Height %d/ColorSpace"
                 "/DeviceGray/BitsPerComponent %d",
                 5 + i, SIDE, SIDE / sheet->strips, sheet->is_two ? 1 : 8);
        put_stream(head, strip_of(sheet, i), out);
    }
    place[4] = out->size;
    put_stream("4 0 obj\n<<", buffer_bytes(&draws), out);
    put_table(place, 5 + sheet->strips, out);
}

static void assert_looks_whole(int strips, bool is_inline, bool is_two)
{
    struct buffer whole STING_AUTO(buffer_release) = {0};
    struct buffer parts STING_AUTO(buffer_release) = {0};
    struct buffer one STING_AUTO(buffer_release) = {0};
    struct buffer other STING_AUTO(buffer_release) = {0};
    const struct sheet uncut = {1, false, is_two};
    const struct sheet cut = {strips, is_inline, is_two};
    sheet_paper(&uncut, &whole);
    sheet_paper(&cut, &parts);
    displace(buffer_bytes(&whole), 0.2F, -0.9F, &one);
    displace(buffer_bytes(&parts), 0.2F, -0.9F, &other);
    struct plane before = render(buffer_bytes(&parts));
    struct plane a = render(buffer_bytes(&one));
    struct plane b = render(buffer_bytes(&other));
    uint64_t moved = 0;
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            assert_int_equal(plane_row(&a, y)[x], plane_row(&b, y)[x]);
            moved += plane_row(&before, y)[x] != plane_row(&b, y)[x];
        }
    }
    assert_true(moved > 1000);
    plane_release(&before);
    plane_release(&a);
    plane_release(&b);
}

static void a_scan_in_strips_moves_like_a_whole_one(void **state)
{
    (void)state;
    for (int two = 0; two < 2; two++) {
        assert_looks_whole(4, false, two);
        assert_looks_whole(4, true, two);
        assert_looks_whole(1, true, two);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_does_not_move_stays_as_it_is),
        cmocka_unit_test(every_kind_moves_as_its_cells_do),
        cmocka_unit_test(a_copy_keeps_the_codec_and_nearly_the_size),
        cmocka_unit_test(an_image_drawn_twice_moves_where_it_is_largest),
        cmocka_unit_test(a_broken_image_stays),
        cmocka_unit_test(a_jpeg_of_other_height_moves_where_it_is_shown),
        cmocka_unit_test(a_jpeg_that_is_not_what_the_pdf_says_is_refused),
        cmocka_unit_test(bits_come_apart_and_together),
        cmocka_unit_test(a_scan_in_strips_moves_like_a_whole_one),
    };
    draw();
    return cmocka_run_group_tests(test, NULL, NULL);
}
