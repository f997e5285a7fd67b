#include "cli/bait_progress.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/bait_desk.h"
#include "cli/time_left.h"
#include "pdf/packers.h"

#define SHOW_EVERY_US 200000

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

void bait_stop_at_interrupt(void)
{
    struct sigaction action = {.sa_handler = interrupt,
                               .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigaction(SIGINT, &action, NULL);
}

bool bait_is_stopped(void)
{
    return is_interrupted;
}

void bait_progress_init(struct bait_progress *progress, bool json)
{
    *progress = (struct bait_progress){.json = json, .is_terminal = isatty(2)};
}

static void line_clear(struct bait_progress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", stderr);
        progress->is_shown = false;
    }
}

static void print_made(const struct bait_made *made)
{
    char sha256[DIGEST_TEXT_SIZE];
    const struct bait *bait = &made->press->bait;
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "bait", bait->name);
    json_add_integer(json, "copy", made->number);
    json_add_text(json, "holder", made->holder);
    json_add_text(json, "file", made->file);
    json_add_text(json, "sha256",
                  made->file ? digest_text(made->sha256, sha256) : NULL);
    json_add_bool(json, "checked", made->checked);
    bait_add_pages(json, bait);
    bait_print_line(json);
}

enum sting_status bait_progress_sink(void *context,
                                     const struct bait_made *made)
{
    struct bait_progress *progress = context;
    progress->there += made->was_there;
    progress->written += !made->was_there;
    if (progress->json) {
        print_made(made);
    } else if (made->file) {
        line_clear(progress);
        printf("copy %u for %s: %s%s\n", made->number, made->holder, made->file,
               made->was_there ? " (there already)" : "");
        fflush(stdout);
    }
    return STING_OK;
}

void bait_progress_repacked(void *context, const struct register_batch *batch,
                            const char *packers)
{
    line_clear(context);
    fprintf(stderr,
            "sting: copies %u to %u: their bytes may differ from the files "
            "handed out, their marks do not: those were packed by %s, these "
            "are by %s: for the same bytes use the versions of then\n",
            batch->first, batch->first + batch->copies - 1,
            pdf_packers_names(batch->packers), packers);
}

void bait_progress_step(void *context, uint32_t done, uint32_t all,
                        const char *what)
{
    struct bait_progress *progress = context;
    int64_t now_us = clock_now().boot_us;
    if (!progress->is_terminal) {
        return;
    }
    if (progress->what != what) {
        progress->what = what;
        progress->began_us = now_us;
    }
    if (done < all && now_us - progress->shown_us < SHOW_EVERY_US) {
        return;
    }
    int64_t took_us = now_us - progress->began_us;
    line_clear(progress);
    if (done < all) {
        fprintf(stderr, "%u of %u %s", done, all, what);
        time_left_print((double)took_us / 1e6, (double)done / all);
        fflush(stderr);
        progress->is_shown = true;
    }
    progress->shown_us = now_us;
}
