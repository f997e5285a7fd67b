/* A cut for the press, asked for in a browser, made on the machine. */
#include <stdlib.h>

#include "base/text.h"
#include "operation/player_worker.h"
#include "station/play.h"

/* "X,Y,W,H" inside the picture, parts of it; whoever makes the cut reads them
 * anew. */
static bool area_take(const char **at)
{
    double number[4];
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        number[i] = strtod(*at, &end);
        if (end == *at || !(number[i] >= 0 && number[i] <= 1) ||
            (i < 3 && *end != ',')) {
            return false;
        }
        *at = end + (i < 3);
    }
    return number[2] > 0 && number[3] > 0 && number[0] + number[2] <= 1 &&
           number[1] + number[3] <= 1;
}

static bool areas_fit(const char *at)
{
    size_t areas = 0;
    while (*at) {
        if (++areas > PLAYER_MOST_MASKS || !area_take(&at) ||
            (*at != '\0' && *at != ' ')) {
            return false;
        }
        at += *at == ' ';
    }
    return true;
}

int console_release_ask(struct console *console, const struct asked *asked,
                        struct reply *reply)
{
    const char *number = asked->field[0];
    struct play_wish wish = {.kind = PLAY_RELEASE,
                             .cameras = asked->field[1],
                             .from = asked->field[2],
                             .to = asked->field[3],
                             .why = asked->field[4],
                             .browser = asked->field[5],
                             .mark = "",
                             .areas = asked->field[6],
                             .is_plain = asked->field[7][0] != '\0'};
    if (!digits_read(&number, 9, &wish.incident) || *number ||
        wish.incident == 0 || wish.incident > console->incidents ||
        !console_sees_incident(console, asked->user, wish.incident)) {
        return reply_refuse(reply, 404, "incident",
                            "there is no such incident, or it is not yours");
    }
    if (!areas_fit(wish.areas)) {
        return reply_refuse(reply, 400, "areas",
                            "areas are parts of the picture: X,Y,W,H");
    }
    return play_wished(console, asked, &wish, reply);
}
