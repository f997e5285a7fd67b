/* The only file of this room that calls OpenJPEG. */
#include "pdf/raster_jpx.h"

#include <stdlib.h>
#include <string.h>

#include <openjpeg.h>

#define MOST_SAMPLES (64 << 20)
#define MOST_PLANES 4
#define RESOLUTIONS 6

/* Bytes that OpenJPEG reads from or writes to. */
struct tape {
    struct bytes from;
    struct buffer *to;
    size_t at;
};

static OPJ_SIZE_T tape_read(void *data, OPJ_SIZE_T size, void *user)
{
    struct tape *tape = user;
    size_t left = tape->from.size - tape->at;
    size_t now = size < left ? size : left;
    if (now == 0) {
        return (OPJ_SIZE_T)-1;
    }
    memcpy(data, tape->from.data + tape->at, now);
    tape->at += now;
    return now;
}

/* Writing may go back to lengths that were left open. */
static OPJ_SIZE_T tape_write(void *data, OPJ_SIZE_T size, void *user)
{
    struct tape *tape = user;
    size_t end = tape->at + size;
    if (end > tape->to->size) {
        if (buffer_reserve(tape->to, end - tape->to->size)) {
            return (OPJ_SIZE_T)-1;
        }
        memset(tape->to->data + tape->to->size, 0, end - tape->to->size);
        tape->to->size = end;
    }
    memcpy(tape->to->data + tape->at, data, size);
    tape->at = end;
    return size;
}

static OPJ_BOOL tape_seek(OPJ_OFF_T at, void *user)
{
    struct tape *tape = user;
    size_t most = tape->to ? (size_t)1 << 30 : tape->from.size;
    if (at < 0 || (size_t)at > most) {
        return OPJ_FALSE;
    }
    tape->at = (size_t)at;
    return OPJ_TRUE;
}

static OPJ_OFF_T tape_skip(OPJ_OFF_T by, void *user)
{
    struct tape *tape = user;
    return tape_seek((OPJ_OFF_T)tape->at + by, user) ? by : -1;
}

static opj_stream_t *stream_new(struct tape *tape, bool reads)
{
    opj_stream_t *stream = opj_stream_default_create(reads);
    if (stream) {
        opj_stream_set_user_data(stream, tape, NULL);
        opj_stream_set_user_data_length(stream, tape->from.size);
        opj_stream_set_read_function(stream, tape_read);
        opj_stream_set_write_function(stream, tape_write);
        opj_stream_set_skip_function(stream, tape_skip);
        opj_stream_set_seek_function(stream, tape_seek);
    }
    return stream;
}

static void say_nothing(const char *message, void *user)
{
    (void)message;
    (void)user;
}

static bool is_fit(const opj_image_t *image)
{
    if (image->numcomps < 1 || image->numcomps > MOST_PLANES) {
        return false;
    }
    const opj_image_comp_t *first = &image->comps[0];
    double samples = (double)first->w * first->h * image->numcomps;
    for (OPJ_UINT32 c = 0; c < image->numcomps; c++) {
        const opj_image_comp_t *comp = &image->comps[c];
        if (comp->prec != 8 || comp->sgnd || comp->dx != 1 || comp->dy != 1 ||
            comp->w != first->w || comp->h != first->h) {
            return false;
        }
    }
    return samples > 0 && samples <= MOST_SAMPLES;
}

static bool is_boxed(struct bytes jpx)
{
    return jpx.size > 4 && jpx.data[0] == 0;
}

static opj_codec_t *codec_of(struct bytes jpx, bool reads)
{
    OPJ_CODEC_FORMAT format = is_boxed(jpx) ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K;
    opj_codec_t *codec =
        reads ? opj_create_decompress(format) : opj_create_compress(format);
    if (codec) {
        (void)opj_set_info_handler(codec, say_nothing, NULL);
        (void)opj_set_warning_handler(codec, say_nothing, NULL);
        (void)opj_set_error_handler(codec, say_nothing, NULL);
    }
    return codec;
}

static bool has_data(const opj_image_t *image)
{
    for (OPJ_UINT32 c = 0; c < image->numcomps; c++) {
        if (!image->comps[c].data) {
            return false;
        }
    }
    return true;
}

/* NULL where it cannot be read, or is of a kind that stays. */
static opj_image_t *read_image(struct bytes jpx)
{
    struct tape tape = {.from = jpx};
    opj_dparameters_t how;
    opj_image_t *image = NULL;
    opj_codec_t *codec = codec_of(jpx, true);
    opj_stream_t *stream = stream_new(&tape, true);
    opj_set_default_decoder_parameters(&how);
    bool ok = codec && stream && opj_setup_decoder(codec, &how) &&
              opj_read_header(stream, codec, &image) && is_fit(image) &&
              opj_decode(codec, stream, image) && is_fit(image) &&
              has_data(image);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    if (!ok) {
        opj_image_destroy(image);
        image = NULL;
    }
    return image;
}

static void take(const opj_image_comp_t *comp, struct raster *raster)
{
    for (size_t i = 0; i < (size_t)comp->w * comp->h; i++) {
        OPJ_INT32 v = comp->data[i];
        raster->sample[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

static enum sting_status displace(opj_image_t *image,
                                  const struct raster_place *place)
{
    size_t width = image->comps[0].w, height = image->comps[0].h;
    uint8_t *samples = calloc(2, width * height);
    struct raster from = {samples, (int)width, (int)height, 1, width};
    struct raster to = from;
    struct raster_place own = *place;
    enum sting_status status = samples ? STING_OK : STING_E_NOMEM;
    own.width = (double)width;
    own.height = (double)height;
    for (OPJ_UINT32 c = 0; !status && c < image->numcomps; c++) {
        to.sample = samples + width * height;
        take(&image->comps[c], &from);
        status = raster_displace(&from, &own, RASTER_SMOOTH, &to);
        for (size_t i = 0; !status && i < width * height; i++) {
            image->comps[c].data[i] = to.sample[i];
        }
    }
    free(samples);
    return status;
}

/* A small image cannot be halved so often. */
static int resolutions(const opj_image_t *image)
{
    OPJ_UINT32 side = image->comps[0].w < image->comps[0].h ? image->comps[0].w
                                                            : image->comps[0].h;
    int count = 1;
    while (count < RESOLUTIONS && side >> count > 0) {
        count++;
    }
    return count;
}

/* In one layer of as many bytes as it had. */
static bool write_image(opj_image_t *image, struct bytes old,
                        struct buffer *out)
{
    struct tape tape = {.to = out};
    opj_cparameters_t how;
    opj_set_default_encoder_parameters(&how);
    double samples =
        (double)image->comps[0].w * image->comps[0].h * image->numcomps;
    how.tcp_numlayers = 1;
    how.cp_disto_alloc = 1;
    how.tcp_rates[0] = (float)(samples / (double)old.size);
    how.irreversible = 1;
    how.tcp_mct = (char)(image->numcomps >= 3);
    how.numresolution = resolutions(image);
    opj_codec_t *codec = codec_of(old, false);
    opj_stream_t *stream = stream_new(&tape, false);
    bool ok = codec && stream && opj_setup_encoder(codec, &how, image) &&
              opj_start_compress(codec, image, stream) &&
              opj_encode(codec, stream) && opj_end_compress(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    return ok;
}

enum sting_status raster_jpx(struct bytes jpx, const struct raster_place *place,
                             struct buffer *out)
{
    struct buffer made STING_AUTO(buffer_release) = {0};
    opj_image_t *image = read_image(jpx);
    if (!image) {
        return STING_E_UNSUPPORTED;
    }
    enum sting_status status = displace(image, place);
    if (!status && !write_image(image, jpx, &made)) {
        status = STING_E_UNSUPPORTED;
    }
    opj_image_destroy(image);
    return status ? status : buffer_append(out, buffer_bytes(&made));
}

const char *raster_jpx_version(void)
{
    return opj_version();
}
