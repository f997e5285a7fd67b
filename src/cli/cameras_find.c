#include "cli/cameras_find.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypt/random.h"
#include "jail/worker.h"
#include "station/tell.h"

#define ASK_MS 8000

struct finding {
    const struct cameras_query *query;
    struct worker net;
    struct worker check;
    int64_t id; /* of the last question */
};

static void finding_end(struct finding *f)
{
    worker_free(&f->net);
    worker_free(&f->check);
}

static void time_write(char out[24])
{
    time_t now = (time_t)(clock_now().utc_us / 1000000);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

static enum sting_status question_write(const struct finding *f,
                                        enum onvif_question question,
                                        const char *token, struct buffer *out)
{
    char created[24];
    struct onvif_asker asker = {.user = f->query->user,
                                .password = f->query->password,
                                .created = created};
    time_write(created);
    random_bytes(asker.nonce, sizeof asker.nonce);
    return onvif_ask(question, &asker, token, out);
}

/* What the check worker makes of an answer. */
static enum sting_status answer_read(struct finding *f,
                                     enum onvif_question question,
                                     struct bytes answer,
                                     char (*text)[ONVIF_TEXT], size_t *texts,
                                     struct fault *fault)
{
    const struct wire_head head = {.kind = WIRE_CHECK_ONVIF,
                                   .number = {question}};
    struct wire_answer read STING_AUTO(wire_answer_release) = {0};
    enum sting_status status =
        f->check.pid > 0 ? STING_OK
                         : worker_start(WORKER_CHECK, &f->check, fault);
    status = status ? status
                    : wire_call(f->check.channel, head, answer, WIRE_DONE,
                                &read, fault);
    if (status == STING_E_IO) {
        worker_stop(&f->check, 0); /* it died of one: the next gets another */
    }
    if (!status) {
        *texts = onvif_texts(buffer_bytes(&read.payload), text, *texts);
    }
    return status;
}

/* The next message of the net worker about the last question. */
static enum sting_status net_hear(struct finding *f, struct wire_head *head,
                                  struct buffer *payload, struct fault *fault)
{
    do {
        if (wire_receive(f->net.channel, head, payload)) {
            return fault_set(fault, STING_E_IO, "",
                             "the part that speaks to the network died");
        }
    } while (head->number[0] != f->id);
    return STING_OK;
}

/* What a device is asked, and where. */
struct asking {
    const char *address;
    enum onvif_question question;
    const char *token;
};

/* Ask a device; *text gets what it says. */
static enum sting_status device_ask(struct finding *f,
                                    const struct asking *asking,
                                    char (*text)[ONVIF_TEXT], size_t *texts,
                                    struct fault *fault)
{
    struct buffer payload STING_AUTO(buffer_wipe) = {0};
    struct buffer answer STING_AUTO(buffer_release) = {0};
    struct wire_head head = {.kind = WIRE_NET_FETCH,
                             .number = {++f->id, ASK_MS}};
    enum sting_status status =
        buffer_printf(&payload, "%s%capplication/soap+xml; charset=utf-8%c%c",
                      asking->address, 0, 0, 0);
    status = status
                 ? status
                 : question_write(f, asking->question, asking->token, &payload);
    status = status ? status
                    : wire_send(f->net.channel, head, buffer_bytes(&payload));
    status = status ? status : net_hear(f, &head, &answer, fault);
    if (status) {
        return status;
    }
    if (head.number[1] == 0) {
        text_clean((char *)answer.data);
        return fault_set(fault, STING_E_IO, "", "%.200s", buffer_text(&answer));
    }
    if (head.number[1] == 401) {
        return fault_set(fault, STING_E_FORGED,
                         "check --user and --password-file, and its clock",
                         "the camera refuses us");
    }
    return answer_read(f, asking->question, buffer_bytes(&answer), text, texts,
                       fault);
}

/* What stands between // and the next / of a url, to its colon. */
static struct bytes host_of(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    size_t size = strcspn(host, "/:?#@");
    return (struct bytes){(const uint8_t *)host, size};
}

static bool is_http(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 ||
           strncasecmp(url, "https://", 8) == 0;
}

/* Of several addresses the one that the answer came from: a camera that names
 * another's would have us tell that one who we are. */
static bool address_choose(char *addresses, int64_t sender,
                           char out[ONVIF_TEXT])
{
    char number[INET_ADDRSTRLEN];
    struct in_addr from = {.s_addr = htonl((uint32_t)sender)};
    char *rest = NULL;
    inet_ntop(AF_INET, &from, number, sizeof number);
    for (char *one = strtok_r(addresses, " ", &rest); one;
         one = strtok_r(NULL, " ", &rest)) {
        if (is_http(one) && bytes_equal(host_of(one), bytes_of_text(number))) {
            snprintf(out, ONVIF_TEXT, "%s", one);
            return true;
        }
    }
    return false;
}

static void probe_take(struct finding *f, struct bytes datagram, int64_t sender,
                       struct camera_found *out, size_t *count)
{
    char text[3][ONVIF_TEXT] = {""};
    char address[ONVIF_TEXT];
    size_t texts = 3;
    struct fault fault;
    if (*count == CAMERAS_MOST ||
        answer_read(f, ONVIF_PROBE, datagram, text, &texts, &fault) ||
        !address_choose(text[0], sender, address)) {
        return;
    }
    for (size_t i = 0; i < *count; i++) {
        if (!strcmp(out[i].address, address)) {
            return; /* it answers on each of its networks */
        }
    }
    struct camera_found *found = &out[(*count)++];
    *found = (struct camera_found){.streams = 0};
    snprintf(found->address, sizeof found->address, "%s", address);
    snprintf(found->name, sizeof found->name, "%s", text[1]);
    snprintf(found->hardware, sizeof found->hardware, "%s", text[2]);
}

static enum sting_status all_ask(struct finding *f, struct camera_found *out,
                                 size_t *count, struct fault *fault)
{
    const struct cameras_query *q = f->query;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head head = {.kind = WIRE_NET_PROBE,
                             .number = {++f->id, q->wait_ms}};
    enum sting_status status = buffer_printf(&payload, "%s%c", q->from, 0);
    status = status ? status : question_write(f, ONVIF_PROBE, "", &payload);
    status = status ? status
                    : wire_send(f->net.channel, head, buffer_bytes(&payload));
    while (!status) {
        status = net_hear(f, &head, &payload, fault);
        if (!status && head.kind == WIRE_NET_RESULT) {
            break;
        }
        if (!status) {
            probe_take(f, buffer_bytes(&payload), head.number[1], out, count);
        }
    }
    if (!status && payload.size > 0) {
        text_clean((char *)payload.data);
        return fault_set(fault, STING_E_IO,
                         "name the network by --from, or a camera by --at",
                         "%.200s", buffer_text(&payload));
    }
    return status;
}

static void stream_take(struct finding *f, const char *media,
                        char (*profile)[ONVIF_TEXT], struct camera_stream *out)
{
    struct fault fault;
    size_t texts = 1;
    snprintf(out->name, sizeof out->name, "%s", profile[1]);
    snprintf(out->codec, sizeof out->codec, "%s", profile[2]);
    snprintf(out->size, sizeof out->size, "%s", profile[3]);
    const struct asking uri = {media, ONVIF_URI, profile[0]};
    if (device_ask(f, &uri, &out->url, &texts, &fault) ||
        strncasecmp(out->url, "rtsp://", 7) != 0) {
        out->url[0] = '\0';
    }
}

/* Was that said by a camera, if only that it tells us nothing? */
static bool is_answer(enum sting_status status)
{
    return status == STING_OK || status == STING_E_FORGED ||
           status == STING_E_UNSUPPORTED;
}

static enum sting_status camera_ask(struct finding *f, struct camera_found *c,
                                    struct fault *fault)
{
    static char profile[4 * ONVIF_MOST_PROFILES][ONVIF_TEXT];
    char media[1][ONVIF_TEXT] = {""};
    size_t texts = 1;
    const struct asking services = {c->address, ONVIF_SERVICES, ""};
    const struct asking profiles = {media[0], ONVIF_PROFILES, ""};
    enum sting_status status = device_ask(f, &services, media, &texts, fault);
    c->has_answered = is_answer(status);
    if (status) {
        return status;
    }
    if (!is_http(media[0]) ||
        !bytes_equal(host_of(media[0]), host_of(c->address))) {
        return fault_set(fault, STING_E_UNSUPPORTED, "",
                         "it has its media service on another machine");
    }
    texts = sizeof profile / sizeof *profile;
    status = device_ask(f, &profiles, profile, &texts, fault);
    for (size_t i = 0; i + 4 <= texts && !status; i += 4) {
        stream_take(f, media[0], profile + i, &c->stream[c->streams++]);
    }
    return status;
}

enum sting_status cameras_find(const struct cameras_query *query,
                               struct camera_found *out, size_t *count,
                               struct fault *fault)
{
    struct finding f STING_AUTO(finding_end) = {
        .query = query, .net = WORKER_NONE, .check = WORKER_NONE};
    *count = 0;
    enum sting_status status = worker_start(WORKER_NET, &f.net, fault);
    if (!status && query->at) {
        *count = 1;
        out[0] = (struct camera_found){.streams = 0};
        snprintf(out[0].address, sizeof out[0].address, "%s", query->at);
    } else if (!status) {
        status = all_ask(&f, out, count, fault);
    }
    for (size_t i = 0; i < *count && !status; i++) {
        struct fault why = {"", ""};
        if (camera_ask(&f, &out[i], &why)) {
            snprintf(out[i].why, sizeof out[i].why, "%s", why.why);
        }
    }
    if (!status && query->at && !out[0].has_answered) {
        *count = 0;
    }
    return status;
}
