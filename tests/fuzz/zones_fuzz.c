/* operation.yaml with other zones: what was drawn is read back as it was
 * written; what is written says what was wanted and nothing else new, keeps
 * comments where no zone goes, and to write it once more changes no byte.
 *
 * The input is the text behind `recipients:`, a line "%%", and the zones that
 * are drawn for the camera "garage". */
#include "operation/config_zones.h"
#include "tests/fuzz/edited.h"

#define MOST_DRAWN 12000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_place(const struct config_zone *a, const struct config_zone *b)
{
    bool same = a->points == b->points && a->copy == b->copy &&
                !strcmp(a->name, b->name) && !strcmp(a->bait, b->bait);
    for (size_t i = 0; same && i < a->points; i++) {
        double x = a->point[i].x - b->point[i].x;
        double y = a->point[i].y - b->point[i].y;
        same = x < 1e-4 && x > -1e-4 && y < 1e-4 && y > -1e-4;
    }
    return same;
}

/* As a browser writes them. */
static void zones_say(const struct config_zones *zones, struct buffer *out)
{
    for (size_t i = 0; i < zones->count; i++) {
        const struct config_zone *zone = &zones->zone[i];
        hold(!buffer_printf(out, "%s %s ", zone->name,
                            zone->bait[0] ? zone->bait : "-"));
        hold(!(zone->copy ? buffer_printf(out, "%u", zone->copy)
                          : buffer_text_append(out, "-")));
        for (size_t k = 0; k < zone->points; k++) {
            hold(!buffer_printf(out, " %.4f,%.4f", zone->point[k].x,
                                zone->point[k].y));
        }
        hold(!buffer_text_append(out, "\n"));
    }
}

static void drawn_hold(const struct config_zones *zones)
{
    static struct config_zones again;
    struct fault fault = {"", ""};
    struct buffer text STING_AUTO(buffer_release) = {0};
    zones_say(zones, &text);
    hold(!config_zones_parse(buffer_text(&text), &again, &fault));
    hold(again.count == zones->count);
    for (size_t i = 0; i < zones->count; i++) {
        hold(same_place(&zones->zone[i], &again.zone[i]));
    }
}

/* All that stands behind a # in a row of `before` stands in `after`. */
static void comments_hold(struct bytes before, struct bytes after)
{
    while (before.size > 0) {
        const uint8_t *end = memchr(before.data, '\n', before.size);
        size_t line = end ? (size_t)(end - before.data) : before.size;
        const uint8_t *mark = memchr(before.data, '#', line);
        bool is_comment = mark && (mark == before.data || mark[-1] == ' ');
        hold(!is_comment ||
             memmem(after.data, after.size, mark,
                    line - (size_t)(mark - before.data)) != NULL);
        before.data += line + (end != NULL);
        before.size -= line + (end != NULL);
    }
}

/* Nothing of the camera but what is drawn is other than before. */
static void rest_hold(const struct config_camera *was,
                      const struct config_camera *is,
                      const struct config_zones *wanted)
{
    hold(!strcmp(was->url, is->url) && !strcmp(was->place, is->place) &&
         !strcmp(was->password_file, is->password_file) &&
         was->look == is->look && was->masks == is->masks &&
         is->zones == wanted->count);
    for (size_t i = 0; i < is->zones; i++) {
        const struct config_zone *zone = &is->zone[i];
        const struct config_zone *want = config_zones_find(wanted, zone->name);
        hold(want && same_place(zone, want));
        for (size_t k = 0; k < was->zones; k++) {
            const struct config_zone *old = &was->zone[k];
            hold(strcmp(old->name, zone->name) != 0 ||
                 (!strcmp(old->instruction, zone->instruction) &&
                  old->length.metres == zone->length.metres));
        }
    }
}

static bool none_goes(const struct config_camera *was,
                      const struct config_zones *wanted)
{
    for (size_t i = 0; i < was->zones; i++) {
        if (!config_zones_find(wanted, was->zone[i].name)) {
            return false;
        }
    }
    return true;
}

static void written_hold(struct bytes text, const struct config_zones *wanted,
                         const struct buffer *out)
{
    struct config *before STING_AUTO(config_free) = NULL;
    struct config *after STING_AUTO(config_free) = NULL;
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes;
    struct fault fault = {"", ""};
    hold(!config_parse(text, &before, &mistakes));
    hold(!config_parse(buffer_bytes(out), &after, &mistakes));
    int index = config_camera_find(before, "garage");
    hold(index >= 0 && config_camera_find(after, "garage") == index);
    rest_hold(&before->camera[index], &after->camera[index], wanted);
    if (none_goes(&before->camera[index], wanted)) {
        comments_hold(text, buffer_bytes(out));
    }
    hold(
        !config_zones_set(buffer_bytes(out), "garage", wanted, &again, &fault));
    hold(bytes_equal(buffer_bytes(out), buffer_bytes(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config_zones wanted;
    static char drawn[MOST_DRAWN];
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    if (!edited_take(data, size, &text, drawn, sizeof drawn)) {
        return 0;
    }
    wanted.count = 0;
    if (config_zones_parse(drawn, &wanted, &fault)) {
        return 0;
    }
    drawn_hold(&wanted);
    if (!config_zones_set(buffer_bytes(&text), "garage", &wanted, &out,
                          &fault)) {
        written_hold(buffer_bytes(&text), &wanted, &out);
    }
    return 0;
}
