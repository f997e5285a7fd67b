/*
 * picture_worker: photographs and PDFs, opened where they can do no harm.
 *
 * The worker decodes; what comes back are pixels, units and finished PDFs.
 * It holds no key and reaches no file: bytes go in, bytes come out.
 * A file that breaks or outstays the worker costs one clear fault; the next
 * call starts a new worker.
 */
#ifndef STING_OPERATION_PICTURE_WORKER_H
#define STING_OPERATION_PICTURE_WORKER_H

#include "base/fault.h"
#include "base/plane.h"
#include "mark/budget.h"
#include "mark/fact.h"
#include "mark/letters.h"
#include "mark/unit.h"
#include "pdf/replace.h"

struct picture_worker; /* owns the process */

STING_MUST_USE enum sting_status picture_worker_new(struct picture_worker **out,
                                                    struct fault *fault);
void picture_worker_free(struct picture_worker **worker);

/* Let the process go: the next call starts another, whose time is not used
 * up. What was open is closed. */
void picture_worker_renew(struct picture_worker *worker);

#define PICTURE_FACT_SIZE 80

/* What a file that somebody gave says of itself. */
struct picture_file {
    char kind[8]; /* "JPEG", "PDF", "video" */
    int sheets;   /* pictures in it: pages, frames of a video; 1 or more */
    char taken[PICTURE_FACT_SIZE];  /* by the camera's clock, docs/formats/
                                       json.md; "" unknown */
    char camera[PICTURE_FACT_SIZE]; /* make and model; "" unknown */
};

/* Open a photograph, a scan or a video; picture_sheet speaks of the one
 * opened last. Fails: E_FORMAT, E_UNSUPPORTED, E_LIMIT, E_IO. */
STING_MUST_USE enum sting_status picture_open(struct picture_worker *worker,
                                              struct bytes file,
                                              struct picture_file *out,
                                              struct fault *fault);

/* False once the worker ended over it. */
bool picture_is_open(const struct picture_worker *worker);

/* One of its pictures from 0, grey, turned upright by its orientation; *at_us
 * (may be NULL) is its time in a video, else -1. Fails: as above, E_ARG. The
 * caller releases *out. */
STING_MUST_USE enum sting_status picture_sheet(struct picture_worker *worker,
                                               int sheet, struct plane *out,
                                               int64_t *at_us,
                                               struct fault *fault);

/* The first picture of a file. Fails: as above. */
STING_MUST_USE enum sting_status picture_load(struct picture_worker *worker,
                                              struct bytes file,
                                              struct plane *out,
                                              struct fault *fault);

/* Open a PDF; the calls below speak of the one opened last.
 * Fails: E_UNSUPPORTED (encrypted, signed), E_FORMAT, E_LIMIT, E_IO. */
STING_MUST_USE enum sting_status picture_pdf_open(struct picture_worker *worker,
                                                  struct bytes file, int *pages,
                                                  struct fault *fault);

/* Plan faint marks (mark/plan.h) in the opened PDF; before its first page. */
void picture_pdf_faint(struct picture_worker *worker);

/* The units of a page, counted from 0. The caller releases *out. */
STING_MUST_USE enum sting_status picture_pdf_page(struct picture_worker *worker,
                                                  int page,
                                                  struct mark_page *out,
                                                  struct fault *fault);

/* Mark a page with these units, planned before, and not with those that
 * picture_pdf_page() would plan. Fails: E_UNSUPPORTED when the file's words
 * are now found in other places. */
STING_MUST_USE enum sting_status picture_pdf_plan(struct picture_worker *worker,
                                                  int page,
                                                  const struct mark_page *plan,
                                                  struct fault *fault);

/* How the copies of the PDF come out, known once a page was asked for. */
struct picture_budget {
    double growth;    /* part of the original's size that a copy gains */
    int64_t left_out; /* units that are not used, to keep it small */
};
struct picture_budget picture_pdf_budget(const struct picture_worker *worker);

/* The page as displayed, grey, `dpi` pixels an inch. */
STING_MUST_USE enum sting_status picture_pdf_render(
    struct picture_worker *worker, int page, double dpi, struct plane *out,
    struct fault *fault);

/* Where the page's glyphs begin. The caller releases *out. */
STING_MUST_USE enum sting_status picture_pdf_letters(
    struct picture_worker *worker, int page, struct mark_letters *out,
    struct fault *fault);

/* The opened PDF with its units displaced: sign[p][u] is +1, -1 or 0 for
 * unit u of page p; a NULL sign[p] leaves the page as it is. The file is
 * appended to *out. */
STING_MUST_USE enum sting_status picture_pdf_write(
    struct picture_worker *worker, const int8_t *const *sign,
    const uint32_t *units, int pages, struct buffer *out, struct fault *fault);

/* From now on copies of the opened PDF are packed so (mark/budget.h). */
STING_MUST_USE enum sting_status picture_pdf_pack(struct picture_worker *worker,
                                                  enum mark_packing packing,
                                                  struct fault *fault);

/* Check the rules on the copy that was written last, as it is: pdf/file.h.
 * Fails: E_FORGED when it must not be given out, E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status picture_pdf_rules(
    struct picture_worker *worker, int pages, struct fault *fault);

/* Where a text stands in the opened PDF; see pdf/replace.h. */
STING_MUST_USE enum sting_status picture_pdf_find(
    struct picture_worker *worker, const struct pdf_wanted *wanted,
    uint32_t *found, struct pdf_spot *spot, struct buffer *text,
    struct fault *fault);

/* From now on picture_pdf_write() writes the opened PDF with these facts as
 * chosen, in the order of their places; units stay those of the original.
 * Without facts it writes the original again. Fails: E_UNSUPPORTED where a
 * text cannot stand, E_FORGED where anything else would change. */
STING_MUST_USE enum sting_status picture_pdf_swap(struct picture_worker *worker,
                                                  const struct fact *fact,
                                                  uint32_t facts,
                                                  const uint32_t *choice,
                                                  struct fault *fault);

/* The worker's side: serve until the channel closes. */
int picture_worker_serve(int channel);

#endif
