/* The loop, and HTTP. */
#include "alert/net_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/net_state.h"

#define POLL_MS 1000
#define MOST_HEADER_BYTES 4096
#define DELIVERED 200
#define CONNECT_MS 5000L
#define MOST_ANSWER_BYTES ((size_t)64 * 1024)
#define MOST_FETCH_BYTES ((size_t)256 * 1024)

void post_free(struct post **post)
{
    if (*post) {
        curl_easy_cleanup((*post)->handle);
        curl_slist_free_all((*post)->header);
        buffer_release(&(*post)->body);
        buffer_release(&(*post)->answer);
    }
    free(*post);
    *post = NULL;
}

/* Keep the answer of a fetch, drop any other; stop one that does not end. */
static size_t answer_take(char *data, size_t size, size_t count, void *context)
{
    struct post *post = context;
    size_t most = post->is_fetch ? MOST_FETCH_BYTES : MOST_ANSWER_BYTES;
    post->answer_bytes += size * count;
    if (post->answer_bytes > most ||
        (post->is_fetch &&
         buffer_append(&post->answer,
                       (struct bytes){(const uint8_t *)data, size * count}))) {
        return 0;
    }
    return size * count;
}

bool net_result(const struct net *net, int64_t id, long http, long ms,
                const char *why)
{
    const struct wire_head head = {.kind = WIRE_NET_RESULT,
                                   .number = {id, http, ms}};
    return wire_send(net->channel, head, bytes_of_text(why)) == STING_OK;
}

static bool answer_send(const struct net *net, const struct post *post,
                        long http, long ms, const char *why)
{
    const struct wire_head head = {.kind = WIRE_NET_ANSWER,
                                   .number = {post->id, http, ms}};
    return wire_send(net->channel, head,
                     http ? buffer_bytes(&post->answer) : bytes_of_text(why)) ==
           STING_OK;
}

static void header_add(struct post *post, const char *name, const char *value)
{
    char line[200];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *grown = curl_slist_append(post->header, line);
    post->header = grown ? grown : post->header;
}

/* A fetch without a body is a GET. */
static bool body_set(const struct post *post)
{
    if (post->is_fetch && post->body.size == 0) {
        return !curl_easy_setopt(post->handle, CURLOPT_HTTPGET, 1L);
    }
    return !curl_easy_setopt(post->handle, CURLOPT_POSTFIELDSIZE_LARGE,
                             (curl_off_t)post->body.size) &&
           !curl_easy_setopt(post->handle, CURLOPT_POSTFIELDS, post->body.data);
}

bool post_limit(struct post *post, const char *address, const char *protocols,
                long timeout_ms)
{
    CURL *handle = post->handle;
    return handle &&
           !curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, protocols) &&
           !curl_easy_setopt(handle, CURLOPT_URL, address) &&
           !curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L) &&
           /* Not to wait for the thread of a name that nobody wants now. */
           !curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L) &&
           !curl_easy_setopt(handle, CURLOPT_NOPROXY, "*") &&
           !curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) &&
           !curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout_ms) &&
           !curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, answer_take) &&
           !curl_easy_setopt(handle, CURLOPT_WRITEDATA, post) &&
           !curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, post->why) &&
           !curl_easy_setopt(handle, CURLOPT_PRIVATE, post);
}

/* What curl may do for us over HTTP: post, and nothing else. */
static bool http_prepare(struct post *post, const char *address,
                         const char *authorities, long timeout_ms)
{
    CURL *handle = post->handle;
    return post_limit(post, address, "http,https", timeout_ms) &&
           post_trust(post, authorities) &&
           !curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L) &&
           !curl_easy_setopt(handle, CURLOPT_USERAGENT,
                             "sting/" STING_VERSION) &&
           !curl_easy_setopt(handle, CURLOPT_HTTPHEADER, post->header) &&
           body_set(post);
}

/* The text at the front of *from, up to its NUL; NULL when there is none. */
const char *net_text_take(struct bytes *from)
{
    const uint8_t *end = from->size ? memchr(from->data, 0, from->size) : NULL;
    if (!end) {
        return NULL;
    }
    const char *text = (const char *)from->data;
    from->size -= (size_t)(end - from->data) + 1;
    from->data = end + 1;
    return text;
}

bool post_trust(const struct post *post, const char *authorities)
{
    struct curl_blob blob = {(void *)(uintptr_t)authorities,
                             strlen(authorities), CURL_BLOB_COPY};
    return blob.len == 0 ||
           (!curl_easy_setopt(post->handle, CURLOPT_CAINFO_BLOB, &blob) &&
            !curl_easy_setopt(post->handle, CURLOPT_CAPATH, NULL));
}

bool post_begin(const struct net *net, struct post **post, bool is_prepared)
{
    if (!is_prepared || curl_multi_add_handle(net->multi, (*post)->handle)) {
        const char *why = "the address is no good";
        return (*post)->is_fetch ? answer_send(net, *post, 0, 0, why)
                                 : net_result(net, (*post)->id, 0, 0, why);
    }
    *post = NULL; /* post_end() frees it */
    return true;
}

/* Lines of "Name: value". */
static bool headers_add(struct post *post, const char *lines)
{
    while (*lines) {
        char line[MOST_HEADER_BYTES];
        size_t length = strcspn(lines, "\n");
        if (length >= sizeof line) {
            return false;
        }
        memcpy(line, lines, length);
        line[length] = '\0';
        struct curl_slist *grown = curl_slist_append(post->header, line);
        if (!grown) {
            return false;
        }
        post->header = grown;
        lines += length + (lines[length] == '\n');
    }
    return true;
}

static bool post_start(struct net *net, const struct wire_head *head,
                       struct bytes payload)
{
    const char *address = net_text_take(&payload);
    const char *headers = address ? net_text_take(&payload) : NULL;
    const char *authorities = headers ? net_text_take(&payload) : NULL;
    struct post *post STING_AUTO(post_free) = calloc(1, sizeof *post);
    if (!authorities || !post || buffer_append(&post->body, payload)) {
        return net_result(net, head->number[0], 0, 0, "malformed request");
    }
    post->id = head->number[0];
    post->handle = curl_easy_init();
    header_add(post, "Expect", ""); /* no waiting for a "100 Continue" */
    return post_begin(
        net, &post,
        headers_add(post, headers) &&
            http_prepare(post, address, authorities, (long)head->number[1]));
}

static bool fetch_start(struct net *net, const struct wire_head *head,
                        struct bytes payload)
{
    const char *address = net_text_take(&payload);
    const char *type = address ? net_text_take(&payload) : NULL;
    const char *authorities = type ? net_text_take(&payload) : NULL;
    struct post *post STING_AUTO(post_free) = calloc(1, sizeof *post);
    if (!authorities || !post || buffer_append(&post->body, payload)) {
        return false; /* of a request of our own */
    }
    post->id = head->number[0];
    post->is_fetch = true;
    post->handle = curl_easy_init();
    header_add(post, "Content-Type", type);
    header_add(post, "Expect", "");
    return post_begin(
        net, &post,
        http_prepare(post, address, authorities, (long)head->number[1]));
}

static bool post_end(const struct net *net, const CURLMsg *message)
{
    struct post *post STING_AUTO(post_free) = NULL;
    long status = 0;
    double seconds = 0;
    CURL *handle = message->easy_handle;
    CURLcode code = message->data.result;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&post);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME, &seconds);
    const char *why = code == CURLE_OK ? ""
                      : post->why[0]   ? post->why
                                       : curl_easy_strerror(code);
    if (code == CURLE_OK && post->is_stream) {
        why = net_stream_send(post);
        status = why[0] ? 0 : DELIVERED;
    }
    curl_multi_remove_handle(net->multi, handle);
    status = code == CURLE_OK ? status : 0;
    long ms = (long)(seconds * 1000);
    return post->is_fetch ? answer_send(net, post, status, ms, why)
                          : net_result(net, post->id, status, ms, why);
}

static bool request_take(struct net *net, const struct wire_head *head,
                         struct bytes payload)
{
    static const struct {
        uint32_t kind;
        bool (*start)(struct net *, const struct wire_head *, struct bytes);
    } row[] = {
        {WIRE_NET_POST, post_start},       {WIRE_NET_FETCH, fetch_start},
        {WIRE_NET_NAME, net_name_start},   {WIRE_NET_MAIL, net_mail_start},
        {WIRE_NET_MQTT, net_mqtt_start},   {WIRE_NET_SYSLOG, net_syslog_start},
        {WIRE_NET_PROBE, net_probe_start},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (row[i].kind == head->kind) {
            return row[i].start(net, head, payload);
        }
    }
    return false;
}

/* Take all requests that have come; false when the worker should end. */
static bool requests_take(struct net *net, struct wire_reader *reader)
{
    for (;;) {
        enum sting_status status = wire_reader_next(reader, net->channel);
        if (status) {
            return status == STING_E_BUSY;
        }
        if (!request_take(net, &reader->head, buffer_bytes(&reader->payload))) {
            return false;
        }
    }
}

static bool results_send(const struct net *net)
{
    int left = 0;
    bool goes_on = true;
    const CURLMsg *message = NULL;
    while (goes_on && (message = curl_multi_info_read(net->multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            goes_on = post_end(net, message);
        }
    }
    return goes_on;
}

int net_worker_serve(int channel)
{
    struct wire_reader reader = {0};
    struct net net = {.channel = channel};
    bool goes_on = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
                   (net.multi = curl_multi_init()) != NULL;
    while (goes_on) {
        int running = 0;
        struct curl_waitfd wait[1 + NET_MOST_LINKS] = {
            {.fd = channel, .events = CURL_WAIT_POLLIN}};
        unsigned waits = 1 + (unsigned)net_mqtt_wait(&net, wait + 1);
        goes_on = !curl_multi_perform(net.multi, &running) &&
                  results_send(&net) &&
                  !curl_multi_poll(net.multi, wait, waits, POLL_MS, NULL) &&
                  requests_take(&net, &reader) && net_errands_serve(&net) &&
                  net_mqtt_serve(&net);
    }
    net_mqtt_free(&net);
    buffer_release(&reader.payload);
    return 0; /* the process ends: what is on its way ends with it */
}
