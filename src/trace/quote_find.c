/* A fact in a text that may have slips. */
#include <stdlib.h>
#include <string.h>

#include "trace/quote.h"

#define CONTEXT ((size_t)28) /* characters on each side of a value */
#define EDIT 2               /* cost of a wrong letter */
#define LOOKALIKE 1          /* of one that looks the same */
#define LETTERS_A_SLIP 8
#define MOST_NEEDLE 256

struct needle {
    uint32_t code[MOST_NEEDLE];
    size_t size;
    size_t value, end; /* the value is code[value .. end - 1] */
};

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

/* What a character is when it is taken for a digit; 0: none. */
static uint32_t as_digit(uint32_t code)
{
    static const char like[] = "o0l1i1|1s5b8z2";
    if (is_digit(code)) {
        return code;
    }
    for (size_t i = 0; like[i]; i += 2) {
        if (code == (uint8_t)like[i]) {
            return (uint8_t)like[i + 1];
        }
    }
    return 0;
}

static unsigned cost_of(uint32_t wanted, bool is_free, uint32_t is)
{
    if (is_free) {
        return is_digit(is) ? 0 : as_digit(is) ? LOOKALIKE : EDIT * 2;
    }
    if (wanted == is) {
        return 0;
    }
    uint32_t a = as_digit(wanted), b = as_digit(is);
    return a && a == b ? LOOKALIKE : EDIT;
}

/* The last or first `most` characters, as they are compared. */
static enum sting_status part_add(struct needle *needle, const char *text,
                                  size_t most, bool from_end)
{
    struct plain plain STING_AUTO(plain_release) = {0};
    enum sting_status status = plain_add_text(&plain, bytes_of_text(text));
    size_t size = plain.size < most ? plain.size : most;
    size_t begin = from_end ? plain.size - size : 0;
    for (size_t i = 0; !status && i < size; i++) {
        uint32_t code = plain.code[begin + i];
        bool is_double = code == ' ' && needle->size > 0 &&
                         needle->code[needle->size - 1] == ' ';
        if (!is_double && needle->size < MOST_NEEDLE) {
            needle->code[needle->size++] = code;
        }
    }
    return status;
}

/* A leading blank is lost by itself: put it back where parts meet. */
static void blank_add(struct needle *needle, const char *after)
{
    if (after[0] == ' ' && needle->size < MOST_NEEDLE) {
        needle->code[needle->size++] = ' ';
    }
}

static enum sting_status needle_init(const struct fact *fact, const char *value,
                                     struct needle *out)
{
    *out = (struct needle){0};
    bool is_common = fact_choices(fact) < 2;
    enum sting_status status =
        part_add(out, fact->before, is_common ? MOST_NEEDLE : CONTEXT, true);
    out->value = out->size;
    if (!status && !is_common) {
        status = part_add(out, value, FACT_VALUE_SIZE, false);
    }
    out->end = out->size;
    blank_add(out, fact->after);
    if (!status) {
        status = part_add(out, fact->after, CONTEXT, false);
    }
    return status;
}

/* Costs of ending the first i characters of the needle at text place j, row
 * by row; row 0 is free everywhere. */
struct grid {
    uint16_t *cost; /* owned; (size + 1) x (text + 1) */
    size_t width;
};

static void grid_fill(struct grid *grid, const struct needle *needle,
                      bool has_free, const struct plain *text)
{
    for (size_t i = 1; i <= needle->size; i++) {
        uint16_t *row = grid->cost + i * grid->width;
        const uint16_t *above = row - grid->width;
        uint32_t wanted = needle->code[i - 1];
        bool is_free =
            has_free && wanted == '#' && i > needle->value && i <= needle->end;
        row[0] = (uint16_t)(above[0] + EDIT);
        for (size_t j = 1; j <= text->size; j++) {
            unsigned best =
                above[j - 1] + cost_of(wanted, is_free, text->code[j - 1]);
            unsigned skipped = above[j] + EDIT;
            unsigned more = row[j - 1] + EDIT;
            best = skipped < best ? skipped : best;
            row[j] = (uint16_t)(more < best ? more : best);
        }
    }
}

static enum sting_status grid_init(struct grid *grid,
                                   const struct needle *needle, bool has_free,
                                   const struct plain *text)
{
    grid->width = text->size + 1;
    grid->cost = calloc((needle->size + 1) * grid->width, sizeof *grid->cost);
    if (!grid->cost) {
        return STING_E_NOMEM;
    }
    grid_fill(grid, needle, has_free, text);
    return STING_OK;
}

/* Where the needle ends best; its cost in *cost. */
static size_t grid_end(const struct grid *grid, const struct needle *needle,
                       unsigned *cost)
{
    const uint16_t *row = grid->cost + needle->size * grid->width;
    size_t best = 0;
    for (size_t j = 1; j < grid->width; j++) {
        if (row[j] < row[best]) {
            best = j;
        }
    }
    *cost = row[best];
    return best;
}

static bool is_near(const struct needle *needle, unsigned cost)
{
    return needle->size > 0 && cost <= needle->size * EDIT / LETTERS_A_SLIP;
}

/* The best path on its way back, and the free digits read so far. */
struct trail {
    const struct needle *needle;
    const struct plain *text;
    size_t i, j; /* letters left of needle and text */
    bool reads;  /* a figure: slips in it are none of ours to mend */
    int32_t value, place;
};

static bool is_inside(const struct trail *trail)
{
    return trail->i > trail->needle->value && trail->i <= trail->needle->end;
}

static uint32_t letter_wanted(const struct trail *trail)
{
    return trail->needle->code[trail->i - 1];
}

static bool is_free_digit(const struct trail *trail)
{
    return trail->reads && is_inside(trail) && letter_wanted(trail) == '#';
}

/* A letter for a letter. False when it is another digit of the figure. */
static bool trail_pair(struct trail *trail)
{
    uint32_t wanted = letter_wanted(trail);
    uint32_t digit = as_digit(trail->text->code[trail->j - 1]);
    bool is_free = is_free_digit(trail);
    bool is_other = is_inside(trail) && is_digit(wanted) && digit != wanted;
    if (trail->reads && ((is_free && !digit) || is_other)) {
        return false;
    }
    trail->value += is_free ? (int32_t)(digit - '0') * trail->place : 0;
    trail->place *= is_free ? 10 : 1;
    trail->i--;
    trail->j--;
    return true;
}

/* A letter too many. False when it is a digit in or beside the figure. */
static bool trail_extra(struct trail *trail)
{
    bool is_edge =
        trail->i == trail->needle->value || trail->i == trail->needle->end;
    bool is_near_it = is_inside(trail) || is_edge;
    if (trail->reads && is_near_it &&
        as_digit(trail->text->code[trail->j - 1])) {
        return false;
    }
    trail->j--;
    return true;
}

/* A letter is missing. False when it is a digit of the figure. */
static bool trail_missing(struct trail *trail)
{
    if (trail->reads && is_inside(trail) &&
        (is_free_digit(trail) || is_digit(letter_wanted(trail)))) {
        return false;
    }
    trail->i--;
    return true;
}

static bool trail_step(struct trail *trail, const struct grid *grid)
{
    const uint16_t *row = grid->cost + trail->i * grid->width;
    const uint16_t *above = row - grid->width;
    size_t j = trail->j;
    if (j > 0 && row[j] == above[j - 1] + cost_of(letter_wanted(trail),
                                                  is_free_digit(trail),
                                                  trail->text->code[j - 1])) {
        return trail_pair(trail);
    }
    return j > 0 && row[j] == row[j - 1] + EDIT ? trail_extra(trail)
                                                : trail_missing(trail);
}

static bool is_word(uint32_t code)
{
    return is_digit(code) || (code >= 'a' && code <= 'z') || code >= 0xc0;
}

static bool is_separator(uint32_t code)
{
    return code == '.' || code == ',' || code == '\'';
}

/* Where nothing is known of one side of a value, does the word or figure go on
 * there? Then the text says something else. */
static bool is_cut(const struct needle *needle, const struct plain *text,
                   size_t begin, size_t end)
{
    const uint32_t *code = text->code;
    bool is_behind = needle->end == needle->size && end < text->size;
    bool is_before = needle->value == 0 && begin > 0;
    if (is_behind && (is_word(code[end]) ||
                      (is_separator(code[end]) && end + 1 < text->size &&
                       is_digit(code[end + 1])))) {
        return true;
    }
    return is_before && (is_word(code[begin - 1]) ||
                         (is_separator(code[begin - 1]) && begin > 1 &&
                          is_digit(code[begin - 2])));
}

/* Follow the best path back from `end`. Of a figure it reads the free digits;
 * any other slip inside one than a separator leaves it unread. */
static bool trail_follow(const struct grid *grid, const struct needle *needle,
                         const struct plain *text, size_t end, bool reads,
                         struct quote_place *out)
{
    struct trail trail = {needle, text, needle->size, end, reads, 0, 1};
    while (trail.i > 0) {
        if (!trail_step(&trail, grid)) {
            return false;
        }
    }
    bool is_own = needle->end > needle->value;
    if (trail.j == end || (is_own && is_cut(needle, text, trail.j, end))) {
        return false; /* nothing stands there, or something longer */
    }
    out->choice = trail.value;
    out->first = text->from[trail.j];
    out->last = text->from[end - 1];
    return true;
}

/* Does another place, which fits about as well, have another figure? */
static bool is_doubtful(const struct grid *grid, const struct needle *needle,
                        const struct plain *text, unsigned cost, int32_t choice)
{
    const uint16_t *row = grid->cost + needle->size * grid->width;
    for (size_t end = 1; end < grid->width; end++) {
        struct quote_place other;
        if (row[end] < cost + EDIT &&
            trail_follow(grid, needle, text, end, true, &other) &&
            other.choice != choice) {
            return true;
        }
    }
    return false;
}

static enum sting_status figure_find(const struct plain *text,
                                     const struct fact *fact,
                                     struct quote_place *out)
{
    struct needle needle;
    struct grid grid = {0};
    struct quote_place place;
    unsigned cost = 0;
    enum sting_status status = needle_init(fact, fact->value[0], &needle);
    if (!status) {
        status = grid_init(&grid, &needle, true, text);
    }
    if (!status) {
        size_t end = grid_end(&grid, &needle, &cost);
        if (is_near(&needle, cost) &&
            trail_follow(&grid, &needle, text, end, true, &place) &&
            !is_doubtful(&grid, &needle, text, cost, place.choice)) {
            *out = place;
        }
    }
    free(grid.cost);
    return status;
}

/* How well one value fits, and where; FACT_UNSEEN where it does not. */
static enum sting_status value_find(const struct plain *text,
                                    const struct fact *fact, uint32_t choice,
                                    unsigned *cost, struct quote_place *out)
{
    struct needle needle;
    struct grid grid = {0};
    *out = (struct quote_place){.choice = FACT_UNSEEN};
    enum sting_status status = needle_init(fact, fact->value[choice], &needle);
    if (!status) {
        status = grid_init(&grid, &needle, false, text);
    }
    if (!status) {
        size_t end = grid_end(&grid, &needle, cost);
        if (is_near(&needle, *cost) &&
            trail_follow(&grid, &needle, text, end, false, out)) {
            out->choice = (int32_t)choice;
        }
    }
    free(grid.cost);
    return status;
}

enum sting_status quote_find(const struct plain *text, const struct fact *fact,
                             struct quote_place *out)
{
    unsigned best = UINT16_MAX, second = UINT16_MAX;
    enum sting_status status = STING_OK;
    struct quote_place found = {.choice = FACT_UNSEEN};
    *out = found;
    if (fact->digits > 0) {
        return figure_find(text, fact, out);
    }
    for (uint32_t v = 0; !status && v < fact->values; v++) {
        struct quote_place place;
        unsigned cost = 0;
        status = value_find(text, fact, v, &cost, &place);
        if (cost < best) {
            second = best;
            best = cost;
            found = place;
        } else if (cost < second) {
            second = cost;
        }
    }
    if (!status && second >= best + EDIT) {
        *out = found;
    }
    return status;
}

enum sting_status quote_passage(struct bytes text,
                                const struct quote_place *place,
                                struct buffer *out)
{
    struct bytes rest = {text.data + place->last, text.size - place->last};
    size_t last = 0, start = out->size;
    (void)plain_decode(rest, &last);
    enum sting_status status =
        buffer_append(out, (struct bytes){text.data + place->first,
                                          place->last - place->first + last});
    for (size_t i = start; i < out->size; i++) {
        bool is_end = out->data[i] == '\n' || out->data[i] == '\r';
        out->data[i] = is_end ? ' ' : out->data[i];
    }
    return status;
}
