#include "drill/region.h"

#include <math.h>

static const double edge = 0.03; /* a picture shows so much more around */
enum { TRIES = 400, STEPS = 82 };

void region_choose(const struct setting *setting, struct spot size,
                   struct chance *chance, struct spot *low, struct spot *high)
{
    bool lower = chance_uniform(chance) < 0.5;
    bool right = chance_uniform(chance) < 0.5;
    enum setting_region region = setting->part.region;
    *low = (struct spot){0, 0};
    *high = size;
    if (region == SETTING_PART) {
        *low = setting->part.low;
        *high = setting->part.high;
        return;
    }
    if (region != SETTING_WHOLE) {
        low->y = lower ? size.y / 2 : 0;
        high->y = lower ? size.y : size.y / 2;
    }
    if (region == SETTING_QUARTER) {
        low->x = right ? size.x / 2 : 0;
        high->x = right ? size.x : size.x / 2;
    }
}

int region_words(const struct paper_words *sheet, struct spot low,
                 struct spot high)
{
    int words = 0;
    for (size_t i = 0; i < sheet->words; i++) {
        const struct paper_word *word = &sheet->word[i];
        words += word->low.x >= low.x && word->low.y >= low.y &&
                 word->high.x <= high.x && word->high.y <= high.y;
    }
    return words;
}

static void part_set(struct setting *setting, struct spot low, double wide,
                     double tall)
{
    setting->part.region = SETTING_PART;
    setting->part.low = low;
    setting->part.high = (struct spot){low.x + wide, low.y + tall};
}

/* A quarter may lie anywhere on the page. */
static bool quarter_find(struct setting *setting,
                         const struct paper_words *sheet, struct chance *chance)
{
    double wide = sheet->width_mm / 2;
    double tall = sheet->height_mm / 2;
    for (int i = 0; i < TRIES; i++) {
        struct spot low = {chance_between(chance, 0, wide),
                           chance_between(chance, 0, tall)};
        struct spot high = {low.x + wide, low.y + tall};
        if (region_words(sheet, low, high) >= setting->part.words) {
            part_set(setting, low, wide, tall);
            return true;
        }
    }
    return false;
}

/* A piece of the page's shape about a place, no larger than the page. */
static void piece_about(const struct paper_words *sheet, struct spot at,
                        double share, struct spot *low, struct spot *high)
{
    double wide = sheet->width_mm * share;
    double tall = sheet->height_mm * share;
    low->x = fmax(0, fmin(sheet->width_mm - wide, at.x - wide / 2));
    low->y = fmax(0, fmin(sheet->height_mm - tall, at.y - tall / 2));
    *high = (struct spot){low->x + wide, low->y + tall};
}

static int words_in_view(const struct paper_words *sheet, struct spot low,
                         struct spot high)
{
    double more = edge * fmax(high.x - low.x, high.y - low.y);
    return region_words(sheet, (struct spot){low.x - more, low.y - more},
                        (struct spot){high.x + more, high.y + more});
}

/* Grow a piece until the words are in view, and hardly more than those. */
static bool piece_find(struct setting *setting, const struct paper_words *sheet,
                       struct chance *chance)
{
    int most = setting->part.words + 3 + setting->part.words / 10;
    for (int i = 0; i < TRIES; i++) {
        struct spot at = {chance_between(chance, 0, sheet->width_mm),
                          chance_between(chance, 0, sheet->height_mm)};
        for (int step = 0; step < STEPS; step++) {
            double share = 0.1 * pow(1.02, step); /* up to a half */
            struct spot low;
            struct spot high;
            piece_about(sheet, at, share, &low, &high);
            int words = words_in_view(sheet, low, high);
            if (words >= setting->part.words && words <= most) {
                part_set(setting, low, high.x - low.x, high.y - low.y);
                return true;
            }
        }
    }
    return false;
}

enum sting_status region_by_words(struct setting *setting,
                                  const struct paper_words *sheet,
                                  struct chance *chance, struct fault *fault)
{
    bool found = setting->part.region == SETTING_QUARTER_WORDS
                     ? quarter_find(setting, sheet, chance)
                 : setting->part.region == SETTING_SOME_WORDS
                     ? piece_find(setting, sheet, chance)
                     : true;
    return found ? STING_OK
                 : fault_set(fault, STING_E_ABSENT, "choose another page",
                             "no such part of the page has %d words",
                             setting->part.words);
}
