/* Is each batch the one that the ledger tells of? */
#include <inttypes.h>
#include <string.h>

#include "ledger/line.h"
#include "ledger/reader.h"
#include "operation/register.h"
#include "operation/register_told.h"

/* An `issue` line, taken apart. */
struct told {
    char bait[CONFIG_NAME_SIZE];
    int64_t first;
    int64_t count;
    struct digest root;
    struct digest sealed;
    bool has_sealed; /* lines of before there were any have none */
};

static bool told_read(const struct line *line, struct told *out)
{
    if (strcmp(line->kind->name, "issue") != 0 ||
        line_integer(line, "first", &out->first) ||
        line_integer(line, "count", &out->count) || out->count < 1 ||
        line_hex(line, "root", out->root.byte, DIGEST_SIZE)) {
        return false;
    }
    line_text(line, "bait", out->bait, sizeof out->bait);
    out->has_sealed =
        !line_hex(line, "register", out->sealed.byte, DIGEST_SIZE);
    return true;
}

static bool is_about(const struct told *told, const struct register_batch *b)
{
    return !strcmp(told->bait, b->bait) &&
           told->first < (int64_t)b->first + b->copies &&
           b->first - told->first < told->count;
}

static bool is_told(const struct told *told, const struct register_batch *b)
{
    return told->first == b->first && told->count == b->copies &&
           (told->has_sealed ? digest_equal(told->sealed, b->sealed)
                             : digest_equal(told->root, b->root));
}

static enum sting_status foreign(const struct register_batch *batch,
                                 struct fault *fault)
{
    return fault_set(
        fault, STING_E_FORGED,
        "run sting verify; restore it from a copy, or take it away",
        "bait/%.60s/register/%08u-%08u.age is not what the ledger says was "
        "issued under these numbers",
        batch->bait, batch->first, batch->first + batch->copies - 1);
}

/* The first line about a number decides: nobody can issue it again. */
static enum sting_status judge(const struct told *told,
                               struct register_list *list, struct fault *fault)
{
    for (size_t i = 0; i < list->batches; i++) {
        struct register_batch *batch = &list->batch[i];
        if (batch->is_told || !is_about(told, batch)) {
            continue;
        }
        if (!is_told(told, batch)) {
            return foreign(batch, fault);
        }
        batch->is_told = true;
    }
    return STING_OK;
}

enum sting_status register_told(int operation, struct register_list *list,
                                struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    struct told told;
    enum sting_status status =
        ledger_reader_open_signed(operation, &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        if (told_read(&line, &told)) {
            status = judge(&told, list, fault);
        }
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}
