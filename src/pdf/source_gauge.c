/* What a page draws, found out without drawing any of it. */
#include <math.h>
#include <string.h>

#include "pdf/source_mupdf.h"

#define LEAST_SHARE 0.2 /* of the page that an image covers to count */
#define MOST_SCANS 500  /* of a JPEG; encoders make up to 20 */
#define MOST_PIXELS                                                            \
    2e9 /* of images, each time one is drawn; A0 at 600 dpi has 0.56e9 */
#define MOST_CLIPS 200000 /* of a page; a form is one wherever it is drawn */
#define MOST_FORMS 20000  /* that a page's resources name, at any depth */
#define MOST_DEPTH 32     /* of forms within forms */
#define MOST_BYTES                                                             \
    (128L << 20) /* of a page's streams and those of its forms                 \
                  */
#define MADE_ANEW "print it into a new PDF first"

struct gauge {
    fz_device super;
    fz_cookie cookie;
    double page_area_pt2;
    double dpi; /* of the finest large image; 0: none */
    int clips;
    double pixels;        /* of all images, each time one is drawn */
    int scans;            /* of the JPEG that has the most */
    const fz_image *last; /* whose scans were counted; borrowed */
};

/* Text and shapes are cheap. Forms are not, and may draw each other. */
static void gauge_clip(fz_context *ctx, fz_device *device, const fz_path *path,
                       int even_odd, fz_matrix ctm, fz_rect scissor)
{
    (void)path;
    (void)even_odd;
    (void)ctm;
    (void)scissor;
    struct gauge *gauge = (struct gauge *)device;
    if (++gauge->clips > MOST_CLIPS) {
        gauge->cookie.abort = 1; /* which patterns do not look at */
        fz_throw(ctx, FZ_ERROR_ABORT, "too many forms");
    }
}

/* Every scan goes over the whole picture. */
static int scans_of(fz_context *ctx, fz_image *image)
{
    static const char mark[] = "\xff\xda";
    fz_compressed_buffer *packed = fz_compressed_image_buffer(ctx, image);
    if (!packed || packed->params.type != FZ_IMAGE_JPEG) {
        return 0;
    }
    unsigned char *data = NULL;
    size_t size = fz_buffer_storage(ctx, packed->buffer, &data);
    const unsigned char *at = data;
    int scans = 0;
    while ((at = memmem(at, size - (size_t)(at - data), mark, 2)) &&
           scans <= MOST_SCANS) {
        at += 2;
        scans++;
    }
    return scans;
}

static void gauge_image(fz_context *ctx, fz_device *device, fz_image *image,
                        fz_matrix ctm, float alpha, fz_color_params params)
{
    (void)alpha;
    (void)params;
    struct gauge *gauge = (struct gauge *)device;
    double area = fabs((double)ctm.a * ctm.d - (double)ctm.b * ctm.c);
    double pixels = (double)image->w * image->h;
    if (area >= LEAST_SHARE * gauge->page_area_pt2 && area > 0) {
        gauge->dpi = fmax(gauge->dpi, 72 * sqrt(pixels / area));
    }
    if (image != gauge->last) {
        int scans = scans_of(ctx, image);
        gauge->scans = scans > gauge->scans ? scans : gauge->scans;
        gauge->last = image;
    }
    gauge->pixels += pixels;
    gauge->cookie.abort = gauge->cookie.abort || gauge->scans > MOST_SCANS ||
                          gauge->pixels > MOST_PIXELS;
}

/* NOLINTNEXTLINE(readability-function-size): as MuPDF calls it */
static void gauge_mask(fz_context *ctx, fz_device *device, fz_image *image,
                       fz_matrix ctm, fz_colorspace *space, const float *colour,
                       float alpha, fz_color_params params)
{
    (void)space;
    (void)colour;
    gauge_image(ctx, device, image, ctm, alpha, params);
}

/* Throws. */
static void page_run(fz_context *ctx, fz_page *page, struct gauge *gauge)
{
    fz_rect bound = fz_bound_page(ctx, page);
    gauge->page_area_pt2 =
        (double)(bound.x1 - bound.x0) * (bound.y1 - bound.y0);
    gauge->super.clip_path = gauge_clip;
    gauge->super.fill_image = gauge_image;
    gauge->super.fill_image_mask = gauge_mask;
    fz_try(ctx)
    {
        fz_run_page(ctx, page, &gauge->super, fz_identity, &gauge->cookie);
        fz_close_device(ctx, &gauge->super);
    }
    fz_catch(ctx)
    {
        if (fz_caught(ctx) != FZ_ERROR_ABORT) {
            fz_rethrow(ctx);
        }
    }
}

/* What operators are in, so far. */
struct streams {
    long bytes;
    int forms;
};

static bool is_too_much(const struct streams *streams)
{
    return streams->bytes > MOST_BYTES || streams->forms > MOST_FORMS;
}

/* Throws, as all below. */
static void stream_inflate(fz_context *ctx, fz_stream *stream,
                           struct streams *streams)
{
    unsigned char piece[16384];
    size_t got = sizeof piece;
    fz_try(ctx)
    {
        while (got == sizeof piece && !is_too_much(streams)) {
            got = fz_read(ctx, stream, piece, sizeof piece);
            streams->bytes += (long)got;
        }
    }
    fz_always(ctx)
    {
        fz_drop_stream(ctx, stream);
    }
    fz_catch(ctx)
    {
        fz_rethrow(ctx);
    }
}

static void forms_inflate(fz_context *ctx, pdf_obj *resources, int depth,
                          struct streams *streams)
{
    pdf_obj *kind[] = {PDF_NAME(XObject), PDF_NAME(Pattern)};
    for (int k = 0; k < 2; k++) {
        pdf_obj *all = pdf_dict_get(ctx, resources, kind[k]);
        int count = depth > 0 ? pdf_dict_len(ctx, all) : 0;
        for (int i = 0; i < count && !is_too_much(streams); i++) {
            pdf_obj *form = pdf_dict_get_val(ctx, all, i);
            bool is_image =
                pdf_name_eq(ctx, pdf_dict_get(ctx, form, PDF_NAME(Subtype)),
                            PDF_NAME(Image));
            if (is_image || !pdf_is_stream(ctx, form)) {
                continue;
            }
            streams->forms++;
            stream_inflate(ctx, pdf_open_stream(ctx, form), streams);
            forms_inflate(ctx, pdf_dict_get(ctx, form, PDF_NAME(Resources)),
                          depth - 1, streams);
        }
    }
}

static void page_inflate(fz_context *ctx, pdf_document *doc, pdf_obj *page,
                         struct streams *streams)
{
    pdf_obj *contents = pdf_dict_get(ctx, page, PDF_NAME(Contents));
    if (contents) {
        stream_inflate(ctx, pdf_open_contents_stream(ctx, doc, contents),
                       streams);
    }
    forms_inflate(ctx, pdf_dict_get_inheritable(ctx, page, PDF_NAME(Resources)),
                  MOST_DEPTH, streams);
}

static enum sting_status judge(const struct streams *streams,
                               const struct gauge *gauge, int number,
                               struct fault *fault)
{
    if (streams->bytes > MOST_BYTES) {
        return fault_set(fault, STING_E_LIMIT, MADE_ANEW,
                         "the content of page %d is larger than %ld MB", number,
                         MOST_BYTES >> 20);
    }
    if (streams->forms > MOST_FORMS || gauge->clips > MOST_CLIPS) {
        return fault_set(fault, STING_E_LIMIT, MADE_ANEW,
                         "page %d draws too many forms within forms", number);
    }
    if (gauge->scans > MOST_SCANS) {
        return fault_set(fault, STING_E_LIMIT, MADE_ANEW,
                         "an image on page %d has more than %d scans", number,
                         MOST_SCANS);
    }
    if (gauge->pixels > MOST_PIXELS) {
        return fault_set(fault, STING_E_LIMIT, MADE_ANEW,
                         "images on page %d have more than %.0f million pixels",
                         number, MOST_PIXELS / 1e6);
    }
    return STING_OK;
}

enum sting_status source_gauge(fz_context *ctx, pdf_document *doc, int page,
                               double *dpi, struct fault *fault)
{
    struct streams streams = {0};
    struct gauge *gauge = NULL;
    pdf_page *loaded = NULL;
    enum sting_status status = STING_OK;
    fz_var(status);
    fz_var(gauge);
    fz_var(loaded);
    fz_try(ctx)
    {
        loaded = pdf_load_page(ctx, doc, page);
        gauge = fz_new_derived_device(ctx, struct gauge);
        page_inflate(ctx, doc, loaded->obj, &streams);
        if (!is_too_much(&streams)) {
            page_run(ctx, &loaded->super, gauge);
        }
        status = judge(&streams, gauge, page + 1, fault);
        *dpi = gauge->dpi;
    }
    fz_always(ctx)
    {
        fz_drop_device(ctx, (fz_device *)gauge);
        fz_drop_page(ctx, (fz_page *)loaded);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "reading a page");
    }
    return status;
}

enum sting_status source_page_gauge(struct source *source, int page,
                                    struct fault *fault)
{
    double dpi = 0;
    return source_gauge(source->ctx, source->doc, page, &dpi, fault);
}
