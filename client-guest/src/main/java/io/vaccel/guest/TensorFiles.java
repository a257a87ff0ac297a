package io.vaccel.guest;

import io.vaccel.Reason;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Tensors in files: one in a {@code .npy}, several in a {@code .npz}, which is a zip of those. */
final class TensorFiles {
  private static final String ONE = ".npy";
  private static final String SEVERAL = ".npz";

  /** What NumPy calls the arrays of an archive that were given no names, with their number. */
  private static final String UNNAMED = "arr_";

  private TensorFiles() {}

  /**
   * Reads the tensors of a file: of an archive under the names that they have there, of a single
   * array without a name.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND} or {@link Reason#TENSOR_INVALID}
   */
  static List<Tensor> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new VaccelException(Reason.FILE_NOT_FOUND, "no such file: " + file);
    }
    try {
      if (file.toString().endsWith(SEVERAL)) {
        return archive(file);
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        return List.of(Npy.read(file.toString(), "", in));
      }
    } catch (IOException e) {
      throw new VaccelException(
          Reason.TENSOR_INVALID, file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Writes them; a file that exists is replaced when all is written.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when the name ends in neither {@code
   *     .npy} nor {@code .npz}, or the file cannot be written
   */
  static void write(Path file, List<Tensor> tensors) {
    requireWritable(file);
    if (file.toString().endsWith(ONE) && tensors.size() != 1) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID,
          file + " can hold one tensor, there are " + tensors.size() + ": name a .npz file");
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
        if (file.toString().endsWith(ONE)) {
          Npy.write(tensors.get(0), out);
        } else {
          archive(tensors, out);
        }
      }
      Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, file + " cannot be written: " + e.getMessage(), e);
    } finally {
      part.toFile().delete();
    }
  }

  /** Refuses a name that says nothing of how to write. */
  static void requireWritable(Path file) {
    if (!file.toString().endsWith(ONE) && !file.toString().endsWith(SEVERAL)) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, file + ": the name must end in .npz, or in .npy for one tensor");
    }
  }

  private static List<Tensor> archive(Path file) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        String name = entry.getName();
        if (!name.endsWith(ONE)) {
          throw new VaccelException(
              Reason.TENSOR_INVALID, file + " holds '" + name + "', which is no .npy file");
        }
        try (InputStream in = zip.getInputStream(entry)) {
          String array = name.substring(0, name.length() - ONE.length());
          tensors.add(
              Npy.read(file + "(" + name + ")", array.matches(UNNAMED + "\\d+") ? "" : array, in));
        }
      }
    }
    return tensors;
  }

  private static void archive(List<Tensor> tensors, OutputStream out) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      // As numpy.savez: floating-point numbers hardly get smaller.
      zip.setLevel(0);
      int unnamed = 0;
      for (Tensor tensor : tensors) {
        String name = tensor.name().isEmpty() ? UNNAMED + unnamed++ : tensor.name();
        zip.putNextEntry(new ZipEntry(name + ONE));
        Npy.write(tensor, zip);
        zip.closeEntry();
      }
    }
  }
}
