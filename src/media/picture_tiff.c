/* TIFF, through libtiff: what scanners, fax machines and archives write. */
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "media/picture_kind.h"

#define MOST_DIRECTORIES 4096
#define LEAST_BAND_PX 64

/* libtiff reads from memory through these. */
struct tiff_file {
    struct bytes bytes;
    size_t at;
};

static tmsize_t file_read(thandle_t handle, void *to, tmsize_t wanted)
{
    struct tiff_file *file = handle;
    size_t left = file->bytes.size - file->at;
    size_t size = wanted < 0              ? 0
                  : (size_t)wanted < left ? (size_t)wanted
                                          : left;
    memcpy(to, file->bytes.data + file->at, size);
    file->at += size;
    return (tmsize_t)size;
}

static tmsize_t file_write(thandle_t handle, void *from, tmsize_t size)
{
    (void)handle;
    (void)from;
    (void)size;
    return -1;
}

static toff_t file_seek(thandle_t handle, toff_t to, int whence)
{
    struct tiff_file *file = handle;
    size_t base = whence == SEEK_SET   ? 0
                  : whence == SEEK_CUR ? file->at
                                       : file->bytes.size;
    if (to > file->bytes.size - base) {
        return (toff_t)-1;
    }
    file->at = base + to;
    return file->at;
}

static int file_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t file_size(thandle_t handle)
{
    return ((struct tiff_file *)handle)->bytes.size;
}

static void tiff_close(TIFF **tiff)
{
    if (*tiff) {
        TIFFClose(*tiff);
    }
}

static TIFF *tiff_open(struct tiff_file *file)
{
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    return TIFFClientOpen("", "rm", file, file_read, file_write, file_seek,
                          file_close, file_size, NULL, NULL);
}

/* A page; not the small copy of one that viewers show in lists. */
static bool is_sheet(TIFF *tiff)
{
    uint32_t kind = 0;
    (void)TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
    return !(kind & FILETYPE_REDUCEDIMAGE);
}

/* Go to sheet `wanted`, or count them all: gives how many were passed. */
static int sheets_walk(TIFF *tiff, int wanted)
{
    int sheets = 0;
    for (int i = 0; i < MOST_DIRECTORIES; i++) {
        sheets += is_sheet(tiff);
        if (sheets > wanted || !TIFFReadDirectory(tiff)) {
            break;
        }
    }
    return sheets;
}

static bool tiff_is(struct bytes file)
{
    return file.size >= 8 &&
           (!memcmp(file.data, "II*\0", 4) || !memcmp(file.data, "MM\0*", 4) ||
            !memcmp(file.data, "II+\0", 4) || !memcmp(file.data, "MM\0+", 4));
}

static enum sting_status tiff_facts(struct bytes bytes,
                                    struct picture_facts *out,
                                    struct fault *fault)
{
    struct tiff_file file = {bytes, 0};
    TIFF *tiff STING_AUTO(tiff_close) = tiff_open(&file);
    if (!tiff) {
        return picture_damaged("TIFF", fault);
    }
    out->sheets = sheets_walk(tiff, MOST_DIRECTORIES);
    if (out->sheets < 1) {
        return picture_damaged("TIFF", fault);
    }
    if (out->sheets > PICTURE_MOST_SHEETS) {
        return fault_set(fault, STING_E_LIMIT, "split it into parts",
                         "the TIFF has more than %d pages",
                         PICTURE_MOST_SHEETS);
    }
    exif_of_tiff(bytes, &out->exif);
    out->exif.is_whole = true; /* libtiff misses what is cut off */
    return STING_OK;
}

static void grey_rows(const uint32_t *raster, int rows, struct plane *out,
                      int first)
{
    for (int y = 0; y < rows; y++) {
        const uint32_t *from = raster + (ptrdiff_t)y * out->width_px;
        uint8_t *to = plane_row(out, first + y);
        for (int x = 0; x < out->width_px; x++) {
            /* libtiff has multiplied by alpha; the rest is white paper */
            unsigned v = from[x], a = TIFFGetA(v);
            unsigned grey = picture_grey(TIFFGetR(v), TIFFGetG(v), TIFFGetB(v));
            grey += 255 - a;
            to[x] = (uint8_t)(grey > 255 ? 255 : grey);
        }
    }
}

/* Rows that are decoded at once: whole strips or tiles. */
static int band_rows(TIFF *tiff, int height_px)
{
    uint32_t rows = 0;
    if (TIFFIsTiled(tiff)) {
        (void)TIFFGetField(tiff, TIFFTAG_TILELENGTH, &rows);
    } else {
        (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    }
    if (rows == 0 || rows >= (uint32_t)height_px) {
        return height_px;
    }
    return (int)((LEAST_BAND_PX + rows - 1) / rows * rows);
}

/* Row by row as stored: libtiff is asked to turn nothing. */
static enum sting_status image_read(TIFF *tiff, TIFFRGBAImage *image,
                                    struct plane *out, struct fault *fault)
{
    int band = band_rows(tiff, out->height_px);
    uint32_t *raster =
        reallocarray(NULL, (size_t)band * (size_t)out->width_px, 4);
    enum sting_status status = raster ? STING_OK : STING_E_NOMEM;
    image->req_orientation = image->orientation;
    for (int y = 0; !status && y < out->height_px; y += band) {
        int rows = out->height_px - y < band ? out->height_px - y : band;
        image->row_offset = y;
        image->col_offset = 0;
        if (!TIFFRGBAImageGet(image, raster, (uint32_t)out->width_px,
                              (uint32_t)rows)) {
            status = picture_damaged("TIFF", fault);
            break;
        }
        grey_rows(raster, rows, out, y);
    }
    free(raster);
    return status;
}

static enum sting_status sheet_read(TIFF *tiff, struct plane *out,
                                    int *orientation, struct fault *fault)
{
    char why[1024] = "";
    TIFFRGBAImage image;
    struct plane grey STING_AUTO(plane_release) = {0};
    uint32_t width = 0, height = 0;
    (void)TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    (void)TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    if ((int64_t)width * height > PICTURE_MOST_PIXELS ||
        width > PLANE_MOST_PX || height > PLANE_MOST_PX) {
        return picture_too_large("TIFF", width, height, fault);
    }
    if (width == 0 || height == 0 ||
        !TIFFRGBAImageBegin(&image, tiff, 1, why)) {
        return picture_damaged("TIFF", fault);
    }
    enum sting_status status = plane_init(&grey, (int)width, (int)height);
    if (!status) {
        status = image_read(tiff, &image, &grey, fault);
    }
    *orientation = image.orientation;
    TIFFRGBAImageEnd(&image);
    if (!status) {
        *out = grey;
        grey = (struct plane){0};
    }
    return status;
}

static enum sting_status tiff_decode(struct bytes bytes, int sheet,
                                     struct plane *out, int *orientation,
                                     struct fault *fault)
{
    struct tiff_file file = {bytes, 0};
    TIFF *tiff STING_AUTO(tiff_close) = tiff_open(&file);
    if (!tiff || sheets_walk(tiff, sheet) <= sheet) {
        return picture_damaged("TIFF", fault);
    }
    return sheet_read(tiff, out, orientation, fault);
}

const struct picture_kind picture_tiff = {"TIFF", tiff_is, tiff_facts,
                                          tiff_decode};
