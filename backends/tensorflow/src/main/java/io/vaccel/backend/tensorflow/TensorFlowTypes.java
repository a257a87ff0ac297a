package io.vaccel.backend.tensorflow;

import io.vaccel.ElementType;
import java.util.Arrays;
import java.util.Optional;

/** Which of TensorFlow's element types are which of ours; the numbers are those of its DataType. */
final class TensorFlowTypes {
  private TensorFlowTypes() {}

  /** Ours; empty for resources, variants, references and what is newer. */
  static Optional<ElementType> of(int type) {
    return Optional.ofNullable(
        switch (type) {
          case 1 -> ElementType.FLOAT32;
          case 2 -> ElementType.FLOAT64;
          case 3 -> ElementType.INT32;
          case 4 -> ElementType.UINT8;
          case 5 -> ElementType.INT16;
          case 6 -> ElementType.INT8;
          case 7 -> ElementType.STRING;
          case 8 -> ElementType.COMPLEX64;
          case 9 -> ElementType.INT64;
          case 10 -> ElementType.BOOL;
          case 11 -> ElementType.QINT8;
          case 12 -> ElementType.QUINT8;
          case 13 -> ElementType.QINT32;
          case 14 -> ElementType.BFLOAT16;
          case 15 -> ElementType.QINT16;
          case 16 -> ElementType.QUINT16;
          case 17 -> ElementType.UINT16;
          case 18 -> ElementType.COMPLEX128;
          case 19 -> ElementType.FLOAT16;
          case 22 -> ElementType.UINT32;
          case 23 -> ElementType.UINT64;
          case 29 -> ElementType.INT4;
          default -> null;
        });
  }

  /** TensorFlow's; it has one for each of ours. */
  static int number(ElementType type) {
    for (int number = 1; number < 30; number++) {
      if (of(number).equals(Optional.of(type))) {
        return number;
      }
    }
    throw new IllegalArgumentException(type + " of " + Arrays.toString(ElementType.values()));
  }
}
