/**
 * The plugin {@code tflite}: runs TensorFlow Lite models on the CPU, with XNNPACK.
 *
 * <p>Models come from guests and are hostile. A file passes TensorFlow Lite's verifier first, which
 * makes sure that it is a flat buffer of that schema; then {@link
 * io.vaccel.backend.tflite.ModelGraph} makes sure that its graph reads nothing that nobody wrote
 * and writes nothing that is constant; only then is it given to the interpreter.
 */
package io.vaccel.backend.tflite;
