/* sting release: a cut for the press, and what it derives from. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/out_new.h"
#include "cli/release_request.h"
#include "ledger/line.h"
#include "operation/incident_list.h"
#include "operation/writer.h"
#include "release/release.h"

#define AROUND_US INT64_C(2000000) /* shown before and after an incident */

static const char help[] =
    "usage: sting release OP --incident N --out FILE.mp4 [--mask X,Y,W,H ...]\n"
    "                     [--from TIME] [--to TIME] [--plain] [--json]\n"
    "                     [--passphrase-file F]... [--by WHO] --reason TEXT\n"
    "\n"
    "Encode the recording of an incident anew, for the press: brighter, less\n"
    "grainy, without sound, dates or names of devices. FILE.mp4.txt says what\n"
    "it derives from, and the ledger that it was given out. Neither file is\n"
    "ever replaced. Where the camera's stream began anew meanwhile, each film\n"
    "is a clip of its own: FILE.mp4, FILE-2.mp4.\n"
    "\n"
    "  --mask X,Y,W,H  fill this area with black on every picture; parts of\n"
    "                  the picture's width and height, 0 to 1\n"
    "  --from, --to    another time than the incident's, 2 s around it\n"
    "  --plain         do not make it brighter\n" ACCESS_HELP "\n"
    "example: sting release ops/tank --incident 1 --mask 0.1,0.2,0.15,0.3 \\\n"
    "           --out cut.mp4 --reason 'asked for by the press'\n";

static enum sting_status request_read(int argc, char **argv,
                                      struct release_request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--incident", OPTION_NUMBER, &request->incident, 1, UINT32_MAX},
        {"--out", OPTION_TEXT, &request->out, 0, 0},
        {"--mask", OPTION_TEXTS, request->areas, 0, 0},
        {"--from", OPTION_TIME, &request->from_us, 0, 0},
        {"--to", OPTION_TIME, &request->to_us, 0, 0},
        {"--plain", OPTION_FLAG, &request->plain, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting release OP --incident N --out "
                                       "FILE.mp4"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    request->path = options.word[0];
    if (request->incident == 0 || !request->out) {
        return fault_set(fault, STING_E_ARG, "see sting release --help",
                         "%s is needed", request->out ? "--incident" : "--out");
    }
    return STING_OK;
}

/* "X,Y,W,H" inside the picture. */
static bool mask_read(const char *text, struct player_mask *out)
{
    double number[4];
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        number[i] = strtod(text, &end);
        if (end == text || *end != (i < 3 ? ',' : '\0') ||
            !(number[i] >= 0 && number[i] <= 1)) {
            return false;
        }
        text = end + 1;
    }
    *out = (struct player_mask){number[0], number[1], number[2], number[3]};
    return out->width > 0 && out->height > 0 && out->x + out->width <= 1 &&
           out->y + out->height <= 1;
}

static enum sting_status masks_read(const struct option_texts *masks,
                                    struct release_order *order,
                                    struct fault *fault)
{
    for (size_t i = 0; i < masks->count; i++) {
        if (order->masks == PLAYER_MOST_MASKS) {
            return fault_set(fault, STING_E_LIMIT, "", "more than %d masks",
                             PLAYER_MOST_MASKS);
        }
        if (!mask_read(masks->text[i], &order->mask[order->masks++])) {
            return fault_set(fault, STING_E_ARG,
                             "give X,Y,W,H, each 0 to 1, inside the picture",
                             "\"%.40s\" is no area", masks->text[i]);
        }
    }
    return STING_OK;
}

static enum sting_status order_make(int operation,
                                    const struct release_request *request,
                                    struct incident_list *list,
                                    struct release_order *order,
                                    struct fault *fault)
{
    enum sting_status status = incident_list_read(operation, list, fault);
    if (status) {
        return status;
    }
    const struct incident_entry *entry =
        incident_list_find(list, (uint32_t)request->incident);
    if (!entry) {
        return fault_set(fault, STING_E_ABSENT, "",
                         "there is no incident %lld; the ledger tells of %zu",
                         (long long)request->incident, list->count);
    }
    if (entry->end_us == 0 && request->to_us == 0) {
        return fault_set(fault, STING_E_BUSY, "wait, or use --to",
                         "incident %u is not over", entry->number);
    }
    order->incident = entry->number;
    order->camera = request->camera ? request->camera : entry->camera;
    order->from_us =
        request->from_us ? request->from_us : entry->start_us - AROUND_US;
    order->to_us = request->to_us ? request->to_us : entry->end_us + AROUND_US;
    order->enhance = !request->plain;
    order->progress = request->progress;
    order->context = request->context;
    return STING_OK;
}

/* The ledger first: what is given out has been told before it exists. */
static enum sting_status ledger_tell(const struct operation *operation,
                                     const struct release_order *order,
                                     const struct release_made *made,
                                     struct bytes text, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    char number[24], bytes[24], masks[24], sha256[DIGEST_TEXT_SIZE];
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    (void)snprintf(number, sizeof number, "%u", order->incident);
    (void)snprintf(bytes, sizeof bytes, "%zu", made->mp4.size);
    (void)snprintf(masks, sizeof masks, "%zu", order->masks);
    const struct line_field field[] = {
        {"incident", number},
        {"sha256", digest_text(made->sha256, sha256)},
        {"bytes", bytes},
        {"from", line_time_text(made->from_us, from)},
        {"to", line_time_text(made->to_us, to)},
        {"masks", masks},
        {"box", operation_box(operation)},
    };
    enum sting_status status =
        writer_open(operation, clock_now, &writer, fault);
    if (!status) {
        status = writer_sealed_line(writer, "release", field,
                                    sizeof field / sizeof *field, text, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status told(const struct release_request *request,
                              const struct release_made *made, const char *file,
                              const char *text_file)
{
    char sha256[DIGEST_TEXT_SIZE];
    double seconds = (double)(made->to_us - made->from_us) / 1e6;
    digest_text(made->sha256, sha256);
    if (!request->json) {
        printf("%s: %.1f s, %u pictures, sha256 %s\n%s: what it derives "
               "from\n",
               file, seconds, made->summary.frames, sha256, text_file);
        return STING_OK;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_integer(json, "incident", request->incident);
    json_add_text(json, "file", file);
    json_add_text(json, "text", text_file);
    json_add_text(json, "sha256", sha256);
    json_add_integer(json, "bytes", (int64_t)made->mp4.size);
    json_add_integer(json, "frames", made->summary.frames);
    json_add_number(json, "seconds", seconds);
    json_add_time(json, "from", made->from_us);
    json_add_time(json, "to", made->to_us);
    json_add_integer(json, "film", (int64_t)made->film);
    json_add_integer(json, "films", (int64_t)made->films);
    struct json *entries = json_new_array();
    for (size_t i = 0; i < made->segments; i++) {
        json_add_integer(entries, NULL, (int64_t)made->segment[i].seq);
    }
    json_add_child(json, "entries", &entries);
    enum sting_status status = json_line(json, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

/* A cut that may have been given out, and what it derives from, stay. */
static enum sting_status out_check(const char *file, struct fault *fault)
{
    struct buffer text_file STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_printf(&text_file, "%s.txt", file);
    if (!status) {
        status = out_new(file, fault);
    }
    return status ? status : out_new(buffer_text(&text_file), fault);
}

static enum sting_status give_out(const struct operation *operation,
                                  const struct release_request *request,
                                  const struct release_order *order,
                                  const struct release_made *made,
                                  const char *file, struct fault *fault)
{
    struct release_origin origin;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer text_file STING_AUTO(buffer_release) = {0};
    const char *slash = strrchr(file, '/');
    enum sting_status status =
        release_origin_read(operation_dir(operation), &origin, fault);
    if (!status) {
        status =
            release_text(order, made, &origin, slash ? slash + 1 : file, &text);
    }
    if (!status) {
        status = buffer_printf(&text_file, "%s.txt", file);
    }
    if (!status) {
        status =
            ledger_tell(operation, order, made, buffer_bytes(&text), fault);
    }
    if (!status) {
        status =
            file_write(AT_FDCWD, file, buffer_bytes(&made->mp4), 0644, fault);
    }
    if (!status) {
        status = file_write(AT_FDCWD, buffer_text(&text_file),
                            buffer_bytes(&text), 0644, fault);
    }
    return status ? status : told(request, made, file, buffer_text(&text_file));
}

/* A cut for each film of the stretch. */
struct cuts {
    struct release_made *made; /* owned */
    size_t count;
};

static void cuts_release(struct cuts *cuts)
{
    for (size_t i = 0; i < cuts->count; i++) {
        release_release(&cuts->made[i]);
    }
    free(cuts->made);
    *cuts = (struct cuts){0};
}

static enum sting_status cuts_make(int operation, const struct secret *identity,
                                   const struct release_order *order,
                                   struct cuts *cuts, struct fault *fault)
{
    struct release_order next = *order;
    enum sting_status status = STING_OK;
    do {
        struct release_made *made =
            array_add(&cuts->made, &cuts->count, sizeof *cuts->made);
        status = made ? release_make(operation, identity, &next, made, fault)
                      : STING_E_NOMEM;
        next.since_line = made ? made->goes_on_line : 0;
    } while (!status && next.since_line);
    return status;
}

/* Its name and its place among the films; is it free? */
static enum sting_status cut_name(const struct release_request *request,
                                  const struct cuts *cuts, size_t i,
                                  struct buffer *file, struct fault *fault)
{
    cuts->made[i].film = i + 1;
    cuts->made[i].films = cuts->count;
    enum sting_status status = out_film(request->out, i + 1, file);
    return status ? status : out_check(buffer_text(file), fault);
}

/* None is given out before all names are known to be free. */
static enum sting_status cuts_give_out(const struct operation *operation,
                                       const struct release_request *request,
                                       const struct release_order *order,
                                       const struct cuts *cuts,
                                       struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < cuts->count; i++) {
        struct buffer file STING_AUTO(buffer_release) = {0};
        status = cut_name(request, cuts, i, &file, fault);
    }
    for (size_t i = 0; !status && i < cuts->count; i++) {
        struct buffer file STING_AUTO(buffer_release) = {0};
        status = cut_name(request, cuts, i, &file, fault);
        if (!status) {
            status = give_out(operation, request, order, &cuts->made[i],
                              buffer_text(&file), fault);
        }
    }
    if (!status && cuts->count > 1 && !request->json) {
        printf("These are %zu films, a file each: the camera's stream began "
               "anew meanwhile.\n",
               cuts->count);
    }
    return status;
}

enum sting_status release_request_do(const struct operation *operation,
                                     const struct release_request *request,
                                     struct digest *sha256, size_t *films,
                                     struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    struct cuts cuts STING_AUTO(cuts_release) = {0};
    struct release_order order = {0};
    char of[48];
    (void)snprintf(of, sizeof of, "incident %lld",
                   (long long)request->incident);
    const struct access access = access_of(&request->access, "release", of);
    enum sting_status status = masks_read(request->areas, &order, fault);
    if (!status) {
        status =
            order_make(operation_dir(operation), request, &list, &order, fault);
    }
    if (!status) {
        status = out_check(request->out, fault);
    }
    if (!status) {
        status =
            access_open(operation, OPERATION_IDENTITY, &access, &keys, fault);
    }
    if (!status) {
        status = cuts_make(operation_dir(operation), &keys.identity, &order,
                           &cuts, fault);
    }
    *films = cuts.count;
    *sha256 = cuts.count ? cuts.made[0].sha256 : (struct digest){{0}};
    return status ? status
                  : cuts_give_out(operation, request, &order, &cuts, fault);
}

/* How far it is, on a terminal. */
static void progress_show(void *context, int percent)
{
    (void)context;
    fprintf(stderr, "\rrelease: %d %%%s", percent, percent < 80 ? "" : "\r");
}

static int release_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct option_texts masks = {0};
    struct release_request request = {
        .areas = &masks,
        .progress = isatty(STDERR_FILENO) ? progress_show : NULL};
    struct digest sha256;
    size_t films = 0;
    struct fault fault = {"", ""};
    operation_guard_memory();
    if (request_read(argc, argv, &request, &fault) ||
        access_reason_need(&request.access, &fault)) {
        return command_fail(EXIT_USAGE, "release", &fault);
    }
    enum sting_status status = operation_open(request.path, &operation, &fault);
    if (!status) {
        status =
            release_request_do(operation, &request, &sha256, &films, &fault);
    }
    if (!status) {
        return EXIT_DONE;
    }
    return command_failed(status, request.path, &fault);
}

const struct command command_release = {
    "release", "a cut for the press, and what it derives from", help,
    release_run};
