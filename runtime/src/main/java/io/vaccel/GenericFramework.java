package io.vaccel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The frameworks that vAccel has model operations for: their codes, and their own numbers of
 * element types as in vAccel's headers.
 */
enum GenericFramework {
  /** TensorFlow: DataType of its {@code types.proto}, from 1. */
  TENSORFLOW(
      GenericCode.TF_MODEL_LOAD,
      Optional.of(GenericCode.TF_MODEL_UNLOAD),
      GenericCode.TF_MODEL_RUN,
      ModelFormat.TENSORFLOW_GRAPH,
      "- FLOAT32 FLOAT64 INT32 UINT8 INT16 INT8 STRING COMPLEX64 INT64 BOOL QINT8 QUINT8 QINT32"
          + " BFLOAT16 QINT16 QUINT16 UINT16 COMPLEX128 FLOAT16 - - UINT32 UINT64"),
  /** TensorFlow Lite: TfLiteType, from 0. */
  TENSORFLOW_LITE(
      GenericCode.TFLITE_MODEL_LOAD,
      Optional.of(GenericCode.TFLITE_MODEL_UNLOAD),
      GenericCode.TFLITE_MODEL_RUN,
      ModelFormat.TFLITE,
      "- FLOAT32 INT32 UINT8 INT64 STRING BOOL INT16 COMPLEX64 INT8 FLOAT16 FLOAT64 COMPLEX128"
          + " UINT64 - - UINT32 UINT16 INT4"),
  /** PyTorch: vAccel's own numbers, from 1. */
  TORCH(
      GenericCode.TORCH_MODEL_LOAD,
      Optional.empty(),
      GenericCode.TORCH_MODEL_RUN,
      ModelFormat.TORCHSCRIPT,
      "- UINT8 INT8 INT16 INT32 INT64 FLOAT16 FLOAT32");

  private final GenericCode load;
  private final Optional<GenericCode> unload;
  private final GenericCode run;
  private final ModelFormat format;
  private final String types;

  GenericFramework(
      GenericCode load,
      Optional<GenericCode> unload,
      GenericCode run,
      ModelFormat format,
      String types) {
    this.load = load;
    this.unload = unload;
    this.run = run;
    this.format = format;
    this.types = types;
  }

  GenericCode load() {
    return load;
  }

  Optional<GenericCode> unload() {
    return unload;
  }

  GenericCode run() {
    return run;
  }

  /** What to load: the format is that of the main file's name, else the framework's own. */
  ModelSpec spec(Resource resource) {
    String savedModel = ModelFormat.TENSORFLOW_SAVED_MODEL.suffix();
    Optional<ResourceFile> main = resource.file(savedModel);
    if (main.isPresent()) {
      List<ResourceFile> files = new ArrayList<>(resource.files());
      files.remove(main.get());
      files.add(0, main.get());
      return new ModelSpec(
          new Resource(resource.kind(), files), ModelFormat.TENSORFLOW_SAVED_MODEL);
    }
    return new ModelSpec(resource, ModelFormat.ofFileName(resource.main().name()).orElse(format));
  }

  /**
   * The element type with the framework's number.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when there is none
   */
  ElementType elementType(int number) {
    List<String> types = types();
    if (number < 0 || number >= types.size() || types.get(number).equals("-")) {
      throw VaccelException.ofField(
          Reason.TENSOR_INVALID, "element_type", number + " is none of " + this);
    }
    return ElementType.valueOf(types.get(number));
  }

  /**
   * The framework's number of the element type.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when it has none
   */
  int number(ElementType type) {
    int number = types().indexOf(type.name());
    if (number < 0) {
      throw VaccelException.ofField(
          Reason.TENSOR_INVALID, "element_type", type + " has no number in " + this);
    }
    return number;
  }

  private List<String> types() {
    return List.of(types.split(" "));
  }
}
