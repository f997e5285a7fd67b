/* The only file of this room that knows libjpeg, which leaves by longjmp:
 * nothing here is cleaned up by scope between setjmp and the end. */
#include "drill/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct writer {
    struct jpeg_error_mgr error; /* first, so that libjpeg's pointer is ours */
    jmp_buf failed;
    struct jpeg_compress_struct jpeg;
    unsigned char *bytes; /* libjpeg's, malloc */
    unsigned long size;
    JSAMPLE *row;
};

static void leave(j_common_ptr common)
{
    struct writer *writer = (struct writer *)(void *)common->err;
    longjmp(writer->failed, 1);
}

static void be_silent(j_common_ptr common)
{
    (void)common;
}

static JSAMPLE sample(float value)
{
    float scaled = value * 255.0F + 0.5F;
    return (JSAMPLE)(scaled <= 0 ? 0 : scaled >= 255 ? 255 : scaled);
}

static void rows_write(struct writer *writer, const struct colour *colour)
{
    for (int y = 0; y < colour_height(colour); y++) {
        for (int c = 0; c < 3; c++) {
            const float *from = plane_f_row(&colour->channel[c], y);
            for (int x = 0; x < colour_width(colour); x++) {
                writer->row[3 * x + c] = sample(from[x]);
            }
        }
        jpeg_write_scanlines(&writer->jpeg, &writer->row, 1);
    }
}

static enum sting_status compress(struct writer *writer,
                                  const struct colour *colour, int quality)
{
    struct jpeg_compress_struct *jpeg = &writer->jpeg;
    jpeg->err = jpeg_std_error(&writer->error);
    writer->error.error_exit = leave;
    writer->error.output_message = be_silent;
    if (setjmp(writer->failed)) {
        return STING_E_NOMEM;
    }
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &writer->bytes, &writer->size);
    jpeg->image_width = (JDIMENSION)colour_width(colour);
    jpeg->image_height = (JDIMENSION)colour_height(colour);
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg); /* gives 4:2:0 */
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->dct_method = JDCT_ISLOW;
    jpeg_start_compress(jpeg, TRUE);
    rows_write(writer, colour);
    jpeg_finish_compress(jpeg);
    return STING_OK;
}

enum sting_status jpeg_write(const struct colour *colour, int quality,
                             struct buffer *out)
{
    if (quality < 1 || quality > 100) {
        return STING_E_ARG;
    }
    struct writer *writer = calloc(1, sizeof *writer);
    JSAMPLE *row = malloc((size_t)colour_width(colour) * 3);
    enum sting_status status = STING_E_NOMEM;
    if (writer && row) {
        writer->row = row;
        status = compress(writer, colour, quality);
        jpeg_destroy_compress(&writer->jpeg);
        if (!status) {
            status =
                buffer_append(out, (struct bytes){writer->bytes, writer->size});
        }
        free(writer->bytes);
    }
    free(row);
    free(writer);
    return status;
}
