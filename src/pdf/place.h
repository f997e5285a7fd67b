/*
 * place: points, and the maps between the spaces of a page.
 *
 * A map takes (x, y) to (a x + c y + e, b x + d y + f), as PDF writes it.
 */
#ifndef STING_PDF_PLACE_H
#define STING_PDF_PLACE_H

struct place {
    double x, y;
};

struct place_map {
    double a, b, c, d, e, f;
};

static const struct place_map place_map_identity = {1, 0, 0, 1, 0, 0};

static inline struct place place_mapped(struct place_map m, double x, double y)
{
    return (struct place){m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f};
}

/* First `first`, then `then`. */
static inline struct place_map place_map_then(struct place_map first,
                                              struct place_map then)
{
    return (struct place_map){
        first.a * then.a + first.b * then.c,
        first.a * then.b + first.b * then.d,
        first.c * then.a + first.d * then.c,
        first.c * then.b + first.d * then.d,
        first.e * then.a + first.f * then.c + then.e,
        first.e * then.b + first.f * then.d + then.f,
    };
}

#endif
