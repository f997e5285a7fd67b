#include "drill/eye.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "crypt/kdf.h"
#include "drill/chance.h"
#include "drill/eye_page.h"
#include "drill/paper.h"
#include "drill/png.h"

struct session {
    const struct eye_order *order;
    struct picture_worker *worker; /* owned, all */
    struct press press;
    struct buffer original;
    struct chance chance;
};

static void session_release(struct session *session)
{
    buffer_wipe(&session->original);
    if (session->press.worker) {
        press_release(&session->press);
    }
    picture_worker_free(&session->worker);
}

bool eye_is_right(const struct secret *mark,
                  const uint8_t session[EYE_SESSION_SIZE], uint32_t pair)
{
    uint8_t side[EYE_MOST_PAIRS];
    hkdf_sha256(secret_bytes(mark), (struct bytes){session, EYE_SESSION_SIZE},
                bytes_of_text("eye"), side, sizeof side);
    bool is_right = side[pair % EYE_MOST_PAIRS] & 1;
    secret_wipe_bytes(side, sizeof side);
    return is_right;
}

static enum sting_status bait_choose(const struct eye_order *order, char *name,
                                     struct fault *fault)
{
    struct bait_names names = {0};
    if (order->bait) {
        snprintf(name, CONFIG_NAME_SIZE, "%s", order->bait);
        return STING_OK;
    }
    enum sting_status status = bait_names_init(order->operation, &names, fault);
    if (!status && !names.count) {
        status = fault_set(fault, STING_E_ABSENT, "see sting bait add",
                           "there is no bait yet");
    }
    if (!status) {
        memcpy(name, names.name[0], CONFIG_NAME_SIZE);
    }
    bait_names_release(&names);
    return status;
}

static enum sting_status session_open(const struct eye_order *order,
                                      struct session *out, struct fault *fault)
{
    char name[CONFIG_NAME_SIZE];
    uint64_t seed = 0;
    for (int i = 0; i < 8; i++) {
        seed = seed << 8 | order->session[i];
    }
    *out = (struct session){.order = order, .chance = chance_of(seed, 9)};
    enum sting_status status = bait_choose(order, name, fault);
    status = status ? status : picture_worker_new(&out->worker, fault);
    status = status ? status
                    : press_init(&out->press, order->operation, order->keys,
                                 name, out->worker, fault);
    return status ? status
                  : bait_original_load(order->operation, order->keys,
                                       &out->press.bait, &out->original, fault);
}

static enum sting_status page_choose(struct session *session, int *out,
                                     struct fault *fault)
{
    const struct bait *bait = &session->press.bait;
    for (int i = 0; i < 1000; i++) {
        *out = chance_below(&session->chance, bait->pages);
        if (bait->page[*out].state == MARK_PAGE_OK) {
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_ABSENT, "choose another bait",
                     "no page of \"%s\" carries marks", bait->name);
}

static enum sting_status figure_add(const struct session *session,
                                    struct bytes pdf, int page,
                                    const char *side, struct buffer *out,
                                    struct fault *fault)
{
    struct paper paper STING_AUTO(paper_release) = {0};
    struct buffer png STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        paper_render(pdf, page, session->order->dpi, &paper, fault);
    if (status) {
        return status;
    }
    status = png_write(&paper, &png);
    status = status ? status
                    : buffer_printf(out,
                                    "<figure><img alt=\"%s page\" src=\""
                                    "data:image/png;base64,",
                                    side);
    status = status ? status : base64_append(out, buffer_bytes(&png), true);
    status =
        status ? status : buffer_append(out, bytes_of_text("\"></figure>\n"));
    return status ? fault_set(fault, status, "ask for fewer pairs",
                              "the memory is used up")
                  : STING_OK;
}

static enum sting_status pair_add(struct session *session, uint32_t pair,
                                  struct buffer *out, struct fault *fault)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    int page = 0;
    enum sting_status status = page_choose(session, &page, fault);
    uint32_t number = 1 + (uint32_t)chance_below(&session->chance, 1000000);
    status =
        status ? status : press_copy(&session->press, number, &copy, fault);
    bool is_right = eye_is_right(&session->order->keys->mark,
                                 session->order->session, pair);
    struct bytes pdf[] = {buffer_bytes(&copy),
                          buffer_bytes(&session->original)};
    status = status ? status
                    : buffer_append(out, bytes_of_text("<div class=pair>\n"));
    for (int i = 0; !status && i < 2; i++) {
        status = figure_add(session, pdf[(i == 0) == is_right], page,
                            i ? "right" : "left", out, fault);
    }
    return status ? status : buffer_append(out, bytes_of_text("</div>\n"));
}

enum sting_status eye_page(const struct eye_order *order, struct buffer *out,
                           struct fault *fault)
{
    struct session session STING_AUTO(session_release) = {0};
    char hex[2 * EYE_SESSION_SIZE + 1];
    enum sting_status status = session_open(order, &session, fault);
    status = status ? status : buffer_append(out, bytes_of_text(eye_page_head));
    for (uint32_t i = 0; !status && i < order->pairs; i++) {
        status = pair_add(&session, i, out, fault);
    }
    hex_write((struct bytes){order->session, EYE_SESSION_SIZE}, hex);
    status = status ? status
                    : buffer_printf(out, "<p id=session hidden>%s</p>\n", hex);
    return status ? status : buffer_append(out, bytes_of_text(eye_page_tail));
}

static enum sting_status refuse(struct fault *fault)
{
    return fault_set(fault, STING_E_FORMAT,
                     "give the file that the session's page saved",
                     "these are no answers of a session");
}

enum sting_status eye_answers(const struct secret *mark, struct bytes file,
                              struct eye_score *out, struct fault *fault)
{
    struct json *json STING_AUTO(json_free) = NULL;
    uint8_t session[EYE_SESSION_SIZE];
    struct eye_score score = {0};
    if (json_read(file, &json)) {
        return refuse(fault);
    }
    const char *number = json_text(json, "session");
    const char *answer = json_text(json, "answers");
    if (!number || !answer || strlen(answer) > EYE_MOST_PAIRS || !*answer ||
        strspn(answer, "LR") != strlen(answer) ||
        hex_read(bytes_of_text(number), session, sizeof session)) {
        return refuse(fault);
    }
    for (; answer[score.trials]; score.trials++) {
        bool is_right = eye_is_right(mark, session, score.trials);
        score.hits += (answer[score.trials] == 'R') == is_right;
    }
    for (int i = 0; i < 8; i++) {
        score.session = score.session << 8 | session[i];
    }
    *out = score;
    return STING_OK;
}
