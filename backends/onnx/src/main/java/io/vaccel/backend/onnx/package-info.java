/**
 * The plugin {@code onnx}: runs ONNX models with ONNX Runtime, on an NVIDIA GPU when ONNX Runtime's
 * GPU library and the device are there, on the CPU otherwise.
 *
 * <p>Models come from guests and are hostile: they are given to the engine as bytes, never as a
 * path, with an empty directory as the only place where external data may lie. A model must
 * therefore be one file of less than 2 GiB, which is also the limit of its format.
 */
package io.vaccel.backend.onnx;
