package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import io.vaccel.ElementType;
import java.util.Optional;

/** Which of the engine's element types are which of ours. */
final class ElementTypes {
  private ElementTypes() {}

  /** Ours; empty for what no tensor of ours can hold. */
  static Optional<ElementType> of(OnnxTensorType type) {
    return switch (type) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(ElementType.BOOL);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(ElementType.UINT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(ElementType.INT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(ElementType.UINT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(ElementType.INT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(ElementType.UINT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(ElementType.INT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(ElementType.UINT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(ElementType.INT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(ElementType.FLOAT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(ElementType.BFLOAT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(ElementType.FLOAT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(ElementType.FLOAT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64 -> Optional.of(ElementType.COMPLEX64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128 -> Optional.of(ElementType.COMPLEX128);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Optional.of(ElementType.STRING);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED,
          ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN,
          ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ,
          ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2,
          ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ ->
          Optional.empty();
    };
  }

  /**
   * The engine's, for tensors that are passed in as bytes; empty for strings, which are not, and
   * for the types that its Java API has no name for; {@link UnsignedInputs} has some of them.
   */
  static Optional<OnnxJavaType> packed(ElementType type) {
    return switch (type) {
      case BOOL -> Optional.of(OnnxJavaType.BOOL);
      case UINT8 -> Optional.of(OnnxJavaType.UINT8);
      case INT8 -> Optional.of(OnnxJavaType.INT8);
      case INT16 -> Optional.of(OnnxJavaType.INT16);
      case INT32 -> Optional.of(OnnxJavaType.INT32);
      case INT64 -> Optional.of(OnnxJavaType.INT64);
      case FLOAT16 -> Optional.of(OnnxJavaType.FLOAT16);
      case BFLOAT16 -> Optional.of(OnnxJavaType.BFLOAT16);
      case FLOAT32 -> Optional.of(OnnxJavaType.FLOAT);
      case FLOAT64 -> Optional.of(OnnxJavaType.DOUBLE);
      case UINT16,
          UINT32,
          UINT64,
          COMPLEX64,
          COMPLEX128,
          STRING,
          INT4,
          QINT8,
          QUINT8,
          QINT16,
          QUINT16,
          QINT32 ->
          Optional.empty();
    };
  }
}
