/*
 * workers: which function serves which kind of worker.
 */
#ifndef STING_CLI_WORKERS_H
#define STING_CLI_WORKERS_H

/* `sting --worker NAME PORT`: lock in, serve, give the exit code. */
int workers_run(int argc, char **argv);

#ifdef STING_PROBE
/* Only in tests' own build of the binary (tests/probe): do on request what
 * no worker may do, instead of serving. */
int probe_serve(int channel);
#endif

#ifdef STING_STANDIN
/* Only in tests' own build (tests/standin): a camera worker without a camera,
 * whose pictures are noise. */
int standin_serve(int channel);
#endif

#ifdef STING_TAKEN
/* Only in tests' own build (tests/taken): a web worker that was taken over. */
int taken_serve(int channel);
#endif

#endif
