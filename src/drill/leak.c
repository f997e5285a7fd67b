#include "drill/leak.h"

#include <stdio.h>

#include "drill/photograph.h"

/* Fair light and at least 130 dpi; harsher ones are told apart elsewhere. */
static const char *const fair[] = {"room", "half-light", "desk", "crop"};

void leak_desk_close(struct leak_desk *desk)
{
    library_release(&desk->library);
    if (desk->has_press) {
        press_release(&desk->press);
    }
    picture_worker_free(&desk->reader);
    picture_worker_free(&desk->maker);
    *desk = (struct leak_desk){0};
}

/* The first bait that has copies. */
static const struct shelf *shelf_choose(const struct library *library)
{
    for (size_t i = 0; i < library->shelves; i++) {
        if (library->shelf[i].copies) {
            return &library->shelf[i];
        }
    }
    return NULL;
}

enum sting_status leak_desk_open(struct leak_desk *out,
                                 const struct operation *operation,
                                 const struct operation_keys *keys,
                                 struct fault *fault)
{
    *out = (struct leak_desk){0};
    enum sting_status status = picture_worker_new(&out->reader, fault);
    status = status ? status : picture_worker_new(&out->maker, fault);
    status = status ? status
                    : library_init(&out->library, operation, keys, out->reader,
                                   fault);
    const struct shelf *shelf = status ? NULL : shelf_choose(&out->library);
    if (!status && !shelf) {
        status = fault_set(fault, STING_E_ABSENT, "see sting bait issue",
                           "no copy was issued yet");
    }
    status = status ? status
                    : press_init(&out->press, operation, keys, shelf->bait.name,
                                 out->maker, fault);
    out->has_press = !status;
    if (status) {
        leak_desk_close(out);
    }
    return status;
}

/* A page that carries marks. */
static int page_choose(const struct bait *bait, struct chance *chance)
{
    int page = 0;
    for (int i = 0; i < 1000; i++) {
        page = chance_below(chance, bait->pages);
        if (bait->page[page].state == MARK_PAGE_OK) {
            break;
        }
    }
    return page;
}

static enum sting_status photograph(struct leak_desk *desk,
                                    const struct leak *leak, uint64_t seed,
                                    struct buffer *jpeg, struct fault *fault)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct setting found;
    enum sting_status status = setting_find(leak->setting, &found, fault);
    status =
        status ? status : press_copy(&desk->press, leak->copy, &copy, fault);
    return status ? status
                  : photograph_take(buffer_bytes(&copy), leak->page, &found,
                                    seed, jpeg, fault);
}

static void outcome_set(const struct trace_finding *finding,
                        const struct leak_desk *desk, struct leak *leak)
{
    if (finding->page >= 0) {
        leak->log10_lr = finding->score.log10_lr;
    }
    if (finding->verdict != TRACE_ATTRIBUTED) {
        return;
    }
    const struct shelf *shelf = &desk->library.shelf[finding->shelf];
    bool right =
        digest_equal(shelf->bait.original, desk->press.bait.original) &&
        finding->page == leak->page && finding->score.copy == leak->copy;
    leak->outcome =
        right && leak->outcome != LEAK_WRONG ? LEAK_TRACED : LEAK_WRONG;
}

static enum sting_status judge(struct leak_desk *desk, struct bytes jpeg,
                               struct leak *leak, struct fault *fault)
{
    struct trace_run run STING_AUTO(trace_run_release) = {.library =
                                                              &desk->library};
    enum sting_status status = trace_run_add(&run, "drill.jpg", jpeg, 1, fault);
    status = status ? status : trace_run_judge(&run);
    for (size_t i = 0; !status && i < run.picture[0]->findings; i++) {
        outcome_set(&run.picture[0]->finding[i], desk, leak);
    }
    return status;
}

/* Another page and place when a page has too few words for the setting. */
static enum sting_status leak_shoot(struct leak_desk *desk,
                                    struct chance *chance, struct leak *leak,
                                    struct buffer *jpeg, struct fault *fault)
{
    enum sting_status status = STING_E_ABSENT;
    for (int i = 0; i < 50 && status == STING_E_ABSENT; i++) {
        leak->page = page_choose(&desk->press.bait, chance);
        status = photograph(desk, leak, chance_bits(chance), jpeg, fault);
    }
    return status;
}

enum sting_status leak_run(struct leak_desk *desk, const char *setting,
                           struct chance *chance, struct leak *out,
                           struct fault *fault)
{
    struct leak leak = {.outcome = LEAK_MISSED};
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    const struct shelf *shelf = shelf_choose(&desk->library);
    leak.copy = shelf->copy[chance_below(chance, (int)shelf->copies)];
    int any = chance_below(chance, sizeof fair / sizeof *fair);
    snprintf(leak.setting, sizeof leak.setting, "%s",
             setting ? setting : fair[any]);
    enum sting_status status = leak_shoot(desk, chance, &leak, &jpeg, fault);
    status = status ? status : judge(desk, buffer_bytes(&jpeg), &leak, fault);
    if (!status) {
        *out = leak;
    }
    return status;
}
