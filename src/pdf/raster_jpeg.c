/* The only file of this room that calls libjpeg, which leaves by longjmp:
 * nothing here is cleaned up by scope between setjmp and the end. */
#include "pdf/raster_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#define MOST_SAMPLES (96 << 20) /* of all planes */
#define MOST_MARKER 0xffff
#define MOST_SCANS 100 /* a progressive file of more is a trap */
#define MOST_TALL (4 * DCTSIZE)

struct plane_pair {
    struct raster from, to; /* owned; one component a plane */
};

struct job {
    struct jpeg_error_mgr error; /* first, so that libjpeg's pointer is ours */
    jmp_buf failed;
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    struct jpeg_progress_mgr progress;
    bool is_reading, is_writing;
    struct plane_pair plane[MAX_COMPONENTS];
    int planes;
    unsigned char *bytes; /* libjpeg's, malloc */
    unsigned long size;
};

static void leave(j_common_ptr common)
{
    struct job *job = (struct job *)(void *)common->err;
    longjmp(job->failed, 1);
}

static void be_silent(j_common_ptr common)
{
    (void)common;
}

static void count_scans(j_common_ptr common)
{
    struct jpeg_decompress_struct *in =
        (struct jpeg_decompress_struct *)(void *)common;
    if (common->is_decompressor && in->input_scan_number > MOST_SCANS) {
        leave(common);
    }
}

static void job_release(struct job *job)
{
    if (job->is_reading) {
        jpeg_destroy_decompress(&job->in);
    }
    if (job->is_writing) {
        jpeg_destroy_compress(&job->out);
    }
    for (int c = 0; c < job->planes; c++) {
        free(job->plane[c].from.sample);
        free(job->plane[c].to.sample);
    }
    free(job->bytes);
}

static struct raster plane_of(const jpeg_component_info *info, bool *ok)
{
    struct raster plane = {
        .width = (int)info->width_in_blocks * DCTSIZE,
        .height = (int)info->height_in_blocks * DCTSIZE,
        .components = 1,
        .stride = (size_t)info->width_in_blocks * DCTSIZE,
    };
    /* libjpeg writes and reads whole groups of lines. */
    plane.sample = calloc((size_t)plane.height + (size_t)MOST_TALL,
                          plane.stride + (size_t)MOST_TALL);
    plane.stride += (size_t)MOST_TALL;
    *ok = *ok && plane.sample;
    return plane;
}

static bool make_planes(struct job *job)
{
    bool ok = true;
    double samples = 0;
    for (int c = 0; c < job->in.num_components; c++) {
        const jpeg_component_info *info = &job->in.comp_info[c];
        samples +=
            (double)info->width_in_blocks * info->height_in_blocks * DCTSIZE2;
    }
    if (samples > MOST_SAMPLES) {
        return false;
    }
    for (int c = 0; c < job->in.num_components; c++) {
        const jpeg_component_info *info = &job->in.comp_info[c];
        job->planes = c + 1;
        job->plane[c].from = plane_of(info, &ok);
        job->plane[c].to = plane_of(info, &ok);
    }
    return ok;
}

/* Lines of each plane, as libjpeg wants them. */
struct rows {
    JSAMPROW line[MAX_COMPONENTS][MOST_TALL];
    JSAMPARRAY plane[MAX_COMPONENTS];
};

/* `tall` lines of a plane, those beyond its end being the last. */
static void find_lines(const struct raster *plane, size_t first, int tall,
                       JSAMPROW line[MOST_TALL])
{
    size_t last = (size_t)plane->height + (size_t)MOST_TALL - 1;
    for (int i = 0; i < tall; i++) {
        size_t y = first + (size_t)i;
        line[i] = plane->sample + (y < last ? y : last) * plane->stride;
    }
}

/* The group of lines that holds line `at` of the picture; groups are `most`
 * blocks high. */
static void find_rows(struct job *job, bool reads, JDIMENSION at, int most,
                      struct rows *rows)
{
    const jpeg_component_info *info =
        reads ? job->in.comp_info : job->out.comp_info;
    for (int c = 0; c < job->planes; c++) {
        int tall = info[c].v_samp_factor * DCTSIZE;
        size_t first = (size_t)at / (size_t)(most * DCTSIZE) * (size_t)tall;
        find_lines(reads ? &job->plane[c].from : &job->plane[c].to, first, tall,
                   rows->line[c]);
        rows->plane[c] = rows->line[c];
    }
}

static void read_planes(struct job *job)
{
    struct rows rows;
    while (job->in.output_scanline < job->in.output_height) {
        int most = job->in.max_v_samp_factor;
        find_rows(job, true, job->in.output_scanline, most, &rows);
        (void)jpeg_read_raw_data(&job->in, rows.plane,
                                 (JDIMENSION)(most * DCTSIZE));
    }
}

static void write_planes(struct job *job)
{
    struct rows rows;
    while (job->out.next_scanline < job->out.image_height) {
        int most = job->out.max_v_samp_factor;
        find_rows(job, false, job->out.next_scanline, most, &rows);
        (void)jpeg_write_raw_data(&job->out, rows.plane,
                                  (JDIMENSION)(most * DCTSIZE));
    }
}

static enum sting_status displace(struct job *job,
                                  const struct raster_place *place)
{
    enum sting_status status = STING_OK;
    for (int c = 0; !status && c < job->planes; c++) {
        const jpeg_component_info *info = &job->in.comp_info[c];
        struct raster_place own = *place;
        own.width = (double)job->in.image_width * info->h_samp_factor /
                    job->in.max_h_samp_factor;
        own.height = (double)job->in.image_height * info->v_samp_factor /
                     job->in.max_v_samp_factor;
        status = raster_displace(&job->plane[c].from, &own, RASTER_SMOOTH,
                                 &job->plane[c].to);
    }
    return status;
}

/* May leave by longjmp. */
static bool read_all(struct job *job, struct bytes jpeg)
{
    struct jpeg_decompress_struct *in = &job->in;
    jpeg_create_decompress(in);
    job->is_reading = true;
    job->progress.progress_monitor = count_scans;
    in->progress = &job->progress;
    jpeg_mem_src(in, jpeg.data, jpeg.size);
    jpeg_save_markers(in, JPEG_COM, MOST_MARKER);
    for (int i = 0; i < 16; i++) {
        jpeg_save_markers(in, JPEG_APP0 + i, MOST_MARKER);
    }
    (void)jpeg_read_header(in, TRUE);
    in->raw_data_out = TRUE;
    in->do_fancy_upsampling = FALSE;
    in->out_color_space = in->jpeg_color_space;
    in->dct_method = JDCT_ISLOW;
    if (in->data_precision != 8 || in->num_components > 4) {
        return false;
    }
    (void)jpeg_start_decompress(in);
    if (!make_planes(job)) {
        return false;
    }
    read_planes(job);
    return true;
}

/* The markers that libjpeg writes by itself are not written twice. */
static void write_markers(struct job *job)
{
    for (jpeg_saved_marker_ptr m = job->in.marker_list; m; m = m->next) {
        bool jfif = job->out.write_JFIF_header && m->marker == JPEG_APP0 &&
                    m->data_length >= 5 && !memcmp(m->data, "JFIF", 5);
        bool adobe = job->out.write_Adobe_marker &&
                     m->marker == JPEG_APP0 + 14 && m->data_length >= 5 &&
                     !memcmp(m->data, "Adobe", 5);
        if (!jfif && !adobe) {
            jpeg_write_marker(&job->out, m->marker, m->data, m->data_length);
        }
    }
}

static void write_all(struct job *job)
{
    struct jpeg_compress_struct *out = &job->out;
    jpeg_create_compress(out);
    job->is_writing = true;
    jpeg_mem_dest(out, &job->bytes, &job->size);
    jpeg_copy_critical_parameters(&job->in, out);
    out->raw_data_in = TRUE;
    out->optimize_coding = TRUE;
    out->dct_method = JDCT_ISLOW;
    if (job->in.progressive_mode) {
        jpeg_simple_progression(out);
    }
    jpeg_start_compress(out, TRUE);
    write_markers(job);
    write_planes(job);
    jpeg_finish_compress(out);
}

static enum sting_status run(struct job *job, struct bytes jpeg,
                             const struct raster_place *place)
{
    job->in.err = job->out.err = jpeg_std_error(&job->error);
    job->error.error_exit = leave;
    job->error.output_message = be_silent;
    if (setjmp(job->failed)) {
        return STING_E_UNSUPPORTED;
    }
    if (!read_all(job, jpeg)) {
        return STING_E_UNSUPPORTED;
    }
    enum sting_status status = displace(job, place);
    if (!status) {
        write_all(job);
    }
    return status;
}

enum sting_status raster_jpeg(struct bytes jpeg,
                              const struct raster_place *place,
                              struct buffer *out)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        return STING_E_NOMEM;
    }
    enum sting_status status = run(job, jpeg, place);
    if (!status) {
        status = buffer_append(out, (struct bytes){job->bytes, job->size});
    }
    job_release(job);
    free(job);
    return status;
}
