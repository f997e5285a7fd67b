#include "operation/incident_kind.h"

static const struct {
    const char *name;
    enum incident_tier tier;
    int gravity;
    bool holds;
    const char *sentence;
} trait[INCIDENT_KINDS] = {
    [INCIDENT_PERSON] = {"person", INCIDENT_PRESENCE, 3, true,
                         "somebody is there"},
    [INCIDENT_PAGE] = {"page", INCIDENT_TOUCH, 4, true,
                       "THE DOCUMENT WAS TOUCHED"},
    [INCIDENT_LIGHT] = {"light", INCIDENT_NONE, 0, false, "the light changed"},
    [INCIDENT_TAMPER] = {"tamper", INCIDENT_PRESENCE, 2, false,
                         "the camera was covered, turned or deceived"},
    [INCIDENT_LOSS] = {"loss", INCIDENT_PRESENCE, 1, false,
                       "the camera is gone"},
    [INCIDENT_LEARNING] = {"learning", INCIDENT_NONE, 0, false,
                           "the camera is learning what quiet looks like"},
};

const char *incident_kind_name(int kind)
{
    return kind >= 0 && kind < INCIDENT_KINDS ? trait[kind].name : "unknown";
}

const char *incident_tier_name(int tier)
{
    static const char *const name[] = {"none", "presence", "touch"};
    return tier >= 0 && tier < 3 ? name[tier] : "unknown";
}

enum incident_tier incident_kind_tier(int kind)
{
    return kind >= 0 && kind < INCIDENT_KINDS ? trait[kind].tier
                                              : INCIDENT_NONE;
}

bool incident_kind_is_graver(enum incident_kind kind, enum incident_kind than)
{
    return trait[kind].gravity > trait[than].gravity;
}

bool incident_kind_holds(enum incident_kind kind)
{
    return trait[kind].holds;
}

bool incident_kind_blinds(enum incident_kind kind)
{
    return trait[kind].tier != INCIDENT_NONE && !trait[kind].holds;
}

const char *incident_sentence(enum incident_kind kind, enum incident_tier tier)
{
    bool is_alone = kind == INCIDENT_PAGE && tier < INCIDENT_TOUCH;
    return is_alone
               ? "the page moved, is missed, or flashes lit it; nobody was "
                 "seen"
               : trait[kind].sentence;
}
