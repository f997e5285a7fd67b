#include "watch/onvif.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "media/login.h"
#include "watch/xml.h"

#define MOST_TEXTS ((size_t)4 * ONVIF_MOST_PROFILES)

/* ---- questions ---- */

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
    " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
    " xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\""
    " xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\""
    " xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\""
    " xmlns:trt=\"http://www.onvif.org/ver10/media/wsdl\""
    " xmlns:tt=\"http://www.onvif.org/ver10/schema\"><s:Header>";

static const char *const body[ONVIF_QUESTIONS] = {
    "<d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe>",
    "<tds:GetCapabilities><tds:Category>Media</tds:Category>"
    "</tds:GetCapabilities>",
    "<trt:GetProfiles/>",
    "<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream>"
    "<tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
    "</trt:StreamSetup><trt:ProfileToken>%s</trt:ProfileToken>"
    "</trt:GetStreamUri>"};

/* Text as it may stand in an element. */
static enum sting_status escape(const char *text, struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (; *text && !status; text++) {
        const char *entity = *text == '<'   ? "&lt;"
                             : *text == '&' ? "&amp;"
                             : *text == '>' ? "&gt;"
                                            : NULL;
        status = entity ? buffer_text_append(out, entity)
                        : buffer_printf(out, "%c", *text);
    }
    return status;
}

static enum sting_status address_write(const struct onvif_asker *asker,
                                       struct buffer *out)
{
    char id[33];
    for (size_t i = 0; i < 16; i++) {
        static const char hex[] = "0123456789abcdef";
        id[2 * i] = hex[asker->nonce[i] >> 4];
        id[2 * i + 1] = hex[asker->nonce[i] & 15];
    }
    id[32] = '\0';
    return buffer_printf(
        out,
        "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe"
        "</a:Action><a:MessageID>uuid:%.8s-%.4s-4%.3s-8%.3s-%.12s"
        "</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery"
        "</a:To>",
        id, id + 8, id + 13, id + 17, id + 20);
}

static enum sting_status token_write(const struct onvif_asker *asker,
                                     struct buffer *out)
{
    static const char wss[] =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
    const struct bytes nonce = {asker->nonce, sizeof asker->nonce};
    enum sting_status status = buffer_printf(
        out,
        "<w:Security s:mustUnderstand=\"true\" xmlns:w=\"%s"
        "wssecurity-secext-1.0.xsd\" xmlns:u=\"%swssecurity-utility-1.0.xsd\">"
        "<w:UsernameToken><w:Username>",
        wss, wss);
    status = status ? status : escape(asker->user, out);
    status = status ? status
                    : buffer_printf(out,
                                    "</w:Username><w:Password Type=\"%s"
                                    "username-token-profile-1.0#PasswordDigest"
                                    "\">",
                                    wss);
    status = status ? status
                    : login_token(nonce, asker->created, asker->password, out);
    status = status ? status
                    : buffer_printf(out,
                                    "</w:Password><w:Nonce EncodingType=\"%s"
                                    "soap-message-security-1.0#Base64Binary\">",
                                    wss);
    status = status ? status : base64_append(out, nonce, true);
    return status ? status
                  : buffer_printf(out,
                                  "</w:Nonce><u:Created>%s</u:Created>"
                                  "</w:UsernameToken></w:Security>",
                                  asker->created);
}

enum sting_status onvif_ask(enum onvif_question question,
                            const struct onvif_asker *asker, const char *token,
                            struct buffer *out)
{
    const char *words = body[question];
    const char *place = strstr(words, "%s");
    int before = place ? (int)(place - words) : (int)strlen(words);
    enum sting_status status = buffer_text_append(out, head);
    if (!status && question == ONVIF_PROBE) {
        status = address_write(asker, out);
    } else if (!status && asker->user) {
        status = token_write(asker, out);
    }
    if (!status) {
        status = buffer_printf(out, "</s:Header><s:Body>%.*s", before, words);
    }
    if (!status && place) {
        status = escape(token, out);
        status = status ? status : buffer_text_append(out, place + 2);
    }
    return status ? status : buffer_text_append(out, "</s:Body></s:Envelope>");
}

/* ---- answers ---- */

struct reading {
    enum onvif_question question;
    size_t texts; /* in use */
    char text[MOST_TEXTS][ONVIF_TEXT];
    char refusal[ONVIF_TEXT]; /* of a fault */
    bool is_refused, is_locked;
};

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void keep(char out[ONVIF_TEXT], struct bytes text)
{
    if (!out[0]) {
        xml_text(text, out, ONVIF_TEXT);
    }
}

/* onvif://www.onvif.org/name/Gate: what follows `key`, up to a blank. */
static void scope_keep(struct bytes text, const char *key, char *out)
{
    const uint8_t *at = memmem(text.data, text.size, key, strlen(key));
    if (at) {
        size_t left = text.size - (size_t)(at - text.data) - strlen(key);
        struct bytes value = {at + strlen(key), 0};
        while (value.size < left && value.data[value.size] > ' ') {
            value.size++;
        }
        keep(out, value);
    }
}

static void probe_take(struct reading *r, const struct xml *x,
                       struct bytes text)
{
    r->texts = 3;
    if (is(xml_name(x, 0), "XAddrs")) {
        keep(r->text[0], text);
    }
    if (is(xml_name(x, 0), "Scopes")) {
        scope_keep(text, "/name/", r->text[1]);
        scope_keep(text, "/hardware/", r->text[2]);
    }
}

static void services_take(struct reading *r, const struct xml *x,
                          struct bytes text)
{
    if (is(xml_name(x, 0), "XAddr") && is(xml_name(x, 1), "Media")) {
        keep(r->text[0], text);
        r->texts = 1;
    }
}

/* Width and height stand apart; they are joined by an x. */
static void size_keep(char out[ONVIF_TEXT], const char *name, struct bytes text)
{
    char number[8];
    xml_text(text, number, sizeof number);
    size_t used = strlen(out);
    bool is_half = used > 1 && out[used - 1] == 'x';
    if (is(name, "Width") && used == 0) {
        snprintf(out, ONVIF_TEXT, "%sx", number);
    } else if (is(name, "Height") && is_half) {
        snprintf(out + used, ONVIF_TEXT - used, "%s", number);
    }
}

static void profile_take(struct reading *r, const struct xml *x,
                         struct bytes text)
{
    if (r->texts == 0) {
        return;
    }
    char(*profile)[ONVIF_TEXT] = r->text + r->texts - 4;
    const char *name = xml_name(x, 0), *above = xml_name(x, 1);
    if (is(name, "Name") && is(above, "Profiles")) {
        keep(profile[1], text);
    }
    if (is(above, "VideoEncoderConfiguration") && is(name, "Encoding")) {
        keep(profile[2], text);
    }
    if (is(above, "Resolution") &&
        is(xml_name(x, 2), "VideoEncoderConfiguration")) {
        size_keep(profile[3], name, text);
    }
}

static void profile_begin(struct reading *r, struct bytes attributes)
{
    if (r->texts + 4 <= MOST_TEXTS) {
        r->texts += 4;
        (void)xml_attribute(attributes, "token", r->text[r->texts - 4],
                            ONVIF_TEXT);
    }
}

static void uri_take(struct reading *r, const struct xml *x, struct bytes text)
{
    if (is(xml_name(x, 0), "Uri")) {
        keep(r->text[0], text);
        r->texts = 1;
    }
}

static void fault_take(struct reading *r, const struct xml *x,
                       struct bytes text)
{
    if (is(xml_name(x, 0), "Text") && is(xml_name(x, 1), "Reason")) {
        keep(r->refusal, text);
    }
    if (is(xml_name(x, 0), "Value")) {
        r->is_locked |= memmem(text.data, text.size, "NotAuthorized", 13) ||
                        memmem(text.data, text.size, "FailedAuth", 10);
    }
}

static void text_take(struct reading *r, const struct xml *x, struct bytes text)
{
    static void (*const take[])(struct reading *, const struct xml *,
                                struct bytes) = {probe_take, services_take,
                                                 profile_take, uri_take};
    (r->is_refused ? fault_take : take[r->question])(r, x, text);
}

static enum sting_status answer_read(struct bytes answer, struct reading *r)
{
    struct xml x = {.rest = answer};
    struct bytes text;
    for (;;) {
        enum xml_kind kind = xml_next(&x, &text);
        if (kind == XML_BAD) {
            return STING_E_FORMAT;
        }
        if (kind == XML_END) {
            return STING_OK;
        }
        if (kind == XML_OPEN && is(xml_name(&x, 0), "Fault")) {
            r->is_refused = true;
        }
        if (kind == XML_OPEN && r->question == ONVIF_PROFILES &&
            is(xml_name(&x, 0), "Profiles")) {
            profile_begin(r, text);
        }
        if (kind == XML_TEXT && text.size > 0) {
            text_take(r, &x, text);
        }
    }
}

static enum sting_status answer_judge(const struct reading *r,
                                      struct fault *fault)
{
    if (r->is_locked) {
        return fault_set(fault, STING_E_FORGED,
                         "check --user and --password-file, and its clock",
                         "the camera refuses us");
    }
    if (r->is_refused) {
        return fault_set(fault, STING_E_UNSUPPORTED, "",
                         "the camera says: %.200s", r->refusal);
    }
    return r->texts > 0 && r->text[0][0]
               ? STING_OK
               : fault_set(fault, STING_E_ABSENT, "", "it does not say");
}

enum sting_status onvif_serve(void *context, const struct wire_head *request,
                              struct bytes payload, struct fault *fault)
{
    static struct reading r;
    const int *channel = context;
    int64_t question = request->number[0];
    struct buffer out STING_AUTO(buffer_release) = {0};
    if (question < 0 || question >= ONVIF_QUESTIONS ||
        payload.size > ONVIF_MOST_BYTES) {
        return STING_E_ARG;
    }
    r = (struct reading){.question = (enum onvif_question)question};
    enum sting_status status = answer_read(payload, &r);
    if (status) {
        return fault_set(fault, status, "", "its answer is no XML");
    }
    status = answer_judge(&r, fault);
    for (size_t i = 0; i < r.texts && !status; i++) {
        status = buffer_append(&out, (struct bytes){(const uint8_t *)r.text[i],
                                                    strlen(r.text[i]) + 1});
    }
    const struct wire_head done = {.kind = WIRE_DONE,
                                   .number = {(int64_t)r.texts}};
    return status ? status : wire_send(*channel, done, buffer_bytes(&out));
}

size_t onvif_texts(struct bytes payload, char (*out)[ONVIF_TEXT], size_t most)
{
    size_t texts = 0;
    for (; payload.size > 0 && texts < most; texts++) {
        size_t size = strnlen((const char *)payload.data, payload.size);
        const struct bytes text = {payload.data, size};
        for (size_t i = 0; i + 1 < ONVIF_TEXT; i++) {
            uint8_t c = i < size ? text.data[i] : 0;
            out[texts][i] = (char)(c && (c < ' ' || c == 127) ? '?' : c);
        }
        out[texts][ONVIF_TEXT - 1] = '\0';
        size += size < payload.size;
        payload = (struct bytes){payload.data + size, payload.size - size};
    }
    return texts;
}
