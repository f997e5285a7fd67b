#include "drill/play.h"

#include <stddef.h>

#include "drill/texture.h"

static const float pi = 3.14159265F;

const char *play_word(enum play_kind kind)
{
    static const char *const word[] = {"enter", "photograph", "leave",
                                       "gone",  "team",       "end"};
    return word[kind];
}

static float way_length(const struct actor *actor)
{
    float length = 0;
    for (int i = 1; i < actor->ways; i++) {
        length += vec_length(vec_sub(actor->way[i], actor->way[i - 1]));
    }
    return length;
}

static float arrival_s(const struct actor *actor)
{
    return actor->enter_s + way_length(actor) / actor->speed;
}

static void actor_set(struct actor *actor, struct vec stand, float face,
                      float enter_s, struct chance *chance)
{
    float side = (float)chance_between(chance, -0.12, 0.12);
    float stray = (float)chance_between(chance, -0.2, 0.2);
    actor->way[0] = (struct vec){1.05F + side, 0, 7.1F};
    actor->way[1] = (struct vec){1.05F + side, 0, 5.75F};
    actor->way[2] = (struct vec){0.62F * 1.05F + 0.38F * stand.x + stray, 0,
                                 0.4F * 5.75F + 0.6F * stand.z + 0.2F};
    actor->way[3] = stand;
    actor->ways = 4;
    actor->enter_s = enter_s;
    actor->face = face;
    actor->speed = (float)chance_between(chance, 1.05, 1.4);
    actor->speed_back = (float)chance_between(chance, 1.2, 1.6);
    actor->clothes = clothes_choose(chance);
}

static void event_add(struct play *play, enum play_kind kind, double at_s)
{
    if (play->events < PLAY_MOST_EVENTS) {
        play->event[play->events++] = (struct play_event){kind, at_s};
    }
}

/* The first two: one photographs from behind the table, one turns pages. */
static double thieves_set(struct play *play, double quiet_s,
                          struct chance *chance)
{
    struct actor *one = &play->actor[0];
    struct actor *two = &play->actor[1];
    float start = (float)quiet_s;
    actor_set(one, (struct vec){3.02F, 0, 4.42F}, pi + 0.1F, start, chance);
    actor_set(two, (struct vec){1.88F, 0, 3.72F}, pi / 2 + 0.05F,
              start + (float)chance_between(chance, 0.9, 1.6), chance);
    one->photographs = true;
    double arrive = (double)fmaxf(arrival_s(one), arrival_s(two));
    play->shots = 3 + chance_below(chance, 2);
    double at = arrive + chance_between(chance, 1.2, 1.8);
    for (int i = 0; i < play->shots; i++) {
        play->shot_s[i] = at;
        event_add(play, PLAY_PHOTOGRAPH, at);
        at += chance_between(chance, 1.5, 2.1);
    }
    one->leave_s = (float)at;
    two->leave_s = (float)(at - chance_between(chance, 0.2, 0.6));
    double gone = at + (double)(way_length(one) / one->speed_back) + 0.3;
    event_add(play, PLAY_LEAVE, (double)two->leave_s);
    return gone;
}

static double team_set(struct play *play, double start_s, struct chance *chance)
{
    struct actor *one = &play->actor[2];
    struct actor *two = &play->actor[3];
    float start = (float)start_s;
    actor_set(one, (struct vec){2.15F, 0, 4.35F}, pi * 0.72F, start, chance);
    actor_set(two, (struct vec){3.05F, 0, 4.5F}, pi, start + 0.45F, chance);
    for (int i = 2; i < 4; i++) {
        play->actor[i].speed = (float)chance_between(chance, 2.6, 3.1);
        play->actor[i].leave_s = start + (float)chance_between(chance, 6, 6.6);
        for (int c = 0; c < 3; c++) { /* dark blue */
            play->actor[i].clothes.jacket[c] = 0.02F + 0.012F * (float)c;
        }
    }
    double leave = (double)fmaxf(one->leave_s, two->leave_s);
    return leave + (double)(way_length(one) / one->speed_back) + 0.6;
}

static void events_sort(struct play *play)
{
    for (int i = 1; i < play->events; i++) {
        struct play_event event = play->event[i];
        int at = i;
        for (; at > 0 && play->event[at - 1].at_s > event.at_s; at--) {
            play->event[at] = play->event[at - 1];
        }
        play->event[at] = event;
    }
}

static void door_use(struct play *play, int i, double open_s, double shut_s)
{
    play->door_open_s[i] = open_s;
    play->door_shut_s[i] = shut_s;
}

void play_init(struct play *out, const struct garage *garage, double quiet_s,
               bool alone, uint64_t seed)
{
    struct chance chance = chance_of(seed, 12);
    *out = (struct play){.actors = alone ? 2 : 4, .pages = garage->pages};
    for (int i = 0; i < garage->pages; i++) {
        out->page[i] = garage->page[i];
    }
    event_add(out, PLAY_ENTER, quiet_s);
    double gone = thieves_set(out, quiet_s, &chance);
    event_add(out, PLAY_GONE, gone + 0.4);
    door_use(out, 0, quiet_s - 0.2, quiet_s + 3.2);
    door_use(out, 1, gone - 3.2, gone);
    door_use(out, 2, 1e9, 1e9);
    door_use(out, 3, 1e9, 1e9);
    double end = gone + 0.4;
    if (!alone) {
        double team = gone + 3.2;
        event_add(out, PLAY_TEAM, team);
        end = team_set(out, team, &chance);
        door_use(out, 2, team - 0.2, end);
        end += 0.5;
    }
    event_add(out, PLAY_END, end);
    events_sort(out);
}

/* Catmull and Rom's spline through the way, by arc length of its chords. */
static struct vec way_at(const struct actor *actor, float gone, float *heading)
{
    int i = 0;
    float part = vec_length(vec_sub(actor->way[1], actor->way[0]));
    while (i < actor->ways - 2 && gone > part) {
        gone -= part;
        i++;
        part = vec_length(vec_sub(actor->way[i + 1], actor->way[i]));
    }
    struct vec p1 = actor->way[i];
    struct vec p2 = actor->way[i + 1];
    struct vec p0 = i ? actor->way[i - 1] : p1;
    struct vec p3 = i + 2 < actor->ways ? actor->way[i + 2] : p2;
    float t = fminf(1, gone / part);
    struct vec m1 = vec_scaled(vec_sub(p2, p0), 0.4F);
    struct vec m2 = vec_scaled(vec_sub(p3, p1), 0.4F);
    float t2 = t * t;
    float t3 = t2 * t;
    struct vec at = vec_add(
        vec_add(vec_scaled(p1, 2 * t3 - 3 * t2 + 1),
                vec_scaled(p2, 3 * t2 - 2 * t3)),
        vec_add(vec_scaled(m1, t3 - 2 * t2 + t), vec_scaled(m2, t3 - t2)));
    struct vec way = vec_add(vec_scaled(vec_sub(p2, p1), 6 * (t - t2)),
                             vec_add(vec_scaled(m1, 3 * t2 - 4 * t + 1),
                                     vec_scaled(m2, 3 * t2 - 2 * t)));
    if (vec_dot(way, way) > 1e-6F) {
        *heading = atan2f(way.x, way.z);
    }
    return at;
}

static float turned(float from, float to, float share)
{
    float by = remainderf(to - from, 2 * pi);
    return from + by * share;
}

/* Where the telephone or the hand is: over one page after another. */
static struct vec target_at(const struct play *play, double at_s, bool phone)
{
    int next = 0;
    while (next < play->shots && play->shot_s[next] < at_s - 0.25) {
        next++;
    }
    int page = (next + (phone ? 0 : 1)) % play->pages;
    int before = (page + play->pages - 1) % play->pages;
    double since = next ? at_s - play->shot_s[next - 1] - 0.25 : 1;
    float move = texture_step(0, 0.7F, (float)since);
    struct vec at = vec_mix(play->page[before], play->page[page], move);
    at.y += phone ? 0.36F : 0.03F + 0.1F * move * (1 - move) * 4;
    return at;
}

static void pose_at_table(const struct play *play, const struct actor *actor,
                          double at_s, struct pose *pose)
{
    float t = (float)at_s;
    float in = texture_step(0.1F, 0.9F, t - arrival_s(actor));
    float out = texture_step(0.0F, 0.6F, actor->leave_s - t);
    float share = in < out ? in : out;
    bool team = actor - play->actor >= 2;
    float breath = 0.015F * sinf(1.9F * t + actor->enter_s);
    pose->bend = share * (team                 ? 0.16F
                          : actor->photographs ? 0.5F
                                               : 0.62F) +
                 breath * share;
    pose->heading = turned(pose->heading, actor->face, in);
    pose->reach = team ? 0.35F * share : share;
    pose->phone = actor->photographs && share > 0.4F;
    struct vec at = target_at(play, at_s, actor->photographs);
    at.x += 0.01F * sinf(2.3F * t);
    struct vec right = {cosf(pose->heading), 0, -sinf(pose->heading)};
    float apart = actor->photographs ? 0.075F : 0.11F;
    pose->hand[0] = vec_add(at, vec_scaled(right, -apart));
    pose->hand[1] = vec_add(at, vec_scaled(right, apart));
    if (!actor->photographs) { /* the other hand rests on the table */
        pose->hand[0].z += 0.15F;
        pose->hand[0].y = play->page[0].y + 0.03F;
    }
}

static bool actor_pose(const struct play *play, const struct actor *actor,
                       double at_s, struct pose *pose)
{
    float t = (float)at_s;
    float length = way_length(actor);
    float gone = (t - actor->enter_s) * actor->speed;
    float back = (t - actor->leave_s) * actor->speed_back;
    if (t < actor->enter_s || back > length) {
        return false;
    }
    bool going = back > 0;
    float way = going ? length - back : fminf(gone, length);
    float speed = going ? actor->speed_back : actor->speed;
    float left = going ? fminf(back, 0.25F) : fminf(length - way, 0.25F);
    float heading = actor->face;
    *pose = (struct pose){.at = way_at(actor, way, &heading)};
    pose->heading =
        going ? turned(actor->face, heading + pi, texture_step(0, 0.5F, back))
              : heading;
    float stride = 0.85F + 0.33F * speed; /* metres of a double step */
    pose->phase = 2 * pi * way / stride * (going ? -1.0F : 1.0F);
    pose->stride = fminf(0.62F, 0.22F + 0.14F * speed) * 4 * left;
    if (!going && gone >= length - 0.5F) {
        pose_at_table(play, actor, at_s, pose);
    }
    return true;
}

static float door_at(const struct play *play, double at_s)
{
    float open = 0;
    for (int i = 0; i < 4; i++) {
        float in = texture_step(0, i == 2 ? 0.35F : 0.9F,
                                (float)(at_s - play->door_open_s[i]));
        float out = texture_step(0, 0.8F, (float)(at_s - play->door_shut_s[i]));
        open = fmaxf(open, in - out);
    }
    return open;
}

static void glows_add(const struct play *play, double at_s,
                      const struct figure *figure, struct moment_seen *out)
{
    struct vec at = figure->solid[figure->solids - 1].a; /* the telephone */
    struct vec over = {at.x, at.y + 0.03F, at.z + 0.02F};
    out->glow[out->glows++] = (struct glow){over, 0.012F, {0.75F, 0.9F, 1.25F}};
    for (int i = 0; i < play->shots; i++) {
        double since = at_s - play->shot_s[i];
        if (since >= 0 && since < 0.11) {
            struct vec under = {at.x, at.y - 0.02F, at.z};
            out->glow[out->glows++] = (struct glow){under, 0.9F, {1, 1, 1.05F}};
            return;
        }
    }
}

void play_look(const struct play *play, double at_s, struct moment_seen *out)
{
    out->figures = 0;
    out->glows = 0;
    out->door = door_at(play, at_s);
    for (int i = 0; i < play->actors; i++) {
        struct pose pose;
        const struct actor *actor = &play->actor[i];
        if (actor_pose(play, actor, at_s, &pose)) {
            struct figure *figure = &out->figure[out->figures];
            out->clothes[out->figures++] = &actor->clothes;
            figure_stand(figure, &pose, &actor->clothes);
            if (pose.phone) {
                glows_add(play, at_s, figure, out);
            }
        }
    }
}
