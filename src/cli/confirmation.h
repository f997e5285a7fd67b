/*
 * confirmation: whose copies a photograph of a hand-over shows.
 *
 * It is proof of a hand-over only where every copy in it is that holder's: with
 * two holders' copies on one table nobody can tell who went with which.
 */
#ifndef STING_CLI_CONFIRMATION_H
#define STING_CLI_CONFIRMATION_H

#include "trace/trace.h"

#define CONFIRMATION_MOST_SHOWN 32

struct confirmation {
    const struct trace_finding *finding; /* that names a copy, one of H's
                                            first; NULL: none does */
    const struct shelf *shelf;
    struct register_copy named; /* the copy that it names */
    bool shows_holders, shows_others;
    uint32_t expected; /* H's copy of that document, the one seen or the newest;
                          0: none of it */
    int64_t traced_utc_us; /* a trace had named `named` before; 0: none */
    size_t shown;          /* copies in it, whosever */
    uint32_t shows[CONFIRMATION_MOST_SHOWN];
};

static inline bool confirmation_verifies(const struct confirmation *is)
{
    return is->shows_holders && !is->shows_others;
}

/* Has this holder a copy, of whatever document? Fails: E_ABSENT. */
STING_MUST_USE enum sting_status confirmation_expect(
    const struct library *library, const char *holder, struct fault *fault);

/* What a judged run over one file came to. */
void confirmation_judge(const struct trace_run *run, const char *holder,
                        struct confirmation *out);

#endif
