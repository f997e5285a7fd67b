/* sting verify --witness: a small witness on somebody else's machine. */
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/verify_outside.h"
#include "web/witness.h"

#define BACKLOG 16

static volatile sig_atomic_t is_asked_to_end;

static void end_asked(int number)
{
    (void)number;
    is_asked_to_end = 1;
}

static uint64_t now_s(void)
{
    return (uint64_t)(clock_now().utc_us / 1000000);
}

static enum sting_status listen_at(const char *text, int *out,
                                   struct fault *fault)
{
    char host[128];
    const int on = 1;
    struct addrinfo *found = NULL;
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM,
                                    .ai_flags =
                                        AI_NUMERICHOST | AI_NUMERICSERV};
    const char *colon = strrchr(text, ':');
    bool is_6 = text[0] == '[';
    const char *digits = colon ? colon + 1 : text;
    uint32_t port = 0;
    if (!colon || !digits_read(&digits, 5, &port) || *digits ||
        port > UINT16_MAX || (size_t)(colon - text) >= sizeof host) {
        return fault_set(fault, STING_E_ARG, "write ADDRESS:PORT",
                         "\"%.60s\" is no address", text);
    }
    snprintf(host, sizeof host, "%.*s", (int)(colon - text) - (is_6 ? 2 : 0),
             text + is_6);
    if (getaddrinfo(host, colon + 1, &wanted, &found)) {
        return fault_set(fault, STING_E_ARG, "write ADDRESS:PORT",
                         "\"%.60s\" is no address", text);
    }
    *out =
        socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = *out >= 0 &&
              setsockopt(*out, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
              bind(*out, found->ai_addr, found->ai_addrlen) == 0 &&
              listen(*out, BACKLOG) == 0;
    freeaddrinfo(found);
    return ok ? STING_OK
              : fault_errno(fault, STING_E_IO, "use another port",
                            "%s cannot be listened at", text);
}

static enum sting_status logs_take(const struct outside *outside,
                                   struct witness *witness, struct fault *fault)
{
    for (size_t i = 0; i < outside->log_key.count; i++) {
        if (i == WITNESS_MOST_LOGS ||
            vkey_parse(outside->log_key.text[i], &witness->log[i]) ||
            witness->log[i].kind != VKEY_LOG) {
            return fault_set(fault, STING_E_ARG,
                             "copy log_key of sting verify OP --note --json",
                             "%.100s is no key of a ledger",
                             outside->log_key.text[i]);
        }
        witness->logs++;
    }
    return witness->logs > 0
               ? STING_OK
               : fault_set(fault, STING_E_ARG,
                           "add --log KEY: see sting verify OP --note --json",
                           "a witness needs a ledger to see");
}

static void tell(const struct witness *witness, int listener, bool as_json)
{
    char key[VKEY_TEXT_SIZE];
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof address;
    char host[64] = "";
    char port[16] = "";
    (void)getsockname(listener, (struct sockaddr *)&address, &size);
    (void)getnameinfo((struct sockaddr *)&address, size, host, sizeof host,
                      port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    vkey_text(&witness->vkey, key);
    if (as_json) {
        struct buffer line STING_AUTO(buffer_release) = {0};
        struct json *json STING_AUTO(json_free) = json_new_object();
        json_add_text(json, "event", "witness");
        json_add_text(json, "key", key);
        json_add_text(json, "address", host);
        json_add_integer(json, "port", strtol(port, NULL, 10));
        if (!json_line(json, &line)) {
            fputs(buffer_text(&line), stdout);
        }
    } else {
        printf("In operation.yaml of the ledger:\n\nanchors:\n"
               "  - witness: http://%s:%s\n    key: %s\n\nListening; Ctrl-C "
               "ends.\n",
               host, port, key);
    }
    fflush(stdout);
}

int verify_witness(const struct outside *outside, bool as_json)
{
    struct fault fault = {"", ""};
    struct witness witness STING_AUTO(witness_close) = {.dir = -1};
    int listener STING_AUTO(fd_close) = -1;
    struct sigaction action = {.sa_handler = end_asked};
    if (!outside->listen) {
        return command_fail(EXIT_USAGE, "verify",
                            fault_said(&fault, "add --listen ADDRESS:PORT"));
    }
    enum sting_status status =
        witness_open(outside->witness_folder, outside->witness_name,
                     &random_kernel, &witness, &fault);
    if (!status) {
        status = logs_take(outside, &witness, &fault);
    }
    if (!status) {
        status = listen_at(outside->listen, &listener, &fault);
    }
    if (status) {
        return command_failed(status, outside->witness_folder, &fault);
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    tell(&witness, listener, as_json);
    status = witness_serve(&witness, listener, now_s, &is_asked_to_end, &fault);
    return status ? command_fail(EXIT_FAILED, outside->witness_folder, &fault)
                  : EXIT_DONE;
}
