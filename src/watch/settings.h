/*
 * settings: what WIRE_CAMERA_START tells a camera worker, as a checked value.
 *
 * Lines of key=value: name url second user password look quiet_s audio pace,
 * and one line a zone: zone=NAME|x,y x,y ... or, where a bait lies,
 * bait=NAME|x,y ... mask=|x,y x,y ... is an area that is never to be stored,
 * nor looked at.
 */
#ifndef STING_WATCH_SETTINGS_H
#define STING_WATCH_SETTINGS_H

#include "watch/looker.h"

#define SETTINGS_TEXT 1024

struct settings {
    char url[SETTINGS_TEXT];
    char second_url[SETTINGS_TEXT]; /* of a stream to look at; "" none */
    char user[SETTINGS_TEXT];
    char password[SETTINGS_TEXT];
    bool only_looks; /* pace=fast: a clip looked at, not played or recorded */
    struct looker_settings looker;
};

/* Fails: E_FORMAT. */
STING_MUST_USE enum sting_status settings_parse(struct bytes text,
                                                struct settings *out,
                                                struct fault *fault);

#endif
