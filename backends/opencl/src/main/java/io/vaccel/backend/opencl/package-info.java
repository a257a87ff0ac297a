/** OpenCL kernels that the caller brings, where the operator allows it. */
package io.vaccel.backend.opencl;
