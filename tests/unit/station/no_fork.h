/*
 * no_fork: no process can be started, as where the limit of them is reached;
 * and what the ledger and Health then say of workers.
 *
 * For one file of a test program: fork() is in the place of the library's.
 */
#ifndef STING_TESTS_STATION_NO_FORK_H
#define STING_TESTS_STATION_NO_FORK_H

#include <errno.h>

#include "ledger/line.h"
#include "operation/health.h"
#include "tests/unit/station/place.h"

pid_t fork(void);
pid_t fork(void)
{
    errno = EAGAIN;
    return -1;
}

/* What Health knows of the players for that use. */
static inline struct health_worker no_fork_player(const struct place *place,
                                                  const char *of)
{
    struct health health = {.workers = 0};
    struct line line;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    assert_true(
        !ledger_reader_open(operation_dir(place->operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        health_take(&health, &line);
    }
    for (size_t i = 0; i < health.workers; i++) {
        if (!strcmp(health.worker[i].of, of) &&
            !strcmp(health.worker[i].name, "player")) {
            return health.worker[i];
        }
    }
    return (struct health_worker){.deaths = 0};
}

/* It is told, as what it is, in one line. */
static inline void no_fork_is_told_once(const struct place *place,
                                        const char *of)
{
    struct health_worker worker = no_fork_player(place, of);
    assert_int_equal(worker.deaths, 1);
    assert_non_null(strstr(worker.why, "could not be started"));
    assert_non_null(strstr(worker.why, strerror(EAGAIN)));
}

#endif
