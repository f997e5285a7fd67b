/*
 * incident_kind: what can be observed, and what each of it means.
 */
#ifndef STING_OPERATION_INCIDENT_KIND_H
#define STING_OPERATION_INCIDENT_KIND_H

#include "base/base.h"

enum incident_kind { /* also the numbers of WIRE_CAMERA_OBSERVATION */
                     INCIDENT_PERSON,
                     INCIDENT_PAGE,  /* a bait was lifted, turned, photographed,
                                        taken */
                     INCIDENT_LIGHT, /* the light changed */
                     INCIDENT_TAMPER,   /* the camera was covered, turned or
                                           blinded */
                     INCIDENT_LOSS,     /* the camera is gone */
                     INCIDENT_LEARNING, /* the detector does not know the scene
                                           yet */
                     INCIDENT_KINDS
};

enum incident_tier { INCIDENT_NONE, INCIDENT_PRESENCE, INCIDENT_TOUCH };

/* "person", "presence"; "unknown" outside the table. */
const char *incident_kind_name(int kind);
const char *incident_tier_name(int tier);
enum incident_tier incident_kind_tier(int kind);

/* An incident is named after its gravest kind. */
bool incident_kind_is_graver(enum incident_kind kind, enum incident_kind than);

/* While it lasts the incident stays open. */
bool incident_kind_holds(enum incident_kind kind);

/* It happens to the camera itself, and keeps it from seeing. */
bool incident_kind_blinds(enum incident_kind kind);

/* What happened, as one would say it. */
const char *incident_sentence(enum incident_kind kind, enum incident_tier tier);
/* One is over, but what cannot be seen may go on. */
#define INCIDENT_OVER_BLIND "nothing more is seen, A CAMERA IS COVERED OR GONE"
#define INCIDENT_OVER_UNSEEN                                                   \
    "nothing more is seen, ITS END WAS NOT: a camera's picture changed or "    \
    "broke off"

#endif
