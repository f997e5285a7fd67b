#include "alert/message.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "crypt/kdf.h"

#define S INT64_C(1000000)

const char *message_change_name(enum message_change change)
{
    static const char *const name[MESSAGE_CHANGES] = {
        [MESSAGE_OPENED] = "opened",   [MESSAGE_RAISED] = "raised",
        [MESSAGE_CLOSED] = "closed",   [MESSAGE_GREW] = "grew",
        [MESSAGE_FOLDED] = "folded",   [MESSAGE_TEST] = "test",
        [MESSAGE_FILM] = "film",       [MESSAGE_TEAM] = "team",
        [MESSAGE_BLINDED] = "blinded", [MESSAGE_REGAINED] = "regained",
        [MESSAGE_STATION] = "station"};
    return name[change];
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

struct message_place message_place(const struct message *message)
{
    const struct config *config = message->config;
    const struct incident *incident = &message->incident;
    struct message_place place = {0};
    if (incident->camera < 0 || (size_t)incident->camera >= config->cameras) {
        return place;
    }
    const struct config_camera *camera = &config->camera[incident->camera];
    place.camera = camera->name;
    if (incident->zone >= 0 && (size_t)incident->zone < camera->zones) {
        const struct config_zone *zone = &camera->zone[incident->zone];
        place.zone = zone->name;
        place.bait = or_null(zone->bait);
        place.instruction = or_null(zone->instruction);
        place.copy = zone->copy;
    }
    return place;
}

static bool is_over(const struct message *message)
{
    return message->change == MESSAGE_CLOSED ||
           message->change == MESSAGE_REGAINED;
}

int message_priority(const struct message *message)
{
    if (is_over(message) || message->change == MESSAGE_TEST ||
        message->change == MESSAGE_FILM) {
        return 2;
    }
    return message->incident.tier == INCIDENT_TOUCH ? 5
           : message->change == MESSAGE_STATION     ? 4
                                                    : 3;
}

static void place_add(struct json *json, const struct message_place *place)
{
    json_add_text(json, "camera", place->camera);
    json_add_text(json, "zone", place->zone);
    json_add_text(json, "bait", place->bait);
    if (place->copy) {
        json_add_integer(json, "copy", place->copy);
    } else {
        json_add_null(json, "copy");
    }
}

static void sight_add(struct json *json, const struct incident_sight *sight)
{
    bool is_marked = sight->px_m > 0;
    if (!sight->is_known && !is_marked) {
        json_add_null(json, "sight");
        return;
    }
    struct json *out = json_new_object();
    json_add_number(out, "contrast", sight->is_known ? sight->contrast : NAN);
    json_add_number(out, "size", sight->is_known ? sight->size : NAN);
    json_add_number(out, "px_a_metre", is_marked ? sight->px_m : NAN);
    json_add_text(out, "class", is_marked ? sight->class : NULL);
    json_add_child(json, "sight", &out);
}

enum sting_status message_json(const struct message *message,
                               struct buffer *out)
{
    const struct incident *incident = &message->incident;
    const struct message_place place = message_place(message);
    bool is_station = message->change == MESSAGE_STATION;
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_integer(json, "alert", message->alert);
    json_add_integer(json, "incident", incident->number);
    json_add_text(json, "change", message_change_name(message->change));
    json_add_text(json, "tier", incident_tier_name((int)incident->tier));
    json_add_text(json, "kind",
                  is_station ? NULL : incident_kind_name((int)incident->kind));
    place_add(json, &place);
    json_add_time(json, "start", incident->start.utc_us);
    json_add_time(json, "first_look", incident->first_look.utc_us);
    json_add_time(json, "sent", message->sent_utc_us);
    json_add_number(json, "score", incident->score);
    json_add_text(json, "instruction", place.instruction);
    json_add_text(json, "ack_url", or_null(message->link));
    json_add_integer(json, "folded", message->folded);
    json_add_bool(json, "unanswered", message->is_late);
    json_add_time(json, "team_since", incident->team_us);
    json_add_bool(json, "blind", incident->blind != 0);
    json_add_bool(json, "unseen", incident->unseen != 0);
    sight_add(json, &incident->sight);
    json_add_text(json, "text", is_station ? message->words : NULL);
    return json_line(json, out);
}

/* What happened, in a few words. */
static const char *what(const struct message *message)
{
    switch (message->change) {
    case MESSAGE_CLOSED:
        return message->incident.blind    ? INCIDENT_OVER_BLIND
               : message->incident.unseen ? INCIDENT_OVER_UNSEEN
                                          : "over";
    case MESSAGE_REGAINED:
        return "the camera sees again";
    case MESSAGE_FOLDED:
        return "more of it, not told one by one";
    case MESSAGE_TEST:
        return "a test, nothing has happened";
    case MESSAGE_FILM:
        return "pictures";
    case MESSAGE_STATION:
        return message->words;
    case MESSAGE_TEAM:
        return "our own team is in the room";
    default:
        return incident_sentence(message->incident.kind,
                                 message->incident.tier);
    }
}

char *message_title(const struct message *message,
                    char text[MESSAGE_TITLE_SIZE])
{
    const struct message_place place = message_place(message);
    int used = snprintf(text, MESSAGE_TITLE_SIZE, "%s%s",
                        message->is_late ? "UNANSWERED: " : "", what(message));
    if (place.camera && message->change != MESSAGE_TEST) {
        used += snprintf(text + used, (size_t)(MESSAGE_TITLE_SIZE - used),
                         " (%s%s%s)", place.camera, place.zone ? ", " : "",
                         place.zone ? place.zone : "");
    }
    if (message->incident.number) {
        (void)snprintf(text + used, (size_t)(MESSAGE_TITLE_SIZE - used),
                       ", incident %" PRIu32, message->incident.number);
    }
    return text;
}

static enum sting_status time_append(struct buffer *out, const char *what_for,
                                     int64_t utc_us)
{
    char text[64] = "";
    time_t seconds = (time_t)(utc_us / S);
    struct tm local;
    if (localtime_r(&seconds, &local)) {
        (void)!strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", &local);
    }
    return buffer_printf(out, "%s: %s\n", what_for, text);
}

static enum sting_status place_append(struct buffer *out,
                                      const struct message_place *place)
{
    enum sting_status status = STING_OK;
    if (place->camera) {
        status = buffer_printf(out, "Camera: %s\n", place->camera);
    }
    if (!status && place->zone) {
        status = buffer_printf(out, "Place: %s\n", place->zone);
    }
    if (!status && place->bait) {
        status = buffer_printf(out, "Document: %s", place->bait);
        if (!status && place->copy) {
            status = buffer_printf(out, ", copy %" PRIu32, place->copy);
        }
        status = status ? status : buffer_text_append(out, "\n");
    }
    return status;
}

/* Of a camera that is covered or gone this is of before, and says nothing. */
char *message_sight(const struct message *message,
                    char text[INCIDENT_SIGHT_SIZE])
{
    const struct incident *incident = &message->incident;
    bool is_seen = incident->number && (incident->kind == INCIDENT_PERSON ||
                                        incident->kind == INCIDENT_PAGE);
    text[0] = '\0';
    return is_seen ? incident_sight_words(&incident->sight, text) : text;
}

static enum sting_status sight_append(struct buffer *out,
                                      const struct message *message)
{
    char text[INCIDENT_SIGHT_SIZE];
    return message_sight(message, text)[0]
               ? buffer_printf(out, "What can be seen there: %s\n", text)
               : STING_OK;
}

static enum sting_status answer_append(struct buffer *out,
                                       const struct message *message)
{
    enum sting_status status = STING_OK;
    if (message->folded) {
        status = buffer_printf(
            out,
            "\nNot told one by one: %u. What comes within ten minutes is told "
            "together.\n",
            message->folded);
    }
    if (status || !message->incident.number || is_over(message)) {
        return status;
    }
    return message->link[0]
               ? buffer_printf(out, "\nI see to it: %s\n", message->link)
               : buffer_printf(out, "\nI see to it: sting ack OP %" PRIu32 "\n",
                               message->incident.number);
}

enum sting_status message_text(const struct message *message,
                               struct buffer *out)
{
    char title[MESSAGE_TITLE_SIZE];
    const struct message_place place = message_place(message);
    enum sting_status status =
        buffer_printf(out, "%s\n\n", message_title(message, title));
    if (!status && message->change != MESSAGE_TEST) {
        status = time_append(out, "Since", message->incident.start.utc_us);
    }
    if (!status && is_over(message)) {
        status = time_append(out, "Until", message->incident.end.utc_us);
    }
    if (!status && message->incident.team_us) {
        status = time_append(out, "Own team since", message->incident.team_us);
    }
    if (!status) {
        status = place_append(out, &place);
    }
    if (!status && !is_over(message)) {
        status = sight_append(out, message);
    }
    if (!status && place.instruction) {
        status = buffer_printf(out, "\n%s\n", place.instruction);
    }
    return status ? status : answer_append(out, message);
}

char *message_sign(struct bytes secret, struct bytes body,
                   char text[MESSAGE_SIGNATURE_SIZE])
{
    static const char algorithm[] = "sha256=";
    memcpy(text, algorithm, sizeof algorithm);
    digest_text(hmac_sha256(secret, &body, 1), text + strlen(text));
    return text;
}
