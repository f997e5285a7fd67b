/* Paths: only their straight lines matter, as rules that text stands near. */
#include <stdlib.h>
#include <string.h>

#include "pdf/scan.h"

static struct place here(const struct scan *scan, int from_end)
{
    return place_mapped(scan->state.ctm, scan_number(scan, from_end),
                        scan_number(scan, from_end - 1));
}

static void line_to(struct scan_path *path, struct place to)
{
    if (path->lines < SCAN_POINTS) {
        path->line[path->lines++] = (struct content_rule){
            (float)path->at.x, (float)path->at.y, (float)to.x, (float)to.y};
    }
    path->at = to;
}

static void path_move(struct scan *scan)
{
    scan->path->start = scan->path->at = here(scan, 2);
}

static void path_line(struct scan *scan)
{
    line_to(scan->path, here(scan, 2));
}

static void path_curve(struct scan *scan)
{
    scan->path->at = here(scan, 2);
}

static void path_close(struct scan *scan)
{
    line_to(scan->path, scan->path->start);
}

static void path_rectangle(struct scan *scan)
{
    double x = scan_number(scan, 4), y = scan_number(scan, 3);
    double w = scan_number(scan, 2), h = scan_number(scan, 1);
    const struct place_map m = scan->state.ctm;
    struct scan_path *path = scan->path;
    path->start = path->at = place_mapped(m, x, y);
    line_to(path, place_mapped(m, x + w, y));
    line_to(path, place_mapped(m, x + w, y + h));
    line_to(path, place_mapped(m, x, y + h));
    line_to(path, path->start);
}

static void path_drop(struct scan *scan)
{
    scan->path->lines = 0;
}

static void path_paint(struct scan *scan)
{
    struct page_content *page = scan->page;
    uint32_t more = (uint32_t)scan->path->lines;
    if (page->rules + more > page->rules_room) {
        uint32_t wanted = 2 * (page->rules + more);
        void *grown = wanted <= 4 * CONTENT_MOST_RULES
                          ? reallocarray(page->rule, wanted, sizeof *page->rule)
                          : NULL;
        if (!grown) { /* a drawing: what is left out stays unknown */
            path_drop(scan);
            return;
        }
        page->rule = grown;
        page->rules_room = wanted;
    }
    if (more > 0) {
        memcpy(page->rule + page->rules, scan->path->line,
               more * sizeof *page->rule);
    }
    page->rules += more;
    path_drop(scan);
}

static void path_close_paint(struct scan *scan)
{
    path_close(scan);
    path_paint(scan);
}

static const struct {
    const char *word;
    void (*act)(struct scan *scan);
} operator_table[] = {
    {"m", path_move},        {"l", path_line},         {"c", path_curve},
    {"v", path_curve},       {"y", path_curve},        {"h", path_close},
    {"re", path_rectangle},  {"n", path_drop},         {"S", path_paint},
    {"s", path_close_paint}, {"f", path_paint},        {"F", path_paint},
    {"f*", path_paint},      {"B", path_paint},        {"B*", path_paint},
    {"b", path_close_paint}, {"b*", path_close_paint},
};

bool scan_path_operator(struct scan *scan, const char *word)
{
    for (size_t i = 0; i < sizeof operator_table / sizeof *operator_table;
         i++) {
        if (!strcmp(operator_table[i].word, word)) {
            operator_table[i].act(scan);
            return true;
        }
    }
    return false;
}
