#include "station/prints.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "station/camera.h"
#include "wire/print.h"

void prints_wipe(struct prints *prints)
{
    for (size_t i = 0; i < prints->count; i++) {
        buffer_wipe(&prints->print[i].grey);
    }
    free(prints->print);
    *prints = (struct prints){.count = 0};
}

static struct print *find(const struct prints *prints, const char *bait,
                          int64_t page)
{
    for (size_t i = 0; i < prints->count; i++) {
        struct print *print = &prints->print[i];
        if (print->page == page && !strcmp(print->bait, bait)) {
            return print;
        }
    }
    return NULL;
}

static bool is_print(const struct wire_head *head, size_t grey_bytes)
{
    const int64_t *number = head->number;
    return number[0] >= 1 && number[0] <= PRINT_MOST_PAGE && number[1] >= 1 &&
           number[1] <= PRINT_MOST_PX && number[2] >= 1 &&
           number[2] <= PRINT_MOST_PX &&
           grey_bytes == (size_t)(number[1] * number[2]);
}

static enum sting_status print_add(struct prints *prints, struct print *print)
{
    if (!prints->print) {
        prints->print = calloc(PRINTS_MOST, sizeof *prints->print);
    }
    if (!prints->print) {
        return STING_E_NOMEM;
    }
    prints->print[prints->count++] = *print;
    *print = (struct print){.page = 0};
    return STING_OK;
}

enum sting_status prints_take(struct prints *prints,
                              const struct wire_head *head,
                              struct bytes payload, struct fault *fault)
{
    const uint8_t *end = memchr(payload.data, 0, payload.size);
    size_t name = end ? (size_t)(end - payload.data) + 1 : CONFIG_NAME_SIZE + 1;
    if (name > CONFIG_NAME_SIZE || !is_print(head, payload.size - name)) {
        return fault_set(fault, STING_E_FORMAT, "", "that is no page");
    }
    const char *bait = (const char *)payload.data;
    if (find(prints, bait, head->number[0])) {
        return STING_OK;
    }
    if (prints->count == PRINTS_MOST) {
        return fault_set(fault, STING_E_LIMIT, "",
                         "the station holds %d pages, and no more",
                         PRINTS_MOST);
    }
    struct print print = {.page = head->number[0],
                          .width_px = head->number[1],
                          .height_px = head->number[2]};
    memcpy(print.bait, bait, name);
    const struct bytes grey = {payload.data + name, payload.size - name};
    enum sting_status status = buffer_append(&print.grey, grey);
    if (!status) {
        status = print_add(prints, &print);
    }
    buffer_wipe(&print.grey);
    return status ? fault_set(fault, status, "", "the memory is used up")
                  : STING_OK;
}

/* Its zones with that bait, one bit each. */
static int64_t zones_with(const struct config_camera *config, const char *bait)
{
    int64_t zones = 0;
    for (size_t z = 0; z < config->zones; z++) {
        zones |= (int64_t)!strcmp(config->zone[z].bait, bait) << z;
    }
    return zones;
}

static bool has_read_all(int channel)
{
    int unread = 0;
    return ioctl(channel, SIOCOUTQ, &unread) == 0 && unread == 0;
}

void prints_hand(const struct prints *prints, struct camera *camera)
{
    if (camera->worker.pid <= 0 || !camera->is_on) {
        return;
    }
    while (camera->prints < prints->count) {
        const struct print *print = &prints->print[camera->prints];
        const struct wire_head head = {
            .kind = WIRE_CAMERA_PRINT,
            .number = {zones_with(camera->config, print->bait), print->page,
                       print->width_px, print->height_px}};
        if (head.number[0] && !has_read_all(camera->worker.channel)) {
            return;
        }
        camera->prints++;
        if (head.number[0]) {
            /* Of one that has ended its own reader tells. */
            (void)!wire_send(camera->worker.channel, head,
                             buffer_bytes(&print->grey));
            return;
        }
    }
}
