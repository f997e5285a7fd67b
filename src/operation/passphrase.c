#include "operation/passphrase.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "crypt/secret.h"

#define LEAST_BYTES 8

struct bytes passphrase_bytes(const struct passphrase *passphrase)
{
    return (struct bytes){passphrase->byte, passphrase->size};
}

void passphrase_wipe(struct passphrase *passphrase)
{
    secret_wipe_bytes(passphrase, sizeof *passphrase);
}

/* Keep the bytes up to the first line break. */
static enum sting_status first_line(struct bytes from, struct passphrase *out,
                                    struct fault *fault)
{
    const uint8_t *end = from.size ? memchr(from.data, '\n', from.size) : NULL;
    size_t size = end ? (size_t)(end - from.data) : from.size;
    if (size > 0 && from.data[size - 1] == '\r') {
        size--;
    }
    if (size > PASSPHRASE_SIZE) {
        return fault_set(fault, STING_E_LIMIT, "choose a shorter one",
                         "the passphrase is longer than %d bytes",
                         PASSPHRASE_SIZE);
    }
    if (size == 0) {
        return fault_set(fault, STING_E_ARG, "", "the passphrase is empty");
    }
    memcpy(out->byte, from.data, size);
    out->size = size;
    return STING_OK;
}

static enum sting_status from_file(const char *file, struct passphrase *out,
                                   struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    /* Reserved first, so that growing leaves no copy behind. */
    enum sting_status status = buffer_reserve(&text, (size_t)512 * 1024);
    if (!status) {
        status = file_read(AT_FDCWD, file, (size_t)4 * PASSPHRASE_SIZE, &text,
                           fault);
    }
    return status ? status : first_line(buffer_bytes(&text), out, fault);
}

/* Ask on the terminal. Its echo is off before the prompt is there: what is
 * typed from then on is kept, and shown to nobody. */
static enum sting_status ask(int terminal, const char *prompt,
                             struct passphrase *out, struct fault *fault)
{
    uint8_t line[PASSPHRASE_SIZE + 2];
    struct termios before;
    ssize_t got = -1;
    if (tcgetattr(terminal, &before) != 0) {
        return fault_errno(fault, STING_E_IO, "use --passphrase-file",
                           "the terminal cannot be used");
    }
    struct termios quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ECHONL | ICANON;
    if (tcsetattr(terminal, TCSAFLUSH, &quiet) == 0 &&
        file_write_fd(terminal, bytes_of_text(prompt)) == STING_OK) {
        got = read(terminal, line, sizeof line);
    }
    enum sting_status status =
        got < 0 ? fault_errno(fault, STING_E_IO, "use --passphrase-file",
                              "the terminal gives nothing")
                : first_line((struct bytes){line, (size_t)got}, out, fault);
    tcsetattr(terminal, TCSAFLUSH, &before);
    secret_wipe_bytes(line, sizeof line);
    return status;
}

static enum sting_status from_terminal(enum passphrase_use use,
                                       const char *whose,
                                       struct passphrase *out,
                                       struct fault *fault)
{
    char prompt[80];
    struct passphrase again STING_AUTO(passphrase_wipe) = {0};
    int terminal STING_AUTO(fd_close) = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0) {
        return fault_set(fault, STING_E_ABSENT,
                         *whose ? "give one more --passphrase-file FILE"
                                : "use --passphrase-file FILE",
                         "there is no terminal to ask for the passphrase%.40s",
                         whose);
    }
    (void)snprintf(prompt, sizeof prompt, "%sassphrase%.40s: ",
                   use == PASSPHRASE_CHOOSE ? "New p" : "P", whose);
    enum sting_status status = ask(terminal, prompt, out, fault);
    if (status || use == PASSPHRASE_OPEN) {
        return status;
    }
    status = ask(terminal, "Once more: ", &again, fault);
    if (!status &&
        !bytes_equal(passphrase_bytes(out), passphrase_bytes(&again))) {
        return fault_set(fault, STING_E_ARG, "start again",
                         "the two passphrases differ");
    }
    return status;
}

enum sting_status passphrase_read(const char *file, enum passphrase_use use,
                                  const char *whose, struct passphrase *out,
                                  struct fault *fault)
{
    (void)mlock(out, sizeof *out); /* best effort; the limit may be small */
    enum sting_status status = file ? from_file(file, out, fault)
                                    : from_terminal(use, whose, out, fault);
    if (!status && use == PASSPHRASE_CHOOSE && out->size < LEAST_BYTES) {
        status =
            fault_set(fault, STING_E_ARG, "choose a longer one",
                      "the passphrase is shorter than %d bytes", LEAST_BYTES);
    }
    if (status) {
        passphrase_wipe(out);
    }
    return status;
}
