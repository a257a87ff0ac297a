package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.util.List;

/** A model's outputs as its engine describes them, to be compared with the metadata. */
record OutputInfos(List<TensorInfo> infos) {
  /** For a dimension that may have any size. */
  static final long ANY = -1;

  /**
   * The output with this name, which must be FLOAT32.
   *
   * @param what it is for, in the plural
   */
  TensorInfo floats(String name, String what) {
    TensorInfo info = ImageModel.named("output", name, infos);
    if (info.type() != ElementType.FLOAT32) {
      throw ImageModel.mismatch("output", info, what + " must be FLOAT32");
    }
    return info;
  }

  /** Checks that the output with this name may have this shape. */
  void check(String name, String what, long... dimensions) {
    TensorInfo info = floats(name, what);
    if (!fits(info.dimensions(), dimensions)) {
      throw ImageModel.mismatch(
          "output", info, what + " must be FLOAT32" + inWords(dimensions) + " by the metadata");
    }
  }

  /** Whether two shapes can be the same; negative sizes in either fit all. */
  static boolean fits(List<Long> found, long... wanted) {
    boolean fits = found.size() == wanted.length;
    for (int i = 0; fits && i < wanted.length; i++) {
      fits = found.get(i) < 0 || wanted[i] < 0 || found.get(i) == wanted[i];
    }
    return fits;
  }

  /** For instance {@code [1, any, 4]}. */
  static String inWords(long... dimensions) {
    StringBuilder text = new StringBuilder("[");
    for (long dimension : dimensions) {
      text.append(text.length() == 1 ? "" : ", ").append(dimension < 0 ? "any" : dimension);
    }
    return text.append(']').toString();
  }

  /** The error for an output that is not what the metadata says. */
  static VaccelException mismatch(String name, String problem) {
    return ImageModel.mismatch("the model's output '" + name + "' " + problem);
  }
}
