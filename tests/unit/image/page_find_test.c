#include "image/page_find.h"

#include <math.h>
#include <stdlib.h>

#include "tests/check.h"

#define PAGES 30
#define SHOWN 7 /* the page that the photograph shows */
#define TRUE_VOTES 40
#define CHANCE 12    /* votes of each other page */
#define FEATURES 400 /* of the photograph */
#define TURN 0.2     /* radians */
#define SIZE 2.0     /* photo pixels a point */
#define WIDTH_PT 595.0F
#define HEIGHT_PT 842.0F
#define SCALE_BITS 12u /* any: of blobs all alike */

static uint64_t chance = 88172645463325252u;

static double uniform(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (double)(chance >> 11) * 0x1p-53;
}

/* As page_record.h keeps it. */
static uint32_t place_of(double x_part, double y_part, double angle)
{
    double part = angle / (2 * M_PI);
    part -= floor(part);
    return (uint32_t)(x_part * 1023) | (uint32_t)(y_part * 1023) << 10 |
           SCALE_BITS << 20 | (uint32_t)(part * 127.999) << 25;
}

struct bench {
    struct page_size size[PAGES];
    struct feature feature[FEATURES];
    struct page_vote vote[PAGES * TRUE_VOTES];
    size_t votes;
};

static void vote_add(struct bench *b, uint32_t page, uint16_t feature,
                     uint32_t place)
{
    b->vote[b->votes++] = (struct page_vote){page, place, feature, 1};
}

/* Where a place of the shown page is seen. */
static struct feature seen_at(uint32_t place)
{
    struct sight s = page_record_place(place, WIDTH_PT, HEIGHT_PT);
    double c = SIZE * cos(TURN), n = SIZE * sin(TURN);
    double x = (double)s.x, y = (double)s.y;
    return (struct feature){.x = (float)(c * x - n * y + 700),
                            .y = (float)(n * x + c * y + 50),
                            .scale = (float)(SIZE * (double)s.scale),
                            .angle = (float)((double)s.angle + TURN)};
}

/* Text of the shown page runs `quarter` times 90 degrees otherwise than that
 * of all others: letters of theirs that look like its own lie so turned. */
static void bench_fill(struct bench *b, int quarter)
{
    double against = TURN + quarter * M_PI / 2;
    *b = (struct bench){.votes = 0};
    for (uint32_t page = 0; page < PAGES; page++) {
        b->size[page] = (struct page_size){WIDTH_PT, HEIGHT_PT};
    }
    uint32_t place[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
        place[i] = place_of(uniform(), uniform(), 7 * uniform());
        b->feature[i] = seen_at(place[i]);
    }
    for (uint32_t page = 0; page < PAGES; page++) {
        for (int i = 0; i < (page == SHOWN ? TRUE_VOTES : CHANCE); i++) {
            uint16_t f = (uint16_t)(page == SHOWN ? i * 9 : i * 31);
            double angle = (double)b->feature[f].angle - against;
            vote_add(b, page, f,
                     page == SHOWN ? place[f]
                                   : place_of(uniform(), uniform(),
                                              angle + 0.3 * (uniform() - 0.5)));
        }
    }
}

static void a_page_is_found_whichever_way_its_text_runs(void **state)
{
    (void)state;
    static struct bench b;
    for (int quarter = 0; quarter < 4; quarter++) {
        struct page_candidate found[PAGE_FIND_MOST];
        size_t count = 0;
        bench_fill(&b, quarter);
        struct page_index index = {.pages = PAGES, .page = b.size};
        struct feature_list photo = {b.feature, FEATURES};
        struct page_votes votes = {b.votes, b.vote};
        assert_int_equal(page_find(&index, &photo, &votes, found, &count),
                         STING_OK);
        assert_true(count > 0);
        assert_int_equal(found[0].page, SHOWN);
        assert_true(found[0].sighting.inliers > TRUE_VOTES * 3 / 4);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_page_is_found_whichever_way_its_text_runs),
    };
    return cmocka_run_group_tests_name("page_find", test, NULL, NULL);
}
