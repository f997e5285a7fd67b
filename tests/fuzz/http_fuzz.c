/* The console's HTTP, byte by byte as strangers send it, with the library that
 * reads it: whatever came, what reaches the core is a row of the table with as
 * many texts as it has, each within its bound; nothing that was never sent (a
 * cookie, a type, a method) is found in it; and two lengths, two hosts or
 * chunks in one request reach nobody. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/console_http.h"

#define MOST_TURNS 64
#define IN_VAIN 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool has(struct bytes text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (!strncasecmp((const char *)text.data + i, word, size)) {
            return true;
        }
    }
    return false;
}

static size_t count(struct bytes text, const char *word)
{
    size_t found = 0;
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        found += !strncasecmp((const char *)text.data + i, word, size);
    }
    return found;
}

/* One request that two programs in a row could read differently. A NUL or a
 * colon at the beginning of a line is the end of the headers to this library:
 * what stands behind it is another request to it, judged by itself, and is not
 * looked at here. */
static bool is_ambiguous(struct bytes sent)
{
    static const struct {
        const char *mark;
        size_t size;
    } row[] = {{"\n\r\n", 3}, {"\n\n", 2}, {"\n:", 2}};
    struct bytes head = sent;
    for (size_t i = 0; head.size && i < sizeof row / sizeof *row; i++) {
        const uint8_t *end =
            memmem(head.data, head.size, row[i].mark, row[i].size);
        head.size = end ? (size_t)(end - head.data) : head.size;
    }
    return count(sent, "HTTP/1.") == 1 && !memchr(sent.data, 0, sent.size) &&
           (count(head, "\nHost:") > 1 || count(head, "\nCookie:") > 1 ||
            count(head, "\nContent-Length:") > 1 ||
            count(head, "\nTransfer-Encoding:") > 0);
}

/* The next text of a request, at most `most` bytes. */
static const char *text_hold(struct bytes *from, size_t most)
{
    const char *text = (const char *)from->data;
    bool any = from->data && from->size > 0;
    const uint8_t *end = any ? memchr(from->data, 0, from->size) : NULL;
    hold(end && (size_t)(end - from->data) <= most);
    from->size -= (size_t)(end - from->data) + 1;
    from->data = end + 1;
    return text;
}

static void ask_hold(const struct wire_head *head, struct bytes payload,
                     struct bytes sent)
{
    int64_t ask = head->number[1];
    hold(head->kind == WIRE_WEB_ASK && ask >= 0 && ask < ASKS);
    const struct ask_row *row = &ask_row[ask];
    const char *secret = text_hold(&payload, ASK_SESSION_SIZE - 1);
    const char *csrf = text_hold(&payload, ASK_CSRF_SIZE - 1);
    for (size_t i = 0; i < ask_fields((enum ask)ask); i++) {
        const char *text = text_hold(&payload, row->field[i].most_bytes);
        hold(!row->field[i].is_needed || *text);
    }
    hold(payload.size == 0);
    bool is_post = !strcmp(row->method, "POST");
    hold(!*secret || has(sent, "__Host-sting") || has(sent, "Bearer "));
    hold(!*csrf || has(sent, "X-Sting-Csrf"));
    hold(!is_post || (has(sent, "POST") && has(sent, "application/json")));
    hold(head->number[2] == 0 || has(sent, "X-Sting-Here"));
    hold(has(sent, "\nHost") && !is_ambiguous(sent));
}

/* The core's side: look at what is asked, and say something. */
static bool core_turn(struct server *server, int core,
                      struct wire_reader *reader, struct bytes sent)
{
    static const char answer[] = "\0{\"ok\":true}\n";
    bool any = false;
    while (wire_reader_next(reader, core) == STING_OK) {
        ask_hold(&reader->head, buffer_bytes(&reader->payload), sent);
        const struct wire_head head = {
            .kind = WIRE_WEB_ANSWER,
            .number = {reader->head.number[0], 200, 0, ASK_BODY_JSON}};
        hold(http_answer(
            server, &head,
            (struct bytes){(const uint8_t *)answer, sizeof answer - 1}));
        any = true;
    }
    return any;
}

static bool drain(int stranger)
{
    char ignored[4096];
    bool any = false;
    while (recv(stranger, ignored, sizeof ignored, MSG_DONTWAIT) > 0) {
        any = true;
    }
    return any;
}

static void talk(struct server *server, int core, int stranger,
                 struct bytes sent)
{
    struct wire_reader reader = {.head_bytes = 0};
    int in_vain = 0;
    for (int i = 0; i < MOST_TURNS && in_vain < IN_VAIN; i++) {
        hold(MHD_run(server->daemon) == MHD_YES);
        bool any = core_turn(server, core, &reader, sent);
        any = drain(stranger) || any;
        in_vain = any ? 0 : in_vain + 1;
    }
    buffer_release(&reader.payload);
}

static struct MHD_Daemon *daemon_start(struct server *server)
{
    return MHD_start_daemon(
        MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        http_take, server, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)32 * 1024, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_COMPLETED, http_request_end, server,
        MHD_OPTION_NOTIFY_CONNECTION, http_visitor, server,
        MHD_OPTION_UNESCAPE_CALLBACK, http_unescape, NULL, MHD_OPTION_END);
}

/* %XX of all bytes but NUL is those bytes again. */
static void unescape_hold(const uint8_t *data, size_t size)
{
    static const char digit[] = "0123456789aBcDeF";
    char text[3 * 64 + 1];
    size_t used = 0, kept = size < 64 ? size : 64;
    for (size_t i = 0; i < kept; i++) {
        if (data[i] == 0) {
            kept = i;
            break;
        }
        text[used++] = '%';
        text[used++] = digit[data[i] >> 4];
        text[used++] = digit[data[i] & 15];
    }
    text[used] = '\0';
    hold(http_unescape(NULL, NULL, text) == kept);
    hold(memcmp(text, data, kept) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int core[2], line[2];
    struct server server = {.channel = -1};
    const struct sockaddr_in from = {.sin_family = AF_INET};
    unescape_hold(data, size);
    hold(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, core) &&
         !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line));
    hold(fcntl(line[1], F_SETFL, O_NONBLOCK) == 0);
    server.channel = core[1];
    server.daemon = daemon_start(&server);
    hold(server.daemon != NULL);
    hold(MHD_add_connection(server.daemon, line[1],
                            (const struct sockaddr *)&from,
                            sizeof from) == MHD_YES);
    (void)!send(line[0], data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(line[0], SHUT_WR);
    talk(&server, core[0], line[0], (struct bytes){data, size});
    for (struct request *one = server.request; one; one = one->next) {
        if (one->is_suspended) {
            MHD_resume_connection(one->connection);
        }
    }
    MHD_stop_daemon(server.daemon);
    hold(!server.request && !server.visitor);
    buffer_release(&server.health);
    close(line[0]);
    close(core[0]);
    close(core[1]);
    return 0;
}
