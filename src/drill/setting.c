#include "drill/setting.h"

#include <string.h>

/* name, dpi, tilt, lift, snr, blur, motion, ambient, lamp, shadow, warmth,
 * denoise, sharpen, quality */
static const struct setting table[] = {
    {"desk", 200, 5, 2.5, 45, 0.60, 0.2, 0.6, 900, 0.15, 0.2, 0.3, 0.5, 88, 0},
    {"room", 130, 8, 3, 60, 0.60, 0.3, 0.5, 900, 0.15, 0.3, 0.4, 0.6, 90, 0},
    {"half-light", 150, 15, 4, 20, 0.80, 0.6, 0.35, 600, 0.35, 0.6, 0.5, 0.6,
     75, 0},
    {"crop", 130, 15, 4, 20, 0.75, 0.6, 0.35, 600, 0.35, 0.6, 0.5, 0.6, 75, 0},
    {"dim-room", 90, 6, 3, 40, 0.55, 0.4, 0.4, 800, 0.25, 0.5, 0.8, 0.9, 92, 0},
    {"garage", 100, 25, 6, 9, 0.75, 0.8, 0.25, 450, 0.45, 0.8, 0.6, 0.6, 60, 0},
    {"far", 50, 8, 3, 40, 0.55, 0.3, 0.5, 900, 0.15, 0.3, 0.4, 0.5, 80, 0},
    {"dungeon", 70, 30, 8, 5, 0.85, 1.0, 0.2, 400, 0.55, 0.9, 0.7, 0.6, 40, 0},
};
static const size_t settings = sizeof table / sizeof *table;

struct suffix {
    const char *text;
    enum setting_region region;
};

static const struct suffix suffix[] = {
    {"", SETTING_WHOLE},
    {"-half", SETTING_HALF},
    {"-quarter", SETTING_QUARTER},
};

const char *setting_names(void)
{
    return "desk room half-light crop dim-room garage far dungeon, each also "
           "with -half or -quarter";
}

enum sting_status setting_find(const char *name, struct setting *out,
                               struct fault *fault)
{
    for (size_t i = 0; i < settings; i++) {
        size_t length = strlen(table[i].name);
        for (size_t j = 0; j < sizeof suffix / sizeof *suffix; j++) {
            if (!strncmp(name, table[i].name, length) &&
                !strcmp(name + length, suffix[j].text)) {
                *out = table[i];
                out->region = suffix[j].region;
                return STING_OK;
            }
        }
    }
    return fault_set(fault, STING_E_ABSENT, setting_names(),
                     "there is no such setting");
}
