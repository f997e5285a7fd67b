/* What shows where the recording stands in the sealed whole: lines, their
 * paths, checkpoints; and which piece of which film each line speaks of. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "exhibit/check.h"
#include "exhibit/gathered.h"
#include "ledger/tree.h"

static enum sting_status lines_put(const struct gathered *gathered,
                                   struct bag *bag, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < gathered->lines; i++) {
        if (gathered->line[i].is_shown) {
            status = buffer_append(&text, gathered_text(gathered, i));
        }
    }
    return status ? status
                  : bag_put(bag, "data/ledger/lines.txt", buffer_bytes(&text),
                            fault);
}

static enum sting_status row_write(struct buffer *out, struct digest node)
{
    enum sting_status status =
        base64_append(out, (struct bytes){node.byte, DIGEST_SIZE}, true);
    return status ? status : buffer_text_append(out, "\n");
}

/* The middle of a C2SP tlog-proof: index, siblings, an empty line. */
static enum sting_status path_write(const struct proof *path,
                                    struct buffer *out)
{
    enum sting_status status =
        buffer_printf(out, "index %" PRIu64 "\n", path->index);
    for (unsigned d = 0; !status && d < path->depth; d++) {
        status = row_write(out, path->node[d]);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status paths_put(const struct gathered *gathered,
                                   struct bag *bag, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < gathered->lines; i++) {
        struct proof path;
        if (!gathered->line[i].is_shown) {
            continue;
        }
        status =
            proof_tree_path(&gathered->tree, gathered_final(gathered)->lines,
                            gathered->line[i].seq, &path);
        if (!status) {
            status = path_write(&path, &text);
        }
    }
    return status ? status
                  : bag_put(bag, "data/ledger/proofs.txt", buffer_bytes(&text),
                            fault);
}

/* The key with which an epoch signs: the genesis names the first, the line
 * that ends each epoch the next. */
static enum sting_status next_key(const struct line *line, const char *key,
                                  struct public_key *out)
{
    return line_hex(line, key, out->byte, PUBLIC_KEY_SIZE);
}

/* A checkpoint over exactly `lines` that this epoch's key signed. */
static const struct gathered_note *signed_note(const struct gathered *gathered,
                                               uint64_t lines, uint64_t epoch,
                                               const struct public_key *key)
{
    char name[NOTE_MOST_NAME];
    (void)snprintf(name, sizeof name, "%s/epoch/%" PRIu64, gathered->origin,
                   epoch);
    size_t low = 0, high = gathered->note_count;
    while (low < high) { /* sizes never fall */
        size_t middle = low + (high - low) / 2;
        bool before = gathered->note[middle].lines < lines;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    for (; low < gathered->note_count && gathered->note[low].lines == lines;
         low++) {
        struct note note;
        if (!note_parse(gathered_note_text(gathered, &gathered->note[low]),
                        &note) &&
            !note_verify(&note, name, key) &&
            !note_verify(&note, gathered->origin, &gathered->log_key)) {
            return &gathered->note[low];
        }
    }
    return NULL;
}

static enum sting_status no_note(struct fault *fault, uint64_t lines)
{
    return fault_set(fault, STING_E_FORMAT, "see sting verify",
                     "the checkpoint over %" PRIu64
                     " lines is missing, or not signed by the key of its epoch",
                     lines);
}

/* For each epoch that the final checkpoint closes, the checkpoint that closed
 * it; then the final one by itself. */
static enum sting_status notes_write(const struct gathered *gathered,
                                     struct buffer *epochs,
                                     struct buffer *final, struct fault *fault)
{
    uint64_t most = gathered_final(gathered)->lines, epoch = 0, closed = 0;
    struct line genesis = gathered_parse(gathered, 0);
    struct public_key key, used;
    const struct gathered_note *note = NULL;
    enum sting_status status = next_key(&genesis, "epoch", &key);
    used = key;
    for (size_t i = 1; !status && i < gathered->lines; i++) {
        struct line line = gathered_parse(gathered, i);
        if (!gathered_is(&line, "epoch") || line.seq >= most) {
            continue;
        }
        closed = line.seq + 1;
        note = signed_note(gathered, closed, epoch, &key);
        if (!note) {
            return no_note(fault, closed);
        }
        status = buffer_append(epochs, gathered_note_text(gathered, note));
        used = key;
        if (!status) {
            status = next_key(&line, "next", &key);
            epoch++;
        }
    }
    if (status) {
        return status;
    }
    note = closed == most ? signed_note(gathered, most, epoch - 1, &used)
                          : signed_note(gathered, most, epoch, &key);
    return note ? buffer_append(final, gathered_note_text(gathered, note))
                : no_note(fault, most);
}

static enum sting_status notes_put(const struct gathered *gathered,
                                   struct bag *bag, struct fault *fault)
{
    struct buffer epochs STING_AUTO(buffer_release) = {0};
    struct buffer final STING_AUTO(buffer_release) = {0};
    enum sting_status status = notes_write(gathered, &epochs, &final, fault);
    if (!status) {
        status = bag_put(bag, "data/ledger/epochs.txt", buffer_bytes(&epochs),
                         fault);
    }
    return status ? status
                  : bag_put(bag, "data/ledger/checkpoint.txt",
                            buffer_bytes(&final), fault);
}

/* ---- earlier checkpoints, that outsiders were asked about ---- */

/* Does checkpoint.txt or epochs.txt hold the one over so many lines? */
static bool is_told(const struct gathered *gathered, uint64_t lines)
{
    size_t low = 0, high = gathered->lines;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = gathered->line[middle].seq + 1 < lines;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    if (low == gathered->lines || gathered->line[low].seq + 1 != lines) {
        return lines == gathered_final(gathered)->lines;
    }
    struct line line = gathered_parse(gathered, low);
    return gathered_is(&line, "epoch") ||
           lines == gathered_final(gathered)->lines;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sizes that anchors shown speak of and no list tells, by size. */
static enum sting_status earlier_sizes(const struct gathered *gathered,
                                       uint64_t **size, size_t *sizes)
{
    for (size_t i = 0; i < gathered->lines; i++) {
        if (!gathered->line[i].is_shown ||
            gathered->line[i].why != WHY_ANCHOR) {
            continue;
        }
        struct line line = gathered_parse(gathered, i);
        bool is_word = gathered_is(&line, "tsr") || gathered_is(&line, "cosig");
        uint64_t lines = (uint64_t)gathered_integer(&line, "size");
        if (!is_word || lines == 0 || lines > line.seq ||
            is_told(gathered, lines)) {
            continue;
        }
        uint64_t *one = array_add(size, sizes, sizeof **size);
        if (!one) {
            return STING_E_NOMEM;
        }
        *one = lines;
    }
    if (*sizes > 1) {
        qsort(*size, *sizes, sizeof **size, by_size);
    }
    return STING_OK;
}

/* Three lines as an outsider saw them, and that they are of this ledger. */
static enum sting_status earlier_write(const struct gathered *gathered,
                                       uint64_t lines, struct buffer *out)
{
    struct consistency proof;
    struct digest root;
    enum sting_status status = proof_tree_root(&gathered->tree, lines, &root);
    if (!status) {
        status = proof_tree_growth(
            &gathered->tree, gathered_final(gathered)->lines, lines, &proof);
    }
    if (!status) {
        status =
            buffer_printf(out, "%s\n%" PRIu64 "\n", gathered->origin, lines);
    }
    if (!status) {
        status = row_write(out, root);
    }
    if (!status) {
        status = buffer_text_append(out, "\n");
    }
    for (unsigned i = 0; !status && i < proof.nodes; i++) {
        status = row_write(out, proof.node[i]);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status earlier_put(const struct gathered *gathered,
                                     struct bag *bag, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    uint64_t *size = NULL;
    size_t sizes = 0;
    enum sting_status status = earlier_sizes(gathered, &size, &sizes);
    for (size_t i = 0; !status && i < sizes; i++) {
        if (i == 0 || size[i] != size[i - 1]) {
            status = earlier_write(gathered, size[i], &text);
        }
    }
    free(size);
    return status || text.size == 0
               ? status
               : bag_put(bag, CHECK_EARLIER, buffer_bytes(&text), fault);
}

/* Who knows the first version alone finds a line without its piece. */
static enum sting_status head_write(const struct gathered *gathered,
                                    struct buffer *out)
{
    const struct exhibit_order *order = gathered->order;
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    return buffer_printf(out,
                         "sting-exhibit-%d\nmark %s\norigin %s\n"
                         "lines %" PRIu64
                         "\ncamera %s\nfrom %s\nto %s\nincident %u\n",
                         gathered->runs ? 2 : 1, order->mark, gathered->origin,
                         gathered_final(gathered)->lines, order->camera,
                         line_time_text(order->from_us, from),
                         line_time_text(order->to_us, to), order->incident);
}

static enum sting_status map_put(const struct gathered *gathered,
                                 struct bag *bag, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = head_write(gathered, &text);
    for (size_t f = 0; !status && f < gathered->films; f++) {
        const struct gathered_film *film = &gathered->film[f];
        status = buffer_printf(&text, "film %s\n", film->path);
        for (size_t i = 0; !status && i < film->pieces; i++) {
            const struct gathered_piece *piece =
                &gathered->piece[film->first + i];
            status =
                buffer_printf(&text, "piece %" PRIu64 " %" PRIu64 "\n",
                              gathered->line[piece->line].seq, piece->bytes);
        }
    }
    return status
               ? status
               : bag_put(bag, "data/exhibit.txt", buffer_bytes(&text), fault);
}

enum sting_status place_put(const struct gathered *gathered, struct bag *bag,
                            struct fault *fault)
{
    enum sting_status status = lines_put(gathered, bag, fault);
    if (!status) {
        status = paths_put(gathered, bag, fault);
    }
    if (!status) {
        status = notes_put(gathered, bag, fault);
    }
    if (!status) {
        status = earlier_put(gathered, bag, fault);
    }
    if (!status && gathered->office.size > 0) {
        status = bag_put(bag, "data/ledger/office.txt",
                         buffer_bytes(&gathered->office), fault);
    }
    return status ? status : map_put(gathered, bag, fault);
}
