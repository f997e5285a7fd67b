#include "drill/setting.h"

#include <stdlib.h>
#include <string.h>

#define CAMERA SETTING_PRINT, SETTING_CAMERA, 0
#define WHOLE                                                                  \
    {                                                                          \
        SETTING_WHOLE, 0, {0, 0}, {0, 0}, 0, false, SETTING_ALONE, {0}, 0,     \
            NULL, 0, 0                                                         \
    }
#define ONE_END                                                                \
    {                                                                          \
        SETTING_WHOLE, 0, {0, 0}, {0, 0}, 0, false, SETTING_ALONE, {0}, 0,     \
            NULL, 0, 3.5                                                       \
    }
#define SCAN SETTING_PRINT, SETTING_FLATBED

/* name, source, way, photocopies, dpi, tilt, lift, snr, blur, motion, merge,
 * ambient, lamp, shadow, warmth, denoise, sharpen, quality */
static const struct setting table[] = {
    {"desk", CAMERA, 200, 5, 2.5, 45, 0.60, 0.2, 0.10, 0.6, 900, 0.15, 0.2, 0.3,
     0.5, 88, WHOLE},
    {"room", CAMERA, 130, 8, 3, 60, 0.60, 0.3, 0.06, 0.5, 900, 0.15, 0.3, 0.4,
     0.6, 90, WHOLE},
    {"half-light", CAMERA, 150, 15, 4, 20, 0.80, 0.6, 0.09, 0.35, 600, 0.35,
     0.6, 0.5, 0.6, 75, WHOLE},
    {"tilt40", CAMERA, 150, 40, 4, 20, 0.80, 0.6, 0.09, 0.35, 600, 0.35, 0.6,
     0.5, 0.6, 75, WHOLE},
    {"tilt50", CAMERA, 150, 50, 4, 20, 0.80, 0.6, 0.09, 0.35, 600, 0.35, 0.6,
     0.5, 0.6, 75, WHOLE},
    {"tilt60", CAMERA, 150, 60, 4, 20, 0.80, 0.6, 0.09, 0.35, 600, 0.35, 0.6,
     0.5, 0.6, 75, WHOLE},
    {"one-end", CAMERA, 150, 15, 4, 20, 0.80, 0.6, 0.09, 0.35, 600, 0.35, 0.6,
     0.5, 0.6, 75, ONE_END},
    {"crop", CAMERA, 130, 15, 4, 20, 0.75, 0.6, 0.10, 0.35, 600, 0.35, 0.6, 0.5,
     0.6, 75, WHOLE},
    {"dim-room", CAMERA, 90, 6, 3, 40, 0.60, 0.4, 0.11, 0.4, 800, 0.25, 0.5,
     0.8, 0.9, 92, WHOLE},
    {"garage", CAMERA, 100, 25, 6, 9, 0.75, 0.8, 0.12, 0.25, 450, 0.45, 0.8,
     0.6, 0.6, 60, WHOLE},
    {"garage70", CAMERA, 70, 25, 6, 9, 0.75, 0.8, 0.12, 0.25, 450, 0.45, 0.8,
     0.6, 0.6, 60, WHOLE},
    {"far", CAMERA, 50, 8, 3, 40, 0.55, 0.3, 0.10, 0.5, 900, 0.15, 0.3, 0.4,
     0.5, 80, WHOLE},
    {"dungeon", CAMERA, 70, 30, 8, 5, 0.85, 1.0, 0.15, 0.2, 400, 0.55, 0.9, 0.7,
     0.6, 40, WHOLE},
    {"scan150", SCAN, 0, 150, 0.6, 0, 40, 0.45, 0, 0, 1, 0, 0, 0, 0, 0.4, 85,
     WHOLE},
    {"scan300", SCAN, 0, 300, 0.6, 0, 40, 0.6, 0, 0, 1, 0, 0, 0, 0, 0.4, 85,
     WHOLE},
    {"photocopy1", SCAN, 1, 150, 0.6, 0, 40, 0.45, 0, 0, 1, 0, 0, 0, 0, 0.4, 85,
     WHOLE},
    {"photocopy3", SCAN, 3, 150, 0.6, 0, 40, 0.45, 0, 0, 1, 0, 0, 0, 0, 0.4, 85,
     WHOLE},
    {"photocopy3-photo", SETTING_PRINT, SETTING_CAMERA, 3, 130, 8, 3, 60, 0.60,
     0.3, 0.10, 0.5, 900, 0.15, 0.3, 0.4, 0.6, 90, WHOLE},
    {"photocopy3-garage", SETTING_PRINT, SETTING_CAMERA, 3, 100, 25, 6, 9, 0.75,
     0.8, 0.12, 0.25, 450, 0.45, 0.8, 0.6, 0.6, 60, WHOLE},
    {"fax", SETTING_PRINT, SETTING_FAX, 0, 204, 0.6, 0, 30, 0.5, 0, 0, 1, 0, 0,
     0, 0, 0.5, 95, WHOLE},
    {"screenshot", SETTING_LCD, SETTING_SCREENSHOT, 0, 110, 0, 0, 0, 0, 0, 0, 1,
     0, 0, 0, 0, 0, 90, WHOLE},
    {"screenshot150", SETTING_LCD, SETTING_SCREENSHOT, 0, 150, 0, 0, 0, 0, 0, 0,
     1, 0, 0, 0, 0, 0, 90, WHOLE},
    {"screen-photo", SETTING_LCD, SETTING_CAMERA, 0, 150, 8, 0, 40, 0.60, 0.3,
     0.10, 1, 900, 0, 0, 0.4, 0.6, 88, WHOLE},
};
static const size_t settings = sizeof table / sizeof *table;

struct suffix {
    const char *text;
    enum setting_region region;
    bool has_number; /* behind the text: words in view */
};

static const struct suffix suffix[] = {
    {"-half", SETTING_HALF, false},
    {"-quarter", SETTING_QUARTER, false},
    {"-quarter", SETTING_QUARTER_WORDS, true},
    {"-words", SETTING_SOME_WORDS, true},
};

const char *setting_name(size_t n)
{
    return n < settings ? table[n].name : NULL;
}

const char *setting_names(void)
{
    return "desk room half-light crop dim-room garage garage70 far dungeon "
           "scan150 photocopy1 photocopy3 fax screenshot screen-photo, and "
           "more: see sting drill --help";
}

static bool words_read(const char *text, int *out)
{
    char *end;
    long words = strtol(text, &end, 10);
    if (*text < '1' || *text > '9' || *end || words > 100000) {
        return false;
    }
    *out = (int)words;
    return true;
}

static bool suffix_read(const char *text, struct setting *setting)
{
    if (!*text) {
        return true;
    }
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        size_t length = strlen(suffix[i].text);
        if (!strncmp(text, suffix[i].text, length) &&
            (suffix[i].has_number
                 ? words_read(text + length, &setting->part.words)
                 : !text[length])) {
            setting->part.region = suffix[i].region;
            return setting->way == SETTING_CAMERA;
        }
    }
    return false;
}

enum sting_status setting_find(const char *name, struct setting *out,
                               struct fault *fault)
{
    for (size_t i = 0; i < settings; i++) {
        struct setting found = table[i];
        size_t length = strlen(found.name);
        if (!strncmp(name, found.name, length) &&
            suffix_read(name + length, &found)) {
            *out = found;
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_ABSENT, setting_names(),
                     "there is no such setting");
}
