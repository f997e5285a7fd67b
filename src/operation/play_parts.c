#include "operation/play_parts.h"

#include <string.h>

#include "ledger/age.h"
#include "ledger/reader.h"
#include "ledger/recording.h"

#define MOST_BEFORE ((size_t)64 * 1024) /* of lines, back to a keyframe */
#define MOST_PART 1024 /* bytes of a recording's line, and a key */

/* What is known of one camera as the ledger is walked. */
struct walk_camera {
    char name[RECORDING_MOST_NAME + 1];
    struct buffer init;   /* its newest `init` line */
    struct buffer before; /* lines since the last keyframe before the stretch */
    bool init_is_given;
    bool is_inside; /* the stretch has begun */
};

struct walk {
    int operation;
    const struct secret *identity;
    const struct play_stretch *of;
    struct walk_camera camera[PLAY_MOST_CAMERAS];
    size_t cameras;
    struct play_found *out;
    struct fault *fault;
};

void play_found_release(struct play_found *found)
{
    buffer_wipe(&found->parts);
    *found = (struct play_found){.count = 0};
}

static void walk_release(struct walk *walk)
{
    for (size_t i = 0; i < PLAY_MOST_CAMERAS; i++) {
        buffer_release(&walk->camera[i].init);
        buffer_release(&walk->camera[i].before);
    }
}

bool play_names(const char *cameras, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = cameras; *at;) {
        size_t one = strcspn(at, ",");
        if (one == size && !memcmp(at, name, size)) {
            return true;
        }
        at += one + (at[one] == ',');
    }
    return false;
}

static struct walk_camera *camera_of(struct walk *walk, const char *name)
{
    size_t i = 0;
    while (i < walk->cameras && strcmp(walk->camera[i].name, name) != 0) {
        i++;
    }
    if (i == PLAY_MOST_CAMERAS || !play_names(walk->of->cameras, name)) {
        return NULL;
    }
    walk->cameras += i == walk->cameras;
    memcpy(walk->camera[i].name, name, strlen(name) + 1);
    return &walk->camera[i];
}

/* Put one file's key and line into what is found. */
static enum sting_status give(struct walk *walk, struct bytes text)
{
    struct play_found *out = walk->out;
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    struct line line;
    if (out->count == PLAY_MOST_PARTS) {
        return fault_set(walk->fault, STING_E_LIMIT, "take a shorter stretch",
                         "that is more than %d files", PLAY_MOST_PARTS);
    }
    enum sting_status status = line_parse(text, &line);
    if (!status) {
        status = recording_file_key(walk->operation, walk->identity, &line,
                                    file_key, walk->fault);
    }
    if (status == STING_E_ABSENT) { /* deleted, by us or by whomever */
        out->missing++;
        return STING_OK;
    }
    if (!status) {
        status = buffer_append(&out->parts,
                               (struct bytes){file_key, sizeof file_key});
    }
    if (!status) {
        status = buffer_append(&out->parts, text);
    }
    secret_wipe_bytes(file_key, sizeof file_key);
    out->count += !status;
    return status;
}

/* All that waits, a line each. */
static enum sting_status before_give(struct walk *walk,
                                     struct walk_camera *camera)
{
    enum sting_status status = STING_OK;
    struct bytes left = buffer_bytes(&camera->before);
    while (!status && left.size > 0) {
        const uint8_t *end = memchr(left.data, '\n', left.size);
        size_t size = end ? (size_t)(end - left.data) + 1 : left.size;
        status = give(walk, (struct bytes){left.data, size});
        left.data += size;
        left.size -= size;
    }
    camera->before.size = 0;
    return status;
}

static enum sting_status inside_take(struct walk *walk,
                                     struct walk_camera *camera,
                                     struct bytes text)
{
    enum sting_status status = STING_OK;
    if (!camera->init_is_given) {
        status = give(walk, buffer_bytes(&camera->init));
        camera->init_is_given = true;
    }
    if (!status) {
        status = before_give(walk, camera);
    }
    camera->is_inside = true;
    return status ? status : give(walk, text);
}

static enum sting_status segment_take(struct walk *walk,
                                      struct walk_camera *camera,
                                      const struct line *line,
                                      struct bytes text)
{
    int64_t t0_us = 0, long_us = 0, key = 0;
    if (camera->init.size == 0 || line_time(line, "t0", &t0_us) ||
        line_integer(line, "us", &long_us) || line_integer(line, "key", &key) ||
        t0_us >= walk->of->to_us) {
        return STING_OK;
    }
    if (key || camera->before.size > MOST_BEFORE) {
        camera->before.size = 0;
    }
    if (t0_us + long_us > walk->of->from_us) {
        return inside_take(walk, camera, text);
    }
    return camera->is_inside ? STING_OK : buffer_append(&camera->before, text);
}

static enum sting_status line_take(struct walk *walk, const struct line *line,
                                   struct bytes text)
{
    char name[RECORDING_MOST_NAME + 1];
    bool is_init = !strcmp(line->kind->name, "init");
    if (!is_init && strcmp(line->kind->name, "seg") != 0) {
        return STING_OK;
    }
    line_text(line, "camera", name, sizeof name);
    struct walk_camera *camera = camera_of(walk, name);
    if (!camera) {
        return STING_OK;
    }
    if (!is_init) {
        return segment_take(walk, camera, line, text);
    }
    camera->init.size = 0;
    camera->before.size = 0;
    camera->init_is_given = false;
    return buffer_append(&camera->init, text);
}

enum sting_status play_parts_find(int operation, const struct secret *identity,
                                  const struct play_stretch *of,
                                  struct play_found *out, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct play_found found STING_AUTO(play_found_release) = {.count = 0};
    struct walk walk STING_AUTO(walk_release) = {.operation = operation,
                                                 .identity = identity,
                                                 .of = of,
                                                 .out = &found,
                                                 .fault = fault};
    /* At once, so that growing leaves no copies of keys behind. */
    enum sting_status status =
        buffer_reserve(&found.parts, (size_t)PLAY_MOST_PARTS * MOST_PART);
    if (!status) {
        status = ledger_reader_open(operation, &reader, fault);
    }
    struct line line;
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = line_take(&walk, &line, ledger_reader_text(reader));
    }
    if (status == STING_E_ABSENT && found.count == 0) {
        return fault_set(fault, status, "",
                         "%s has no sealed recording of that time",
                         of->cameras);
    }
    if (status && status != STING_E_ABSENT) {
        return status;
    }
    *out = found;
    found = (struct play_found){.count = 0};
    return STING_OK;
}

enum sting_status play_parts_next(struct bytes *from, const uint8_t **file_key,
                                  struct line *line)
{
    if (from->size == 0) {
        return STING_E_ABSENT;
    }
    if (from->size <= AGE_FILE_KEY_BYTES) {
        return STING_E_FORMAT;
    }
    const uint8_t *text = from->data + AGE_FILE_KEY_BYTES;
    const uint8_t *end = memchr(text, '\n', from->size - AGE_FILE_KEY_BYTES);
    if (!end ||
        line_parse((struct bytes){text, (size_t)(end - text) + 1}, line)) {
        return STING_E_FORMAT;
    }
    *file_key = from->data;
    from->size -= (size_t)(end - from->data) + 1;
    from->data = end + 1;
    return !strcmp(line->kind->name, "init") || !strcmp(line->kind->name, "seg")
               ? STING_OK
               : STING_E_FORMAT;
}
