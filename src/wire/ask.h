/*
 * ask: what the console may be asked, over HTTP by people and by the web
 * worker of the core: one table for both.
 *
 * The web worker finds the row by method and path and sends the fields of a
 * request as text, in the row's order; the core looks up the session, holds
 * its role against the row and the fields against their bounds. It believes
 * nothing of what the web worker says about who asks.
 *
 * Format: docs/formats/http.md, docs/formats/wire.md.
 */
#ifndef STING_WIRE_ASK_H
#define STING_WIRE_ASK_H

#include "base/base.h"
#include "wire/ask_bait.h"
#include "wire/ask_entry.h"
#include "wire/ask_machine.h"
#include "wire/ask_now.h"
#include "wire/ask_past.h"
#include "wire/ask_people.h"

#define ASK_MOST_FIELDS 8
#define ASK_SESSION_SIZE 65 /* 64 hex digits and NUL */
#define ASK_CSRF_SIZE 33

/* Each part of the console has its own rows: ROW(NAME, name, method, path,
 * roles, fields ...), ASK_NAME for both sides and console_name for the core's
 * answer. Bounds, and several roles in one word: ask_table.c. */
#define ASK_ROWS(ROW)                                                          \
    ASK_ROWS_ENTRY(ROW)                                                        \
    ASK_ROWS_PEOPLE(ROW)                                                       \
    ASK_ROWS_NOW(ROW)                                                          \
    ASK_ROWS_PAST(ROW)                                                         \
    ASK_ROWS_BAIT(ROW)                                                         \
    ASK_ROWS_MACHINE(ROW)

#define ASK_ENUM(NAME, ...) ASK_##NAME,
enum ask { ASK_ROWS(ASK_ENUM) ASKS };
#undef ASK_ENUM

/* Who somebody is, as a bit, so that a row can name several. */
enum ask_role {
    ASK_VIEWER = 1 << 0,    /* looks at the cameras that are named */
    ASK_OPERATOR = 1 << 1,  /* acts: acknowledges, arms, draws zones */
    ASK_CUSTODIAN = 1 << 2, /* takes evidence out */
    ASK_AUDITOR = 1 << 3,   /* reads who opened and took what, nothing else */
    ASK_ADMIN = 1 << 4,     /* people and settings */
};
#define ASK_ROLES 5
#define ASK_EVERYBODY 0x1fu

struct ask_field {
    const char *name;
    size_t most_bytes;
    bool is_needed; /* and then not empty */
};

struct ask_row {
    const char *method; /* "GET": fields from the query; "POST": from JSON */
    const char *path;
    unsigned roles; /* of enum ask_role; 0: also who is not logged in */
    struct ask_field field[ASK_MOST_FIELDS];
};

extern const struct ask_row ask_row[ASKS];

/* The row of a method and a path, ASKS when there is none; *other_method
 * says whether another method would have found one. */
enum ask ask_find(const char *method, const char *path, bool *other_method);

/* How many fields a row has. */
size_t ask_fields(enum ask ask);

/* "viewer", "operator" ... and back; 0 for any other word. */
const char *ask_role_name(unsigned role);
unsigned ask_role_find(const char *name);

/* What an answer is. */
enum ask_body {
    ASK_BODY_JSON,
    ASK_BODY_JPEG,
    ASK_BODY_TEXT,
    ASK_BODY_LIVE,
    ASK_BODY_SVG,
    ASK_BODY_PDF,
    ASK_BODY_BYTES,
    ASK_BODIES
};
enum ask_cookie { ASK_COOKIE_KEEP, ASK_COOKIE_SET, ASK_COOKIE_CLEAR };

#endif
