/*
 * scripts: the two verifiers that go into each exhibit, as they lie beside
 * this file: VERIFY.sh and verify.py.
 */
#ifndef STING_EXHIBIT_SCRIPTS_H
#define STING_EXHIBIT_SCRIPTS_H

#include "base/base.h"

struct bytes exhibit_verify_sh(void);
struct bytes exhibit_verify_py(void);

#endif
