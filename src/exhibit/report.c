/* The report: what a reader without our tools is told, on paper and screen. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "exhibit/gathered.h"

static const char *given(const char *text)
{
    return text && *text ? text : "not stated";
}

static void fact(struct document *d, const char *name, const char *value)
{
    document_row(d, (const char *const[]){name, value});
}

static void facts(struct document *d)
{
    document_table(d, 2, NULL, (const double[]){0.3, 0.7});
}

static void limits(const struct gathered *g, struct document *d)
{
    char text[GATHERED_SHORT_SIZE];
    document_heading(d, "What this exhibit cannot show");
    if (gathered_short(g, text)[0]) {
        document_point(d, "%s", text);
    }
    for (size_t i = 0; i < g->runs; i++) {
        char gone[GATHERED_GONE_SIZE];
        document_point(d, "%s", gathered_gone(g, &g->run[i], gone));
    }
    for (size_t i = 0; exhibit_limit[i]; i++) {
        document_point(d, "%s", exhibit_limit[i]);
    }
    document_break(d);
}

static void marks(const struct gathered *g, struct document *d)
{
    const struct exhibit_order *order = g->order;
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE], text[64];
    document_heading(d, "Marks and question");
    facts(d);
    fact(d, "Exhibit", order->mark);
    fact(d, "Case", given(order->case_mark));
    fact(d, "Question", given(order->question));
    fact(d, "Camera", order->camera);
    (void)snprintf(text, sizeof text, "%s to %s",
                   line_time_text(order->from_us, from),
                   line_time_text(order->to_us, to));
    fact(d, "Stretch asked for, UTC", text);
    fact(d, "The recording begins at", line_time_text(g->since_us, from));
    fact(d, "The recording goes up to", line_time_text(g->until_us, to));
    (void)snprintf(text, sizeof text, order->incident ? "%u" : "none named",
                   order->incident);
    fact(d, "Incident", text);
    fact(d, "Operation", g->origin);
}

static void films(const struct gathered *g, struct document *d)
{
    document_heading(d, "Recording");
    document_text(
        d, DOCUMENT_PLAIN,
        "Each file is one stretch of one stream, joined from the sealed "
        "segments without changing a byte. It plays in any browser, whose own "
        "time counts from when the camera or the machine was started; UTC "
        "stands under Continuity. A working copy that is brightened, cut or "
        "masked is another exhibit.");
    document_table(d, 4,
                   (const char *const[]){"File", "Bytes", "Pieces", "SHA-256"},
                   (const double[]){0.26, -0.14, -0.1, 0.5});
    for (size_t i = 0; i < g->films; i++) {
        const struct gathered_film *film = &g->film[i];
        char bytes[24], pieces[24], hash[DIGEST_TEXT_SIZE];
        (void)snprintf(bytes, sizeof bytes, "%" PRIu64, film->bytes);
        (void)snprintf(pieces, sizeof pieces, "%zu", film->pieces);
        document_row(d, (const char *const[]){film->path, bytes, pieces,
                                              digest_text(film->sha256, hash)});
    }
    document_text(d, DOCUMENT_SMALL,
                  "All other files with their SHA-256: manifest-sha256.txt and "
                  "tagmanifest-sha256.txt.");
}

/* What was measured of the camera and the program; nothing is guessed. */
/* Whether a stream is what the camera sent. */
static const char *generation(const struct line *init)
{
    return line_has(init, "masks") ? "Stream, second generation"
           : line_has(init, "raw") ? "Stream of raw pictures, encoded there"
                                   : "Stream as received";
}

static void equipment(const struct gathered *g, struct document *d)
{
    document_heading(d, "Equipment and software");
    facts(d);
    fact(d, "Exhibit made with", "sting " STING_VERSION);
    for (size_t i = 0; i < g->lines; i++) {
        struct line line = gathered_parse(g, i);
        char value[4][128], text[600];
        if (!g->line[i].is_shown) {
            continue;
        }
        if (gathered_is(&line, "init")) {
            (void)snprintf(
                text, sizeof text, "%s, %s x %s pixels (entry %" PRIu64 ")",
                line_text(&line, "codec", value[0], sizeof *value),
                line_text(&line, "width", value[1], sizeof *value),
                line_text(&line, "height", value[2], sizeof *value), line.seq);
            bool is_masked = line_has(&line, "masks");
            fact(d, generation(&line), text);
            if (is_masked) {
                (void)snprintf(
                    text, sizeof text,
                    "%s areas were blacked out and every picture "
                    "encoded anew before anything was kept: these "
                    "are not the camera's own pictures, and what "
                    "was there is nowhere",
                    line_text(&line, "masks", value[3], sizeof *value));
                fact(d, "Masked", text);
            }
        } else if (gathered_is(&line, "session")) {
            (void)snprintf(
                text, sizeof text,
                "sting %s, configuration SHA-256 %s (entry %" PRIu64 ")",
                line_text(&line, "version", value[0], sizeof *value),
                given(line_text(&line, "config", value[1], sizeof *value)),
                line.seq);
            fact(d, "Written by", text);
        }
    }
    fact(d, "Make, model and lens of the camera", "unknown: not recorded");
}

static void keys(const struct gathered *g, struct document *d)
{
    char hash[DIGEST_TEXT_SIZE], key[DIGEST_TEXT_SIZE], text[64];
    document_heading(d, "Keys and signatures");
    facts(d);
    hex_write((struct bytes){g->case_key.byte, PUBLIC_KEY_SIZE}, key);
    fact(d, "Case key (Ed25519)", key);
    fact(d, "Its fingerprint, SHA-256",
         digest_text(
             digest_of((struct bytes){g->case_key.byte, PUBLIC_KEY_SIZE}),
             hash));
    hex_write((struct bytes){g->log_key.byte, PUBLIC_KEY_SIZE}, key);
    fact(d, "Log key (Ed25519)", key);
    (void)snprintf(text, sizeof text, "%" PRIu64 " lines of the ledger",
                   gathered_final(g)->lines);
    fact(d, "Checkpoint signs", text);
    if (g->office.size > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "This record was made elsewhere and imported by %s, "
                      "whose log key signs the exhibit; its ledger tells who "
                      "opened the record.",
                      g->signer);
    }
    document_text(
        d, DOCUMENT_PLAIN,
        "Compare the fingerprint with what was written down when the operation "
        "began: whoever owns a machine can make up a whole other operation "
        "with a case key of its own. Each epoch signed with a key of its own, "
        "named at the end of the epoch before; the lines that name them, and "
        "the checkpoints that those keys signed, are in data/ledger.");
}

static void verification(const struct gathered *g, struct document *d)
{
    const char *at = given(g->order->transcript);
    document_heading(d, "Verification");
    document_text(d, DOCUMENT_PLAIN,
                  "The whole operation, when this exhibit was made, as sting "
                  "verify told it:");
    while (*at) {
        size_t size = strcspn(at, "\n");
        document_text(d, DOCUMENT_SMALL, "%.*s", (int)size, at);
        at += at[size] ? size + 1 : size;
    }
    document_text(d, DOCUMENT_PLAIN,
                  "To check the exhibit itself: sh VERIFY.sh (a POSIX shell, "
                  "openssl, xxd, sha256sum), python3 verify.py (nothing "
                  "else), or sting verify. All three apply the same rules, "
                  "which docs/formats/exhibit.md of sting describes byte by "
                  "byte.");
}

static void processing(struct document *d)
{
    document_heading(d, "Processing");
    document_point(d, "Sealed segments were opened with the operation's "
                      "identity; each one's SHA-256 before and after opening "
                      "was compared with its line of the ledger.");
    document_point(d, "Segments were joined in their order behind the "
                      "stream's header. Nothing was decoded, encoded, cut, "
                      "masked, brightened or left out of a segment.");
    document_point(d, "The recording begins at the keyframe before the "
                      "stretch, without which the first pictures could not "
                      "be shown, and ends with the segment that holds its "
                      "end. Where what is before a picture was deleted, it "
                      "may be incomplete up to the next keyframe.");
}

static void statement(const struct gathered *g, struct document *d)
{
    static const char *const blank[] = {
        "Name",
        "Occupation, and qualification to make this statement",
        "What I did, when and where (made the exhibit; copied it; checked it)",
        "The process gives an accurate result because",
        "SHA-256 of tagmanifest-sha256.txt as I found it",
        "Fingerprint of the case key, and where I had it from",
        "From whom I received the exhibit, and to whom I gave it",
        "Place and date",
        "Signature"};
    document_break(d);
    document_heading(d, "Statement");
    document_text(d, DOCUMENT_PLAIN,
                  "To be filled in by the person who produces exhibit %s. "
                  "What is not known stays blank.",
                  g->order->mark);
    document_table(d, 2, NULL, (const double[]){0.4, 0.6});
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
        document_row(d, (const char *const[]){blank[i], "\n\n"});
    }
}

enum sting_status report_put(const struct gathered *g, struct bag *bag,
                             struct fault *fault)
{
    struct document *d STING_AUTO(document_free) = NULL;
    struct buffer html STING_AUTO(buffer_release) = {0};
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    char title[64], about[160];
    (void)snprintf(title, sizeof title, "Exhibit %s", g->order->mark);
    (void)snprintf(about, sizeof about,
                   "Report beside the recording of camera %s, by the record of "
                   "%s",
                   g->order->camera, g->origin);
    enum sting_status status = document_new(title, about, &d);
    if (status) {
        return status;
    }
    limits(g, d);
    marks(g, d);
    films(g, d);
    report_times(g, d);
    report_own_clock(g, d);
    report_continuity(g, d);
    report_incidents(g, d);
    report_traces(g, d);
    equipment(g, d);
    report_custody(g, d);
    keys(g, d);
    report_anchors(g, d);
    verification(g, d);
    processing(d);
    statement(g, d);
    status = document_html(d, &html);
    if (!status) {
        status = bag_put(bag, "data/REPORT.html", buffer_bytes(&html), fault);
    }
    if (!status) {
        status = document_pdf(d, &pdf);
    }
    return status ? status
                  : bag_put(bag, "data/REPORT.pdf", buffer_bytes(&pdf), fault);
}
