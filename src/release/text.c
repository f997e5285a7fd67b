/* The text beside a cut: what it is, what it derives from, how to check. */
#include "base/clock.h"
#include "release/release.h"

/* One paragraph a line of this table; plain words for people in a hurry. */
static const char checking[] =
    "How to check it\n"
    "\n"
    "The SHA-256 above is that of the clip; `sha256sum` shows whether a copy\n"
    "of it is unchanged. The same number stands in the operation's ledger, in\n"
    "a line of kind `release`. Whoever keeps the operation can show that "
    "line,\n"
    "the entries named below and the sealed segments; `sting verify` tells\n"
    "whether ledger and segments are whole, and anybody to whom a segment is\n"
    "opened can compare what it shows with this clip. That line holds the\n"
    "SHA-256 of this text too, as `pt`: areas added to it or taken from it\n"
    "later show by that.\n"
    "\n"
    "What it cannot show\n"
    "\n"
    "A clip shows what stood in front of one camera. It does not show what "
    "was\n"
    "outside the picture, before or after, nor under the filled areas. "
    "Nothing\n"
    "stops a staged scene, nor somebody who owned the machine before it\n"
    "recorded.\n"
    "\n";

static enum sting_status head(const struct release_order *order,
                              const struct release_made *made, const char *file,
                              struct buffer *out)
{
    char from[CLOCK_TEXT_SIZE];
    char to[CLOCK_TEXT_SIZE];
    char sha256[DIGEST_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out,
        "%s\n"
        "\n"
        "sha256     %s\n"
        "pictures   %u, of %u x %u\n"
        "from       %s\n"
        "to         %s\n"
        "incident   %u, camera %s\n",
        file, digest_text(made->sha256, sha256), made->summary.frames,
        made->summary.width_px, made->summary.height_px,
        clock_text(made->from_us, from), clock_text(made->to_us, to),
        order->incident, order->camera);
    if (!status && made->films > 1) {
        status =
            buffer_printf(out,
                          "film       %zu of %zu: the camera's stream began "
                          "anew in between,\n"
                          "           and each film is a clip of its own\n",
                          made->film, made->films);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status changes(const struct release_order *order,
                                 struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out,
        "What was done to it\n"
        "\n"
        "Every picture was decoded and encoded anew. %s\n"
        "There is no sound, no date and no name of a device or program in the\n"
        "file, and no picture from outside the times above.\n",
        order->enhance ? "Grain was averaged over\ntime and the light raised "
                         "by one curve for the whole clip; nothing was\n"
                         "invented or removed by that."
                       : "Nothing else was changed.");
    for (size_t i = 0; !status && i < order->masks; i++) {
        const struct player_mask *mask = &order->mask[i];
        status = buffer_printf(
            out,
            "Filled with black on every picture: %.1f %% from the left, "
            "%.1f %% from\nthe top, %.1f %% wide, %.1f %% high, and a little "
            "more around.\n",
            100 * mask->x, 100 * mask->y, 100 * mask->width,
            100 * mask->height);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status sources(const struct release_made *made,
                                 const struct release_origin *origin,
                                 struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out,
        "What it derives from\n"
        "\n"
        "operation  %s\n"
        "case key   %s\n"
        "\n"
        "Sealed segments of the recording, by their entries in the ledger.\n"
        "`ct` is the SHA-256 of the sealed file, `pt` of what is inside.\n",
        origin->name, origin->case_key);
    for (size_t i = 0; !status && i < made->segments; i++) {
        const struct footage_segment *segment = &made->segment[i];
        char time[CLOCK_TEXT_SIZE];
        char ct[DIGEST_TEXT_SIZE];
        char pt[DIGEST_TEXT_SIZE];
        status = buffer_printf(
            out, "\nentry %llu, %s, %.1f s\n  %s\n  ct %s\n  pt %s\n",
            (unsigned long long)segment->seq, clock_text(segment->t0_us, time),
            (double)segment->duration_us / 1e6, segment->path,
            digest_text(segment->ct, ct), digest_text(segment->pt, pt));
    }
    return status;
}

enum sting_status release_text(const struct release_order *order,
                               const struct release_made *made,
                               const struct release_origin *origin,
                               const char *file, struct buffer *out)
{
    enum sting_status status = head(order, made, file, out);
    if (!status) {
        status = changes(order, out);
    }
    if (!status) {
        status = buffer_text_append(out, checking);
    }
    return status ? status : sources(made, origin, out);
}
