/**
 * The plugin {@code tensorflow}: runs TensorFlow's SavedModels and frozen graphs through the C API.
 *
 * <p>Models come from guests and are hostile. A file is measured ({@link
 * io.vaccel.backend.tensorflow.ProtoSize}), read, and cut down to what its inputs and outputs need;
 * {@link io.vaccel.backend.tensorflow.GraphCheck} lets only operators of a list pass, and file
 * names only where they are the model's own; and only what it has passed is given to TensorFlow.
 */
package io.vaccel.backend.tensorflow;
