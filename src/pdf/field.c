#include "pdf/field.h"

#include <math.h>
#include <stdbool.h>

#define FAR 1e6 /* points; nothing is drawn so far out */

/* From 0 to 1, level at both ends. */
static double smooth(double t)
{
    return t * t * (3 - 2 * t);
}

static struct pdf_node node_at(const struct pdf_field *field, int column,
                               int row)
{
    bool within =
        column >= 0 && row >= 0 && column < field->columns && row < field->rows;
    return within ? field->node[row * field->columns + column]
                  : (struct pdf_node){0};
}

struct place pdf_field_at(const struct pdf_field *field, double x_pt,
                          double y_pt)
{
    struct place sum = {0, 0};
    if (!(fabs(x_pt) < FAR && fabs(y_pt) < FAR)) {
        return sum;
    }
    double u = x_pt / field->cell_pt - 0.5, v = y_pt / field->cell_pt - 0.5;
    int column = (int)floor(u), row = (int)floor(v);
    double right = smooth(u - column), low = smooth(v - row);
    for (int i = 0; i < 4; i++) {
        struct pdf_node node = node_at(field, column + (i & 1), row + (i >> 1));
        double weight = (i & 1 ? right : 1 - right) * (i >> 1 ? low : 1 - low);
        sum.x += weight * (double)node.x_pt;
        sum.y += weight * (double)node.y_pt;
    }
    return sum;
}
