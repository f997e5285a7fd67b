/*
 * pdf_copy: what `sting bait issue` does to a PDF, without an operation.
 *
 *     pdf_copy IN.pdf OUT.pdf null        every shift written, all of nothing
 *     pdf_copy IN.pdf OUT.pdf SEED [N]    a copy with random signs; N times
 *     pdf_copy IN.pdf OUT.pdf SEED N faint
 *     pdf_copy IN.pdf OUT.pdf SEED NULL.pdf   first one as of null, there
 *
 * Prints pages, words, units, the CPU seconds to read and plan and those to
 * write a copy (the first, which is read again, when there is but one), and the
 * sum of squared shifts.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "mark/budget.h"
#include "mark/plan.h"
#include "pdf/account.h"

struct job {
    struct pdf_file *file;
    int pages;
    enum mark_reach reach;
    struct mark_page *page;
    struct pdf_moves *moves;
    struct pdf_move **move;
    unsigned words, units;
    double first_s; /* when the first copy was done */
    double last_s;  /* and the last */
};

static void job_release(struct job *job)
{
    for (int p = 0; p < job->pages; p++) {
        mark_page_release(&job->page[p]);
        free(job->move[p]);
    }
    free(job->page);
    free(job->moves);
    free(job->move);
    pdf_file_close(&job->file);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum sting_status plan(struct job *job, struct fault *fault)
{
    enum sting_status status = STING_OK;
    size_t pages = (size_t)pdf_file_pages(job->file);
    job->pages = (int)pages;
    job->page = calloc(pages, sizeof *job->page);
    job->moves = calloc(pages, sizeof *job->moves);
    job->move = calloc(pages, sizeof *job->move);
    struct mark_budget budget;
    status = mark_plan_file(job->file, job->reach, job->page, &budget, fault);
    for (int p = 0; !status && p < job->pages; p++) {
        struct pdf_text text;
        status = pdf_file_text(job->file, p, &text, fault);
        if (!status) {
            job->move[p] = calloc((size_t)text.words + 1, sizeof **job->move);
            job->moves[p] =
                (struct pdf_moves){job->move[p], text.words, false, NULL};
            job->words += text.words;
            job->units += job->page[p].units;
        }
    }
    return status;
}

static void draw(struct job *job)
{
    static int8_t sign[MARK_MOST_UNITS];
    for (int p = 0; p < job->pages; p++) {
        for (uint32_t u = 0; u < job->page[p].units; u++) {
            sign[u] = random() & 64 ? 1 : -1;
        }
        mark_moves(&job->page[p], sign, job->move[p], job->moves[p].moves);
    }
}

static int report(enum sting_status status, const struct fault *fault)
{
    if (status) {
        fprintf(stderr, "%s: %s\n", fault->why, fault->todo);
    }
    return status ? 2 : 0;
}

static enum sting_status write_copies(struct job *job, bool null, int copies,
                                      struct buffer *out, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int p = 0; p < job->pages; p++) {
        job->moves[p].always = null;
    }
    for (int i = 0; !status && i < copies; i++) {
        out->size = 0;
        if (!null) {
            draw(job);
        }
        status = pdf_file_write(job->file, job->moves, out, fault);
        if (!status) {
            status = pdf_file_account(job->file, buffer_bytes(out), fault);
        }
        if (!status && i == 0) {
            status = pdf_file_check(job->file, buffer_bytes(out), 0.25, fault);
            job->first_s = now_s();
        }
    }
    return status;
}

static enum sting_status write_file(struct job *job, bool null, int copies,
                                    const char *path, struct fault *fault)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    enum sting_status status = write_copies(job, null, copies, &out, fault);
    job->last_s = now_s();
    return status ? status
                  : file_write(AT_FDCWD, path, buffer_bytes(&out), 0644, fault);
}

static enum sting_status make_ready(struct job *job, const char *path,
                                    struct buffer *in, struct fault *fault)
{
    enum sting_status status =
        file_read(AT_FDCWD, path, (size_t)1 << 28, in, fault);
    if (!status) {
        status = pdf_file_open(buffer_bytes(in), &job->file, fault);
    }
    if (!status) {
        status = plan(job, fault);
    }
    return status ? status
                  : mark_pack(job->file, job->page, MARK_PACKING_NOW, fault);
}

static void tell(const struct job *job, double planning_s, double a_copy_s)
{
    double worth = 0;
    for (int p = 0; p < job->pages; p++) {
        for (uint32_t u = 0; u < job->page[p].units; u++) {
            worth += pow((double)job->page[p].unit[u].shift_pt, 2);
        }
    }
    printf("%d %u %u %.4f %.6f %.2f\n", job->pages, job->words, job->units,
           planning_s, a_copy_s, worth);
}

int main(int argc, char **argv)
{
    struct buffer in STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct job job STING_AUTO(job_release) = {0};
    if (argc < 4) {
        fputs("usage: pdf_copy IN.pdf OUT.pdf null|SEED [COPIES [faint]]\n"
              "       pdf_copy IN.pdf OUT.pdf SEED NULL.pdf\n",
              stderr);
        return 1;
    }
    bool null = !strcmp(argv[3], "null");
    const char *other = argc > 4 && strstr(argv[4], ".pdf") ? argv[4] : NULL;
    int copies = argc > 4 && !other ? (int)strtol(argv[4], NULL, 10) : 1;
    job.reach = argc > 5 && !strcmp(argv[5], "faint") ? MARK_FAINT : MARK_FULL;
    double start = now_s();
    srandom((unsigned)strtoul(argv[3], NULL, 10));
    enum sting_status status = make_ready(&job, argv[1], &in, &fault);
    double planned = now_s();
    if (!status && other) {
        status = write_file(&job, true, 1, other, &fault);
    }
    double before = now_s();
    if (!status) {
        status = write_file(&job, null, copies, argv[2], &fault);
    }
    if (!status) {
        tell(&job, planned - start,
             copies > 1 ? (job.last_s - job.first_s) / (copies - 1)
                        : job.first_s - before);
    }
    return report(status, &fault);
}
