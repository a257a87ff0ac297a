package io.vaccel.backend.tensorflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;

/**
 * What a model's files say, checked.
 *
 * @param graph what TensorFlow is given
 * @param inputs in the model's order
 * @param outputs in the model's order
 * @param restore fills the variables of a new session
 * @param initialise fills its tables, after that
 * @param files for the string tensors that hold file names: which file of the model each names
 */
record ModelSource(
    GraphDef graph,
    List<NamedTensor> inputs,
    List<NamedTensor> outputs,
    Optional<String> restore,
    Optional<String> initialise,
    Map<NamedTensor, String> files) {
  /** Copies lists and map. */
  ModelSource {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    files = Map.copyOf(files);
  }
}
