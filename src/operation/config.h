/*
 * config: operation.yaml as a checked value.
 *
 * What is read has been bounded and checked; nothing that uses a config
 * checks it again. Every mistake is told with its line and column and, for a
 * wrong key or word, the nearest right one.
 *
 * Format: docs/formats/folder.md. Limits: 256 kB of text.
 */
#ifndef STING_OPERATION_CONFIG_H
#define STING_OPERATION_CONFIG_H

#include "base/base.h"
#include "operation/week.h"

#define CONFIG_FILE "operation.yaml"
#define CONFIG_MOST_BYTES ((size_t)256 * 1024)
#define CONFIG_MOST_CAMERAS 64
#define CONFIG_MOST_ZONES 16 /* a camera */
#define CONFIG_MOST_MASKS 16 /* a camera */
#define CONFIG_MOST_POINTS 32
#define CONFIG_MOST_RECIPIENTS 16
#define CONFIG_MOST_ALERTS 16
#define CONFIG_MOST_STAFF 16
#define CONFIG_MOST_SPANS 16 /* a week */
#define CONFIG_MOST_ANCHORS 8
#define CONFIG_NAME_SIZE 33 /* of cameras, zones and baits, with its NUL */
#define CONFIG_TEXT_SIZE 1024
#define CONFIG_PATH_SIZE 1024
#define CONFIG_RECIPIENT_SIZE 72
#define CONFIG_KEY_SIZE 256 /* of a witness */

enum config_role { CONFIG_SINGLE, CONFIG_BOX, CONFIG_OFFICE };
enum config_record { CONFIG_ALWAYS, CONFIG_INCIDENTS };
enum config_look { CONFIG_KEYFRAMES, CONFIG_ALL_FRAMES };

/* Parts of the picture's width and height, 0 to 1, origin top left. */
struct config_point {
    double x;
    double y;
};

/* From one place of the picture to another, so and so long in the room. */
struct config_length {
    struct config_point from, to;
    double metres; /* 0: none */
};

struct config_zone {
    char name[CONFIG_NAME_SIZE];
    char instruction[CONFIG_TEXT_SIZE]; /* to the team; "" */
    char bait[CONFIG_NAME_SIZE];        /* "" when no document lies there */
    uint32_t copy;                      /* 0 when not known */
    size_t points;                      /* 3 to CONFIG_MOST_POINTS */
    struct config_point point[CONFIG_MOST_POINTS];
    struct config_length length; /* marked on what stands there */
};

/* An area that is never stored. */
struct config_mask {
    size_t points; /* 3 to CONFIG_MOST_POINTS */
    struct config_point point[CONFIG_MOST_POINTS];
};

struct config_camera {
    char name[CONFIG_NAME_SIZE];
    char place[CONFIG_NAME_SIZE]; /* what happens there is one incident; "" */
    char url[CONFIG_PATH_SIZE]; /* rtsp://host[:port]/..., /dev/..., a clip's */
    char user[CONFIG_NAME_SIZE * 2];
    char password_file[CONFIG_PATH_SIZE]; /* "" when none */
    enum config_look look;
    char look_url[CONFIG_PATH_SIZE]; /* its second stream, looked at; "" none */
    size_t zones;
    struct config_zone zone[CONFIG_MOST_ZONES];
    size_t masks;
    struct config_mask mask[CONFIG_MOST_MASKS];
};

enum config_tier { CONFIG_PRESENCE, CONFIG_TOUCH };
enum config_attach {
    CONFIG_ATTACH_NONE,
    CONFIG_ATTACH_SEALED,
    CONFIG_ATTACH_CLEAR
};

/* A channel: one of webhook, mail, mqtt and syslog is an address, the others
 * are "". Files hold what stands in no output. */
struct config_alert {
    char webhook[CONFIG_PATH_SIZE];     /* http:// or https:// */
    char mail[CONFIG_PATH_SIZE];        /* smtp:// (STARTTLS) or smtps:// */
    char mqtt[CONFIG_PATH_SIZE];        /* mqtt:// or mqtts:// */
    char syslog[CONFIG_PATH_SIZE];      /* udp://, tcp:// or tls:// */
    char secret_file[CONFIG_PATH_SIZE]; /* "" when messages go unsigned */
    char ca_file[CONFIG_PATH_SIZE];     /* "" for the system's authorities */
    char token_file[CONFIG_PATH_SIZE];  /* of a webhook */
    char template[CONFIG_PATH_SIZE];    /* "": our JSON */
    char to[CONFIG_TEXT_SIZE];          /* addresses; a template's {{to}} */
    char from[CONFIG_TEXT_SIZE];        /* of mail */
    char user[CONFIG_NAME_SIZE * 4];
    char password_file[CONFIG_PATH_SIZE];
    char topic[CONFIG_NAME_SIZE * 4]; /* of mqtt */
    bool has_discovery;               /* Home Assistant is told of it */
    enum config_tier tier;            /* the lowest that it is told of */
    int64_t after_us;  /* only when nobody acknowledged for so long; 0 */
    struct week hours; /* when it is used; not set: always */
    struct week quiet; /* when it is told of touch alone */
    enum config_attach attach;
};

/* Who may be in the room, and when: presence there is then no alert. */
struct config_staff {
    char name[CONFIG_TEXT_SIZE];
    struct week hours;
    char camera[CONFIG_NAME_SIZE]; /* "": all */
};

/* An outsider who vouches for the ledger: one of tsa, witness and beacon is
 * an address, the others are "". */
struct config_anchor {
    char tsa[CONFIG_PATH_SIZE];         /* a time-stamping authority */
    char witness[CONFIG_PATH_SIZE];     /* cosigns checkpoints */
    char beacon[CONFIG_PATH_SIZE];      /* a public value of the day */
    char key[CONFIG_KEY_SIZE];          /* of the witness, as it gave it */
    char ca_file[CONFIG_PATH_SIZE];     /* who vouches for the tsa */
    char crl_file[CONFIG_PATH_SIZE];    /* revoked certificates; "" none */
    char tls_ca_file[CONFIG_PATH_SIZE]; /* as ca_file of an alert */
    int64_t every_us;                   /* 0: the default */
};

struct config {
    char goal[CONFIG_TEXT_SIZE];
    char legal_basis[CONFIG_TEXT_SIZE];
    char decided_by[CONFIG_TEXT_SIZE];
    char exit_criteria[CONFIG_TEXT_SIZE];
    int64_t until_utc_us; /* INT64_MAX when no end was set */
    enum config_role role;
    enum config_record record;
    int64_t quiet_us;
    double presence_a_day; /* false alarms of presence allowed, a camera */
    bool audio;
    bool two_people;   /* the identity lies under two people's passphrases */
    bool blind;        /* holders' names open to the second person only */
    size_t recipients; /* at least 2, all different */
    char recipient[CONFIG_MOST_RECIPIENTS][CONFIG_RECIPIENT_SIZE];
    size_t names_to; /* of a blind operation: whom names are sealed to */
    char name_to[CONFIG_MOST_RECIPIENTS][CONFIG_RECIPIENT_SIZE];
    size_t cameras;
    struct config_camera *camera; /* owned */
    size_t alerts;
    struct config_alert alert[CONFIG_MOST_ALERTS];
    size_t staff_count;
    struct config_staff staff[CONFIG_MOST_STAFF];
    char ack_url[CONFIG_PATH_SIZE]; /* what a link begins with; "": none */
    size_t anchors;
    struct config_anchor anchor[CONFIG_MOST_ANCHORS];
    int64_t retention_days;  /* 0: until the disk is full */
    int64_t retention_bytes; /* 0: as far as the disk goes */
};

#define CONFIG_MOST_MISTAKES 20

struct config_mistake {
    int line; /* from 1 */
    int column;
    char why[200];
    char todo[160]; /* may be "" */
};

/* Mistakes in the order of the text; beyond the array only counted. */
struct config_mistakes {
    size_t count;
    struct config_mistake mistake[CONFIG_MOST_MISTAKES];
};

/* Read and check text. The caller frees *out. *mistakes is always filled.
 * Fails: E_FORMAT with at least one mistake, E_NOMEM; *out kept. */
STING_MUST_USE enum sting_status config_parse(struct bytes text,
                                              struct config **out,
                                              struct config_mistakes *mistakes);
void config_free(struct config **config);

/* "single", "box", "office". */
const char *config_role_text(enum config_role role);

/* The channel's one address. */
const char *config_alert_address(const struct config_alert *alert);

/* Index of the camera of this name, -1 when there is none. */
int config_camera_find(const struct config *config, const char *name);

/* May it be the name of a camera, a zone or a bait: a-z, 0-9, '-', '_',
 * starting with a letter or digit, 1 to 32 long? */
bool config_name_is_valid(const char *name);

#endif
