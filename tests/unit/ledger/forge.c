#include "tests/unit/ledger/forge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"
#include "tests/check.h"
#include "tests/unit/ledger/judge.h"

#define NOTES "evidence/checkpoints/2011-11-01.notes"
#define PREV_BYTES (DIGEST_SIZE + 1) /* of format 2, with the LF */

static void keep_epoch_key(struct garden *garden, struct forge *forge)
{
    assert_true(forge->epochs < FORGE_MOST_EPOCHS);
    assert_true(!ledger_key_read(garden->dir, "keys/epoch",
                                 &forge->epoch_key[forge->epochs++], NULL));
}

void forge_read(struct garden *garden, struct forge *forge)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    assert_true(
        !file_read(garden->dir, "evidence/ledger", 1000000, &text, NULL));
    forge->lines = 0;
    for (size_t at = 0; at < text.size;) {
        const uint8_t *lf = memchr(text.data + at, '\n', text.size - at);
        assert_non_null(lf);
        size_t size = (size_t)(lf - text.data) + 1 - at;
        assert_true(forge->lines < FORGE_MOST_LINES);
        memcpy(forge->line[forge->lines], text.data + at, size);
        forge->line[forge->lines++][size] = '\0';
        at += size;
    }
}

void forge_make(struct garden *garden, struct forge *forge, size_t epochs)
{
    *forge = (struct forge){.lines = 0};
    garden_make(garden, NULL);
    forge->log_key = garden->log_key;
    keep_epoch_key(garden, forge);
    struct ledger *ledger = garden_open(garden);
    for (size_t i = 0; i < epochs; i++) {
        const struct line_field field[] = {{"camera", "tap"}, {"state", "on"}};
        for (int l = 0; l < 3; l++) {
            garden_wait(garden, 20000000);
            assert_true(!ledger_append(ledger, garden->now, "camera", field, 2,
                                       NULL, NULL));
        }
        if (i + 1 < epochs) {
            assert_true(!ledger_next_epoch(ledger, garden->now, NULL));
        } else {
            assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
        }
        keep_epoch_key(garden, forge);
    }
    forge_read(garden, forge);
}

void forge_recorded(struct garden *garden, struct forge *forge)
{
    garden_closed(garden, 20, 300);
    forge_take(garden, forge);
}

void forge_take(struct garden *garden, struct forge *forge)
{
    *forge = (struct forge){.log_key = garden->log_key,
                            .epoch_key = {garden->epoch_key},
                            .epochs = 1};
    keep_epoch_key(garden, forge);
    forge_read(garden, forge);
}

static bool is_kind(const struct forge *forge, size_t at, const char *kind)
{
    char found[LINE_KIND_SIZE + 1] = "";
    (void)!sscanf(forge->line[at], "%*s %*s %*s %16s", found);
    return !strcmp(found, kind);
}

size_t forge_find(const struct forge *forge, const char *kind, size_t from)
{
    for (size_t at = from; at < forge->lines; at++) {
        if (is_kind(forge, at, kind)) {
            return at;
        }
    }
    fail_msg("there is no %s line", kind);
    return 0;
}

void forge_remove(struct forge *forge, size_t at)
{
    memmove(forge->line[at], forge->line[at + 1],
            (forge->lines - at - 1) * sizeof *forge->line);
    forge->lines--;
}

void forge_insert_text(struct forge *forge, size_t at, const char *text)
{
    assert_true(forge->lines < FORGE_MOST_LINES);
    memmove(forge->line[at + 1], forge->line[at],
            (forge->lines - at) * sizeof *forge->line);
    snprintf(forge->line[at], sizeof *forge->line, "%s", text);
    forge->lines++;
}

/* NOLINTNEXTLINE(readability-function-size): where, when, what */
void forge_insert(struct forge *forge, size_t at, const char *boot,
                  struct moment when, const char *kind,
                  const struct line_field field[], size_t fields)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    uint8_t random[LINE_RANDOM_SIZE] = {7};
    struct line_head head = {.seq = at, .at = when};
    memcpy(head.boot, boot, LINE_BOOT_SIZE);
    assert_true(!line_begin(&text, &head, kind, field, fields));
    assert_true(
        !line_end(&text, random, (struct digest){{0}}, DIGEST_SIZE / 2));
    forge_insert_text(forge, at, buffer_text(&text));
}

void forge_change(struct forge *forge, size_t at, const char *old,
                  const char *new)
{
    char changed[LINE_MOST_BYTES + 64];
    char *found = strstr(forge->line[at], old);
    assert_non_null(found);
    snprintf(changed, sizeof changed, "%.*s%s%s",
             (int)(found - forge->line[at]), forge->line[at], new,
             found + strlen(old));
    memcpy(forge->line[at], changed, sizeof changed);
}

void forge_first_format(const struct garden *garden, struct forge *forge)
{
    char hex[2 * SIGNATURE_SIZE + 1];
    forge_change(forge, 0, " v=2 ", " v=1 ");
    char *sig = strstr(forge->line[0], " sig=");
    assert_non_null(sig);
    struct bytes said = {(const uint8_t *)forge->line[0],
                         (size_t)(sig - forge->line[0])};
    struct signature signature = signature_sign(&garden->case_key, said);
    hex_write((struct bytes){signature.byte, SIGNATURE_SIZE}, hex);
    memcpy(sig + 5, hex, sizeof hex - 1);
    forge->prev_size = DIGEST_SIZE;
}

struct moment forge_moment(const struct forge *forge, size_t at,
                           char boot[LINE_BOOT_SIZE])
{
    struct line line;
    assert_true(!line_parse(bytes_of_text(forge->line[at]), &line));
    memcpy(boot, line.boot, LINE_BOOT_SIZE);
    return line.at;
}

/* The line with its place in number and chain. */
static void chain(const struct forge *forge, size_t at, struct digest prev,
                  char out[LINE_MOST_BYTES + 128])
{
    const char *line = forge->line[at];
    char hex[DIGEST_TEXT_SIZE];
    size_t size = strlen(line);
    const char *rest = strchr(line, ' ');
    bool is_whole = rest && size > PREV_BYTES + 6 &&
                    !strncmp(line + size - PREV_BYTES - 5, "prev=", 5);
    if (!is_whole) { /* text that is no line is left as it is */
        snprintf(out, LINE_MOST_BYTES + 128, "%s", line);
        return;
    }
    int number = forge->keeps_numbers ? (int)(rest - line) : 0;
    int used = number ? snprintf(out, LINE_MOST_BYTES, "%.*s", number, line)
                      : snprintf(out, LINE_MOST_BYTES, "%zu", at);
    size_t room = (size_t)(LINE_MOST_BYTES + 128 - used);
    if (forge->keeps_chain) {
        snprintf(out + used, room, "%s", rest);
    } else {
        snprintf(out + used, room, "%.*s%.*s\n",
                 (int)(size - (size_t)(rest - line) - PREV_BYTES), rest,
                 forge->prev_size ? 2 * (int)forge->prev_size : PREV_BYTES - 1,
                 digest_text(prev, hex));
    }
}

static void sign(const struct forge *forge, struct buffer *notes,
                 const struct tree *tree, size_t epoch, size_t number)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    struct line line;
    char origin[LEDGER_ORIGIN_SIZE];
    char name[NOTE_MOST_NAME];
    bool is_other = number == forge->other_note;
    struct digest root = tree_root(tree);
    assert_true(!line_parse(bytes_of_text(forge->line[0]), &line));
    line_text(&line, "origin", origin, sizeof origin);
    root.byte[0] ^= is_other && forge->has_other_root;
    const struct secret *key = is_other && forge->other_key
                                   ? forge->other_key
                                   : &forge->epoch_key[epoch];
    ledger_epoch_name(origin,
                      is_other && forge->other_key ? forge->other_epoch : epoch,
                      name, sizeof name);
    assert_true(!note_write(&note, origin, tree->leaves, root));
    assert_true(!note_sign(&note, 0, origin, &forge->log_key));
    assert_true(forge->lacks_epoch_sig || !note_sign(&note, 0, name, key));
    assert_true(!note_close(&note));
    assert_true(!buffer_append(notes, buffer_bytes(&note)));
}

void forge_write(struct garden *garden, const struct forge *forge)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer notes STING_AUTO(buffer_release) = {0};
    struct tree tree = {0};
    struct digest prev = {{0}};
    size_t epoch = 0;
    size_t number = 0;
    bool is_late = false;
    for (size_t at = 0; at < forge->lines; at++) {
        char line[LINE_MOST_BYTES + 128];
        chain(forge, at, prev, line);
        prev = digest_of(bytes_of_text(line));
        tree_add(&tree, tree_leaf(bytes_of_text(line)));
        assert_true(!buffer_text_append(&text, line));
        bool ends = is_kind(forge, at, "epoch");
        if (is_late) {
            sign(forge, &notes, &tree, epoch - 1, number);
            is_late = false;
        }
        if (ends || at + 1 == forge->lines) {
            number++;
            is_late = number == forge->late_note;
            if (number != forge->skips_note && !is_late) {
                sign(forge, &notes, &tree, epoch, number);
            }
        }
        epoch += ends && epoch + 1 < forge->epochs;
    }
    assert_true(!file_write(garden->dir, "evidence/ledger", buffer_bytes(&text),
                            0600, NULL));
    if (!forge->keeps_notes) {
        assert_true(
            !file_write(garden->dir, NOTES, buffer_bytes(&notes), 0600, NULL));
    }
}
