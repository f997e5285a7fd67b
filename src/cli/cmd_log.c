/* sting log: what people know and no camera saw, sealed into the ledger. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/log_list.h"
#include "cli/options.h"
#include "ledger/line.h"
#include "operation/baits.h"
#include "operation/incident_list.h"
#include "operation/writer.h"

#define MOST_TEXT_BYTES ((size_t)64 * 1024)
#define MOST_AHEAD_US INT64_C(60000000) /* of somebody's watch */

static const char help[] =
    "usage: sting log OP TEXT [--asked BAIT | --laid BAIT | --seen BAIT |\n"
    "                 --subject NAME]\n"
    "                 [--copy N] [--by WHO] [--incident N] [--at TIME] "
    "[--json]\n"
    "       sting log OP TEXT --false-alarm N | --known-person N |\n"
    "                 --acknowledge N [--by WHO] [--json]\n"
    "       sting log OP --list [--passphrase-file F]... [--reason TEXT] "
    "[--show]\n"
    "                 [--json]\n"
    "       sting log OP TEXT --beacon SOURCE [--json]\n"
    "\n"
    "Write an entry. Its text is sealed; the ledger shows that there is one,\n"
    "when, and of what type. Works while the station runs.\n"
    "\n"
    "  --asked BAIT   somebody asked for this document\n"
    "  --laid BAIT    it was laid out, or taken away again\n"
    "  --seen BAIT    somebody was seen with it\n"
    "  --subject NAME what became of whom the operation is about: TEXT\n"
    "                 (none of the four: a note)\n"
    "  --false-alarm N    incident N was nobody: TEXT says what it was\n"
    "  --known-person N   it was somebody who may be there: TEXT says who\n"
    "  --acknowledge N    somebody has seen to it; takes the other two back\n"
    "                 The last of these about an incident counts. Type, "
    "number\n"
    "                 and who stand in the ledger in clear, TEXT is sealed\n"
    "  --list         all entries; with a passphrase also what they say, "
    "which\n"
    "                 is a line of the ledger\n"
    "  --show         what they say also to custodians and admins at the "
    "console\n"
    "                 of the station that runs, for an hour\n"
    "  --text-file F  the entry's TEXT from a file, - for standard input,\n"
    "                 instead of TEXT: other users see a command's words\n"
    "  --copy N       which copy of it\n"
    "  --by WHO       who asked, laid it out or was seen\n"
    "  --incident N   the incident that it belongs to\n"
    "  --at TIME      when it happened, 2026-11-23T21:15:00Z; else now\n"
    "  --beacon SOURCE   TEXT is a value that nobody knew before: the day's "
    "headline,\n"
    "                 a public random number. What follows cannot be older. It "
    "is\n"
    "                 written in clear, with where to look it up\n"
    "\n"
    "The dossier sets asked, laid out, seen and copied side by side.\n"
    "\n"
    "examples:\n"
    "  sting log ops/tank 'Table moved to the left wall'\n"
    "  sting log ops/tank 'Asked twice for the drawing' --asked water-tank \\\n"
    "    --by 'Workshop 3'\n"
    "  sting log ops/tank 'the cat of the house' --false-alarm 3\n"
    "  sting log ops/tank 'cleared: was abroad' --subject 'Workshop 3'\n";

/* What an incident can be marked as, and how an `ack` line says it. */
static const struct {
    const char *type; /* of the sealed entry */
    const char *is;   /* false=; "": left out */
} mark_row[] = {
    {"false-alarm", "alarm"}, {"known-person", "known"}, {"acknowledged", ""}};
#define LOG_MARKS (sizeof mark_row / sizeof *mark_row)

struct entry {
    const char *text;
    const char *type;
    const char *bait;
    const char *asked;
    const char *laid;
    const char *seen;
    const char *subject;
    const char *by;
    const char *beacon; /* its source */
    const char *text_file;
    int64_t copy;
    int64_t incident;
    int64_t mark[LOG_MARKS]; /* the incident that is marked so */
    const char *marked;      /* how, as an `ack` line says; NULL: it is not */
    int64_t at_us;
    struct access_options access; /* of --list */
    bool lists;
    bool shows; /* at the console too */
    bool json;
};

/* An entry about somebody, not about a document. */
static enum sting_status subject_take(struct entry *entry, struct fault *fault)
{
    if (!entry->subject) {
        return STING_OK;
    }
    if (entry->bait || entry->by) {
        return fault_set(fault, STING_E_ARG, "write one entry for each",
                         "--subject stands without the others and --by");
    }
    entry->type = "subject";
    entry->by = entry->subject; /* whom the text is about */
    return STING_OK;
}

/* An entry that says what an incident was. */
static enum sting_status mark_take(struct entry *entry, struct fault *fault)
{
    size_t marks = 0;
    for (size_t i = 0; i < LOG_MARKS; i++) {
        if (entry->mark[i]) {
            marks++;
            entry->type = mark_row[i].type;
            entry->marked = mark_row[i].is;
            entry->incident = entry->mark[i];
        }
    }
    bool has_more = entry->bait || entry->subject || entry->beacon;
    return marks > 1 || (marks && has_more)
               ? fault_set(fault, STING_E_ARG, "write one entry for each",
                           "an incident is marked in an entry of its own")
               : STING_OK;
}

/* The type by which of the options was given. */
static enum sting_status type_find(struct entry *entry, struct fault *fault)
{
    const struct {
        const char *type;
        const char *bait;
    } row[] = {
        {"asked", entry->asked}, {"laid", entry->laid}, {"seen", entry->seen}};
    entry->type = "note";
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (row[i].bait && entry->bait) {
            return fault_set(fault, STING_E_ARG, "write one entry for each",
                             "--asked, --laid and --seen exclude each other");
        }
        if (row[i].bait) {
            entry->type = row[i].type;
            entry->bait = row[i].bait;
        }
    }
    if (entry->bait && !config_name_is_valid(entry->bait)) {
        return fault_set(fault, STING_E_ARG, "see sting bait list",
                         "\"%.60s\" cannot be a bait", entry->bait);
    }
    enum sting_status status = subject_take(entry, fault);
    return status ? status : mark_take(entry, fault);
}

/* TEXT from the command or from a file; kept to the end of the process. */
static enum sting_status text_take(struct entry *entry, const char *word,
                                   struct fault *fault)
{
    static struct buffer text;
    bool is_stdin = entry->text_file && !strcmp(entry->text_file, "-");
    entry->text = word;
    if (!word == !entry->text_file) {
        return fault_set(fault, STING_E_ARG, "see sting log --help",
                         "an entry has one TEXT, or one --text-file");
    }
    if (word) {
        return STING_OK;
    }
    enum sting_status status =
        is_stdin ? file_read_fd(STDIN_FILENO, MOST_TEXT_BYTES, &text)
                 : file_read(AT_FDCWD, entry->text_file, MOST_TEXT_BYTES, &text,
                             fault);
    if (status) {
        return fault_set(fault, STING_E_ARG, "name a text of 64 kB at most",
                         "%s cannot be read", entry->text_file);
    }
    if (text.size > 0 && memchr(text.data, 0, text.size)) {
        return fault_set(fault, STING_E_ARG, "save it as plain text in UTF-8",
                         "%s holds bytes of no text", entry->text_file);
    }
    while (text.size > 0 && strchr("\r\n", text.data[text.size - 1])) {
        text.data[--text.size] = '\0'; /* as a word has none */
    }
    entry->text = buffer_text(&text);
    return STING_OK;
}

/* Nothing of what somebody has to say is left out or written otherwise. */
static enum sting_status text_check(struct entry *entry, struct fault *fault)
{
    if (!entry->text || entry->text[strspn(entry->text, " \t\r\n")] == '\0') {
        return fault_set(fault, STING_E_ARG, "write what there is to know",
                         "the entry is empty");
    }
    if (!utf8_is_all(entry->text)) {
        return fault_set(fault, STING_E_ARG, "write it in UTF-8",
                         "the entry is in another encoding");
    }
    int64_t now_us = clock_now().utc_us;
    bool is_to_come = entry->at_us > now_us + MOST_AHEAD_US;
    entry->at_us = entry->at_us ? entry->at_us : now_us;
    return is_to_come
               ? fault_set(fault, STING_E_ARG,
                           "write what has happened, or set the clock right",
                           "by this machine's clock --at is still to come")
               : STING_OK;
}

static enum sting_status entry_read(int argc, char **argv, struct entry *entry,
                                    const char **path, struct fault *fault)
{
    const struct option option[] = {
        {"--asked", OPTION_TEXT, &entry->asked, 0, 0},
        {"--laid", OPTION_TEXT, &entry->laid, 0, 0},
        {"--seen", OPTION_TEXT, &entry->seen, 0, 0},
        {"--subject", OPTION_WORDS, &entry->subject, 1, 0},
        {"--copy", OPTION_NUMBER, &entry->copy, 1, UINT32_MAX},
        {"--by", OPTION_WORDS, &entry->by, 1, 0},
        {"--beacon", OPTION_WORDS, &entry->beacon, 1, 0},
        {"--false-alarm", OPTION_NUMBER, &entry->mark[0], 1, UINT32_MAX},
        {"--known-person", OPTION_NUMBER, &entry->mark[1], 1, UINT32_MAX},
        {"--acknowledge", OPTION_NUMBER, &entry->mark[2], 1, UINT32_MAX},
        {"--text-file", OPTION_TEXT, &entry->text_file, 0, 0},
        {"--list", OPTION_FLAG, &entry->lists, 0, 0},
        {"--show", OPTION_FLAG, &entry->shows, 0, 0},
        ACCESS_PASSPHRASE(&entry->access),
        ACCESS_REASON(&entry->access),
        {"--incident", OPTION_NUMBER, &entry->incident, 1, UINT32_MAX},
        {"--at", OPTION_TIME, &entry->at_us, 0, 0},
        {"--json", OPTION_FLAG, &entry->json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 2,
                              .usage = "sting log OP TEXT"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    *path = options.word[0];
    if (entry->lists) {
        return options.words == 1 && !entry->text_file
                   ? STING_OK
                   : fault_set(fault, STING_E_ARG, "see sting log --help",
                               "--list writes nothing");
    }
    if (entry->shows) {
        return fault_set(fault, STING_E_ARG, "see sting log --help",
                         "--show stands beside --list");
    }
    status =
        text_take(entry, options.words > 1 ? options.word[1] : NULL, fault);
    if (!status) {
        status = text_check(entry, fault);
    }
    return status ? status : type_find(entry, fault);
}

/* The entry as the dossier reads it back; absent is null. */
static enum sting_status entry_write(const struct entry *entry,
                                     struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "kind", entry->type);
    json_add_text(json, "bait", entry->bait);
    if (entry->copy) {
        json_add_integer(json, "copy", entry->copy);
    } else {
        json_add_null(json, "copy");
    }
    json_add_text(json, "by", entry->by);
    if (entry->marked) {
        json_add_integer(json, "incident", entry->incident);
    }
    if (entry->beacon) {
        json_add_text(json, "source", entry->beacon);
    }
    json_add_text(json, "text", entry->text);
    json_add_time(json, "at", entry->at_us);
    return json_line(json, out);
}

static enum sting_status entry_append(struct writer *writer,
                                      const struct entry *entry,
                                      struct bytes text, struct fault *fault)
{
    char incident[24];
    if (entry->beacon) {
        const struct line_field beacon[] = {{"source", entry->beacon},
                                            {"value", entry->text}};
        return writer_line(writer, "beacon", beacon, 2, NULL, fault);
    }
    snprintf(incident, sizeof incident, "%lld", (long long)entry->incident);
    if (entry->marked) {
        char user[ACCESS_NAME_SIZE];
        const struct line_field ack[] = {
            {"incident", incident},
            {"by", entry->by ? entry->by : access_user(user)},
            {"false", entry->marked[0] ? entry->marked : NULL},
            {"via", "command"}};
        return writer_sealed_line(writer, "ack", ack, 4, text, fault);
    }
    const struct line_field field[] = {
        {"type", entry->type},
        {"incident", entry->incident ? incident : NULL},
    };
    return writer_sealed_line(writer, "note", field, 2, text, fault);
}

/* Nobody tells of an incident that there is not. */
static enum sting_status incident_check(const struct operation *operation,
                                        const struct entry *entry,
                                        struct fault *fault)
{
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    enum sting_status status =
        entry->incident
            ? incident_list_read(operation_dir(operation), &list, fault)
            : STING_OK;
    return status || !entry->incident ||
                   incident_list_find(&list, (uint32_t)entry->incident)
               ? status
               : fault_set(fault, STING_E_ARG, "see sting log OP --list",
                           "there is no incident %lld",
                           (long long)entry->incident);
}

/* A document that is not ours is not refused: the hour counts. It is said. */
static void bait_look(const struct operation *operation,
                      const struct entry *entry)
{
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    bool is_known = !entry->bait || bait_names_init(operation, &names, NULL);
    for (size_t i = 0; !is_known && i < names.count; i++) {
        is_known = !strcmp(names.name[i], entry->bait);
    }
    if (!is_known) {
        (void)fprintf(stderr,
                      "sting: log: there is no bait \"%s\": it is written as "
                      "it was said; was another meant? see sting bait list\n",
                      entry->bait);
    }
}

static int log_run(int argc, char **argv)
{
    struct entry entry = {0};
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    const char *path = NULL;
    if (entry_read(argc, argv, &entry, &path, &fault)) {
        return command_fail(EXIT_USAGE, "log", &fault);
    }
    enum sting_status status = operation_open(path, &operation, &fault);
    if (status) {
        return command_failed(status, path, &fault);
    }
    if (entry.lists) {
        const struct access access = access_of(&entry.access, "log", NULL);
        const struct log_look look = {entry.json, entry.shows};
        status = log_list(operation, &access, &look, &fault);
        return status ? command_failed(status, path, &fault) : EXIT_DONE;
    }
    status = incident_check(operation, &entry, &fault);
    if (!status) {
        status = entry_write(&entry, &text);
    }
    if (!status) {
        status = writer_open(operation, clock_now, &writer, &fault);
    }
    if (!status) {
        status = entry_append(writer, &entry, buffer_bytes(&text), &fault);
    }
    if (!status) {
        status = writer_close(&writer, &fault);
    }
    if (status) {
        return command_failed(status, path, &fault);
    }
    bait_look(operation, &entry);
    fputs(entry.json     ? buffer_text(&text)
          : entry.beacon ? "Written.\n"
                         : "Written and sealed.\n",
          stdout);
    return EXIT_DONE;
}

const struct command command_log = {
    "log", "write a sealed entry into the ledger", help, log_run};
