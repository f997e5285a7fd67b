/* The only file of this room that calls libjpeg, which leaves by longjmp:
 * nothing here is cleaned up by scope between setjmp and the end. */
#include "pdf/raster_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "pdf/raster_band.h"
#include "pdf/source_image.h"

#define MOST_SAMPLES SOURCE_MOST_SAMPLES /* of all planes */
#define MOST_KEPT (64 << 20) /* of a file whose codes are made for it */
#define MOST_MARKER 0xffff
#define MOST_SCANS 100 /* a progressive file of more is a trap */
#define MOST_TALL (4 * DCTSIZE)

/* One component: a group of lines as read and as written, and what is between.
 */
struct channel {
    struct raster_band band;  /* owned */
    struct raster_warp *warp; /* owned */
    uint8_t *line;            /* owned; MOST_TALL of them */
    size_t stride;
    int width, height; /* in whole blocks */
    int tall;          /* lines of a group */
    int taken;
};

struct job {
    struct jpeg_error_mgr error; /* first, so that libjpeg's pointer is ours */
    jmp_buf failed;
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    struct jpeg_progress_mgr progress;
    bool is_reading, is_writing;
    double samples;
    struct channel channel[MAX_COMPONENTS];
    int channels;
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
    for (int c = 0; c < job->channels; c++) {
        raster_band_release(&job->channel[c].band);
        raster_warp_free(&job->channel[c].warp);
        free(job->channel[c].line);
    }
    free(job->bytes);
}

static double count_samples(const struct job *job)
{
    double samples = 0;
    for (int c = 0; c < job->in.num_components; c++) {
        const jpeg_component_info *info = &job->in.comp_info[c];
        samples +=
            (double)info->width_in_blocks * info->height_in_blocks * DCTSIZE2;
    }
    return samples;
}

static enum sting_status open_channel(const struct job *job, int c,
                                      const struct raster_place *place,
                                      struct channel *channel)
{
    const jpeg_component_info *info = &job->in.comp_info[c];
    struct raster_place own = *place;
    channel->width = (int)info->width_in_blocks * DCTSIZE;
    channel->height = (int)info->height_in_blocks * DCTSIZE;
    channel->tall = info->v_samp_factor * DCTSIZE;
    /* libjpeg writes and reads whole groups of blocks. */
    channel->stride = (size_t)channel->width + (size_t)MOST_TALL;
    channel->line = calloc((size_t)MOST_TALL, channel->stride);
    if (!channel->line) {
        return STING_E_NOMEM;
    }
    own.width = (double)job->in.image_width * info->h_samp_factor /
                job->in.max_h_samp_factor;
    own.height =
        place->height * info->v_samp_factor / job->in.max_v_samp_factor;
    enum sting_status status =
        raster_warp_new(&own, RASTER_SMOOTH, channel->width, &channel->warp);
    const struct raster size = {
        .width = channel->width, .height = channel->height, .components = 1};
    return status ? status
                  : raster_band_init(
                        &channel->band, &size,
                        raster_warp_reach(channel->warp) + channel->tall, NULL);
}

static enum sting_status open_channels(struct job *job,
                                       const struct raster_place *place)
{
    enum sting_status status = STING_OK;
    for (int c = 0; !status && c < job->in.num_components; c++) {
        job->channels = c + 1;
        status = open_channel(job, c, place, &job->channel[c]);
    }
    return status;
}

/* Lines of each channel, as libjpeg wants them. */
struct rows {
    JSAMPROW line[MAX_COMPONENTS][MOST_TALL];
    JSAMPARRAY plane[MAX_COMPONENTS];
};

static void find_rows(const struct job *job, struct rows *rows)
{
    for (int c = 0; c < job->channels; c++) {
        for (int i = 0; i < MOST_TALL; i++) {
            rows->line[c][i] =
                job->channel[c].line + (size_t)i * job->channel[c].stride;
        }
        rows->plane[c] = rows->line[c];
    }
}

/* Read a group of lines. May leave by longjmp. */
static void read_group(struct job *job, struct rows *rows)
{
    (void)jpeg_read_raw_data(&job->in, rows->plane,
                             (JDIMENSION)(job->in.max_v_samp_factor * DCTSIZE));
    for (int c = 0; c < job->channels; c++) {
        struct channel *channel = &job->channel[c];
        for (int i = 0; i < channel->tall; i++) {
            if (channel->taken < channel->height) {
                raster_band_take(&channel->band, rows->line[c][i]);
                channel->taken++;
            }
        }
    }
}

static bool has_group(const struct job *job, int group)
{
    for (int c = 0; c < job->channels; c++) {
        const struct channel *channel = &job->channel[c];
        int last = (group + 1) * channel->tall - 1;
        last = last < channel->height ? last : channel->height - 1;
        if (!raster_band_has(&channel->band, last - channel->tall)) {
            return false;
        }
    }
    return true;
}

/* Lines below the picture are like the last. May leave by longjmp. */
static void write_group(struct job *job, int group, struct rows *rows)
{
    for (int c = 0; c < job->channels; c++) {
        struct channel *channel = &job->channel[c];
        for (int i = 0; i < channel->tall; i++) {
            int y = group * channel->tall + i;
            if (y < channel->height) {
                raster_warp_row(channel->warp, &channel->band.view, y,
                                rows->line[c][i]);
            }
        }
    }
    (void)jpeg_write_raw_data(
        &job->out, rows->plane,
        (JDIMENSION)(job->out.max_v_samp_factor * DCTSIZE));
}

/* May leave by longjmp. */
static void displace(struct job *job)
{
    struct rows rows;
    int tall = job->in.max_v_samp_factor * DCTSIZE;
    int groups = ((int)job->in.image_height + tall - 1) / tall;
    find_rows(job, &rows);
    for (int group = 0; group < groups; group++) {
        while (job->in.output_scanline < job->in.output_height &&
               !has_group(job, group)) {
            read_group(job, &rows);
        }
        write_group(job, group, &rows);
    }
}

/* May leave by longjmp. */
static bool begin_reading(struct job *job, struct bytes jpeg)
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
    job->samples = count_samples(job);
    return job->samples <= MOST_SAMPLES;
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

/* Codes made for the picture mean that all of it is kept until they are. */
static void begin_writing(struct job *job)
{
    struct jpeg_compress_struct *out = &job->out;
    jpeg_create_compress(out);
    job->is_writing = true;
    jpeg_mem_dest(out, &job->bytes, &job->size);
    jpeg_copy_critical_parameters(&job->in, out);
    out->raw_data_in = TRUE;
    out->optimize_coding = job->samples <= MOST_KEPT;
    out->dct_method = JDCT_ISLOW;
    if (job->in.progressive_mode) {
        jpeg_simple_progression(out);
    }
    jpeg_start_compress(out, TRUE);
    write_markers(job);
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
    if (!begin_reading(job, jpeg)) {
        return STING_E_UNSUPPORTED;
    }
    enum sting_status status = open_channels(job, place);
    if (!status) {
        begin_writing(job);
        displace(job);
        jpeg_finish_compress(&job->out);
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

static enum sting_status look(struct job *job, struct bytes jpeg)
{
    job->in.err = jpeg_std_error(&job->error);
    job->error.error_exit = leave;
    job->error.output_message = be_silent;
    if (setjmp(job->failed)) {
        return STING_E_UNSUPPORTED;
    }
    jpeg_create_decompress(&job->in);
    job->is_reading = true;
    jpeg_mem_src(&job->in, jpeg.data, jpeg.size);
    (void)jpeg_read_header(&job->in, TRUE);
    return STING_OK;
}

enum sting_status raster_jpeg_look(struct bytes jpeg,
                                   struct raster_jpeg_look *out)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        return STING_E_NOMEM;
    }
    enum sting_status status = look(job, jpeg);
    if (!status) {
        *out = (struct raster_jpeg_look){(int)job->in.image_width,
                                         job->in.num_components};
    }
    job_release(job);
    free(job);
    return status;
}

#define TEXT_OF(version) #version
#define VERSION_TEXT(version) TEXT_OF(version)

const char *raster_jpeg_version(void)
{
    return VERSION_TEXT(LIBJPEG_TURBO_VERSION);
}
