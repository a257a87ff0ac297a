package io.vaccel.backend.torch;

import io.vaccel.ElementType;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Which of the engine's element types are which of ours. */
final class TorchTypes {
  private TorchTypes() {}

  /** Ours; empty for those that only the engine has: 8-bit floats, quantised ones, bits. */
  static Optional<ElementType> of(ScalarType type) {
    return Optional.ofNullable(
        switch (type.intern()) {
          case Bool -> ElementType.BOOL;
          case Byte -> ElementType.UINT8;
          case Char -> ElementType.INT8;
          case UInt16 -> ElementType.UINT16;
          case Short -> ElementType.INT16;
          case UInt32 -> ElementType.UINT32;
          case Int -> ElementType.INT32;
          case UInt64 -> ElementType.UINT64;
          case Long -> ElementType.INT64;
          case Half -> ElementType.FLOAT16;
          case BFloat16 -> ElementType.BFLOAT16;
          case Float -> ElementType.FLOAT32;
          case Double -> ElementType.FLOAT64;
          case ComplexFloat -> ElementType.COMPLEX64;
          case ComplexDouble -> ElementType.COMPLEX128;
          default -> null;
        });
  }

  /** The engine's; empty for those that it has no tensors of, or only with a scale beside them. */
  static Optional<ScalarType> of(ElementType type) {
    return Optional.ofNullable(
        switch (type) {
          case BOOL -> ScalarType.Bool;
          case UINT8 -> ScalarType.Byte;
          case INT8 -> ScalarType.Char;
          case UINT16 -> ScalarType.UInt16;
          case INT16 -> ScalarType.Short;
          case UINT32 -> ScalarType.UInt32;
          case INT32 -> ScalarType.Int;
          case UINT64 -> ScalarType.UInt64;
          case INT64 -> ScalarType.Long;
          case FLOAT16 -> ScalarType.Half;
          case BFLOAT16 -> ScalarType.BFloat16;
          case FLOAT32 -> ScalarType.Float;
          case FLOAT64 -> ScalarType.Double;
          case COMPLEX64 -> ScalarType.ComplexFloat;
          case COMPLEX128 -> ScalarType.ComplexDouble;
          case STRING, INT4, QINT8, QUINT8, QINT16, QUINT16, QINT32 -> null;
        });
  }
}
