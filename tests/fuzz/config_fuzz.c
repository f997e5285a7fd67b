/* What config_parse() accepts is within all bounds that config.h states;
 * what it refuses, it refuses with a mistake that has a place. */
#include <stdlib.h>
#include <string.h>

#include "operation/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void zone_hold(const struct config_zone *zone)
{
    hold(config_name_is_valid(zone->name));
    hold(!zone->bait[0] || config_name_is_valid(zone->bait));
    hold(!zone->copy || zone->bait[0]);
    hold(zone->points >= 3 && zone->points <= CONFIG_MOST_POINTS);
    for (size_t i = 0; i < zone->points; i++) {
        const struct config_point *at = &zone->point[i];
        hold(at->x >= 0 && at->x <= 1 && at->y >= 0 && at->y <= 1);
    }
}

static void config_hold(const struct config *config)
{
    hold(config->goal[0] && config->legal_basis[0] && config->decided_by[0]);
    hold(config->recipients >= 2 &&
         config->recipients <= CONFIG_MOST_RECIPIENTS);
    hold(strcmp(config->recipient[0], config->recipient[1]) != 0);
    hold(config->quiet_us >= 1000000 && config->quiet_us <= 3600000000);
    hold(config->cameras <= CONFIG_MOST_CAMERAS);
    hold(config->alerts <= CONFIG_MOST_ALERTS);
    hold(config->retention_days >= 0 && config->retention_bytes >= 0);
    for (size_t i = 0; i < config->cameras; i++) {
        const struct config_camera *camera = &config->camera[i];
        hold(config_camera_find(config, camera->name) == (int)i);
        hold(camera->url[0] && camera->zones <= CONFIG_MOST_ZONES);
        for (size_t z = 0; z < camera->zones; z++) {
            zone_hold(&camera->zone[z]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_mistakes mistakes;
    if (config_parse((struct bytes){data, size}, &config, &mistakes)) {
        hold(!config && mistakes.count > 0);
        hold(mistakes.mistake[0].line >= 1 && mistakes.mistake[0].column >= 1);
        hold(mistakes.mistake[0].why[0] != '\0');
    } else {
        hold(mistakes.count == 0);
        config_hold(config);
    }
    return 0;
}
