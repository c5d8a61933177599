// BLAS and LAPACK as Debian ships them (libopenblas-dev, liblapacke-dev). Only LinearAlgebra imports this module.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

#include <cblas.h>
#include <lapacke.h>

// lapack_int is a macro and invisible to Swift.
typedef lapack_int plumbline_lapack_int;

#endif
