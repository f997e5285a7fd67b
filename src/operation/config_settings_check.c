#include "operation/config_settings_check.h"

#include <string.h>

bool config_settings_are_less(const struct config *before,
                              const struct config *after)
{
    int64_t days[2] = {before->retention_days, after->retention_days};
    int64_t bytes[2] = {before->retention_bytes, after->retention_bytes};
    bool has_fewer_days = days[1] && (!days[0] || days[1] < days[0]);
    bool has_fewer_bytes = bytes[1] && (!bytes[0] || bytes[1] < bytes[0]);
    return has_fewer_days || has_fewer_bytes ||
           (before->record == CONFIG_ALWAYS &&
            after->record == CONFIG_INCIDENTS);
}

/* Everything that may be set, as it was: what then differs may not. */
static void settings_copy(struct config *to, const struct config *from)
{
    to->record = from->record;
    to->quiet_us = from->quiet_us;
    to->presence_a_day = from->presence_a_day;
    to->retention_days = from->retention_days;
    to->retention_bytes = from->retention_bytes;
    memcpy(to->exit_criteria, from->exit_criteria, sizeof to->exit_criteria);
    for (size_t i = 0; i < to->alerts; i++) {
        to->alert[i].tier = from->alert[i].tier;
        to->alert[i].after_us = from->alert[i].after_us;
        to->alert[i].hours = from->alert[i].hours;
        to->alert[i].quiet = from->alert[i].quiet;
    }
    for (size_t i = 0; i < to->staff_count; i++) {
        to->staff[i].hours = from->staff[i].hours;
        memcpy(to->staff[i].name, from->staff[i].name,
               sizeof to->staff[i].name);
    }
    for (size_t i = 0; i < to->cameras; i++) {
        to->camera[i].look = from->camera[i].look;
        for (size_t z = 0; z < to->camera[i].zones; z++) {
            memcpy(to->camera[i].zone[z].instruction,
                   from->camera[i].zone[z].instruction,
                   sizeof to->camera[i].zone[z].instruction);
        }
    }
}

/* Both were made of zeros and filled field by field. */
static bool is_same(const void *a, const void *b, size_t size)
{
    return bytes_equal((struct bytes){a, size}, (struct bytes){b, size});
}

bool config_settings_else_same(const struct config *before,
                               struct config *after)
{
    bool same = before->alerts == after->alerts &&
                before->staff_count == after->staff_count &&
                before->cameras == after->cameras;
    for (size_t i = 0; same && i < before->cameras; i++) {
        same = before->camera[i].zones == after->camera[i].zones;
    }
    if (!same) {
        return false;
    }
    settings_copy(after, before);
    for (size_t i = 0; same && i < before->cameras; i++) {
        same = is_same(&before->camera[i], &after->camera[i],
                       sizeof *before->camera);
    }
    struct config_camera *kept = after->camera;
    after->camera = before->camera;
    same = same && is_same(before, after, sizeof *before);
    after->camera = kept;
    return same;
}
