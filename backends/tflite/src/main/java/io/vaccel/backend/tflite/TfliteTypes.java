package io.vaccel.backend.tflite;

import io.vaccel.ElementType;
import java.util.Optional;

/** Which of the engine's element types are which of ours; the numbers are those of its C API. */
final class TfliteTypes {
  private TfliteTypes() {}

  /** Ours; empty for resources, variants and what is newer. */
  static Optional<ElementType> of(int type) {
    return Optional.ofNullable(
        switch (type) {
          case 1 -> ElementType.FLOAT32;
          case 2 -> ElementType.INT32;
          case 3 -> ElementType.UINT8;
          case 4 -> ElementType.INT64;
          case 5 -> ElementType.STRING;
          case 6 -> ElementType.BOOL;
          case 7 -> ElementType.INT16;
          case 8 -> ElementType.COMPLEX64;
          case 9 -> ElementType.INT8;
          case 10 -> ElementType.FLOAT16;
          case 11 -> ElementType.FLOAT64;
          case 12 -> ElementType.COMPLEX128;
          case 13 -> ElementType.UINT64;
          case 16 -> ElementType.UINT32;
          case 17 -> ElementType.UINT16;
          case 18 -> ElementType.INT4;
          case 19 -> ElementType.BFLOAT16;
          default -> null;
        });
  }
}
