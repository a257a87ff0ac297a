/** Matrix products with OpenBLAS where it is installed, and in plain Java where it is not. */
package io.vaccel.backend.blas;
