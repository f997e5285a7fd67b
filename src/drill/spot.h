/* spot: a place on a sheet, in mm from its top left corner, x right, y down;
 * or in a picture, in px. */
#ifndef STING_DRILL_SPOT_H
#define STING_DRILL_SPOT_H

struct spot {
    double x, y;
};

#endif
