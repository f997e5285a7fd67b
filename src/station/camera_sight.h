/*
 * camera_sight: what a camera can see now, zone by zone, as its worker says:
 * how faint and how small a person may be and still be found. That a person is
 * not seen is told loudly, before anyone asks; changes are ledger lines.
 */
#ifndef STING_STATION_CAMERA_SIGHT_H
#define STING_STATION_CAMERA_SIGHT_H

#include "base/clock.h"
#include "operation/config.h"
#include "operation/incident_sight.h"
#include "wire/wire.h"

enum sight_state {
    SIGHT_UNKNOWN, /* it is still learning */
    SIGHT_UNQUIET, /* it learned while somebody moved: not known yet */
    SIGHT_GOOD,    /* a person in plain clothes is seen */
    SIGHT_FAINT,   /* one who stands out is */
    SIGHT_DARK,    /* it is too dark to see a person */
    SIGHT_BLINDED, /* nor is one seen, but not for the dark */
    SIGHT_STATES
};

struct camera_sight {
    enum sight_state state;
    double contrast; /* least that is found, of the background's level */
    double size;     /* least height found, of the picture's */
    double level;    /* grey levels */
};

struct camera;
struct json;

/* A message of the worker. False when it makes no sense. */
bool camera_sight_take(struct camera *camera, const struct wire_head *head,
                       struct moment now);

/* Pixels a metre in a zone; 0 where no length is marked. */
double camera_sight_pixels(const struct camera *camera, int zone);

/* What is known of a zone (-1: the whole picture). */
struct incident_sight camera_sight_of(const struct camera *camera, int zone);

/* The same as the ledger writes it; NULL what is not known. */
struct camera_sight_text {
    const char *contrast, *size, *px_m, *class;
    char text[3][16];
};
void camera_sight_write(const struct incident_sight *sight,
                        struct camera_sight_text *out);

/* Does it see nothing of the room, whatever it saw before? */
bool camera_sight_is_covered(const struct camera *camera);

/* Add what is known of a zone, -1: the whole picture; of a covered camera
 * nothing is. */
void camera_sight_add(struct json *row, const struct camera *camera, int zone);

#endif
