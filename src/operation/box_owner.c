#include "operation/box_owner.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ledger/line.h"
#include "ledger/reader.h"

enum sting_status box_name_check(const char *name, struct fault *fault)
{
    return config_name_is_valid(name)
               ? STING_OK
               : fault_set(fault, STING_E_ARG,
                           "use 1 to 32 of a-z, 0-9, - "
                           "and _",
                           "\"%.60s\" cannot be a name", name);
}

struct naming {
    const char *case_key;
    char *name;
};

static enum sting_status name_take(void *context, const struct line *line)
{
    const struct naming *naming = context;
    if (!strcmp(line->kind->name, "box") &&
        bytes_equal(line_raw(line, "case"), bytes_of_text(naming->case_key))) {
        line_text(line, "name", naming->name, CONFIG_NAME_SIZE);
    }
    return STING_OK;
}

/* The name that a `box` line of the office gave to this case key. */
static enum sting_status name_find(const struct operation *office,
                                   const char *case_key,
                                   char name[CONFIG_NAME_SIZE],
                                   struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct naming naming = {case_key, name};
    name[0] = '\0';
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(office), &reader, fault);
    return status ? status
                  : ledger_reader_follow(reader, SIZE_MAX, name_take, &naming);
}

enum sting_status box_owner_check(const struct operation *office,
                                  const struct box_order *order,
                                  struct box_import *out, struct fault *fault)
{
    char told[CONFIG_NAME_SIZE];
    const char *key = out->report.case_key;
    enum sting_status status = name_find(office, key, told, fault);
    if (status) {
        return status;
    }
    out->is_refused = true;
    if (order->fingerprint && !fingerprint_fits(order->fingerprint, key)) {
        return fault_set(fault, STING_E_FORGED, "compare it again",
                         "its case key is not the one that was written down");
    }
    if (!order->fingerprint && !told[0]) {
        return fault_set(fault, STING_E_FORGED,
                         "give the fingerprint that was written down, with "
                         "--fingerprint and --name",
                         "nothing here says whose record it is");
    }
    if (!order->name && !told[0]) {
        return fault_set(fault, STING_E_ARG, "give it one with --name",
                         "it has no name here yet");
    }
    out->is_refused = false;
    (void)snprintf(out->name, sizeof out->name, "%s",
                   order->name ? order->name : told);
    return box_name_check(out->name, fault);
}
