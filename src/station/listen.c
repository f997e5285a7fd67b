#include "station/listen.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

#define BACKLOG 128
#define HOST_SIZE 48
#define PORT_SIZE 8

/* The resolver takes 99999 for 34463. */
static bool is_port(const char *digits)
{
    uint32_t port = 0;
    return digits_read(&digits, 5, &port) && !*digits && port <= UINT16_MAX;
}

static bool text_cut(const char *text, char host[HOST_SIZE],
                     char port[PORT_SIZE])
{
    const char *colon = strrchr(text, ':');
    size_t brackets = text[0] == '[' ? 1 : 0;
    const char *digits = colon ? colon + 1 : text;
    size_t size = colon ? (size_t)(colon - text) : 0;
    if (!colon) {
        snprintf(host, HOST_SIZE, "127.0.0.1");
    } else {
        if (size < 2 * brackets + 1 || size - 2 * brackets >= HOST_SIZE ||
            (brackets && text[size - 1] != ']')) {
            return false;
        }
        snprintf(host, HOST_SIZE, "%.*s", (int)(size - 2 * brackets),
                 text + brackets);
    }
    return is_port(digits) &&
           snprintf(port, PORT_SIZE, "%s", digits) < PORT_SIZE;
}

static int socket_open(const struct addrinfo *at)
{
    const int on = 1;
    int made STING_AUTO(fd_close) =
        socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0 ||
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(made, at->ai_addr, at->ai_addrlen) != 0 ||
        listen(made, BACKLOG) != 0) {
        return -1;
    }
    int fd = made;
    made = -1;
    return fd;
}

static void at_write(int fd, char at[LISTEN_TEXT_SIZE])
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof address;
    char host[HOST_SIZE] = "";
    char port[PORT_SIZE] = "";
    (void)getsockname(fd, (struct sockaddr *)&address, &size);
    (void)getnameinfo((struct sockaddr *)&address, size, host, sizeof host,
                      port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    bool is_6 = address.ss_family == AF_INET6;
    snprintf(at, LISTEN_TEXT_SIZE, is_6 ? "[%s]:%s" : "%s:%s", host, port);
}

enum sting_status listen_open(const char *text, int *out,
                              char at[LISTEN_TEXT_SIZE], struct fault *fault)
{
    char host[HOST_SIZE];
    char port[PORT_SIZE];
    struct addrinfo *found = NULL;
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM,
                                    .ai_flags =
                                        AI_NUMERICHOST | AI_NUMERICSERV};
    if (!text_cut(text, host, port) ||
        getaddrinfo(host, port, &wanted, &found)) {
        return fault_set(fault, STING_E_ARG,
                         "write 127.0.0.1:8443 or [::1]:8443",
                         "\"%.60s\" is no address to listen at", text);
    }
    *out = socket_open(found);
    freeaddrinfo(found);
    if (*out < 0) {
        return fault_errno(fault, STING_E_IO, "use another port",
                           "%.60s cannot be listened at", text);
    }
    at_write(*out, at);
    return STING_OK;
}
