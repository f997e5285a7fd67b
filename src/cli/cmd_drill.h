/*
 * cmd_drill: what was asked of `sting drill`, and the parts that do it.
 */
#ifndef STING_CLI_CMD_DRILL_H
#define STING_CLI_CMD_DRILL_H

#include "cli/access_options.h"
#include "cli/command.h"

struct drill_options {
    const char *photograph; /* PDF, or NULL */
    const char *setting;    /* NULL: not said */
    const char *out;
    int64_t page;
    int64_t turn; /* 0, 90, 180 or 270 */
    bool mirror;
    const char *beside; /* PDF, or NULL */
    const char *over;   /* PDF, or NULL */
    int64_t other_page;
    const char *camera; /* ADDRESS:PORT, or NULL */
    const char *pages;  /* PDF on the table, or NULL */
    double quiet_s;
    double for_s;
    double team_s;     /* that the team needs; below 0: not said */
    double stay_s;     /* of who stops; below 0: not said */
    int64_t intruders; /* of a campaign; -1: not said */
    int64_t photographs;
    int64_t seed;
    const char *eye;       /* HTML to write, or NULL */
    const char *eye_score; /* answers to read, or NULL */
    const char *bait;      /* NULL: the first */
    int64_t pairs;
    bool watched;           /* only what the ledger says of it */
    bool walk;              /* somebody walks */
    const char *at;         /* camera of the room where, or NULL */
    const char *footage;    /* a clip, or NULL: */
    const char *people;     /* a clip, or NULL */
    int64_t from_us, to_us; /* of what `at` recorded; 0: not said */
    struct access_options access;
    const char *operation; /* folder, or NULL */
    bool json;
};

int drill_photograph(const struct drill_options *options);
int drill_camera(const struct drill_options *options);
int drill_eye(const struct drill_options *options);
int drill_eye_score(const struct drill_options *options);
int drill_campaign(const struct drill_options *options);
int drill_watched(const struct drill_options *options);
int drill_footage(const struct drill_options *options);
int drill_walk(const struct drill_options *options);

/* Say what is wrong with the use and give EXIT_USAGE. */
int drill_usage_fail(const char *why);

#endif
