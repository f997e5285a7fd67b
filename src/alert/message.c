#include "alert/message.h"

#include <string.h>

#include "base/json.h"
#include "crypt/kdf.h"

static void place_add(struct json *json, const struct config *config,
                      const struct incident *incident)
{
    const struct config_camera *camera =
        incident->camera >= 0 && (size_t)incident->camera < config->cameras
            ? &config->camera[incident->camera]
            : NULL;
    const struct config_zone *zone =
        camera && incident->zone >= 0 && (size_t)incident->zone < camera->zones
            ? &camera->zone[incident->zone]
            : NULL;
    json_add_text(json, "camera", camera ? camera->name : NULL);
    json_add_text(json, "zone", zone ? zone->name : NULL);
    json_add_text(json, "bait", zone && zone->bait[0] ? zone->bait : NULL);
    if (zone && zone->copy) {
        json_add_integer(json, "copy", zone->copy);
    } else {
        json_add_null(json, "copy");
    }
}

enum sting_status message_write(const struct config *config, uint32_t alert,
                                const struct incident_event *event,
                                int64_t now_utc_us, struct buffer *out)
{
    const struct incident *incident = &event->incident;
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_integer(json, "alert", alert);
    json_add_integer(json, "incident", incident->number);
    json_add_text(json, "change",
                  event->change == INCIDENT_RAISED ? "raised" : "opened");
    json_add_text(json, "tier", incident_tier_name((int)incident->tier));
    json_add_text(json, "kind", incident_kind_name((int)incident->kind));
    place_add(json, config, incident);
    json_add_time(json, "start", incident->start.utc_us);
    json_add_time(json, "first_look", incident->first_look.utc_us);
    json_add_time(json, "sent", now_utc_us);
    json_add_number(json, "score", incident->score);
    return json_line(json, out);
}

char *message_sign(struct bytes secret, struct bytes body,
                   char text[MESSAGE_SIGNATURE_SIZE])
{
    static const char algorithm[] = "sha256=";
    memcpy(text, algorithm, sizeof algorithm);
    digest_text(hmac_sha256(secret, &body, 1), text + strlen(text));
    return text;
}
