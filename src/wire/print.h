/*
 * print: what a page of a bait looks like from the distance of a room, as
 * messages carry it: WIRE_CORE_PRINT, WIRE_CAMERA_PRINT.
 */
#ifndef STING_WIRE_PRINT_H
#define STING_WIRE_PRINT_H

#define PRINT_DPI 25.0
#define PRINT_MOST_PX 300 /* a side: larger pages at fewer dots an inch */
#define PRINT_MOST_PAGE 5000

#endif
