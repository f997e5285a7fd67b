/* sting bait list: every bait, and who holds which copy. */
#include <stdio.h>
#include <string.h>

#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/bait_handover.h"
#include "cli/bait_strength.h"
#include "cli/command.h"
#include "cli/options.h"

static const char list_help[] =
    "usage: sting bait list OP [--passphrase-file FILE] [--reason TEXT] "
    "[--json]\n"
    "                          [--show]\n"
    "\n"
    "Show every bait, and who holds which copy of it.\n"
    "\n"
    "  --show  to custodians and admins at the console of the station that "
    "runs\n"
    "          too, for an hour: holders of the first 2000 copies, and what\n"
    "          photographs will tell\n"
    "\n"
    "example:\n"
    "  sting bait list ops/tank\n";

static void copy_print_json(const struct bait *bait,
                            const struct register_batch *batch, uint32_t i,
                            const struct handover_list *known)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "bait", bait->name);
    json_add_integer(json, "copy", batch->first + i);
    json_add_text(json, "holder",
                  register_name(holder_list_at(&batch->holder, i)));
    json_add_time(json, "issued", batch->issued_utc_us);
    handover_add(json, known, batch->first + i);
    bait_print_line(json);
}

static void copy_print(const struct register_batch *batch, uint32_t i,
                       const struct handover_list *known)
{
    char when[CLOCK_TEXT_SIZE];
    const struct handover is = handover_find(known, batch->first + i);
    printf("  %6u  %s  %-9s %s%s%s\n", batch->first + i,
           clock_text(batch->issued_utc_us, when),
           is.state ? handover_text(is.state) : "",
           holder_list_at(&batch->holder, i),
           is.traced_utc_us ? "  (only after a trace had named it)" : "",
           is.refused ? "  (a picture named another copy)" : "");
}

/* Photographs given for another copy that name this one. */
static void swaps_print(const struct register_list *list,
                        const struct handover_list *known, uint32_t copy)
{
    for (size_t i = 0; i < known->swaps; i++) {
        const struct handover_swap *swap = &known->swap[i];
        struct register_copy from;
        char words[HANDOVER_SWAP_SIZE];
        if (swap->shows == copy) {
            bool is_known = register_find(list, swap->given_for, &from, NULL);
            printf(
                "          %s\n",
                handover_swap_words(
                    swap, is_known ? register_name(from.holder) : NULL, words));
        }
    }
}

static void list_copies(const struct bait *bait,
                        const struct register_list *list,
                        const struct handover_list *known, bool as_json)
{
    for (size_t b = 0; b < list->batches; b++) {
        const struct register_batch *batch = &list->batch[b];
        for (uint32_t i = 0; i < batch->copies; i++) {
            if (as_json) {
                copy_print_json(bait, batch, i, known);
            } else {
                copy_print(batch, i, known);
                swaps_print(list, known, batch->first + i);
            }
        }
    }
}

static double copies_of(const struct register_list *list)
{
    double copies = 0;
    for (size_t b = 0; b < list->batches; b++) {
        copies += list->batch[b].copies;
    }
    return copies;
}

/* What the last hand-over measured replaces what was predicted. */
static enum sting_status print_measured(const struct bait *bait,
                                        const struct register_list *list,
                                        const struct mark_noise *noise)
{
    struct bait_strength strength;
    bait_strength_init(&strength, bait, copies_of(list));
    strength.settings = 0;
    bait_strength_measured(&strength, noise);
    return bait_strength_words(&strength);
}

#define MOST_SHOWN 2000

/* Who lists, and how. */
struct listing {
    const struct bait_desk *desk;
    bool as_json;
    bool shows; /* at the console too */
    bool is_seen;
    uint32_t shown;         /* copies, there */
    struct buffer strength; /* owned; for there */
};

static void listing_release(struct listing *listing)
{
    buffer_release(&listing->strength);
}

/* What is no secret of a second person's, to the console. */
static void copies_show(struct listing *listing,
                        const struct register_list *list)
{
    for (size_t b = 0; b < list->batches; b++) {
        const struct register_batch *batch = &list->batch[b];
        for (uint32_t i = 0; i < batch->copies && listing->shown < MOST_SHOWN;
             i++) {
            const char *holder =
                register_name(holder_list_at(&batch->holder, i));
            listing->shown++;
            if (holder) {
                listing->is_seen = writer_show(
                    listing->desk->operation, SHOW_NAME, batch->first + i, 0,
                    (struct bytes){(const uint8_t *)holder,
                                   strlen(holder) + 1});
            }
        }
    }
}

static enum sting_status bait_show(struct listing *listing,
                                   const struct bait *bait,
                                   const struct register_list *list,
                                   const struct mark_noise *noise)
{
    struct bait_strength strength;
    copies_show(listing, list);
    bait_strength_init(&strength, bait, copies_of(list));
    bait_strength_measured(&strength, noise);
    return bait_strength_lines(&strength, &listing->strength);
}

static enum sting_status list_one(struct listing *listing, const char *name,
                                  struct fault *fault)
{
    const struct bait_desk *desk = listing->desk;
    bool as_json = listing->as_json;
    struct bait bait STING_AUTO(bait_release) = {0};
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct handover_list known STING_AUTO(handover_list_release) = {0};
    struct mark_noise noise = {0};
    enum sting_status status =
        bait_load(desk->operation, &desk->keys, name, &bait, fault);
    if (!status) {
        status =
            register_load(desk->operation, &desk->keys, name, &list, fault);
    }
    if (!status) {
        status = handover_load(desk->operation, &known, fault);
    }
    if (!status) {
        status = bait_noise_measured(desk, &list, &noise, fault);
    }
    if (!status) {
        bait_print_added(&bait, NULL, as_json);
        list_copies(&bait, &list, &known, as_json);
    }
    if (!status && listing->shows) {
        status = bait_show(listing, &bait, &list, &noise);
    }
    return status || as_json || noise.along_pt <= 0
               ? status
               : print_measured(&bait, &list, &noise);
}

static int list_run(int argc, char **argv)
{
    struct access_options asked = {0};
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    struct listing listing STING_AUTO(listing_release) = {.desk = &desk};
    struct fault fault = {"", ""};
    const struct option option[] = {
        ACCESS_PASSPHRASE(&asked),
        ACCESS_BY(&asked),
        ACCESS_REASON(&asked),
        {"--json", OPTION_FLAG, &listing.as_json, 0, 0},
        {"--show", OPTION_FLAG, &listing.shows, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting bait list OP"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (status) {
        return command_failed(STING_E_ARG, "bait list", &fault);
    }
    const struct access access = access_of(&asked, "bait list", NULL);
    status = bait_desk_open(&desk, options.word[0], OPERATION_IDENTITY, &access,
                            &fault);
    if (!status) {
        status = bait_names_init(desk.operation, &names, &fault);
    }
    for (size_t i = 0; !status && i < names.count; i++) {
        status = list_one(&listing, names.name[i], &fault);
    }
    if (!status && listing.shows) {
        listing.is_seen = writer_show(desk.operation, SHOW_STRENGTH, 0, 0,
                                      buffer_bytes(&listing.strength)) &&
                          listing.is_seen;
    }
    if (!status && listing.shows && !listing.is_seen) {
        fputs("sting: nothing was shown: no station with a console runs\n",
              stderr);
    }
    if (!status && names.count == 0 && !listing.as_json) {
        puts("No bait yet: sting bait add OP FILE.pdf");
    }
    return status ? command_failed(status, options.word[0], &fault) : EXIT_DONE;
}

const struct command command_bait_list = {
    "bait list", "every bait, and who holds which copy", list_help, list_run};
