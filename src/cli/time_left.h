/*
 * time_left: how long it will take yet, on the line that a terminal sees.
 */
#ifndef STING_CLI_TIME_LEFT_H
#define STING_CLI_TIME_LEFT_H

/* Writes ", about 40 s left" on stderr (minutes from two on, hours from two
 * on), at the pace so far: `share`, from 0 to 1, was done in `past_s` seconds.
 * Nothing while a guess is none: before a second has passed, or any is done. */
void time_left_print(double past_s, double share);

#endif
