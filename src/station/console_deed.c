/* What people do at the console costs the record a line each time, and stays:
 * more than people do, in a while or on one incident, is refused. */
#include "station/console_deed.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define EACH_US (2 * SECOND_US) /* in the long run one in so long ... */
#define BURST 60                /* ... and at once so many */
#define MOST_OF_AN_INCIDENT 500
#define TOLD_US (3600 * SECOND_US)

/* Those rows, and which field names an incident; -1: none does. */
static const struct {
    enum ask ask;
    int incident;
} deed[] = {
    {ASK_NOTE, 0},      {ASK_ACK, 0},         {ASK_GO, 1},
    {ASK_ARM, -1},      {ASK_ZONES, -1},      {ASK_SETTINGS_SET, -1},
    {ASK_PLAY_ASK, -1}, {ASK_PLAY_STILL, -1},
};

static int deed_find(enum ask ask)
{
    int found = -1;
    for (size_t i = 0; i < sizeof deed / sizeof *deed; i++) {
        found = deed[i].ask == ask ? (int)i : found;
    }
    return found;
}

/* How often people spoke of that incident, as the ledger has it. */
static size_t said_of(const struct console *console, uint32_t number)
{
    const struct chronicle *chronicle = console->chronicle;
    size_t count = 0;
    for (size_t i = 0; chronicle && i < chronicle_events(chronicle); i++) {
        const struct chronicle_event *event = chronicle_event(chronicle, i);
        count += event->incident == number &&
                 (!strcmp(event->what, "note") || !strcmp(event->what, "ack") ||
                  !strcmp(event->what, "go"));
    }
    return count;
}

/* Once an hour and user, whatever he tries. */
static void told(struct console *console, const struct asked *asked,
                 const char *words)
{
    struct user *user = asked->user;
    const struct tale tale = {.event = "console", .state = "refused"};
    int64_t since_us = asked->now.boot_us - user->deeds_told_us;
    if (user->deeds_told_us && since_us < TOLD_US) {
        return;
    }
    user->deeds_told_us = asked->now.boot_us;
    tell(console->desk->teller, &tale, "%s is refused at the console: %s",
         user->name, words);
    console_line(console, asked->now, "deeds-refused", user, user->name, words);
}

static int refuse(struct console *console, const struct asked *asked,
                  struct reply *reply, const char *words)
{
    told(console, asked, words);
    return reply_refuse(reply, 429, "too-many", words);
}

int console_deed_refuse(struct console *console, const struct asked *asked,
                        struct reply *reply)
{
    int row = deed_find(asked->ask);
    struct user *user = asked->user;
    if (row < 0 || !user) {
        return 0;
    }
    int64_t now_us = asked->now.boot_us;
    int64_t from_us = user->deeds_us > now_us ? user->deeds_us : now_us;
    if (from_us - now_us > (BURST - 1) * EACH_US) {
        reply->retry_s = EACH_US / SECOND_US;
        return refuse(console, asked, reply,
                      "too much in too short a time: 60 deeds at once, then "
                      "one in 2 s");
    }
    const char *number =
        deed[row].incident < 0 ? "" : asked->field[deed[row].incident];
    uint32_t incident = (uint32_t)strtoul(number, NULL, 10);
    if (incident && said_of(console, incident) >= MOST_OF_AN_INCIDENT) {
        return refuse(console, asked, reply,
                      "500 entries on one incident are enough here: sting log "
                      "takes more");
    }
    user->deeds_us = from_us + EACH_US;
    return 0;
}
