/*
 * verify_film: is inside a recording what its line says (V14)?
 */
#ifndef STING_LEDGER_VERIFY_FILM_H
#define STING_LEDGER_VERIFY_FILM_H

#include "base/buffer.h"
#include "ledger/boxes.h"
#include "ledger/line.h"

struct verify_run; /* verify_state.h */

enum verify_film_kind { VERIFY_FILM_NONE, VERIFY_FILM_HEAD, VERIFY_FILM_PARTS };

/* The recording that is being looked into. */
struct verify_film {
    enum verify_film_kind kind;
    struct buffer head; /* owned: plain bytes of a head */
    bool is_too_long;   /* more of them than a head has */
    struct boxes_walk walk;
};

/* A recording is opened: take its plain bytes as they come; at the end say
 * where they contradict the line (verify_film.c). Fails: E_NOMEM. */
void verify_film_begin(struct verify_run *run, enum verify_film_kind kind);
STING_MUST_USE enum sting_status verify_film_put(struct verify_run *run,
                                                 struct bytes plain);
void verify_film_judge(struct verify_run *run, const struct line *line);

#endif
