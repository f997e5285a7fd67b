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

#define FIELDS(method, path, roles, ...)                                       \
    {                                                                          \
        method, path, roles,                                                   \
        {                                                                      \
            __VA_ARGS__                                                        \
        }                                                                      \
    }
#define ROW(NAME, name, ...) [ASK_##NAME] = FIELDS(__VA_ARGS__),
const struct ask_row ask_row[ASKS] = {ASK_ROWS(ROW)};

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
