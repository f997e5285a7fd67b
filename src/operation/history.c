#include "operation/history.h"

#include <string.h>

#include "ledger/reader.h"

/* Numbers go up one by one: a greater one, which anybody may have appended,
 * leaves enough for those that follow, or counts for nothing. */
#define FAR_NUMBER 1000000000
#define NUMBERS_SKIPPED 1000

/* Let *next follow the number `n` of a line. */
static void follow(const struct line *line, uint32_t *next)
{
    int64_t n = 0;
    if (line_integer(line, "n", &n) == STING_OK && n >= *next &&
        n < UINT32_MAX && (n <= FAR_NUMBER || n - *next <= NUMBERS_SKIPPED)) {
        *next = (uint32_t)n + 1;
    }
}

enum sting_status history_read(const struct operation *operation,
                               struct history *out, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct history history = {.next_incident = 1, .next_alert = 1};
    struct line line;
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(operation), &reader, fault);
    if (status) {
        return status;
    }
    while (!(status = ledger_reader_next_known(reader, &line))) {
        if (!strcmp(line.kind->name, "alert")) {
            follow(&line, &history.next_alert);
        }
        if (!strcmp(line.kind->name, "incident")) {
            follow(&line, &history.next_incident);
        }
        duty_take(&history.duty, &line);
    }
    if (status != STING_E_ABSENT) {
        return fault_set(fault, status, "", "the ledger cannot be read");
    }
    *out = history;
    return STING_OK;
}
