/* sting verify OP --note: the newest checkpoint, to be kept outside. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/verify_outside.h"
#include "ledger/anchor_file.h"
#include "ledger/reader.h"
#include "print/qr.h"

/* The log's key as witnesses want it; "" when the first line has none. */
static void log_key(int folder, char text[VKEY_TEXT_SIZE])
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    struct vkey key = {.kind = VKEY_LOG};
    text[0] = '\0';
    if (!ledger_reader_open(folder, &reader, NULL) &&
        !ledger_reader_next(reader, &line) &&
        !line_hex(&line, "log", key.key.byte, PUBLIC_KEY_SIZE)) {
        line_text(&line, "origin", key.name, sizeof key.name);
        vkey_text(&key, text);
    }
}

static enum sting_status note_json(int folder, const struct note *note,
                                   struct buffer *out)
{
    char key[VKEY_TEXT_SIZE];
    char text[NOTE_MOST_BYTES];
    struct json *json STING_AUTO(json_free) = json_new_object();
    snprintf(text, sizeof text, "%.*s", (int)note->text.size, note->text.data);
    log_key(folder, key);
    json_add_text(json, "note", text);
    json_add_integer(json, "entries", (int64_t)note->size);
    json_add_text(json, "log_key", key[0] ? key : NULL);
    return json_line(json, out);
}

int verify_note(const char *folder, bool as_qr, bool as_json)
{
    struct fault fault = {"", ""};
    struct note note;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    int dir STING_AUTO(fd_close) =
        open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) {
        (void)fault_errno(&fault, STING_E_IO, "name the folder of an operation",
                          "the folder cannot be opened");
        return command_fail(EXIT_FAILED, folder, &fault);
    }
    enum sting_status status = anchor_newest_note(dir, &text, &note, &fault);
    if (!status) {
        status = as_json ? note_json(dir, &note, &out)
                 : as_qr ? qr_text(note.text, &out)
                         : buffer_append(&out, note.text);
    }
    if (status) {
        return command_fail(EXIT_FAILED, folder, &fault);
    }
    return fputs(buffer_text(&out), stdout) == EOF ? EXIT_FAILED : EXIT_DONE;
}
