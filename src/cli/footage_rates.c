#include "cli/footage_rates.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/interval.h"
#include "base/json.h"

/* Long enough for a look, for photographs, for a search. */
static const double stay_s[FOOTAGE_RATES_STAYS] = {10, 20, 30, 60, 120, 300};

void footage_rates_release(struct footage_rates *rates)
{
    free(rates->delay_s);
    rates->delay_s = NULL;
}

static void rate_take(struct watched_rate *rate, bool is_hit)
{
    rate->trials++;
    rate->hits += is_hit;
}

/* Does the team come before he turns to go, if he stays so long? Below 0: as
 * long as he was drawn. */
static bool is_met(const struct rehearsal_trial *trial, double stays_s,
                   double needs_s)
{
    double more_s = stays_s < 0 || trial->who.stay_s <= 0
                        ? 0
                        : stays_s - (double)trial->who.stay_s;
    return trial->is_told && trial->spare_s + more_s >= needs_s;
}

static void team_take(struct footage_rates *rates,
                      const struct rehearsal_trial *trial)
{
    const struct footage_team *team = &rates->team;
    rate_take(&rates->in_time, is_met(trial, team->stay_s, team->needs_s));
    for (int i = 0; i < FOOTAGE_RATES_STAYS && trial->who.stay_s > 0; i++) {
        rate_take(&rates->by_stay[i], is_met(trial, stay_s[i], team->needs_s));
    }
}

enum sting_status footage_rates_take(struct footage_rates *rates,
                                     const struct rehearsal_trial *trial)
{
    if (trial->is_told) {
        double *more = realloc(rates->delay_s,
                               (rates->told.hits + 1) * sizeof *rates->delay_s);
        if (!more) {
            return STING_E_NOMEM;
        }
        more[rates->told.hits] = trial->delay_s;
        rates->delay_s = more;
    }
    rate_take(&rates->told, trial->is_told);
    if (rates->team.needs_s >= 0) {
        team_take(rates, trial);
    }
    for (int trait = 0; trait < TRAITS; trait++) {
        int value = trial->who.trait[trait];
        if (value < INTRUDER_VALUES) {
            rate_take(&rates->by[trait][value], trial->is_told);
        }
    }
    return STING_OK;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

/* So much of them came no later; sorts them. */
static double delay_of(const struct footage_rates *rates, double part)
{
    uint32_t count = rates->told.hits;
    if (count == 0) {
        return 0;
    }
    qsort(rates->delay_s, count, sizeof *rates->delay_s, ascending);
    uint32_t at = (uint32_t)(part * count);
    return rates->delay_s[at < count ? at : count - 1];
}

/* ---- words ---- */

static enum sting_status rate_words(const struct watched_rate *rate,
                                    const char *what, struct buffer *out)
{
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    return buffer_printf(
        out, "%s: %" PRIu32 " of %" PRIu32 " (95 %% interval %.1f to %.1f %%)",
        what, rate->hits, rate->trials, 100 * interval.low,
        100 * interval.high);
}

static enum sting_status row_words(const struct watched_rate *rate,
                                   const char *what, struct buffer *out)
{
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    return rate->trials == 0
               ? STING_OK
               : buffer_printf(out,
                               "    %-48s %4" PRIu32 " of %4" PRIu32
                               "  %5.1f to %5.1f %%\n",
                               what, rate->hits, rate->trials,
                               100 * interval.low, 100 * interval.high);
}

static enum sting_status table_words(const struct footage_rates *rates,
                                     struct buffer *out)
{
    enum sting_status status = STING_OK;
    int traits = rates->by[TRAIT_WHO][WHO_CLIP].trials > 0 ? TRAITS : TRAIT_WHO;
    for (int trait = 0; !status && trait < traits; trait++) {
        status = buffer_printf(out, "  by %s\n", trait_name(trait));
        for (int value = 0; !status && value < INTRUDER_VALUES; value++) {
            status = row_words(&rates->by[trait][value],
                               trait_words(trait, value), out);
        }
    }
    return status;
}

char *footage_stay_text(const struct footage_team *team,
                        char text[FOOTAGE_STAY_SIZE])
{
    if (team->stay_s >= 0) {
        (void)snprintf(text, FOOTAGE_STAY_SIZE, "%.0f", team->stay_s);
    } else {
        (void)snprintf(text, FOOTAGE_STAY_SIZE, "%d-%d", INTRUDER_STAY_LEAST_S,
                       INTRUDER_STAY_MOST_S);
    }
    return text;
}

static enum sting_status team_words(const struct footage_rates *rates,
                                    struct buffer *out)
{
    char stay[FOOTAGE_STAY_SIZE];
    enum sting_status status =
        rate_words(&rates->in_time, "met by the team before they left", out);
    status =
        status
            ? status
            : buffer_printf(
                  out,
                  "; of a team that needs %.0f s\n  THIS RESTS "
                  "ON HOW LONG SOMEBODY STAYS: here who stops "
                  "stays %s s,\n  others pass by%s. At the "
                  "least, of who stops:\n",
                  rates->team.needs_s, footage_stay_text(&rates->team, stay),
                  rates->team.stay_s < 0 ? "; say how long with --stay" : "");
    for (int i = 0; !status && i < FOOTAGE_RATES_STAYS; i++) {
        char what[40];
        (void)snprintf(what, sizeof what, "stays %.0f s", stay_s[i]);
        status = row_words(&rates->by_stay[i], what, out);
    }
    return status;
}

enum sting_status footage_rates_words(const struct footage_rates *rates,
                                      struct buffer *out)
{
    enum sting_status status = rate_words(
        &rates->told, "intruders told of while they were there", out);
    if (!status && rates->told.hits > 0) {
        status = buffer_printf(out,
                               "; after %.1f s as a rule, %.1f s in one "
                               "of ten or later",
                               delay_of(rates, 0.5), delay_of(rates, 0.9));
    }
    status =
        status ? status
               : buffer_printf(out,
                               "\n  A third of them each came in the light as "
                               "filmed, a half and a quarter of it.\n  Clothes "
                               "of figures were drawn to stand out from the "
                               "room by %.0f to %.0f %%.\n",
                               100 * INTRUDER_STRENGTH_LEAST,
                               100 * INTRUDER_STRENGTH_MOST);
    if (!status && rates->team.needs_s >= 0) {
        status = team_words(rates, out);
    }
    return status ? status : table_words(rates, out);
}

/* ---- JSON ---- */

/* A row without its end; the caller frees it. */
static struct json *rate_row(const struct watched_rate *rate, const char *type,
                             int trait, int value)
{
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    struct json *row = json_new_object();
    json_add_text(row, "type", type);
    json_add_text(row, "by", trait >= 0 ? trait_name(trait) : NULL);
    json_add_text(row, "is", trait >= 0 ? trait_word(trait, value) : NULL);
    json_add_integer(row, "hits", rate->hits);
    json_add_integer(row, "trials", rate->trials);
    json_add_number(row, "low", interval.low);
    json_add_number(row, "high", interval.high);
    return row;
}

static enum sting_status told_json(const struct footage_rates *rates,
                                   struct buffer *out)
{
    struct json *row STING_AUTO(json_free) =
        rate_row(&rates->told, "intruders", -1, 0);
    if (rates->told.hits > 0) {
        json_add_number(row, "median_s", delay_of(rates, 0.5));
        json_add_number(row, "p90_s", delay_of(rates, 0.9));
    } else {
        json_add_null(row, "median_s");
        json_add_null(row, "p90_s");
    }
    return json_line(row, out);
}

/* Of all as they were drawn or were said to stay; then by how long. */
static enum sting_status team_json(const struct footage_rates *rates,
                                   struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (int i = -1; !status && i < FOOTAGE_RATES_STAYS; i++) {
        struct json *row STING_AUTO(json_free) = rate_row(
            i < 0 ? &rates->in_time : &rates->by_stay[i], "in-time", -1, 0);
        double stays_s = i < 0 ? rates->team.stay_s : stay_s[i];
        json_add_number(row, "team_s", rates->team.needs_s);
        if (stays_s >= 0) {
            json_add_number(row, "stay_s", stays_s);
        } else {
            json_add_null(row, "stay_s");
        }
        json_add_bool(row, "stops_only", i >= 0);
        status = json_line(row, out);
    }
    return status;
}

static enum sting_status by_json(const struct footage_rates *rates, int trait,
                                 int value, struct buffer *out)
{
    const struct watched_rate *rate = &rates->by[trait][value];
    struct json *row STING_AUTO(json_free) = NULL;
    if (rate->trials == 0) {
        return STING_OK;
    }
    row = rate_row(rate, "intruders", trait, value);
    return json_line(row, out);
}

enum sting_status footage_rates_json(const struct footage_rates *rates,
                                     struct buffer *out)
{
    enum sting_status status = told_json(rates, out);
    if (!status && rates->team.needs_s >= 0) {
        status = team_json(rates, out);
    }
    for (int i = 0; !status && i < TRAITS * INTRUDER_VALUES; i++) {
        status = by_json(rates, i / INTRUDER_VALUES, i % INTRUDER_VALUES, out);
    }
    return status;
}
