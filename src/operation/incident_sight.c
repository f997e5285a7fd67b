#include "operation/incident_sight.h"

#include <stdio.h>
#include <string.h>

#include "detect/sight.h"

/* What a person may expect of so many pixels a metre. */
static const char *class_words(const char *class)
{
    static const char *const table[][2] = {
        {"inspect", "enough to inspect fine details"},
        {"identify", "enough to identify a stranger"},
        {"recognise",
         "enough to recognise somebody known, not to identify a stranger"},
        {"observe", "enough to observe what somebody wears and does, not to "
                    "recognise who it is"},
        {"detect", "enough to detect that somebody is there, not what he does"},
        {"monitor", "enough to monitor a crowd, hardly one person"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!strcmp(table[i][0], class)) {
            return table[i][1];
        }
    }
    return "not enough even to monitor a crowd";
}

static const char *light_words(double contrast)
{
    return contrast > (double)SIGHT_BLIND
               ? "TOO POOR a view to see a person in ordinary clothes"
           : contrast > (double)SIGHT_PLAIN
               ? "light enough only for a person who stands out"
               : "light enough to see a person in ordinary clothes";
}

char *incident_sight_words(const struct incident_sight *sight,
                           char text[INCIDENT_SIGHT_SIZE])
{
    int used = 0;
    text[0] = '\0';
    if (sight->is_known) {
        used = snprintf(text, INCIDENT_SIGHT_SIZE,
                        "%s: from %.1f %% contrast with what is behind "
                        "(ordinary clothes have about %.0f %%), and from %.1f "
                        "%% of the picture's height",
                        light_words(sight->contrast), 100 * sight->contrast,
                        100 * (double)SIGHT_PLAIN, 100 * sight->size);
    }
    if (sight->px_m > 0) {
        (void)snprintf(text + used, (size_t)(INCIDENT_SIGHT_SIZE - used),
                       "%s%.0f pixels a metre, %s (IEC 62676-4)",
                       used ? "; " : "", sight->px_m,
                       class_words(sight->class));
    }
    return text;
}
