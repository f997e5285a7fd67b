#include "tests/unit/ledger/plot.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/check.h"
#include "tests/unit/ledger/judge.h"

char *plot_hash(const char *text, char hex[DIGEST_TEXT_SIZE])
{
    return digest_text(digest_of(bytes_of_text(text)), hex);
}

void plot_put(const struct garden *garden, const char *path, const char *text)
{
    assert_true(
        !file_write(garden->dir, path, bytes_of_text(text), 0600, NULL));
}

void plot_append(const struct garden *garden, struct ledger *ledger,
                 const char *kind, const struct line_field field[],
                 size_t fields)
{
    assert_true(
        !ledger_append(ledger, garden->now, kind, field, fields, NULL, NULL));
}

static void line_begin_of(struct plot_line *out, const char *bait)
{
    *out = (struct plot_line){.field = {{"bait", bait}}, .fields = 1};
    plot_hash("plain", out->hex[0]);
}

static void field_add(struct plot_line *out, const char *key, const char *value)
{
    out->field[out->fields++] = (struct line_field){key, value};
}

void plot_added(struct plot_line *out, const char *bait, const char *original,
                const char *reference)
{
    line_begin_of(out, bait);
    field_add(out, "state", "added");
    field_add(out, "original", out->hex[0]);
    field_add(out, "pages", "6");
    field_add(out, "sealed", plot_hash(original, out->hex[1]));
    field_add(out, "reference", plot_hash(reference, out->hex[2]));
}

void plot_indexed(struct plot_line *out, const char *bait, const char *index)
{
    line_begin_of(out, bait);
    field_add(out, "state", "indexed");
    field_add(out, "original", out->hex[0]);
    field_add(out, "pages", "6");
    field_add(out, "index", plot_hash(index, out->hex[1]));
}

void plot_issued(struct plot_line *out, const char *bait, const char *copies)
{
    line_begin_of(out, bait);
    field_add(out, "first", "1");
    field_add(out, "count", "2");
    field_add(out, "root", out->hex[0]);
    field_add(out, "original", out->hex[0]);
    field_add(out, "bias", out->hex[0]);
    field_add(out, "register", plot_hash(copies, out->hex[1]));
}

/* ---- a record with something of everything ---- */

static void add_bait(const struct garden *garden, struct ledger *ledger)
{
    assert_true(!folder_make(garden->dir, PLOT_BAIT "register"));
    plot_put(garden, PLOT_BAIT "original.pdf.age", "a tank");
    plot_put(garden, PLOT_BAIT "reference.age", "where words are");
    plot_put(garden, PLOT_BAIT "index.age", "how it looks");
    plot_put(garden, PLOT_BAIT "register/00000001-00000002.age", "who has it");
    struct plot_line added;
    plot_added(&added, "tank", "a tank", "where words are");
    plot_append(garden, ledger, "bait", added.field, added.fields);
    struct plot_line indexed;
    plot_indexed(&indexed, "tank", "how it looks");
    plot_append(garden, ledger, "bait", indexed.field, indexed.fields);
    struct plot_line issued;
    plot_issued(&issued, "tank", "who has it");
    plot_append(garden, ledger, "issue", issued.field, issued.fields);
}

static void add_beside(const struct garden *garden, struct ledger *ledger)
{
    char hex[DIGEST_TEXT_SIZE];
    plot_put(garden, PLOT_YAML, "goal: water\n");
    plot_put(garden, "keys/mark", "a key");
    const struct line_field config[] = {
        {"sha256", plot_hash("goal: water\n", hex)}, {"by", "Anna"}};
    plot_append(garden, ledger, "config", config, 2);
    const struct line_field made[] = {{"item", "keys/mark"},
                                      {"state", "made"},
                                      {"after", plot_hash("a key", hex)}};
    plot_append(garden, ledger, "custody", made, 3);
}

void plot_make(struct garden *garden, bool has_gap)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    /* In memory where there is such a folder: hundreds are made. */
    garden_make(garden, access("/dev/shm", W_OK) ? NULL : "/dev/shm");
    struct ledger *ledger = garden_open(garden);
    recording = garden_camera(garden, ledger);
    assert_true(!garden_record(garden, recording, 0, 10, 300));
    if (has_gap) {
        garden_wait(garden, 5000000);
        assert_true(!garden_record(garden, recording, 15, 10, 300));
    }
    assert_true(!recording_close(recording, garden->now, NULL));
    add_bait(garden, ledger);
    add_beside(garden, ledger);
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
    assert_verdict(garden, has_gap ? VERIFY_GAPS : VERIFY_INTACT);
}

bool plot_adopt(struct garden *garden)
{
    struct ledger *ledger = NULL;
    const struct ledger_context context = {
        .random = &random_kernel,
        .boot = "0a1b2c3d-0000-4000-8000-000000000000",
        .version = "0.1.0"};
    garden_wait(garden, 1000000);
    if (ledger_open(garden->dir, &context, garden->now, &ledger, NULL)) {
        return false;
    }
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
    return true;
}
