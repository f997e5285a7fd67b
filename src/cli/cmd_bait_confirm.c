/* sting bait confirm: a photograph at the hand-over shows which copy went. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bait/holders.h"
#include "base/file.h"
#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/bait_strength.h"
#include "cli/command.h"
#include "cli/confirmation.h"
#include "cli/options.h"
#include "operation/handover.h"
#include "pdf/viewer.h"
#include "trace/history.h"
#include "trace/question.h"

#define MOST_PICTURE_BYTES ((size_t)256 * 1024 * 1024)
#define WHOLE_PAGE 0.6 /* of its units seen: the picture shows all of it */
#define USUAL_SEEN 0.9

static const char help[] =
    "usage: sting bait confirm OP PICTURE --holder H [--by WHO] [--json]\n"
    "                         [--passphrase-file FILE] [--reason TEXT]\n"
    "\n"
    "Prove which copy was handed over: PICTURE is a photograph, by any\n"
    "telephone, of a page of the printed copy as H receives it. When it names "
    "a\n"
    "copy that was issued to H, the hand-over is verified, in the ledger and "
    "in\n"
    "every trace.\n"
    "When it shows another holder's copy, alone or beside H's, that is "
    "refused\n"
    "and written down, without saying whose it is: with two copies on one "
    "table\n"
    "nobody can tell who went with which, and a photograph of a leaked copy "
    "must\n"
    "not be fitted to the holder whom it names. For the same reason a picture "
    "that\n"
    "was traced or refused before is not taken, whoever is named. After an\n"
    "honest mix-up (two copies swapped, the wrong name typed) give each\n"
    "holder their own copy and take new pictures. Which copy it was is in the\n"
    "ledger, and sting bait list, every trace that names that copy and the\n"
    "dossier tell it, for it speaks for that copy's holder.\n"
    "A PDF is not taken: it may be the file of the copy itself, never "
    "printed.\n"
    "Nor can a photograph be told from a picture made of that file: who took "
    "it\n"
    "(--by) vouches for it. Where a trace had named the copy before, it is\n"
    "verified only after that, and list, traces, reports and dossier say so.\n"
    "The noise of this printer and telephone is measured with it and replaces\n"
    "what was predicted (sting bait strength). The k-th picture of hand-overs\n"
    "of one document is charged k (k + 1); no trace of a page pays for it.\n"
    "\n"
    "  --holder H    as in sting bait list\n"
    "  --by WHO      who took the picture\n"
    "  --json        one object: picture, bait, copy, page, holder, handover\n"
    "                (verified or refused), issued_to, log10_lr, log10_false,\n"
    "                word_noise_pt, word_noise_across_pt; copy and issued_to\n"
    "                are null when it is refused\n"
    "Exit code: 0 verified; 3 another copy, or none that can be named; 2 it\n"
    "was traced or refused before, or is a PDF.\n"
    "\n"
    "example:\n"
    "  sting bait confirm ops/tank handover.jpg --holder 'Front desk'\n";

struct request {
    const char *picture, *holder, *by;
    char name[HOLDER_SIZE]; /* of the holder, as names are kept */
    struct access_options access;
    bool json;
};

static double rounded(double v, double fine)
{
    return isfinite(v) ? round(v / fine) * fine : v;
}

/* The share of units that a picture of a whole page shows. */
static double seen_in_view(const struct trace_finding *finding)
{
    return finding->noise.seen >= WHOLE_PAGE ? finding->noise.seen : USUAL_SEEN;
}

/* With the names of people, and of the copy that it shows. */
static struct json *describe(const struct trace_run *run,
                             const struct request *request,
                             const struct confirmation *is, bool names,
                             bool copy)
{
    struct json *json = json_new_object();
    const struct trace_finding *f = is->finding;
    char sha256[DIGEST_TEXT_SIZE];
    json_add_text(json, "picture", names ? request->picture : NULL);
    json_add_text(json, "picture_sha256",
                  digest_text(run->picture[0]->digest, sha256));
    json_add_text(json, "bait", is->shelf->bait.name);
    json_add_integer(json, "page", f->page + 1);
    if (copy) {
        json_add_integer(json, "copy", is->named.number);
    } else {
        json_add_null(json, "copy");
    }
    json_add_text(json, "holder", names ? request->holder : NULL);
    json_add_text(json, "issued_to", names && copy ? is->named.holder : NULL);
    json_add_text(json, "handover",
                  handover_text(confirmation_verifies(is) ? HANDOVER_VERIFIED
                                                          : HANDOVER_REFUSED));
    json_add_number(json, "log10_lr", rounded(f->score.log10_lr, 0.01));
    json_add_number(json, "log10_false", rounded(f->log10_false, 0.01));
    json_add_number(json, "control_log10_lr",
                    rounded(f->score.control_log10_lr, 0.01));
    json_add_integer(json, "tried", (int64_t)run->tried);
    json_add_integer(json, "units", f->score.units);
    json_add_number(json, "word_noise_pt", rounded(f->noise.along_pt, 1e-4));
    json_add_number(json, "word_noise_across_pt",
                    rounded(f->noise.across_pt, 1e-4));
    json_add_number(json, "seen_in_view", rounded(seen_in_view(f), 1e-3));
    json_add_text(json, "by", request->by);
    if (confirmation_verifies(is)) {
        json_add_time(json, "handover_after_trace", is->traced_utc_us);
        handover_swaps_add(json, &run->library->handover, is->named.number);
    }
    return json;
}

/* Every run on a picture is in the ledger before its answer is shown, as
 * with sting trace; then what it means for the hand-over. */
static enum sting_status record(const struct bait_desk *desk,
                                const struct trace_run *run,
                                const struct request *request,
                                const struct confirmation *is,
                                struct bytes plain, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    bool is_verified = confirmation_verifies(is);
    const struct handover_note note = {
        .bait = is->shelf->bait.name,
        .copy = is->expected,
        .state = is_verified ? HANDOVER_VERIFIED : HANDOVER_REFUSED,
        .shown = is_verified ? 0 : is->shown,
        .shows = is->shows,
        .by = request->by,
        .picture = &run->picture[0]->digest,
        .traced_utc_us = is_verified ? is->traced_utc_us : 0,
        .plain = plain};
    enum sting_status status =
        writer_open(desk->operation, clock_now, &writer, fault);
    if (!status) {
        status = question_check(desk->operation, run, fault);
    }
    if (!status) {
        status = history_write(writer, run, 0, run->pictures, fault);
    }
    if (!status) {
        status = question_write(writer, run, fault);
    }
    if (!status && is->finding) {
        status = handover_write(writer, &note, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static void tell_traced(const struct confirmation *is)
{
    char when[CLOCK_TEXT_SIZE];
    if (is->traced_utc_us > 0) {
        clock_text(is->traced_utc_us, when);
        printf("But a trace had named this copy before, on %.10s %.5s UTC: "
               "this proves nothing of who had it until then, and is told "
               "with that wherever it is told.\n",
               when, when + 11);
    }
}

/* What speaks against it is told with it. */
static void tell_swaps(const struct library *library, uint32_t copy)
{
    for (size_t i = 0; i < library->handover.swaps; i++) {
        const struct handover_swap *swap = &library->handover.swap[i];
        char words[HANDOVER_SWAP_SIZE];
        if (swap->shows == copy) {
            printf("But %s.\n",
                   handover_swap_words(
                       swap, library_holder(library, swap->given_for), words));
        }
    }
}

static enum sting_status tell_verified(const struct request *request,
                                       const struct confirmation *is,
                                       const struct trace_run *run)
{
    struct bait_strength strength;
    const struct trace_finding *f = is->finding;
    const struct mark_noise noise = {f->noise.along_pt, f->noise.across_pt,
                                     seen_in_view(f)};
    if (request->json) {
        struct json *json STING_AUTO(json_free) =
            describe(run, request, is, true, true);
        bait_print_line(json);
        return STING_OK;
    }
    printf("Verified: %s holds copy %u of %s (page %d, log10_lr %.1f, "
           "log10_false %.1f).\n"
           "A word of this print in this picture is known to %.3f pt along "
           "the line.\n",
           is->named.holder, is->named.number, is->shelf->bait.name,
           f->page + 1, f->score.log10_lr, f->log10_false, f->noise.along_pt);
    tell_traced(is);
    tell_swaps(run->library, is->named.number);
    bait_strength_init(&strength, &is->shelf->bait, (double)is->shelf->copies);
    strength.settings = 0;
    bait_strength_measured(&strength, &noise);
    return bait_strength_words(&strength);
}

/* Not whose it is: an exhibit would soon be offered for that holder. */
static int tell_other(const struct request *request,
                      const struct confirmation *is,
                      const struct trace_run *run)
{
    if (request->json) {
        struct json *json STING_AUTO(json_free) =
            describe(run, request, is, true, false);
        bait_print_line(json);
    }
    char shown[COMMAND_WHAT_SIZE];
    if (is->shows_holders) {
        fprintf(stderr,
                "sting: %s: REFUSED: it shows copies of more than one holder, "
                "so it proves of none who received it: photograph one copy "
                "alone\n",
                command_what(request->picture, shown));
        return EXIT_NO;
    }
    if (is->expected == 0) {
        fprintf(stderr,
                "sting: %s: REFUSED: it shows another holder's copy of %s, of "
                "which \"%s\" has none (sting bait list), and is taken for "
                "nobody else\n",
                command_what(request->picture, shown), is->shelf->bait.name,
                request->holder);
        return EXIT_NO;
    }
    fprintf(stderr,
            "sting: %s: REFUSED: it shows another holder's copy of %s, not "
            "that of \"%s\", and is taken for nobody else: give each holder "
            "their own copy and take a new picture\n",
            command_what(request->picture, shown), is->shelf->bait.name,
            request->holder);
    return EXIT_NO;
}

static int tell_none(const struct request *request, const struct trace_run *run)
{
    const struct trace_picture *picture = run->picture[0];
    enum trace_verdict verdict = picture->finding[0].verdict;
    const char *why = picture->why[0]            ? picture->why
                      : verdict == TRACE_NO_PAGE ? "it shows no page of ours"
                                                 : "it names no copy";
    if (request->json) {
        struct json *json STING_AUTO(json_free) = json_new_object();
        json_add_text(json, "picture", request->picture);
        json_add_text(json, "holder", request->holder);
        json_add_text(json, "handover", handover_text(HANDOVER_NONE));
        json_add_text(json, "why", why);
        bait_print_line(json);
    }
    struct fault fault = {"", ""};
    (void)fault_set(&fault, STING_E_ABSENT,
                    "fill the picture with one page, in good light", "%s", why);
    return command_fail(EXIT_NO, request->picture, &fault);
}

/* An exhibit that names a copy says nothing of who received it: taken for a
 * hand-over, it would prove what it is to be explained by. So would one that is
 * offered for one holder after another. */
static enum sting_status fresh(const struct operation *operation,
                               const struct history_question *question,
                               struct fault *fault)
{
    char when[CLOCK_TEXT_SIZE];
    int64_t refused_us = 0;
    enum sting_status status =
        handover_refused(operation, question->digest, &refused_us, fault);
    bool is_traced = question->traced_us != 0;
    if (status || (!is_traced && refused_us == 0)) {
        return status;
    }
    clock_text(is_traced ? question->traced_us : refused_us, when);
    return fault_set(fault, STING_E_UNSUPPORTED,
                     "take a new one when the copy is handed over",
                     "this picture was %s on %.10s (UTC), so it proves no "
                     "hand-over",
                     is_traced ? "traced" : "refused for a holder", when);
}

static enum sting_status look(struct bait_desk *desk, struct library *library,
                              const struct request *request,
                              struct trace_run *run, struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct history_question question = {.before = 0};
    enum sting_status status =
        file_read(AT_FDCWD, request->picture, MOST_PICTURE_BYTES, &file, fault);
    if (!status && pdf_viewer_is(buffer_bytes(&file))) {
        status = fault_set(fault, STING_E_UNSUPPORTED,
                           "photograph the printed page as it is handed over",
                           "a PDF is no photograph of a print: it may be the "
                           "file of the copy itself, which was never printed");
    }
    if (!status) {
        question.digest = digest_of(buffer_bytes(&file));
        status = history_count(desk->operation, &question, 1, fault);
    }
    if (!status) {
        status = fresh(desk->operation, &question, fault);
    }
    run->library = library;
    run->is_handover = true;
    if (!status) {
        status = trace_run_add(run, request->picture, buffer_bytes(&file),
                               question.before + 1, fault);
    }
    if (!status) { /* asked again, it pays */
        status = question_count(desk->operation, run, fault);
    }
    return status ? status : trace_run_judge(run);
}

static int confirm(struct bait_desk *desk, struct library *library,
                   const struct request *request, struct fault *fault)
{
    struct trace_run run STING_AUTO(trace_run_release) = {0};
    struct confirmation is = {0};
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        confirmation_expect(library, request->holder, fault);
    if (!status) {
        status = look(desk, library, request, &run, fault);
    }
    if (!status) {
        confirmation_judge(&run, request->holder, &is);
    }
    if (!status && is.finding) {
        status = history_named(desk->operation, &desk->keys, is.named.number,
                               &is.traced_utc_us, fault);
    }
    if (!status && is.finding) {
        /* What is sealed opens to all recipients: a blind one names nobody. */
        bool is_blind = operation_config(desk->operation)->blind;
        struct json *json STING_AUTO(json_free) =
            describe(&run, request, &is, !is_blind, true);
        status = json_line(json, &plain);
    }
    if (!status) {
        status = record(desk, &run, request, &is, buffer_bytes(&plain), fault);
    }
    if (!status && confirmation_verifies(&is)) {
        status = tell_verified(request, &is, &run);
    }
    secret_wipe(&is.named.salt);
    if (status) {
        return command_failed(status, request->picture, fault);
    }
    return confirmation_verifies(&is) ? EXIT_DONE
           : is.finding               ? tell_other(request, &is, &run)
                                      : tell_none(request, &run);
}

static int run(int argc, char **argv)
{
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct library library STING_AUTO(library_release) = {0};
    struct request request = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--holder", OPTION_TEXT, &request.holder, 0, 0},
        {"--by", OPTION_WORDS, &request.by, 1, 0},
        ACCESS_PASSPHRASE(&request.access),
        ACCESS_REASON(&request.access),
        {"--json", OPTION_FLAG, &request.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage =
                                  "sting bait confirm OP PICTURE --holder H"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status && !request.holder) {
        status = fault_set(&fault, STING_E_ARG, "say who receives it",
                           "--holder is missing");
    }
    if (!status) {
        status =
            holder_name(bytes_of_text(request.holder), request.name, &fault);
        request.holder = request.name;
    }
    if (status) {
        return command_failed(STING_E_ARG, "bait confirm", &fault);
    }
    request.picture = options.word[1];
    request.access.by = request.by;
    const struct access access =
        access_of(&request.access, "bait confirm", NULL);
    status = bait_desk_open(
        &desk, options.word[0],
        OPERATION_IDENTITY | OPERATION_MARK | OPERATION_NAMES, &access, &fault);
    if (!status) {
        status = picture_worker_new(&desk.worker, &fault);
    }
    if (!status) {
        status = library_init(&library, desk.operation, &desk.keys, desk.worker,
                              &fault);
    }
    return status ? command_failed(status, options.word[0], &fault)
                  : confirm(&desk, &library, &request, &fault);
}

const struct command command_bait_confirm = {
    "bait confirm", "a photograph shows that a holder has their copy", help,
    run};
