/* sting reindex: the catalog again, from the ledger alone. */
#include <stdio.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/catalog.h"

static const char help[] =
    "usage: sting reindex OP [--json]\n"
    "\n"
    "Throw OP/catalog.db away and make it again from the ledger. The catalog\n"
    "is only an index: nothing is lost, no key is needed, and a running\n"
    "station is not disturbed.\n"
    "\n"
    "  --json   one object: lines, incidents, segments, gaps, alerts, notes\n"
    "\n"
    "example:\n"
    "  sting reindex ops/tank\n";

static void print(struct catalog *catalog, bool as_json)
{
    static const struct {
        const char *key;
        const char *table;
    } row[] = {{"incidents", "incident"},
               {"segments", "seg"},
               {"gaps", "gap"},
               {"alerts", "alert"},
               {"notes", "note"}};
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_integer(json, "lines", catalog_lines(catalog));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        json_add_integer(json, row[i].key, catalog_rows(catalog, row[i].table));
    }
    if (as_json && json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
        return;
    }
    printf("%lld lines of the ledger indexed: %lld incidents, %lld segments.\n",
           (long long)catalog_lines(catalog),
           (long long)catalog_rows(catalog, "incident"),
           (long long)catalog_rows(catalog, "seg"));
}

static int reindex_run(int argc, char **argv)
{
    bool as_json = false;
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct catalog *catalog STING_AUTO(catalog_close) = NULL;
    struct fault fault = {"", ""};
    const struct option option[] = {{"--json", OPTION_FLAG, &as_json, 0, 0}};
    struct options options = {.option = option,
                              .options = 1,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting reindex OP"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "reindex", &fault);
    }
    const char *path = options.word[0];
    enum sting_status status = operation_open(path, &operation, &fault);
    if (status) {
        return command_failed(status, path, &fault);
    }
    status = catalog_drop(operation, &fault);
    if (!status) {
        status = catalog_open(operation, &catalog, &fault);
    }
    if (status) {
        return command_fail(EXIT_FAILED, path, &fault);
    }
    print(catalog, as_json);
    return EXIT_DONE;
}

const struct command command_reindex = {
    "reindex", "make the catalog again from the ledger", help, reindex_run};
