/* What outsiders gave, as it came: the files that lines of the ledger name. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "exhibit/gathered.h"

#define FOLDER "evidence/anchors/"
#define MOST_BYTES ((size_t)4 * 1024 * 1024) /* of one reply or chain */
#define NAME_SIZE 80

static bool is_plain(const char *name)
{
    static const char set[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return name[0] && name[0] != '.' && name[strspn(name, set)] == '\0';
}

static bool is_there(const struct bag *bag, const char *path)
{
    for (size_t i = 0; i < bag->files; i++) {
        if (!strcmp(bag->file[i].path, path)) {
            return true;
        }
    }
    return false;
}

/* One that is gone is missed by `sting verify`, not here. */
static enum sting_status one_put(const struct gathered *g, const char *name,
                                 struct bag *bag, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char from[BAG_PATH_SIZE], to[BAG_PATH_SIZE];
    (void)snprintf(from, sizeof from, FOLDER "%.79s", name);
    (void)snprintf(to, sizeof to, "data/anchors/%.79s", name);
    if (!is_plain(name) || is_there(bag, to) ||
        file_read(operation_dir(g->operation), from, MOST_BYTES, &text, NULL)) {
        return STING_OK;
    }
    return bag_put(bag, to, buffer_bytes(&text), fault);
}

/* A reply stands beside the note that it is about, under the same number. */
static enum sting_status reply_put(const struct gathered *g,
                                   const struct line *line, struct bag *bag,
                                   struct fault *fault)
{
    char path[BAG_PATH_SIZE], name[NAME_SIZE];
    line_text(line, "file", path, sizeof path);
    if (strncmp(path, FOLDER, strlen(FOLDER)) != 0) {
        return STING_OK;
    }
    (void)snprintf(name, sizeof name, "%.79s", path + strlen(FOLDER));
    enum sting_status status = one_put(g, name, bag, fault);
    (void)snprintf(name, sizeof name, "%.*s.note",
                   (int)strcspn(path + strlen(FOLDER), "."),
                   path + strlen(FOLDER));
    return status ? status : one_put(g, name, bag, fault);
}

/* Certificates and lists of revoked ones are named by their hash. */
static enum sting_status chain_put(const struct gathered *g,
                                   const struct line *line, const char *key,
                                   struct bag *bag, struct fault *fault)
{
    char hash[DIGEST_TEXT_SIZE], name[NAME_SIZE];
    line_text(line, key, hash, sizeof hash);
    (void)snprintf(name, sizeof name, "%.64s.pem", hash);
    return hash[0] ? one_put(g, name, bag, fault) : STING_OK;
}

enum sting_status anchors_put(const struct gathered *g, struct bag *bag,
                              struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < g->lines; i++) {
        if (!g->line[i].is_shown || g->line[i].why != WHY_ANCHOR) {
            continue;
        }
        struct line line = gathered_parse(g, i);
        status = reply_put(g, &line, bag, fault);
        if (!status) {
            status = chain_put(g, &line, "ca", bag, fault);
        }
        if (!status) {
            status = chain_put(g, &line, "crl", bag, fault);
        }
    }
    return status;
}
