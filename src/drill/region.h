/*
 * region: which part of a page a picture is of.
 */
#ifndef STING_DRILL_REGION_H
#define STING_DRILL_REGION_H

#include "drill/chance.h"
#include "drill/paper.h"
#include "drill/setting.h"

/* Half, quarter or all of a page, or the part that was set; needs no words. */
void region_choose(const struct setting *setting, struct spot size,
                   struct chance *chance, struct spot *low, struct spot *high);

/* Settings that speak of words become SETTING_PART. Fails: E_ABSENT when the
 * page has no such part. */
STING_MUST_USE enum sting_status region_by_words(
    struct setting *setting, const struct paper_words *sheet,
    struct chance *chance, struct fault *fault);

/* Words that lie wholly between. */
int region_words(const struct paper_words *sheet, struct spot low,
                 struct spot high);

#endif
