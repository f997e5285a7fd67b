/* Every kind of line: its name and its keys. Keys are only ever added, at
 * the end of a row; a reader that does not know one says so. */
#include "ledger/line.h"

#include <string.h>

static const struct line_kind kind[] = {
    /* the record itself */
    {"genesis",
     "v! origin! role! case! log! epoch! recipients! purpose! "
     "purpose_pt! sig!",
     false},
    {"session", "n! boot! version! config role place unsigned seen unlike",
     false},
    {"stop", "n! why by", false},
    {"epoch", "n! first! next!", false},
    {"ckpt", "size! root! note", false},
    {"recipients", "to! by why names", false},
    {"gap", "cause! camera from to bytes ct file why", false},
    {"clock", "state! step_us source error_us why most_us slept_us leap",
     false},
    {"worker", "name! state! why camera of", false},
    {"config", "sha256! blob pt why by", false},

    /* recording */
    {"camera", "camera! state! source sha256 why width height", false},
    {"init",
     "camera! date! n! width height codec bytes! ct! pt recovered masks raw",
     false},
    {"seg",
     "camera! date! n! part init! t0! pts! us! frames! key! bytes! ct! "
     "pt looks act recovered clock_ms",
     false},
    {"rest", "camera! from! to! looks act", false},
    {"sight", "camera! zone state! contrast size level px_m class why", false},
    {"erase", "what! camera date n count bytes ct to why by", false},

    /* what was seen, said and done about it */
    {"incident",
     "n! state! camera! zone bait kind! tier! start end first_look "
     "score by why blob pt sight size px_m class team who persons cameras "
     "blind unseen",
     false},
    {"page",
     "camera! zone! bait copy state! since! count dpi incident basis "
     "page",
     false},
    {"laid", "camera! zone! bait copy", false},
    {"alert", "n! incident! tier! channel! state! attempt ms why blob pt",
     false},
    {"ack", "incident! by! false why blob pt via link", false},
    {"arm", "state! by! until why via", false},
    {"go", "state! who! by! incident why via camera", false},
    {"note", "type! incident by blob! pt!", false},

    /* bait and its traces */
    {"bait",
     "bait! state! original! pages! units unmarkable blob pt by sealed "
     "reference index",
     false},
    {"issue",
     "bait! first! count! root! original! bias! blob pt by pages register "
     "facts",
     false},
    {"handover", "bait! copy! state! by blob pt question shows traced", false},
    {"trace",
     "run! question! k! pictures! tried! attributed lead none blob! "
     "pt! by of",
     false},

    /* anchors from outside */
    {"beacon", "source! value! blob pt", false},
    {"anchor", "type! size! root! state! file ct by why ca crl manifest",
     false},
    {"tsr", "size! root! tsa ct! file! note at ca crl", false},
    {"cosig", "size! root! witness! sig! at key file ct", false},

    /* what left the operation, and who opened what */
    {"unlock", "what! by why state command of sha256 box", false},
    {"custody", "item! state! by before after why blob pt box", false},
    {"export", "exhibit! state! sha256! bytes by why blob pt box", false},
    {"release", "incident! sha256! bytes! from to masks blob pt by why box",
     false},
    {"dossier", "sha256! bytes! blob pt by box", false},
    {"drill",
     "type! trials! hits! seed blob pt by team_s from to incidents told_s "
     "noise_kept control_s false_alarms stay_s",
     false},
    {"import", "origin! size! root! role by name case verdict why", false},
    {"box", "name! origin! case! by why", false},
    {"extend", "until! by! why", false},
    {"close", "why by", false},
    {"console", "what! user role cameras by why", false},

    /* What the header of a recording's file says of it, never a line. */
    {"head", "camera! date! n! width height codec pt! masks raw", true},
    {"part",
     "camera! date! n! part init! t0! pts! us! frames! key! pt! looks "
     "act clock_ms",
     true},
};

const struct line_kind *line_kind_at(size_t index)
{
    return index < sizeof kind / sizeof *kind ? &kind[index] : NULL;
}

const struct line_kind *line_kind_lookup(struct bytes name)
{
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        if (bytes_equal(name, bytes_of_text(kind[i].name))) {
            return &kind[i];
        }
    }
    return NULL;
}

static bool is_one_of(const char *name, const char *const list[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(name, list[i])) {
            return true;
        }
    }
    return false;
}

bool line_may_follow_close(const char *name)
{
    static const char *const follows[] = {"stop", "epoch", "tsr", "cosig",
                                          "anchor"};
    return is_one_of(name, follows, sizeof follows / sizeof *follows);
}

bool line_instructs(const char *name)
{
    static const char *const deed[] = {
        "recipients", "config",  "erase",  "close",    "extend",
        "bait",       "issue",   "drill",  "handover", "unlock",
        "box",        "custody", "import", "tsr",      "cosig",
        "anchor",     "beacon",  "arm",    "ack",      "go"};
    return is_one_of(name, deed, sizeof deed / sizeof *deed);
}
