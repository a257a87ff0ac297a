package io.vaccel.guest;

import io.vaccel.ElementType;
import io.vaccel.FloatMatrix;
import io.vaccel.Reason;
import io.vaccel.Sgemm;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Matrices in {@code .npy} files: FLOAT32[rows, columns], or FLOAT32[batch, rows, columns]. */
final class SgemmFiles {
  private SgemmFiles() {}

  /**
   * The product of the matrices in two files, and the old C in a third one; without it C is 0.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND}, {@link Reason#TENSOR_INVALID} or {@link
   *     Reason#ARGUMENT_INVALID}, naming the file
   */
  static Sgemm read(Path a, Path b, Optional<Path> c, float alpha, float beta) {
    Tensor first = matrix(a);
    Tensor second = matrix(b);
    long m = rows(first);
    long k = columns(first);
    long n = columns(second);
    if (batch(first) != batch(second) || rows(second) != k) {
      throw unfit(b, second, "does not fit " + a + ", which is " + first.shape());
    }
    FloatMatrix old = FloatMatrix.none(n);
    if (c.isPresent()) {
      Tensor third = matrix(c.get());
      if (batch(third) != batch(first) || rows(third) != m || columns(third) != n) {
        throw unfit(c.get(), third, "does not fit the product, which is " + m + " x " + n);
      }
      old = new FloatMatrix(third.data(), n);
    }
    return new Sgemm(
        m,
        n,
        k,
        alpha,
        new FloatMatrix(first.data(), k),
        new FloatMatrix(second.data(), n),
        beta,
        old,
        batch(first));
  }

  /** Writes a product whose rows have no gaps. */
  static void write(Path file, Sgemm input, Sgemm.Product product) {
    Shape shape =
        input.batch() == 1
            ? Shape.of(input.m(), input.n())
            : Shape.of(input.batch(), input.m(), input.n());
    TensorFiles.write(
        file, List.of(Tensor.of("c", ElementType.FLOAT32, shape, product.c().data())));
  }

  private static Tensor matrix(Path file) {
    List<Tensor> read = TensorFiles.read(file);
    if (read.size() != 1) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, file + " holds " + read.size() + " arrays, not one");
    }
    Tensor tensor = read.get(0);
    int rank = tensor.shape().rank();
    if (tensor.type() != ElementType.FLOAT32 || rank < 2 || rank > 3 || batch(tensor) < 1) {
      throw unfit(file, tensor, "must be FLOAT32[rows, columns] or FLOAT32[batch, rows, columns]");
    }
    return tensor;
  }

  private static long batch(Tensor tensor) {
    return tensor.shape().rank() == 2 ? 1 : tensor.shape().dimension(0);
  }

  private static long rows(Tensor tensor) {
    return tensor.shape().dimension(tensor.shape().rank() - 2);
  }

  private static long columns(Tensor tensor) {
    return tensor.shape().dimension(tensor.shape().rank() - 1);
  }

  private static VaccelException unfit(Path file, Tensor tensor, String problem) {
    return new VaccelException(
        Reason.ARGUMENT_INVALID, file + " is " + tensor.type() + tensor.shape() + ": " + problem);
  }
}
