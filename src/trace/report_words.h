/*
 * report_words: numbers and pictures in words that people read. Only
 * report*.c and quote_report.c include this.
 */
#ifndef STING_TRACE_REPORT_WORDS_H
#define STING_TRACE_REPORT_WORDS_H

#include "print/document.h"
#include "trace/trace.h"

#define REPORT_TEXT_SIZE 320

/* 10 to a power in digits: "1,000,000" up to that, then with a raised
 * exponent. Gives text back. */
const char *report_power(double exponent, char text[REPORT_TEXT_SIZE]);

/* "Examined on 2026-11-20 at 10:00 UTC, sting 1.0" */
void report_about(int64_t made_us, char text[REPORT_TEXT_SIZE]);

/* What was held before, and what the ratio makes of it, as a table. */
void report_posterior(size_t copies, double log10_lr, struct document *d);

/* ENFSI's words for a likelihood ratio: "extremely strong". */
const char *report_support(double log10_lr);

/* Which other registered pages look like this one; nothing when none do. */
void report_alike(const struct trace_picture *picture,
                  const struct trace_finding *finding, struct document *d);

/* Of a picture in which nothing of ours was found: would it have been? */
void report_presence(const struct trace_picture *picture, struct document *d);

/* How it is known that whom the register names got the copy, since when, and
 * what speaks against it. names: of holders, NULL: copies by number alone. */
void report_handover(const struct handover_list *list, uint32_t copy,
                     const struct library *names, struct document *d);

/* The same of every copy that a finding names. */
void report_handovers(const struct trace_run *run,
                      const struct trace_finding *finding, struct document *d);

/* "IMG_1.jpg", "scan.pdf, sheet 2", "clip.mp4 at 3.2 s" */
void report_source(const struct trace_picture *picture,
                   char text[REPORT_TEXT_SIZE]);

#endif
