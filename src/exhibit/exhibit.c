#include "exhibit/exhibit.h"

#include <stdio.h>
#include <string.h>

#include "exhibit/gathered.h"
#include "ledger/reader.h"

#define MOST_CAPITALS 6
#define MOST_DIGITS 9

static bool span(const char **at, const char *set, size_t most)
{
    size_t size = strspn(*at, set);
    *at += size;
    return size >= 1 && size <= most;
}

/* Capitals and a number, with `between` between them. */
static bool part(const char **at, const char *between)
{
    if (!span(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", MOST_CAPITALS) ||
        strncmp(*at, between, strlen(between)) != 0) {
        return false;
    }
    *at += strlen(between);
    return **at != '0' && span(at, "0123456789", MOST_DIGITS);
}

bool exhibit_mark_is_right(const char *mark)
{
    const char *at = mark;
    if (strlen(mark) >= EXHIBIT_MARK_SIZE || !part(&at, "/")) {
        return false;
    }
    return *at == '\0' || (*at++ == '/' && part(&at, "") && *at == '\0');
}

/* Is this the line of an exhibit made under that mark? */
static bool is_made(const struct line *line, const char *mark)
{
    char value[2][64];
    return gathered_is(line, "export") &&
           !strcmp(line_text(line, "exhibit", value[0], sizeof *value), mark) &&
           !strcmp(line_text(line, "state", value[1], sizeof *value), "made");
}

enum sting_status exhibit_mark_find(const struct operation *operation,
                                    const char *mark, uint64_t *seq,
                                    char sha256[DIGEST_TEXT_SIZE],
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        if (is_made(&line, mark)) {
            *seq = line.seq;
            line_text(&line, "sha256", sha256, DIGEST_TEXT_SIZE);
            return STING_OK;
        }
    }
    return status;
}

/* A signed note that no checkpoint can be taken for: its second line is a
 * mark, never a number. */
static enum sting_status signature_put(const struct gathered *g,
                                       struct digest sha256, struct bag *bag,
                                       struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char hash[DIGEST_TEXT_SIZE];
    struct public_key key = signature_public(g->order->log_key);
    if (!public_key_equal(&key, &g->sign_key)) {
        return fault_set(fault, STING_E_FORGED, "put keys/log back",
                         "keys/log is not the key that the ledger names");
    }
    enum sting_status status =
        buffer_printf(&text, "sting-exhibit-1\n%s\n%s\n\n", g->order->mark,
                      digest_text(sha256, hash));
    if (!status) {
        status = note_sign(&text, 0, g->signer, g->order->log_key);
    }
    if (!status) {
        status = note_close(&text);
    }
    return status ? status
                  : bag_put(bag, "signature.txt", buffer_bytes(&text), fault);
}

static enum sting_status files_put(struct gathered *g, struct bag *bag,
                                   struct digest *sha256, struct fault *fault)
{
    static enum sting_status (*const put[])(const struct gathered *,
                                            struct bag *, struct fault *) = {
        place_put, anchors_put, custody_put, report_put, tags_put};
    enum sting_status status = films_put(g, bag, fault);
    for (size_t i = 0; !status && i < sizeof put / sizeof *put; i++) {
        status = put[i](g, bag, fault);
    }
    if (!status) {
        status = bag_finish(bag, sha256, fault);
    }
    return status ? status : signature_put(g, *sha256, bag, fault);
}

static void told(const struct gathered *g, const struct bag *bag,
                 struct exhibit_made *made)
{
    made->files = bag->files;
    made->films = g->films;
    made->pieces = g->pieces - g->films;
    made->gaps = g->gaps;
    made->lines = gathered_final(g)->lines;
    made->since_us = g->since_us;
    made->until_us = g->until_us;
    for (size_t i = 0; i < g->runs; i++) {
        made->erased += g->run[i].count;
    }
    digest_text(digest_of((struct bytes){g->case_key.byte, PUBLIC_KEY_SIZE}),
                made->case_key);
    for (size_t i = 0; i < bag->files; i++) {
        made->bytes += bag->file[i].bytes;
    }
}

enum sting_status exhibit_make(const struct operation *operation,
                               const struct operation_keys *keys,
                               const struct exhibit_order *order, int folder,
                               struct exhibit_made *made, struct fault *fault)
{
    struct gathered gathered STING_AUTO(gathered_release) = {
        .operation = operation, .keys = keys, .order = order};
    struct bag bag STING_AUTO(bag_release) = {.folder = folder};
    *made = (struct exhibit_made){0};
    enum sting_status status = gather(&gathered, fault);
    if (!status) {
        status = gathered_select(&gathered, fault);
    }
    if (!status) {
        status = files_put(&gathered, &bag, &made->sha256, fault);
    }
    if (!status) {
        told(&gathered, &bag, made);
    }
    return status;
}
