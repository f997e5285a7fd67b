#include "wire/ask.h"

#include <string.h>

#define NAME 32
#define SECRET 256
#define ZONES 10240 /* 16 with 32 corners each */
#define SETTINGS 16384
#define CAMERAS 2200 /* 64 names with commas */

#define WORDS 4000
#define ACTS (ASK_OPERATOR | ASK_CUSTODIAN | ASK_ADMIN)
#define PIECE 43692 /* 32 KiB in base64 */
#define TRACES (ASK_CUSTODIAN | ASK_ADMIN)
#define WATCHES (ASK_VIEWER | ASK_OPERATOR | ASK_CUSTODIAN | ASK_ADMIN)

/* clang-format off */
const struct ask_row ask_row[ASKS] = {
    [ASK_HEALTH] = {"health", "GET", "/healthz", 0, {{0}}},
    [ASK_HELLO] = {"hello", "GET", "/api/hello", 0, {{0}}},
    [ASK_FIRST] = {"first", "POST", "/api/first", 0,
                   {{"link", 64, true}, {"user", NAME, true},
                    {"password", SECRET, true}}},
    [ASK_LOGIN] = {"login", "POST", "/api/login", 0,
                   {{"user", NAME, true}, {"password", SECRET, true},
                    {"code", 8, false}}},
    [ASK_LOGOUT] = {"logout", "POST", "/api/logout", ASK_EVERYBODY, {{0}}},
    [ASK_PASSWORD] = {"password", "POST", "/api/password", ASK_EVERYBODY,
                      {{"old", SECRET, true}, {"new", SECRET, true}}},
    [ASK_TOTP_NEW] = {"totp-new", "POST", "/api/totp/new", ASK_EVERYBODY,
                      {{"password", SECRET, true}}},
    [ASK_TOTP_SET] = {"totp-set", "POST", "/api/totp/set", ASK_EVERYBODY,
                      {{"code", 8, true}}},
    [ASK_TOTP_OFF] = {"totp-off", "POST", "/api/totp/off", ASK_EVERYBODY,
                      {{"password", SECRET, true}}},
    [ASK_USERS] = {"users", "GET", "/api/users", ASK_ADMIN, {{0}}},
    [ASK_USER_ADD] = {"user-add", "POST", "/api/users/add", ASK_ADMIN,
                      {{"user", NAME, true}, {"role", NAME, true},
                       {"cameras", CAMERAS, false},
                       {"password", SECRET, true}}},
    [ASK_USER_CHANGE] = {"user-change", "POST", "/api/users/change", ASK_ADMIN,
                         {{"user", NAME, true}, {"role", NAME, false},
                          {"cameras", CAMERAS, false},
                          {"password", SECRET, false}}},
    [ASK_USER_REMOVE] = {"user-remove", "POST", "/api/users/remove", ASK_ADMIN,
                         {{"user", NAME, true}}},
    [ASK_SESSIONS] = {"sessions", "GET", "/api/sessions", ASK_ADMIN, {{0}}},
    [ASK_SESSIONS_END] = {"sessions-end", "POST", "/api/sessions/end",
                          ASK_ADMIN, {{"user", NAME, true}}},
    [ASK_STATE] = {"state", "GET", "/api/state", WATCHES, {{0}}},
    [ASK_EVENTS] = {"events", "GET", "/api/events", WATCHES,
                    {{"after", 20, false}}},
    [ASK_LIVE] = {"live", "GET", "/api/live", WATCHES,
                  {{"cameras", CAMERAS, true}, {"h264", CAMERAS, false}}},
    [ASK_SNAPSHOT] = {"snapshot", "GET", "/api/snapshot", WATCHES,
                      {{"camera", NAME, true}}},
    [ASK_TIMELINE] = {"timeline", "GET", "/api/timeline", WATCHES,
                      {{"from", 32, false}, {"to", 32, false},
                       {"parts", 5, false}}},
    [ASK_INCIDENTS] = {"incidents", "GET", "/api/incidents", WATCHES,
                       {{"incident", 10, false}, {"before", 10, false}}},
    [ASK_NOTE] = {"note", "POST", "/api/note", ACTS,
                  {{"incident", 9, true}, {"type", 8, true},
                   {"who", 100, false}, {"text", WORDS, true}}},
    [ASK_PLAY] = {"play", "GET", "/api/play", ASK_CUSTODIAN,
                  {{"files", 1, false}}},
    [ASK_PLAY_ASK] = {"play-ask", "POST", "/api/play/ask", ASK_CUSTODIAN,
                      {{"cameras", CAMERAS, true}, {"from", 32, true},
                       {"to", 32, true}, {"why", 300, true},
                       {"browser", 80, false}, {"mark", 32, false}}},
    [ASK_PLAY_PIECE] = {"play-piece", "GET", "/api/play/piece", ASK_CUSTODIAN,
                        {{"play", 10, true}, {"file", 5, true},
                         {"at", 10, false}, {"h264", 1, false}}},
    [ASK_PLAY_STILL] = {"play-still", "POST", "/api/play/still",
                        ASK_CUSTODIAN,
                        {{"play", 10, true}, {"camera", NAME, true},
                         {"at", 32, true}}},
    [ASK_PLAY_END] = {"play-end", "POST", "/api/play/end", ASK_CUSTODIAN,
                      {{"exhibit", 1, false}, {"release", 1, false}}},
    [ASK_RELEASE] = {"release", "POST", "/api/release", ASK_CUSTODIAN,
                     {{"incident", 9, true}, {"camera", NAME, true},
                      {"from", 32, true}, {"to", 32, true},
                      {"why", 300, true}, {"browser", 80, false},
                      {"areas", 800, false}, {"plain", 1, false}}},
    [ASK_ACK] = {"ack", "POST", "/api/ack", ACTS,
                 {{"incident", 9, true}, {"false", 8, false},
                  {"why", WORDS, false}}},
    [ASK_ACK_LINK] = {"ack-link", "POST", "/api/ack/link", 0,
                      {{"link", 64, true}}},
    [ASK_ARM] = {"arm", "POST", "/api/arm", ACTS,
                 {{"state", 8, true}, {"until", 40, false},
                  {"why", 200, false}}},
    [ASK_METRICS] = {"metrics", "GET", "/metrics", 0, {{0}}},
    [ASK_METRICS_TOKEN] = {"metrics-token", "POST", "/api/metrics/token",
                           ASK_ADMIN, {{0}}},
    [ASK_ZONES] = {"zones", "POST", "/api/zones", ASK_OPERATOR | ASK_ADMIN,
                   {{"camera", NAME, true}, {"zones", ZONES, false}}},
    [ASK_GO] = {"go", "POST", "/api/go", ACTS,
                {{"who", 40, true}, {"incident", 9, false},
                 {"state", 3, false}}},
    [ASK_SETTINGS] = {"settings", "GET", "/api/settings", ASK_ADMIN, {{0}}},
    [ASK_SETTINGS_SET] = {"settings-set", "POST", "/api/settings", ASK_ADMIN,
                          {{"sha256", 64, true}, {"settings", SETTINGS, true}}},
    [ASK_BAITS] = {"baits", "GET", "/api/baits", ACTS, {{0}}},
    [ASK_PHOTO] = {"photo", "POST", "/api/photo", TRACES,
                   {{"name", 100, true}, {"size", 9, true}, {"at", 9, true},
                    {"part", PIECE, true}}},
    [ASK_TRACES] = {"traces", "GET", "/api/traces", TRACES, {{0}}},
    [ASK_TRACE_FILE] = {"trace-file", "GET", "/api/trace/file", TRACES,
                        {{"photo", 9, true}, {"n", 1, true}}},
    [ASK_NAMES] = {"names", "GET", "/api/names", TRACES, {{0}}},
    [ASK_NOTES] = {"notes", "GET", "/api/notes", TRACES, {{0}}},
    [ASK_READ] = {"read", "POST", "/api/read", TRACES,
                  {{"what", 8, true}, {"why", 300, true}}},
    [ASK_MACHINERY] = {"machinery", "GET", "/api/health", WATCHES, {{0}}},
};
/* clang-format on */

enum ask ask_find(const char *method, const char *path, bool *other_method)
{
    *other_method = false;
    for (unsigned i = 0; i < ASKS; i++) {
        if (!strcmp(ask_row[i].path, path)) {
            if (!strcmp(ask_row[i].method, method)) {
                return (enum ask)i;
            }
            *other_method = true;
        }
    }
    return ASKS;
}

size_t ask_fields(enum ask ask)
{
    size_t fields = 0;
    while (fields < ASK_MOST_FIELDS && ask_row[ask].field[fields].name) {
        fields++;
    }
    return fields;
}

static const char *const role_name[ASK_ROLES] = {
    "viewer", "operator", "custodian", "auditor", "admin"};

const char *ask_role_name(unsigned role)
{
    for (unsigned i = 0; i < ASK_ROLES; i++) {
        if (role == 1u << i) {
            return role_name[i];
        }
    }
    return "";
}

unsigned ask_role_find(const char *name)
{
    for (unsigned i = 0; i < ASK_ROLES; i++) {
        if (!strcmp(role_name[i], name)) {
            return 1u << i;
        }
    }
    return 0;
}
