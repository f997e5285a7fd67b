/*
 * taken: a web worker that was taken over.
 *
 * In this build the worker speaks no HTTP. Whoever connects to its port says
 * what it is to send to the core, a line each, and gets what came back:
 *
 *     SEND KIND N0 N1 N2 N3 N4 N5 HEX     one message, numbers as they are
 *     -> KIND N0 N1 N2 N3 N4 N5 HEX       the next message of the core
 *     -> NOTHING                          none came within a minute
 *     PUSH KIND N0 N1 N2 N3 N4 N5 HEX     one that goes together with the next
 *     -> NOTHING
 */
#ifndef STING_TESTS_TAKEN_H
#define STING_TESTS_TAKEN_H

int taken_serve(int channel);

#endif
