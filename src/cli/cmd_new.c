/* sting new: an operation, with a goal, a basis, a name, and two readers. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/access.h"
#include "operation/boxes.h"
#include "operation/create.h"
#include "operation/operation.h"
#include "operation/passphrase.h"
#include "operation/writer.h"

/* Tests make operations by the hundred, with what stands in for sting. */
#ifdef STING_STANDIN
#define LOG2_N 10
#else
#define LOG2_N OPERATION_LOG2_N
#endif

static const char help[] =
    "usage: sting new OP --goal TEXT --legal-basis TEXT --decided-by TEXT\n"
    "                 [--until DATE] [--recipient age1...]...\n"
    "                 [--passphrase-file FILE]... [--two-people] [--blind]\n"
    "                 [--role office] [--json]\n"
    "       sting new BOX --role box --office OP [--name N] [--by WHO]\n"
    "                 [--recipient age1...]... [--json]\n"
    "\n"
    "Make the operation folder OP: keys, operation.yaml, and a ledger with "
    "its\n"
    "first line. Everything recorded from then on is sealed to at least two\n"
    "public keys: the operation's own, and a second one.\n"
    "\n"
    "  --goal TEXT          what the operation is to find out\n"
    "  --legal-basis TEXT   the law, order or policy that allows it\n"
    "  --decided-by TEXT    the person or office that decided\n"
    "  --until DATE         when it ends, 2027-03-31 or "
    "2027-03-31T18:00:00Z\n"
    "  --recipient age1...  the public key of a second reader, from "
    "age-keygen;\n"
    "                       may be given again. Without one, a recovery "
    "identity\n"
    "                       is made and shown once, for paper\n"
    "  --passphrase-file F  first line is the passphrase of the new keys;\n"
    "                       without it the terminal is asked\n"
    "  --two-people         what was recorded opens to two people together: "
    "the\n"
    "                       second file, or question, is the second person's.\n"
    "                       Whoever holds another recipient's identity still\n"
    "                       opens it alone\n"
    "  --blind              who holds which copy opens to the second person\n"
    "                       alone: a trace gives the copy, sting unlock "
    "--name\n"
    "                       the name, with both there. Each --recipient (or\n"
    "                       the recovery identity that is printed) opens the\n"
    "                       names alone too: it belongs to the second person\n"
    "  --role R             single (the default); office takes in what boxes\n"
    "                       recorded (sting import); box records where others\n"
    "                       may take it away: it has keys that sign and none\n"
    "                       that open, and nothing on it says what it is for\n"
    "  --office OP          of a box: the operation that it belongs to. Goal,\n"
    "                       basis, end and recipients are taken from there, "
    "and\n"
    "                       its ledger tells that the box is its own. Without\n"
    "                       one, give them here, with two recipients\n"
    "  --name N             what the box is called there; else BOX's last "
    "part\n"
    "  --by WHO             who makes the box; else the account's name\n"
    "  --json               one object: operation, case_fingerprint, "
    "recipients,\n"
    "                       recovery_identity\n"
    "\n"
    "Write the fingerprint of the case key down and keep it apart: it tells\n"
    "this ledger from a forged one.\n"
    "\n"
    "example:\n"
    "  sting new ops/tank --goal 'Find who copies the water tank papers' \\\n"
    "    --legal-basis 'Works agreement 12, section 3' \\\n"
    "    --decided-by 'Head of security' --until 2027-03-31\n";

struct request {
    struct operation_plan plan;
    struct option_texts passphrase_file;
    struct option_texts recipient;
    const char *role;
    const char *office;
    const char *name;
    const char *by;
    bool json;
};

static enum sting_status role_read(struct request *request, struct fault *fault)
{
    static const enum config_role role[] = {CONFIG_SINGLE, CONFIG_BOX,
                                            CONFIG_OFFICE};
    bool is_known = !request->role;
    for (size_t i = 0; request->role && i < 3; i++) {
        if (!strcmp(request->role, config_role_text(role[i]))) {
            request->plan.role = role[i];
            is_known = true;
        }
    }
    bool is_box = request->plan.role == CONFIG_BOX;
    if (!is_known || (!is_box && (request->office || request->name))) {
        return fault_set(fault, STING_E_ARG, "see sting new --help",
                         is_known ? "--office and --name are for --role box"
                                  : "a role is single, box or office");
    }
    return STING_OK;
}

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      const char **path, struct fault *fault)
{
    struct operation_plan *plan = &request->plan;
    const struct option option[] = {
        {"--goal", OPTION_WORDS, &plan->goal, 0, 0},
        {"--legal-basis", OPTION_WORDS, &plan->legal_basis, 0, 0},
        {"--decided-by", OPTION_WORDS, &plan->decided_by, 0, 0},
        {"--until", OPTION_TEXT, &plan->until, 0, 0},
        {"--recipient", OPTION_EACH, &request->recipient, 0, 0},
        {"--passphrase-file", OPTION_EACH, &request->passphrase_file, 0, 0},
        {"--two-people", OPTION_FLAG, &plan->two_people, 0, 0},
        {"--blind", OPTION_FLAG, &plan->blind, 0, 0},
        {"--role", OPTION_TEXT, &request->role, 0, 0},
        {"--office", OPTION_TEXT, &request->office, 0, 0},
        {"--name", OPTION_TEXT, &request->name, 0, 0},
        {"--by", OPTION_WORDS, &request->by, 1, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting new OP --goal TEXT --legal-basis "
                                       "TEXT --decided-by TEXT"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    *path = options.word[0];
    return role_read(request, fault);
}

/* Nobody starts in secret from himself: three answers are needed, and an end
 * that is still to come. */
static enum sting_status purpose_check(const struct operation_plan *plan,
                                       struct fault *fault)
{
    const struct {
        const char *value;
        const char *option;
        const char *what;
    } row[] = {
        {plan->goal, "--goal TEXT", "a goal"},
        {plan->legal_basis, "--legal-basis TEXT", "a legal basis"},
        {plan->decided_by, "--decided-by TEXT", "who decided"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (!row[i].value ||
            row[i].value[strspn(row[i].value, " \t")] == '\0') {
            char todo[60];
            snprintf(todo, sizeof todo, "say it with %s", row[i].option);
            return fault_set(fault, STING_E_ARG, todo, "an operation needs %s",
                             row[i].what);
        }
    }
    int64_t until_us = 0;
    bool has_ended = plan->until && !clock_parse(plan->until, &until_us) &&
                     until_us <= clock_now().utc_us;
    return has_ended ? fault_set(fault, STING_E_ARG,
                                 "name a day to come, or leave --until out",
                                 "it would have ended on %.40s", plan->until)
                     : STING_OK;
}

/* Ask for a second reader where somebody can answer. */
static void recipient_ask(struct request *request, char *line, size_t size)
{
    if (request->recipient.count > 0 || request->json || !isatty(0) ||
        !isatty(2)) {
        return;
    }
    fputs("Second recipient (age1..., or empty for a recovery identity on "
          "paper): ",
          stderr);
    if (fgets(line, (int)size, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0]) {
            request->recipient.text[request->recipient.count++] = line;
        }
    }
}

static void print_json(const char *path, const struct operation_made *made)
{
    struct buffer line STING_AUTO(buffer_wipe) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = json_new_array();
    for (size_t i = 0; i < made->recipients; i++) {
        json_add_text(list, NULL, made->recipient[i]);
    }
    json_add_text(json, "operation", path);
    json_add_text(json, "case_fingerprint", made->fingerprint);
    json_add_child(json, "recipients", &list);
    json_add_text(json, "recovery_identity",
                  made->recovery[0] ? made->recovery : NULL);
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
    }
}

static void print_words(const char *path, const struct operation_made *made)
{
    printf("Operation %s is ready, sealed to %zu recipients.\n\n"
           "Fingerprint of the case key. Write it down and keep it apart:\n\n"
           "    %s\n\n",
           path, made->recipients, made->fingerprint);
    if (made->recovery[0]) {
        printf("Recovery identity, shown this once. Put it on paper and keep "
               "it away from\nthis machine; it opens everything:\n\n"
               "    %s\n\n",
               made->recovery);
    }
    printf("Next: name your cameras in %s/operation.yaml, then\n"
           "      sting check %s\n",
           path, path);
}

/* The passphrases of all people that the new operation needs. */
static enum sting_status people_choose(struct request *request,
                                       struct people *people,
                                       struct fault *fault)
{
    const struct option_texts *file = &request->passphrase_file;
    enum sting_status status =
        passphrase_read(file->count > 0 ? file->text[0] : NULL,
                        PASSPHRASE_CHOOSE, "", &people->first, fault);
    if (!status && (request->plan.two_people || request->plan.blind)) {
        status = passphrase_read(file->count > 1 ? file->text[1] : NULL,
                                 PASSPHRASE_CHOOSE, PASSPHRASE_SECOND,
                                 &people->second, fault);
    }
    if (!status && bytes_equal(passphrase_bytes(&people->first),
                               passphrase_bytes(&people->second))) {
        status = fault_set(fault, STING_E_ARG, "let each choose his own",
                           "the passphrases of the two people are the same");
    }
    request->plan.passphrase = passphrase_bytes(&people->first);
    request->plan.second = passphrase_bytes(&people->second);
    return status;
}

/* A box is sealed to whom its office is: nobody else may have got in there. */
static enum sting_status office_check(const struct operation *office,
                                      struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status = writer_open(office, clock_now, &writer, fault);
    return status ? status : writer_close(&writer, fault);
}

/* What a box takes over from its office. */
static enum sting_status office_take(struct request *request,
                                     const struct operation *office,
                                     struct fault *fault)
{
    static char until[CLOCK_TEXT_SIZE];
    const struct config *config = operation_config(office);
    struct operation_plan *plan = &request->plan;
    struct option_texts *list = &request->recipient;
    if (config->role == CONFIG_BOX || plan->goal || plan->legal_basis ||
        plan->decided_by || plan->until) {
        return fault_set(fault, STING_E_ARG, "see sting new --help",
                         config->role == CONFIG_BOX
                             ? "a box has no boxes"
                             : "goal, basis, who decided and the end are "
                               "taken from the office");
    }
    plan->goal = config->goal;
    plan->legal_basis = config->legal_basis;
    plan->decided_by = config->decided_by;
    if (config->until_utc_us != INT64_MAX) {
        plan->until = clock_text(config->until_utc_us, until);
    }
    for (size_t i = 0; i < config->recipients; i++) {
        list->text[list->count++] = config->recipient[i];
    }
    return office_check(office, fault);
}

static const char *box_name(const struct request *request, const char *path)
{
    const char *last = strrchr(path, '/');
    return request->name ? request->name : last ? last + 1 : path;
}

/* The office's ledger tells of its box; goes wrong before anything relies on
 * the box, which can then be imported by its fingerprint. */
static enum sting_status office_tell(const struct request *request,
                                     const struct operation *office,
                                     const char *path,
                                     const struct operation_made *made,
                                     struct fault *fault)
{
    char user[ACCESS_NAME_SIZE];
    const struct change change = {request->by ? request->by : access_user(user),
                                  NULL};
    return box_tell(office, box_name(request, path), made->case_key, &change,
                    fault);
}

static int box_run(struct request *request, const char *path)
{
    struct operation *office STING_AUTO(operation_close) = NULL;
    struct operation_made made;
    struct fault fault = {"", ""};
    enum sting_status status = STING_OK;
    if (request->office) {
        status = operation_open(request->office, &office, &fault);
    }
    if (status) {
        return command_failed(status, request->office, &fault);
    }
    if (office) {
        status = config_name_is_valid(box_name(request, path))
                     ? office_take(request, office, &fault)
                     : fault_set(&fault, STING_E_ARG,
                                 "name it with --name, of a-z, 0-9, - and _",
                                 "the folder's name cannot be a box's");
    }
    if (!status) {
        status = purpose_check(&request->plan, &fault);
    }
    request->plan.recipient = request->recipient.text;
    request->plan.recipients = request->recipient.count;
    if (!status) {
        status = operation_create(path, &request->plan, &random_kernel,
                                  clock_now(), &made, &fault);
    }
    if (!status && office) {
        status = office_tell(request, office, path, &made, &fault);
    }
    if (status) {
        return command_failed(status, path, &fault);
    }
    (request->json ? print_json : print_words)(path, &made);
    secret_wipe_bytes(&made, sizeof made);
    return EXIT_DONE;
}

static int new_run(int argc, char **argv)
{
    static struct request request;
    struct people people STING_AUTO(people_wipe) = {0};
    struct operation_made made;
    struct fault fault = {"", ""};
    const char *path = NULL;
    static char typed[AGE_TEXT_SIZE * 2]; /* the request points at it */
    enum sting_status status =
        request_read(argc, argv, &request, &path, &fault);
    if (!status && request.plan.role == CONFIG_BOX) {
        return box_run(&request, path);
    }
    if (!status) {
        status = purpose_check(&request.plan, &fault);
    }
    if (status) {
        return command_fail(EXIT_USAGE, "new", &fault);
    }
    recipient_ask(&request, typed, sizeof typed);
    status = people_choose(&request, &people, &fault);
    if (status) {
        return command_failed(status, "new", &fault);
    }
    request.plan.recipient = request.recipient.text;
    request.plan.recipients = request.recipient.count;
    request.plan.log2_n = LOG2_N;
    status = operation_create(path, &request.plan, &random_kernel, clock_now(),
                              &made, &fault);
    if (status) {
        return command_failed(status, path, &fault);
    }
    (request.json ? print_json : print_words)(path, &made);
    secret_wipe_bytes(&made, sizeof made);
    return EXIT_DONE;
}

const struct command command_new = {
    "new", "make an operation: goal, basis, keys, two readers", help, new_run};
