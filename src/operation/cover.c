#include "operation/cover.h"

#include <stdio.h>
#include <string.h>

#include "ledger/line.h"

static bool is(const struct line *line, const char *key, const char *value)
{
    return bytes_equal(line_raw(line, key), bytes_of_text(value));
}

static size_t find(const struct cover *cover, const char *camera)
{
    size_t at = 0;
    while (at < cover->cameras && strcmp(cover->camera[at].name, camera) != 0) {
        at++;
    }
    return at;
}

bool cover_has(const struct cover *cover, const char *camera)
{
    return find(cover, camera) < cover->cameras;
}

static void begin(struct cover *cover, const char *camera, int64_t incident)
{
    size_t at = find(cover, camera);
    if (at == CONFIG_MOST_CAMERAS) {
        return;
    }
    cover->cameras += at == cover->cameras;
    (void)snprintf(cover->camera[at].name, CONFIG_NAME_SIZE, "%s", camera);
    cover->camera[at].incident = incident;
}

static void end(struct cover *cover, size_t at)
{
    if (at < cover->cameras) {
        cover->camera[at] = cover->camera[--cover->cameras];
    }
}

/* Is the name one of those, with commas between? */
static bool names(const char *list, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (!strncmp(at, name, size) && (!at[size] || at[size] == ',')) {
            return true;
        }
    }
    return false;
}

static void close_take(struct cover *cover, const struct line *line,
                       int64_t incident)
{
    char blind[CONFIG_MOST_CAMERAS * CONFIG_NAME_SIZE];
    if (is(line, "blind", "*")) {
        return;
    }
    line_text(line, "blind", blind, sizeof blind);
    for (size_t i = cover->cameras; i-- > 0;) {
        if (cover->camera[i].incident == incident &&
            !names(blind, cover->camera[i].name)) {
            end(cover, i);
        }
    }
}

static void incident_take(struct cover *cover, const struct line *line)
{
    char camera[CONFIG_NAME_SIZE];
    int64_t number = 0;
    if (line_integer(line, "n", &number) || number <= 0) {
        return;
    }
    line_text(line, "camera", camera, sizeof camera);
    if (is(line, "state", "closed")) {
        close_take(cover, line, number);
    } else if (is(line, "state", "regained")) {
        end(cover, find(cover, camera));
    } else if (is(line, "kind", "tamper") && !is(line, "state", "team")) {
        begin(cover, camera, number);
    }
}

void cover_take(struct cover *cover, const struct line *line)
{
    char camera[CONFIG_NAME_SIZE];
    const char *kind = line->kind->name;
    if (!strcmp(kind, "session") || !strcmp(kind, "stop")) {
        cover->cameras = 0;
    } else if (!strcmp(kind, "camera") && !is(line, "state", "remark")) {
        line_text(line, "camera", camera, sizeof camera);
        end(cover, find(cover, camera));
    } else if (!strcmp(kind, "incident")) {
        incident_take(cover, line);
    }
}
