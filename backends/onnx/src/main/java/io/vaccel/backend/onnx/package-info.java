/** Models and image operations on ONNX Runtime. */
package io.vaccel.backend.onnx;
