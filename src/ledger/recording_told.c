/* What is said of recordings, in lines and in the headers of their files, and
 * the files themselves. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/recording_state.h"

/* Numbers of a line as text, with room for each. */
struct numbers {
    char text[12][24];
    size_t used;
};

static const char *number(struct numbers *numbers, int64_t value)
{
    char *text = numbers->text[numbers->used++];
    snprintf(text, sizeof numbers->text[0], "%" PRId64, value);
    return text;
}

/* Seal plain bytes to a file that says in its header what it is. Without an
 * `out` nobody asks for its hash, but somebody waits: for a part the file key
 * was wrapped ahead. */
static enum sting_status seal_bytes(struct recording *recording,
                                    const char *note, struct bytes plain,
                                    struct buffer *sealed,
                                    struct ledger_blob *out,
                                    struct fault *fault)
{
    struct age_to to = ledger_recipients(recording->ledger);
    const struct random_source *random = ledger_random(recording->ledger);
    to.note = note;
    to.ahead = out ? NULL : &recording->ahead;
    enum sting_status status =
        out ? age_seal_hashed(&to, random, plain, sealed, &out->ct)
            : age_seal(&to, random, plain, sealed);
    if (status) {
        return fault_set(fault, status, "", "%zu bytes cannot be sealed: %s",
                         plain.size, sting_status_text(status));
    }
    if (out) {
        out->bytes = sealed->size;
    }
    return STING_OK;
}

enum sting_status recording_tell_init(struct recording *recording,
                                      struct moment now,
                                      const struct recording_name *name,
                                      const struct recording_init *init,
                                      struct fault *fault)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct numbers numbers = {.used = 0};
    struct ledger_blob made = {.bytes = 0};
    char path[RECORDING_PATH_SIZE];
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    struct line_field field[] = {
        {"camera", name->camera},
        {"date", name->date},
        {"n", number(&numbers, name->n)},
        {"width", number(&numbers, init->width_px)},
        {"height", number(&numbers, init->height_px)},
        {"codec", init->codec},
        {"pt", digest_text(digest_of(init->file), pt)},
        {"bytes", NULL},
        {"ct", NULL},
        {"masks", init->masks > 0 ? number(&numbers, init->masks) : NULL},
        {"raw", init->raw ? "1" : NULL},
    };
    const size_t fields = sizeof field / sizeof *field;
    if (line_note_write(&note, "head", field, fields)) {
        return fault_set(fault, STING_E_ARG, "", "the codec has no such name");
    }
    enum sting_status status = seal_bytes(recording, buffer_text(&note),
                                          init->file, &sealed, &made, fault);
    if (!status) {
        status = file_write(ledger_operation(recording->ledger),
                            recording_name_path(name, path),
                            buffer_bytes(&sealed), 0600, fault);
    }
    if (status) {
        return status;
    }
    field[7].value = number(&numbers, (int64_t)made.bytes);
    field[8].value = digest_text(made.ct, ct);
    return ledger_append(recording->ledger, now, "init", field, fields, NULL,
                         fault);
}

#define TOLD_FIELDS 16
#define TOLD_BYTES 13
#define TOLD_CT 14

/* To nearest: a network makes it no better known than that. */
static const char *clock_ms(struct numbers *numbers, const struct told *told)
{
    int64_t half = told->clock_us < 0 ? -500 : 500;
    return told->has_clock ? number(numbers, (told->clock_us + half) / 1000)
                           : NULL;
}

static void tell(const struct recording *recording, const struct told *told,
                 struct numbers *numbers, char time[LINE_TIME_SIZE],
                 char pt[DIGEST_TEXT_SIZE], struct line_field *out)
{
    const struct segment *segment = told->segment;
    bool whole = told->part < 0;
    const struct line_field field[TOLD_FIELDS] = {
        {"camera", segment->name.camera},
        {"date", segment->name.date},
        {"n", number(numbers, segment->name.n)},
        {"part", whole ? NULL : number(numbers, told->part)},
        {"init", number(numbers, recording->init)},
        {"t0", line_time_text(told->utc_us, time)},
        {"pts", number(numbers, told->pts_us)},
        {"us", number(numbers, told->duration_us)},
        {"frames", number(numbers, told->frames)},
        {"key", told->starts_with_key ? "1" : "0"},
        {"pt", digest_text(told->pt, pt)},
        {"looks", whole ? number(numbers, segment->looks) : NULL},
        {"act", whole ? number(numbers, segment->activity) : NULL},
        {"bytes", NULL},
        {"ct", NULL},
        {"clock_ms", clock_ms(numbers, told)},
    };
    memcpy(out, field, sizeof field);
}

enum sting_status recording_put(struct recording *recording,
                                const struct told *told, struct bytes plain,
                                struct ledger_blob *made, uint64_t *put,
                                struct fault *fault)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct numbers numbers = {.used = 0};
    struct line_field field[TOLD_FIELDS];
    char path[RECORDING_PATH_SIZE];
    char time[LINE_TIME_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    struct recording_name name = told->segment->name;
    name.kind = told->part < 0 ? RECORDING_SEGMENT : RECORDING_PART;
    name.part = told->part;
    tell(recording, told, &numbers, time, pt, field);
    enum sting_status status =
        line_note_write(&note, "part", field, TOLD_FIELDS);
    if (status) {
        return fault_set(fault, status, "", "the note of a recording: %s",
                         sting_status_text(status));
    }
    status =
        seal_bytes(recording, buffer_text(&note), plain, &sealed, made, fault);
    return status
               ? status
               : syncer_put(recording->syncer, recording_name_path(&name, path),
                            &sealed, put, fault);
}

enum sting_status recording_tell(struct recording *recording, struct moment now,
                                 const struct told *told,
                                 const struct ledger_blob *made,
                                 struct fault *fault)
{
    struct numbers numbers = {.used = 0};
    struct line_field field[TOLD_FIELDS];
    char time[LINE_TIME_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    char ct[DIGEST_TEXT_SIZE];
    tell(recording, told, &numbers, time, pt, field);
    field[TOLD_BYTES].value = number(&numbers, (int64_t)made->bytes);
    field[TOLD_CT].value = digest_text(made->ct, ct);
    return ledger_append(recording->ledger, now, "seg", field, TOLD_FIELDS,
                         NULL, fault);
}
