#include "ledger/told.h"

#include <stdio.h>
#include <string.h>

/* A value that is a SHA-256; *out is kept when it is none. */
static bool hash_take(const struct line *line, const char *key,
                      char out[DIGEST_TEXT_SIZE])
{
    struct digest digest;
    if (line_hex(line, key, digest.byte, DIGEST_SIZE)) {
        return false;
    }
    digest_text(digest, out);
    return true;
}

static void config_take(struct told_files *told, const struct line *line,
                        const char *key)
{
    char now[DIGEST_TEXT_SIZE];
    if (hash_take(line, key, now) && strcmp(now, told->config) != 0) {
        memcpy(told->config_before, told->config, sizeof now);
        memcpy(told->config, now, sizeof now);
    }
}

const struct told_file *told_find(const struct told_files *told,
                                  const char *item)
{
    for (size_t i = 0; i < told->files; i++) {
        if (!strcmp(told->file[i].item, item)) {
            return &told->file[i];
        }
    }
    return NULL;
}

/* The row of that file, made when it is new. */
static struct told_file *row_of(struct told_files *told, const char *item)
{
    size_t i = 0;
    while (i < told->files && strcmp(told->file[i].item, item) != 0) {
        i++;
    }
    if (i == TOLD_MOST_FILES) {
        return NULL;
    }
    told->files += i == told->files;
    (void)snprintf(told->file[i].item, TOLD_ITEM_SIZE, "%s", item);
    return &told->file[i];
}

static bool is_one_of(const char *word, const char *const list[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(word, list[i])) {
            return true;
        }
    }
    return false;
}

static void custody_take(struct told_files *told, const struct line *line)
{
    static const char *const gone[] = {"missing", "handed-over", "destroyed"};
    char item[TOLD_ITEM_SIZE];
    char state[16];
    char hash[DIGEST_TEXT_SIZE] = "";
    line_text(line, "item", item, sizeof item);
    line_text(line, "state", state, sizeof state);
    bool has_hash = hash_take(line, "after", hash);
    if (!strcmp(item, TOLD_CONFIG_ITEM) && has_hash) {
        memcpy(told->refused, hash, sizeof hash);
    }
    if (strncmp(item, "keys/", 5) != 0 ||
        (!has_hash && !is_one_of(state, gone, sizeof gone / sizeof *gone))) {
        return;
    }
    struct told_file *row = row_of(told, item);
    if (row) {
        memcpy(row->sha256, hash, sizeof hash);
        row->seq = line->seq;
    }
}

void told_take(struct told_files *told, const struct line *line)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "session")) {
        config_take(told, line, "config");
        line_text(line, "place", told->place, sizeof told->place);
    } else if (!strcmp(kind, "config")) {
        char why[sizeof TOLD_AS_MADE + 1];
        config_take(told, line, "sha256");
        told->is_as_made =
            told->is_as_made ||
            !strcmp(line_text(line, "why", why, sizeof why), TOLD_AS_MADE);
    } else if (!strcmp(kind, "custody")) {
        custody_take(told, line);
    } else if (!strcmp(kind, "recipients") && line_has(line, "names")) {
        line_text(line, "names", told->names, sizeof told->names);
    }
}
