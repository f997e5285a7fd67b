/*
 * incident_sight: what could be seen where an incident is, told to people.
 *
 * Contrast and size are those of `sight` (docs/formats/ledger.md); classes are
 * those of IEC 62676-4:2014, table 2. Reads no clock.
 */
#ifndef STING_OPERATION_INCIDENT_SIGHT_H
#define STING_OPERATION_INCIDENT_SIGHT_H

#include <stdbool.h>

#define INCIDENT_CLASS_SIZE 16
#define INCIDENT_SIGHT_SIZE 400

struct incident_sight {
    bool is_known;   /* contrast and size are; not while it still learns */
    double contrast; /* least that was found, of what is behind */
    double size;     /* least height found, of the picture's */
    double px_m;     /* pixels a metre; 0: no length is marked there */
    char class[INCIDENT_CLASS_SIZE]; /* what these are enough for; "" */
};

/* In words, with the numbers, without a full stop; "" when nothing is known. */
char *incident_sight_words(const struct incident_sight *sight,
                           char text[INCIDENT_SIGHT_SIZE]);

#endif
