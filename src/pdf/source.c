#include "pdf/source.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/face.h"
#include "pdf/source_mupdf.h"

#define MOST_FILE ((size_t)256 << 20)
#define HEADER_WITHIN 1024 /* bytes before %PDF- that viewers accept */
#define STORE_BYTES (64 << 20)

static void say_nothing(void *user, const char *message)
{
    (void)user;
    (void)message;
}

fz_context *source_context(void)
{
    fz_context *ctx = fz_new_context(NULL, NULL, STORE_BYTES);
    if (ctx) {
        fz_set_warning_callback(ctx, say_nothing, NULL);
        fz_set_error_callback(ctx, say_nothing, NULL);
        fz_disable_icc(ctx);
    }
    return ctx;
}

enum sting_status source_caught(fz_context *ctx, struct fault *fault,
                                const char *what)
{
    if (fz_caught(ctx) == FZ_ERROR_MEMORY) {
        return fault_set(fault, STING_E_NOMEM, "", "%s: not enough memory",
                         what);
    }
    const char *why = fz_caught_message(ctx);
    bool is_deep = strstr(why, "stack overflow") != NULL;
    return fault_set(fault, STING_E_FORMAT,
                     "open it in a viewer and save it as a new file",
                     "%s: the PDF is damaged: %s", what,
                     is_deep ? "what it holds is nested too deeply" : why);
}

void source_close(struct source **source)
{
    struct source *s = *source;
    if (!s) {
        return;
    }
    for (size_t i = 0; i < s->faces; i++) {
        face_free(&s->face[i]);
    }
    free(s->face);
    if (s->ctx) {
        pdf_drop_document(s->ctx, s->doc);
        fz_drop_context(s->ctx);
    }
    buffer_release(&s->file);
    free(s);
    *source = NULL;
}

static bool has_header(struct bytes file)
{
    size_t most = file.size < HEADER_WITHIN ? file.size : HEADER_WITHIN;
    return most >= 5 && memmem(file.data, most, "%PDF-", 5) != NULL;
}

static enum sting_status check_bytes(struct bytes file, struct fault *fault)
{
    if (file.size == 0) {
        return fault_set(fault, STING_E_FORMAT, "", "the file is empty");
    }
    if (!has_header(file)) {
        return fault_set(fault, STING_E_FORMAT, "export it as PDF first",
                         "this is not a PDF");
    }
    if (file.size > MOST_FILE) {
        return fault_set(fault, STING_E_LIMIT, "split it into parts",
                         "the PDF is larger than %zu MB", MOST_FILE >> 20);
    }
    return STING_OK;
}

static enum sting_status load(struct source *s, struct fault *fault)
{
    fz_context *ctx = s->ctx;
    fz_stream *stream = NULL;
    enum sting_status status = STING_OK;
    fz_var(stream);
    fz_var(status);
    fz_try(ctx)
    {
        stream = fz_open_memory(ctx, s->file.data, s->file.size);
        s->doc = pdf_open_document_with_stream(ctx, stream);
        if (!pdf_dict_get(ctx, pdf_trailer(ctx, s->doc), PDF_NAME(Encrypt))) {
            s->pages = pdf_count_pages(ctx, s->doc);
        }
    }
    fz_always(ctx)
    {
        fz_drop_stream(ctx, stream);
    }
    fz_catch(ctx)
    {
        status = source_caught(ctx, fault, "opening");
    }
    return status;
}

/* A field that holds a signature, at any depth that is in use. Throws. */
static bool field_is_signed(fz_context *ctx, pdf_obj *field, int depth)
{
    if (pdf_name_eq(ctx, pdf_dict_get(ctx, field, PDF_NAME(FT)),
                    PDF_NAME(Sig)) &&
        pdf_dict_get(ctx, field, PDF_NAME(V))) {
        return true;
    }
    pdf_obj *kids = pdf_dict_get(ctx, field, PDF_NAME(Kids));
    int count = depth > 0 ? pdf_array_len(ctx, kids) : 0;
    for (int i = 0; i < count; i++) {
        if (field_is_signed(ctx, pdf_array_get(ctx, kids, i), depth - 1)) {
            return true;
        }
    }
    return false;
}

/* Throws. */
static bool is_signed(fz_context *ctx, pdf_document *doc)
{
    pdf_obj *root = pdf_dict_get(ctx, pdf_trailer(ctx, doc), PDF_NAME(Root));
    pdf_obj *fields =
        pdf_dict_getl(ctx, root, PDF_NAME(AcroForm), PDF_NAME(Fields), NULL);
    if (pdf_dict_get(ctx, root, PDF_NAME(Perms))) {
        return true;
    }
    for (int i = 0; i < pdf_array_len(ctx, fields); i++) {
        if (field_is_signed(ctx, pdf_array_get(ctx, fields, i), 16)) {
            return true;
        }
    }
    return false;
}

static enum sting_status refuse(struct source *s, struct fault *fault)
{
    fz_context *ctx = s->ctx;
    bool encrypted = false, signature = false, repaired = false;
    enum sting_status status = STING_OK;
    fz_var(encrypted);
    fz_var(signature);
    fz_var(repaired);
    fz_var(status);
    fz_try(ctx)
    {
        repaired = pdf_was_repaired(ctx, s->doc);
        encrypted = pdf_dict_get(ctx, pdf_trailer(ctx, s->doc),
                                 PDF_NAME(Encrypt)) != NULL;
        signature = !encrypted && is_signed(ctx, s->doc);
    }
    fz_catch(ctx)
    {
        status = source_caught(ctx, fault, "opening");
    }
    if (encrypted) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "save it without a password first",
                         "the PDF is encrypted");
    }
    if (signature) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "use the document as it was before signing",
                         "the PDF is signed, and marks would break the "
                         "signature");
    }
    if (repaired) {
        return fault_set(fault, STING_E_FORMAT,
                         "open it in a viewer and save it as a new file",
                         "the PDF is damaged: its table of objects does not "
                         "fit the file");
    }
    if (!status && (s->pages < 1 || s->pages > SOURCE_MOST_PAGES)) {
        return fault_set(fault, STING_E_LIMIT, "split it into parts",
                         "the PDF has %d pages; 1 to %d can be handled",
                         s->pages, SOURCE_MOST_PAGES);
    }
    return status;
}

enum sting_status pdf_source_open(struct bytes file, struct source **out,
                                  struct fault *fault)
{
    enum sting_status status = check_bytes(file, fault);
    if (status) {
        return status;
    }
    struct source *source STING_AUTO(source_close) = calloc(1, sizeof *source);
    if (!source || buffer_append(&source->file, file) ||
        !(source->ctx = source_context())) {
        return fault_set(fault, STING_E_NOMEM, "", "not enough memory");
    }
    status = load(source, fault);
    if (!status) {
        status = refuse(source, fault);
    }
    if (status) {
        return status;
    }
    *out = source;
    source = NULL;
    return STING_OK;
}

int source_pages(const struct source *source)
{
    return source->pages;
}

struct bytes source_file(const struct source *source)
{
    return buffer_bytes(&source->file);
}

static enum sting_status keep_stream(fz_context *ctx, fz_buffer *content,
                                     struct buffer *out, struct fault *fault)
{
    unsigned char *data = NULL;
    size_t size = fz_buffer_storage(ctx, content, &data);
    if (size > SOURCE_MOST_STREAM) {
        return fault_set(fault, STING_E_LIMIT, "print it into a new PDF first",
                         "a page's content is larger than %d MB",
                         SOURCE_MOST_STREAM >> 20);
    }
    return buffer_append(out, (struct bytes){data, size});
}

enum sting_status pdf_source_stream(struct source *source, int number,
                                    struct buffer *out, struct fault *fault)
{
    fz_context *ctx = source->ctx;
    fz_buffer *content = NULL;
    enum sting_status status = STING_OK;
    fz_var(content);
    fz_var(status);
    fz_try(ctx)
    {
        content = pdf_load_stream_number(ctx, source->doc, number);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "reading a page");
    }
    status = keep_stream(ctx, content, out, fault);
    fz_drop_buffer(ctx, content);
    return status;
}
