/* HEIC and AVIF, through libheif: what phones write. */
#include <libheif/heif.h>
#include <stdlib.h>
#include <string.h>

#include "media/picture_kind.h"

#define MOST_EXIF ((size_t)1 << 20)

static void context_free(struct heif_context **context)
{
    if (*context) {
        heif_context_free(*context);
    }
}

static void handle_free(struct heif_image_handle **handle)
{
    if (*handle) {
        heif_image_handle_release(*handle);
    }
}

static void image_free(struct heif_image **image)
{
    if (*image) {
        heif_image_release(*image);
    }
}

static bool heic_is(struct bytes file)
{
    static const char brand[][5] = {"heic", "heix", "heim", "heis", "hevc",
                                    "mif1", "msf1", "avif", "avis"};
    if (file.size < 12 || memcmp(file.data + 4, "ftyp", 4) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof brand / sizeof *brand; i++) {
        if (memcmp(file.data + 8, brand[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

/* The picture that viewers show first. */
static enum sting_status open_first(struct bytes file,
                                    struct heif_context **context,
                                    struct heif_image_handle **handle,
                                    struct fault *fault)
{
    *context = heif_context_alloc();
    if (!*context) {
        return STING_E_NOMEM;
    }
    heif_context_set_max_decoding_threads(*context, 0);
    struct heif_error error = heif_context_read_from_memory_without_copy(
        *context, file.data, file.size, NULL);
    if (error.code == heif_error_Ok) {
        error = heif_context_get_primary_image_handle(*context, handle);
    }
    if (error.code == heif_error_Memory_allocation_error) {
        return fault_set(fault, STING_E_LIMIT, "",
                         "the HEIC asks for too much memory");
    }
    return error.code == heif_error_Ok ? STING_OK
                                       : picture_damaged("HEIC", fault);
}

/* libheif turns the picture itself; of Exif only time and camera count. */
static void exif_take(struct heif_image_handle *handle, struct exif *exif)
{
    heif_item_id id;
    if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id,
                                                         1) != 1) {
        return;
    }
    size_t size = heif_image_handle_get_metadata_size(handle, id);
    uint8_t *block = size > 4 && size <= MOST_EXIF ? malloc(size) : NULL;
    if (block && heif_image_handle_get_metadata(handle, id, block).code ==
                     heif_error_Ok) {
        size_t skip = (size_t)block[0] << 24 | (size_t)block[1] << 16 |
                      (size_t)block[2] << 8 | (size_t)block[3];
        if (skip < size - 4) {
            exif_of_tiff((struct bytes){block + 4 + skip, size - 4 - skip},
                         exif);
        }
    }
    free(block);
    exif->orientation = 1;
}

static enum sting_status heic_facts(struct bytes file,
                                    struct picture_facts *out,
                                    struct fault *fault)
{
    struct heif_context *context STING_AUTO(context_free) = NULL;
    struct heif_image_handle *handle STING_AUTO(handle_free) = NULL;
    enum sting_status status = open_first(file, &context, &handle, fault);
    if (!status) {
        exif_take(handle, &out->exif);
        out->exif.is_whole = true; /* the decoder misses what is cut off */
    }
    return status;
}

static bool is_full_range(const struct heif_image *image)
{
    struct heif_color_profile_nclx *nclx = NULL;
    bool full = true; /* as libheif takes pictures that do not say */
    if (heif_image_get_nclx_color_profile(image, &nclx).code == heif_error_Ok) {
        full = nclx->full_range_flag;
        heif_nclx_color_profile_free(nclx);
    }
    return full;
}

static enum sting_status luma_take(const struct heif_image *image,
                                   struct plane *out)
{
    int stride = 0;
    const uint8_t *from =
        heif_image_get_plane_readonly(image, heif_channel_Y, &stride);
    int depth = heif_image_get_bits_per_pixel_range(image, heif_channel_Y);
    int width = heif_image_get_width(image, heif_channel_Y);
    int height = heif_image_get_height(image, heif_channel_Y);
    struct plane grey;
    if (!from || depth < 8 || depth > 16) {
        return STING_E_FORMAT;
    }
    enum sting_status status = plane_init(&grey, width, height);
    bool full = is_full_range(image);
    for (int y = 0; !status && y < height; y++) {
        const uint8_t *row = from + (ptrdiff_t)y * stride;
        uint8_t *to = plane_row(&grey, y);
        for (int x = 0; x < width; x++) {
            const uint8_t *pair = row + (ptrdiff_t)2 * x;
            to[x] = depth == 8
                        ? row[x]
                        : (uint8_t)((pair[0] | pair[1] << 8) >> (depth - 8));
        }
        if (!full) {
            picture_range_widen(to, width);
        }
    }
    if (!status) {
        *out = grey;
    }
    return status;
}

static enum sting_status heic_decode(struct bytes file, int sheet,
                                     struct plane *out, int *orientation,
                                     struct fault *fault)
{
    struct heif_context *context STING_AUTO(context_free) = NULL;
    struct heif_image_handle *handle STING_AUTO(handle_free) = NULL;
    struct heif_image *image STING_AUTO(image_free) = NULL;
    (void)sheet;
    (void)orientation;
    enum sting_status status = open_first(file, &context, &handle, fault);
    if (status) {
        return status;
    }
    int64_t width = heif_image_handle_get_width(handle);
    int64_t height = heif_image_handle_get_height(handle);
    if (width * height > PICTURE_MOST_PIXELS) {
        return picture_too_large("HEIC", width, height, fault);
    }
    if (heif_decode_image(handle, &image, heif_colorspace_YCbCr,
                          heif_chroma_420, NULL)
            .code != heif_error_Ok) {
        return picture_damaged("HEIC", fault);
    }
    status = luma_take(image, out);
    return status == STING_E_FORMAT ? picture_damaged("HEIC", fault) : status;
}

const struct picture_kind picture_heic = {"HEIC", heic_is, heic_facts,
                                          heic_decode};
