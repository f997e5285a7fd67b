/* Recordings of the stretch that are not there any more: erased on purpose,
 * as signed lines say, or the exhibit is refused. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "exhibit/erased.h"
#include "exhibit/gathered.h"
#include "ledger/reader.h"
#include "ledger/recording.h"

#define MOST_TOLD 4 /* of the lines that erased a stretch, by name */

/* ---- what is gone of these days, and what is told ---- */

struct accounting {
    struct gathered *gathered;
    struct erased asked; /* the days that the stretch lacks something of */
    struct erased erased;
    uint64_t signed_to;
    uint64_t lines; /* that hold every line that tells */
};

static void accounting_release(struct accounting *accounting)
{
    erased_release(&accounting->asked);
    erased_release(&accounting->erased);
}

static bool is_of(const struct gathered *gathered, const struct line *line)
{
    return bytes_equal(line_raw(line, "camera"),
                       bytes_of_text(gathered->order->camera));
}

static enum sting_status days_ask(struct accounting *accounting)
{
    const struct gathered *gathered = accounting->gathered;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < gathered->lines; i++) {
        if (gathered->line[i].is_erased) {
            struct line line = gathered_parse(gathered, i);
            status = erased_gone(&accounting->asked, &line);
        }
    }
    return status;
}

static enum sting_status line_account(struct accounting *accounting,
                                      const struct line *line)
{
    const struct gathered *gathered = accounting->gathered;
    char path[RECORDING_PATH_SIZE];
    struct stat info;
    if (line->seq >= accounting->signed_to ||
        !erased_day_of(&accounting->asked, line)) {
        return STING_OK;
    }
    if (gathered_is(line, "erase")) {
        accounting->lines = line->seq + 1;
        return erased_told(&accounting->erased, line, gathered->order->camera);
    }
    bool is_gone = gathered_is(line, "seg") && is_of(gathered, line) &&
                   !recording_path(line, path) &&
                   fstatat(operation_dir(gathered->operation), path, &info,
                           AT_SYMLINK_NOFOLLOW) != 0 &&
                   errno == ENOENT;
    return is_gone ? erased_gone(&accounting->erased, line) : STING_OK;
}

/* Lines that instruct and that nobody signed in time say nothing. */
static enum sting_status lines_account(struct accounting *accounting,
                                       struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open_signed(
        operation_dir(accounting->gathered->operation), &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = line_account(accounting, &line);
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}

static void erasing_mark(struct accounting *accounting)
{
    struct gathered *gathered = accounting->gathered;
    for (size_t i = 0; i < gathered->lines; i++) {
        struct line line = gathered_parse(gathered, i);
        gathered->line[i].is_erasing =
            gathered_is(&line, "erase") &&
            erased_day_of(&accounting->asked, &line) != NULL;
    }
}

/* ---- in words ---- */

static void say(char *text, size_t size, const char *words)
{
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s", words);
}

/* "entry 41 of 2027-04-01T03:00:00.000000Z, by the station: retention" */
static void teller_say(const struct line *line, char text[GATHERED_GONE_SIZE])
{
    char by[80], why[100], time[LINE_TIME_SIZE], words[260];
    (void)snprintf(words, sizeof words, "entry %" PRIu64 " of %s, by %s: %s",
                   line->seq, line_time_text(line->at.utc_us, time),
                   line_text(line, "by", by, sizeof by),
                   line_text(line, "why", why, sizeof why));
    say(text, GATHERED_GONE_SIZE, words);
}

/* Is it about the day of a recording of that run, and behind it? */
static bool is_teller(const struct gathered *gathered,
                      const struct gathered_run *run, size_t index)
{
    char from[ERASED_DATE_SIZE], to[ERASED_DATE_SIZE], date[ERASED_DATE_SIZE];
    if (!gathered->line[index].is_erasing) {
        return false;
    }
    struct line teller = gathered_parse(gathered, index);
    struct line first = gathered_parse(gathered, run->first);
    struct line last = gathered_parse(gathered, run->last);
    line_text(&teller, "date", date, sizeof date);
    return teller.seq > first.seq &&
           strcmp(line_text(&first, "date", from, sizeof from), date) <= 0 &&
           strcmp(date, line_text(&last, "date", to, sizeof to)) <= 0;
}

static void tellers_say(const struct gathered *gathered,
                        const struct gathered_run *run,
                        char text[GATHERED_GONE_SIZE])
{
    size_t tellers = 0;
    for (size_t i = 0; i < gathered->lines; i++) {
        if (is_teller(gathered, run, i) && tellers++ < MOST_TOLD) {
            struct line line = gathered_parse(gathered, i);
            say(text, GATHERED_GONE_SIZE, tellers > 1 ? "; " : "");
            teller_say(&line, text);
        }
    }
    say(text, GATHERED_GONE_SIZE, tellers > MOST_TOLD ? "; and more" : "");
}

const char *gathered_gone(const struct gathered *gathered,
                          const struct gathered_run *run,
                          char text[GATHERED_GONE_SIZE])
{
    struct line first = gathered_parse(gathered, run->first);
    struct line last = gathered_parse(gathered, run->last);
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE], since[LINE_TIME_SIZE];
    (void)snprintf(
        text, GATHERED_GONE_SIZE,
        "From %s to %s there is nothing to be seen: %" PRIu64
        " recording%s made then and deleted on purpose afterwards, as the "
        "signed record says (",
        line_time_text(gathered_time(&first, "t0"), from),
        line_time_text(
            gathered_time(&last, "t0") + gathered_integer(&last, "us"), to),
        run->count, run->count == 1 ? " was" : "s were");
    tellers_say(gathered, run, text);
    say(text, GATHERED_GONE_SIZE,
        "). What it showed is nowhere in this exhibit");
    if (run->piece == 0) {
        say(text, GATHERED_GONE_SIZE,
            ". The first recording that is there begins at ");
        say(text, GATHERED_GONE_SIZE,
            line_time_text(gathered->since_us, since));
    }
    say(text, GATHERED_GONE_SIZE, ".");
    return text;
}

/* ---- the account ---- */

static enum sting_status all_gone(const struct gathered *gathered,
                                  struct fault *fault)
{
    const struct gathered_run *run = &gathered->run[0];
    char text[GATHERED_GONE_SIZE] = "";
    tellers_say(gathered, run, text);
    return fault_set(fault, STING_E_ABSENT,
                     "ask for a stretch of which some is there",
                     "all %" PRIu64 " recordings of %s in that time were "
                     "deleted on purpose: %s",
                     run->count, gathered->order->camera, text);
}

static enum sting_status more_gone(const struct gathered *gathered,
                                   const struct erased_day *day,
                                   struct fault *fault)
{
    static const char todo[] = "see sting verify; give a stretch without them";
    const char *camera = gathered->order->camera;
    return day->count > 0
               ? fault_set(fault, STING_E_ABSENT, todo,
                           "%" PRIu64 " more recordings of %s of %s are "
                           "missing than signed entries say were erased",
                           day->count, camera, day->date)
               : fault_set(fault, STING_E_ABSENT, todo,
                           "larger recordings of %s of %s are missing than "
                           "signed entries say were erased",
                           camera, day->date);
}

enum sting_status gone_account(struct gathered *gathered, uint64_t signed_to,
                               uint64_t *lines, struct fault *fault)
{
    struct accounting accounting STING_AUTO(accounting_release) = {
        .gathered = gathered, .signed_to = signed_to};
    enum sting_status status = days_ask(&accounting);
    if (!status) {
        status = lines_account(&accounting, fault);
    }
    if (status) {
        return status;
    }
    const struct erased_day *more = erased_rest(&accounting.erased);
    if (more) {
        return more_gone(gathered, more, fault);
    }
    erasing_mark(&accounting);
    *lines = accounting.lines;
    return gathered->films ? STING_OK : all_gone(gathered, fault);
}
