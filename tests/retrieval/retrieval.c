/*
 * retrieval LIST CORPUS CACHE make: look at every page of the listed
 * documents; what was looked at before stays.
 *
 * retrieval LIST CORPUS CACHE SETTING SEED TRIALS: photograph random pages
 * of them and look for each among all; a line a trial, fields parted by
 * tabs: setting, seed, document, page, right (below), pages found, inliers,
 * likeness, CPU seconds from the decoded picture to the answer, pages in the
 * index. A seed gives the same page, photograph and answer again.
 *
 * Right: 1, it came first; 2, one that is the same to the pixel in what is in
 * view came first (a manual that stands whole in another); 3, it is among those
 * given beside the first as looking like it, between which marks decide; 0,
 * none of them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "drill/chance.h"
#include "drill/photograph.h"
#include "media/picture.h"
#include "tests/retrieval/shelf.h"

#define FEWEST_FEATURES 400 /* of a page that is asked for: mostly text */
#define MOST_DRAWS 50
#define MOST_BYTES ((size_t)256 << 20)

struct trial {
    const char *setting;
    uint64_t seed;
    size_t page;
};

static enum sting_status picture_take(const struct shelf *shelf,
                                      const struct trial *trial,
                                      struct buffer *jpeg, struct fault *fault)
{
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    struct setting setting;
    const struct shelf_document *d = shelf_document_of(shelf, trial->page);
    enum sting_status status = setting_find(trial->setting, &setting, fault);
    status =
        status ? status : file_read(AT_FDCWD, d->path, MOST_BYTES, &pdf, fault);
    return status ? status
                  : photograph_take(buffer_bytes(&pdf),
                                    (int)(trial->page - d->first), &setting,
                                    trial->seed, jpeg, fault);
}

/* A page with enough on it, in the part that the setting asks for. */
static enum sting_status picture_choose(const struct shelf *shelf,
                                        struct trial *trial,
                                        struct buffer *jpeg,
                                        struct fault *fault)
{
    struct chance chance = chance_of(trial->seed, 91);
    enum sting_status status = STING_E_ABSENT;
    for (int i = 0; status && i < MOST_DRAWS; i++) {
        trial->page = (size_t)chance_below(&chance, (int)shelf->pages);
        if (shelf->features[trial->page] >= FEWEST_FEATURES) {
            jpeg->size = 0;
            status = picture_take(shelf, trial, jpeg, fault);
        }
    }
    return status;
}

static int how_right(struct shelf *shelf, const struct trial *trial,
                     const struct plane *picture, const struct search_hit *hit,
                     size_t hits)
{
    if (hits == 0 || hit[0].number == trial->page) {
        return hits > 0;
    }
    if (shelf_same(shelf, hit[0].number, trial->page, &hit[0].map, picture)) {
        return 2;
    }
    for (size_t i = 1; i < hits && hit[i].spot == 0; i++) {
        if (hit[i].number == trial->page) {
            return 3;
        }
    }
    return 0;
}

static void trial_tell(struct shelf *shelf, const struct trial *trial,
                       const struct plane *picture,
                       const struct search_hit *hit, size_t hits, double cpu)
{
    const struct shelf_document *d = shelf_document_of(shelf, trial->page);
    const char *name = strrchr(d->path, '/') + 1;
    printf("%s\t%llu\t%s\t%zu\t%d\t%zu\t%zu\t%.2f\t%.2f\t%zu\n", trial->setting,
           (unsigned long long)trial->seed, name, trial->page - d->first + 1,
           how_right(shelf, trial, picture, hit, hits), hits,
           hits > 0 ? hit[0].inliers : 0, hits > 0 ? hit[0].likeness : 0, cpu,
           shelf->pages);
    fflush(stdout);
}

static enum sting_status trial_run(struct shelf *shelf, struct trial *trial,
                                   struct fault *fault)
{
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    struct search_source source = shelf_source(shelf);
    size_t hits = 0;
    enum sting_status status = picture_choose(shelf, trial, &jpeg, fault);
    status =
        status ? status : picture_decode(buffer_bytes(&jpeg), 0, &grey, fault);
    double start = cpu_seconds();
    status = status ? status : photo_init(&photo, &grey);
    status =
        status ? status
               : search_run(&photo, &shelf->index, &source, hit, &hits, fault);
    if (!status) {
        trial_tell(shelf, trial, &grey, hit, hits, cpu_seconds() - start);
    }
    for (size_t i = 0; i < hits; i++) {
        search_hit_release(&hit[i]);
    }
    return status;
}

int main(int argc, char **argv)
{
    bool make = argc == 5 && strcmp(argv[4], "make") == 0;
    if (!make && argc != 7) {
        fprintf(stderr, "usage: retrieval LIST CORPUS CACHE make\n"
                        "       retrieval LIST CORPUS CACHE SETTING SEED "
                        "TRIALS\n");
        return 1;
    }
    struct shelf *shelf STING_AUTO(shelf_free) =
        shelf_new(argv[1], argv[2], argv[3], make);
    if (!shelf || shelf->pages == 0) {
        fprintf(stderr, "no pages\n");
        return 2;
    }
    fprintf(stderr,
            "%zu documents, %zu pages, %.0f bytes a page, joined in "
            "%.2f s\n",
            shelf->documents, shelf->pages,
            (double)shelf->record_bytes / (double)shelf->pages, shelf->join_s);
    uint64_t first = make ? 0 : strtoull(argv[5], NULL, 10);
    uint64_t trials = make ? 0 : strtoull(argv[6], NULL, 10);
    for (uint64_t i = 0; i < trials; i++) {
        struct fault fault = {0};
        struct trial trial = {argv[4], first + i, 0};
        if (trial_run(shelf, &trial, &fault)) {
            fprintf(stderr, "seed %llu: %s\n", (unsigned long long)trial.seed,
                    fault.why);
        }
    }
    return 0;
}
