/* The console's beginning: its port, its certificate, the first who may use
 * it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "crypt/certificate.h"
#include "station/console_answer.h"
#include "station/console_bait.h"
#include "station/convert.h"
#include "station/incidents.h"
#include "station/play.h"
#include "station/snapshot.h"
#include "station/viewing.h"

#define SECOND_US INT64_C(1000000)
#define CERTIFICATE_FILE "keys/console.crt"
#define KEY_FILE "keys/console.key"
#define MOST_PEM ((size_t)30 * 1024)
#define FIRST_US (3600 * SECOND_US)

static enum sting_status certificate_new(int dir, struct console *console,
                                         struct fault *fault)
{
    char names[160];
    char host[48] = "127.0.0.1";
    const char *end = strrchr(console->at, ':');
    size_t bracket = console->at[0] == '[' ? 1 : 0;
    if (end) {
        snprintf(host, sizeof host, "%.*s",
                 (int)((size_t)(end - console->at) - 2 * bracket),
                 console->at + bracket);
    }
    snprintf(names, sizeof names, "DNS:localhost,IP:127.0.0.1,IP:::1,IP:%s",
             host);
    console->certificate.size = 0;
    console->key.size = 0;
    enum sting_status status = certificate_make(
        names, clock_now().utc_us, &console->certificate, &console->key);
    if (status) {
        return fault_set(fault, status, "",
                         "a certificate for the console cannot be made");
    }
    status =
        file_write(dir, KEY_FILE, buffer_bytes(&console->key), 0600, fault);
    return status
               ? status
               : file_write(dir, CERTIFICATE_FILE,
                            buffer_bytes(&console->certificate), 0600, fault);
}

/* The operation's own, or one made now. */
static enum sting_status certificate_load(struct console *console,
                                          struct fault *fault)
{
    int dir = operation_dir(console->desk->operation);
    enum sting_status status = file_read(dir, CERTIFICATE_FILE, MOST_PEM,
                                         &console->certificate, fault);
    if (!status) {
        status = file_read(dir, KEY_FILE, MOST_PEM, &console->key, fault);
    }
    return status == STING_E_ABSENT ? certificate_new(dir, console, fault)
                                    : status;
}

static enum sting_status tell_place(struct console *console,
                                    struct fault *fault)
{
    char hex[DIGEST_TEXT_SIZE];
    struct digest fingerprint;
    enum sting_status status = certificate_fingerprint(
        buffer_bytes(&console->certificate), &fingerprint);
    if (status) {
        return fault_set(fault, status, "it is PEM text; remove it for another",
                         "%s holds no certificate", CERTIFICATE_FILE);
    }
    const struct tale on = {.event = "console", .state = "on"};
    tell(console->desk->teller, &on,
         "console at https://%s/, its certificate has SHA-256 %s", console->at,
         digest_text(fingerprint, hex));
    return STING_OK;
}

/* Nobody has a password yet: who started the station is let in once. */
static void first_begin(struct console *console, struct moment now)
{
    char hex[2 * SECRET_SIZE + 1];
    struct secret secret STING_AUTO(secret_wipe) =
        random_secret(operation_random(console->desk->operation));
    const struct digest hash = digest_of(secret_bytes(&secret));
    const struct tale first = {.event = "console", .state = "first"};
    if (console->users.count > 0) {
        return;
    }
    memcpy(console->first.byte, hash.byte, SECRET_SIZE);
    console->first_until_us = now.boot_us + FIRST_US;
    hex_write(secret_bytes(&secret), hex);
    tell(console->desk->teller, &first,
         "nobody has a password yet; open this once, within an hour: "
         "https://%s/#first=%s",
         console->at, hex);
    secret_wipe_bytes(hex, sizeof hex);
}

static bool parts_new(struct console *console)
{
    console->viewing = viewing_new();
    console->snapshot = calloc(1, sizeof *console->snapshot);
    console->playing = playing_new();
    console->converting = converting_new();
    if (!console->viewing || !console->snapshot || !console->playing ||
        !console->converting) {
        return false;
    }
    *console->snapshot = (struct snapshot){.worker = WORKER_NONE, .camera = -1};
    return passwords_new(&console->passwords) == STING_OK;
}

enum sting_status console_open(struct console *console, struct desk *desk,
                               const char *at, struct fault *fault)
{
    const struct config *config = operation_config(desk->operation);
    console->desk = desk;
    if (config->role == CONFIG_BOX) {
        return fault_set(fault, STING_E_ARG, "leave --listen out",
                         "a box has no open port");
    }
    enum sting_status status =
        users_load(operation_dir(desk->operation), &console->users, fault);
    if (!status) {
        status = listen_open(at, &console->listener, console->at, fault);
    }
    if (!status) {
        status = certificate_load(console, fault);
    }
    if (!status) {
        status = console_traces_new(desk->operation, &console->traces, fault);
    }
    if (!status && !parts_new(console)) {
        status = fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    if (!status) {
        status = tell_place(console, fault);
    }
    if (!status) {
        uint32_t next = 1;
        status = incidents_first_number(desk->operation, &next, fault);
        console->incidents = next - 1;
    }
    if (!status) {
        first_begin(console, clock_now());
    }
    return status;
}

void console_cameras(struct console *console, const struct camera *camera,
                     size_t cameras)
{
    console->camera = camera;
    console->cameras = cameras;
}
