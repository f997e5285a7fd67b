#include "operation/config_zones.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FINE 10000.0

/* ---- the text as lines ---- */

struct row {
    struct bytes line; /* with its LF */
    size_t indent;     /* of what is first on it */
    size_t key_at;     /* the same behind "- " */
    bool is_item;
    bool is_empty; /* or a comment */
};

struct rows {
    size_t count;
    struct row *row; /* owned */
};

static void rows_release(struct rows *rows)
{
    free(rows->row);
}

static uint8_t byte_at(const struct row *row, size_t at)
{
    return at < row->line.size ? row->line.data[at] : '\n';
}

static struct row row_of(struct bytes line)
{
    struct row row = {.line = line};
    while (byte_at(&row, row.indent) == ' ') {
        row.indent++;
    }
    uint8_t first = byte_at(&row, row.indent);
    row.key_at = row.indent;
    row.is_empty = first == '\n' || first == '\r' || first == '#';
    row.is_item = first == '-' && byte_at(&row, row.indent + 1) == ' ';
    if (row.is_item) {
        row.key_at++;
        while (byte_at(&row, row.key_at) == ' ') {
            row.key_at++;
        }
    }
    return row;
}

static enum sting_status rows_read(struct bytes text, struct rows *out)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n';
    }
    out->row = calloc(lines, sizeof *out->row);
    if (!out->row) {
        return STING_E_NOMEM;
    }
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end ? (size_t)(end - text.data) + 1 : text.size;
        out->row[out->count++] = row_of((struct bytes){text.data, size});
        text.data += size;
        text.size -= size;
    }
    return STING_OK;
}

static bool has_key(const struct row *row, const char *key)
{
    size_t size = strlen(key);
    uint8_t behind = byte_at(row, row->key_at + size + 1);
    return !row->is_empty && row->key_at + size < row->line.size &&
           !memcmp(row->line.data + row->key_at, key, size) &&
           row->line.data[row->key_at + size] == ':' &&
           (behind == ' ' || behind == '\n' || behind == '\r');
}

/* The value on a row, without quotes and comment; "" when it is longer than a
 * name. */
static void value_of(const struct row *row, const char *key,
                     char out[CONFIG_NAME_SIZE])
{
    size_t at = row->key_at + strlen(key) + 1;
    size_t size = 0;
    while (byte_at(row, at) == ' ') {
        at++;
    }
    uint8_t quote = byte_at(row, at);
    if (quote == '"' || quote == '\'') {
        at++;
    }
    for (; size + 1 < CONFIG_NAME_SIZE && !isspace(byte_at(row, at)) &&
           byte_at(row, at) != '"' && byte_at(row, at) != '\'';
         at++) {
        out[size++] = (char)byte_at(row, at);
    }
    out[size] = '\0';
}

/* From `from`, the first row of which nothing more belongs to the block that
 * is written further right than `indent`, or as items there. Comments and
 * blank rows behind it do not. */
static size_t block_end(const struct rows *rows, size_t from, size_t indent,
                        bool items_too)
{
    size_t end = from;
    for (size_t i = from; i < rows->count; i++) {
        const struct row *row = &rows->row[i];
        if (row->is_empty) {
            continue;
        }
        if (row->indent < indent ||
            (row->indent == indent && !(items_too && row->is_item))) {
            break;
        }
        end = i + 1;
    }
    return end;
}

/* ---- where the zones of a camera stand ---- */

struct place {
    size_t end;    /* of the camera's last row */
    size_t key;    /* the row "zones:", or `end` */
    size_t indent; /* of the camera's keys */
};

/* The row behind "cameras:". */
static size_t cameras_begin(const struct rows *rows)
{
    size_t at = 0;
    while (at < rows->count && (rows->row[at].is_item || rows->row[at].indent ||
                                !has_key(&rows->row[at], "cameras"))) {
        at++;
    }
    return at + 1;
}

/* Row i of a camera: is its name this one, as far as was seen? */
static bool camera_row(const struct row *row, size_t i, const char *camera,
                       bool is_it, struct place *out)
{
    char name[CONFIG_NAME_SIZE];
    out->end = row->is_empty ? out->end : i + 1;
    if (row->key_at != out->indent) {
        return is_it;
    }
    if (has_key(row, "name")) {
        value_of(row, "name", name);
        return !strcmp(name, camera);
    }
    if (has_key(row, "zones") && !row->is_item) {
        out->key = i;
    }
    return is_it;
}

static bool camera_find(const struct rows *rows, const char *camera,
                        struct place *out)
{
    size_t at = cameras_begin(rows), end = block_end(rows, at, 0, true);
    bool is_it = false;
    while (at < end && !rows->row[at].is_item) {
        at++;
    }
    for (size_t i = at; i < end; i++) {
        const struct row *row = &rows->row[i];
        if (row->is_item && row->indent == rows->row[at].indent) {
            if (is_it) {
                break;
            }
            *out = (struct place){i + 1, SIZE_MAX, row->key_at};
        }
        is_it = camera_row(row, i, camera, is_it, out);
    }
    return is_it;
}

/* ---- writing ---- */

static enum sting_status by_hand(struct fault *fault)
{
    return fault_set(
        fault, STING_E_UNSUPPORTED, "write one key a line, as sting new does",
        "%s is laid out so that it has to be edited by hand", CONFIG_FILE);
}

static enum sting_status rows_copy(const struct rows *rows, size_t from,
                                   size_t to, struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = from; i < to && !status; i++) {
        status = buffer_append(out, rows->row[i].line);
        if (!status && i + 1 == rows->count &&
            byte_at(&rows->row[i], rows->row[i].line.size - 1) != '\n') {
            status = buffer_text_append(out, "\n");
        }
    }
    return status;
}

static enum sting_status values_write(const struct config_zone *zone,
                                      int indent, struct buffer *out)
{
    enum sting_status status = STING_OK;
    if (zone->bait[0]) {
        status = buffer_printf(out, "%*sbait: %s\n", indent, "", zone->bait);
    }
    if (!status && zone->copy) {
        status = buffer_printf(out, "%*scopy: %" PRIu32 "\n", indent, "",
                               zone->copy);
    }
    if (!status) {
        status = buffer_printf(out, "%*spolygon: [", indent, "");
    }
    for (size_t i = 0; i < zone->points && !status; i++) {
        status = buffer_printf(out, "%s[%.4f, %.4f]", i ? ", " : "",
                               zone->point[i].x, zone->point[i].y);
    }
    return status ? status : buffer_text_append(out, "]\n");
}

static enum sting_status zone_new(const struct config_zone *zone, size_t indent,
                                  struct buffer *out)
{
    enum sting_status status =
        buffer_printf(out, "%*s- name: %s\n", (int)indent, "", zone->name);
    return status ? status : values_write(zone, (int)indent + 2, out);
}

static bool is_drawn(const struct row *row)
{
    return has_key(row, "bait") || has_key(row, "copy") ||
           has_key(row, "polygon");
}

/* A comment beside what is replaced gets a row of its own. */
static enum sting_status comment_keep(const struct row *row, size_t indent,
                                      struct buffer *out)
{
    const struct bytes line = row->line;
    const uint8_t *mark =
        line.size > 0 ? memmem(line.data, line.size, " #", 2) : NULL;
    if (!mark) {
        return STING_OK;
    }
    const struct bytes rest = {mark + 1,
                               line.size - (size_t)(mark + 1 - line.data)};
    enum sting_status status = buffer_printf(out, "%*s", (int)indent, "");
    if (!status) {
        status = buffer_append(out, rest);
    }
    bool is_ended = out->size > 0 && out->data[out->size - 1] == '\n';
    return status || is_ended ? status : buffer_text_append(out, "\n");
}

/* The rows of a zone with other values. */
static enum sting_status zone_edit(const struct rows *rows, size_t from,
                                   size_t to, const struct config_zone *zone,
                                   struct buffer *out, struct fault *fault)
{
    size_t indent = rows->row[from].key_at;
    bool is_inside = false;
    enum sting_status status =
        is_drawn(&rows->row[from]) ? by_hand(fault) : STING_OK;
    for (size_t i = from; i < to && !status; i++) {
        const struct row *row = &rows->row[i];
        if (!row->is_empty && row->key_at == indent &&
            (i == from || !row->is_item)) {
            is_inside = is_drawn(row);
        }
        status = is_inside && !row->is_empty ? comment_keep(row, indent, out)
                                             : rows_copy(rows, i, i + 1, out);
    }
    return status ? status : values_write(zone, (int)indent, out);
}

static bool zones_same(const struct config_zone *a, const struct config_zone *b)
{
    bool same = !strcmp(a->name, b->name) && !strcmp(a->bait, b->bait) &&
                a->copy == b->copy && a->points == b->points;
    for (size_t i = 0; i < a->points && same; i++) {
        same = fabs(a->point[i].x - b->point[i].x) < 0.5 / FINE &&
               fabs(a->point[i].y - b->point[i].y) < 0.5 / FINE;
    }
    return same;
}

struct edit {
    const struct rows *rows;
    const struct config_zones *before, *wanted;
    struct buffer *out;
    struct fault *fault;
};

/* One zone of the text, rows `from` to `to`. */
static enum sting_status zone_pass(const struct edit *edit, size_t from,
                                   size_t to)
{
    char name[CONFIG_NAME_SIZE] = "";
    const struct rows *rows = edit->rows;
    for (size_t i = from; i < to; i++) {
        if (rows->row[i].key_at == rows->row[from].key_at &&
            has_key(&rows->row[i], "name")) {
            value_of(&rows->row[i], "name", name);
        }
    }
    const struct config_zone *was = config_zones_find(edit->before, name);
    const struct config_zone *is = config_zones_find(edit->wanted, name);
    if (!was) {
        return by_hand(edit->fault);
    }
    if (!is) {
        return STING_OK;
    }
    return zones_same(was, is)
               ? rows_copy(rows, from, to, edit->out)
               : zone_edit(rows, from, to, is, edit->out, edit->fault);
}

/* All zones of the text, rows `from` to `to`; comments between them stay. */
static enum sting_status zones_pass(const struct edit *edit, size_t from,
                                    size_t to, size_t *indent)
{
    const struct rows *rows = edit->rows;
    enum sting_status status = STING_OK;
    for (size_t i = from; i < to && !status;) {
        if (rows->row[i].is_empty) {
            status = rows_copy(rows, i, i + 1, edit->out);
            i++;
            continue;
        }
        if (!rows->row[i].is_item) {
            return by_hand(edit->fault);
        }
        *indent = rows->row[i].indent;
        size_t end = block_end(rows, i + 1, *indent, false);
        end = end > to ? to : end;
        status = zone_pass(edit, i, end);
        i = end;
    }
    return status;
}

static enum sting_status zones_write(const struct edit *edit,
                                     const struct place *place)
{
    const struct rows *rows = edit->rows;
    bool has_key_row = place->key != SIZE_MAX;
    size_t head = has_key_row ? place->key : place->end;
    size_t from = has_key_row ? head + 1 : head;
    size_t to = has_key_row ? block_end(rows, from, place->indent, true) : from;
    size_t indent = place->indent + 2;
    enum sting_status status = rows_copy(rows, 0, head, edit->out);
    if (!status && edit->wanted->count > 0) {
        status = has_key_row ? rows_copy(rows, head, from, edit->out)
                             : buffer_printf(edit->out, "%*szones:\n",
                                             (int)place->indent, "");
    } else if (!status && has_key_row) {
        status = comment_keep(&rows->row[head], place->indent, edit->out);
    }
    if (!status) {
        status = zones_pass(edit, from, to, &indent);
    }
    for (size_t i = 0; i < edit->wanted->count && !status; i++) {
        if (!config_zones_find(edit->before, edit->wanted->zone[i].name)) {
            status = zone_new(&edit->wanted->zone[i], indent, edit->out);
        }
    }
    return status ? status : rows_copy(rows, to, rows->count, edit->out);
}

static void zones_of(const struct config_camera *camera,
                     struct config_zones *out)
{
    out->count = camera->zones;
    memcpy(out->zone, camera->zone, camera->zones * sizeof *camera->zone);
}

static bool is_as_wanted(const struct config *config, const char *camera,
                         const struct config_zones *wanted)
{
    int index = config_camera_find(config, camera);
    if (index < 0 || config->camera[index].zones != wanted->count) {
        return false;
    }
    for (size_t i = 0; i < wanted->count; i++) {
        const struct config_zone *zone = &config->camera[index].zone[i];
        const struct config_zone *want = config_zones_find(wanted, zone->name);
        if (!want || !zones_same(zone, want)) {
            return false;
        }
    }
    return true;
}

/* Nothing else says anything new: the same but for that camera's zones. Both
 * were read into zeroed memory, member by member, so that padding is zero and
 * a member that is new is compared too; what differs is refused. */
static bool is_else_same(struct config *a, struct config *b, const char *camera)
{
    int index = config_camera_find(a, camera);
    if (a->cameras != b->cameras || config_camera_find(b, camera) != index) {
        return false;
    }
    for (size_t i = 0; i < a->cameras; i++) {
        if ((int)i != index &&
            /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*) */
            memcmp(&a->camera[i], &b->camera[i], sizeof *a->camera) != 0) {
            return false;
        }
    }
    struct config_camera *kept = b->camera;
    b->camera = a->camera;
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*) */
    bool same = !memcmp(a, b, sizeof *a);
    b->camera = kept;
    return same;
}

enum sting_status config_zones_set(struct bytes text, const char *camera,
                                   const struct config_zones *wanted,
                                   struct buffer *out, struct fault *fault)
{
    struct config *before STING_AUTO(config_free) = NULL;
    struct config *after STING_AUTO(config_free) = NULL;
    struct rows rows STING_AUTO(rows_release) = {0};
    struct config_mistakes mistakes;
    struct config_zones zones = {0};
    struct place place = {0, 0, 0};
    size_t start = out->size;
    enum sting_status status = config_parse(text, &before, &mistakes);
    if (status) {
        return fault_set(fault, status, "run sting check",
                         "%s has mistakes already", CONFIG_FILE);
    }
    int index = config_camera_find(before, camera);
    if (index < 0) {
        return fault_set(fault, STING_E_ARG, "", "there is no camera %s",
                         camera);
    }
    zones_of(&before->camera[index], &zones);
    status = rows_read(text, &rows);
    if (!status && !camera_find(&rows, camera, &place)) {
        status = by_hand(fault);
    }
    const struct edit edit = {&rows, &zones, wanted, out, fault};
    if (!status) {
        status = zones_write(&edit, &place);
    }
    if (status) {
        return status;
    }
    const struct bytes made = {out->data + start, out->size - start};
    status = config_parse(made, &after, &mistakes);
    return status == STING_E_FORMAT ||
                   (!status && (!is_as_wanted(after, camera, wanted) ||
                                !is_else_same(before, after, camera)))
               ? by_hand(fault)
               : status;
}
