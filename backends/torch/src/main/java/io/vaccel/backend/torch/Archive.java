package io.vaccel.backend.torch;

import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes anew what is in a TorchScript file, after looking at it: LibTorch never sees the guest's
 * archive, whose directory two readers may understand in two ways.
 */
final class Archive {
  private static final int MAX_RECORDS = 100_000;
  private static final int MAX_CODE_BYTES = 16 << 20;
  private static final String CODE = ".py";

  /**
   * What LibTorch needs to load a program; all else, such as which line of which Python file the
   * code came from, is left out. LibTorch looks for records without regard to case, so code could
   * be in one that we do not take for code.
   */
  private static final Pattern RECORD =
      Pattern.compile(
          "[^/\0]+/(?:data\\.pkl|constants\\.pkl|version|byteorder|\\.data/version"
              + "|(?:data|constants)/[A-Za-z0-9_]+|code/[A-Za-z0-9_./]+\\.py)");

  private final ResourceFile file;
  private final Set<String> names = new HashSet<>();
  private int codeLeft = MAX_CODE_BYTES;
  private boolean hasCode;

  private Archive(ResourceFile file) {
    this.file = file;
  }

  /**
   * A clean copy of a model's file, which the caller removes.
   *
   * @param directory where it is made
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is no TorchScript file, or one
   *     that may not run here
   */
  static Path clean(ResourceFile file, Path directory) {
    if (file.sizeBytes() == 0) {
      throw unreadable(file, "is empty", null);
    }
    try {
      Path copy = Files.createTempFile(directory, "model-", ".pt");
      try {
        if (file.path().isPresent()) {
          new Archive(file).copy(file.path().get(), copy);
        } else {
          Path content = Files.write(Files.createTempFile(directory, "content-", ""), bytes(file));
          try {
            new Archive(file).copy(content, copy);
          } finally {
            Files.delete(content);
          }
        }
        return copy;
      } catch (IOException | RuntimeException | Error e) {
        Files.delete(copy);
        throw e;
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw unreadable(
          file,
          "is no TorchScript file, or is damaged or cut off; torch.jit.save writes such files",
          e);
    } catch (IOException e) {
      throw new VaccelException(
          Reason.FILE_NOT_FOUND, "cannot read model file '" + file.name() + "'", e);
    }
  }

  /** The error for a file that is not loaded. */
  static VaccelException unreadable(ResourceFile file, String what, Throwable cause) {
    return new VaccelException(
        Reason.MODEL_UNREADABLE, "model '" + file.name() + "' " + what, cause);
  }

  private static byte[] bytes(ResourceFile file) {
    return file.readAll(Integer.MAX_VALUE);
  }

  private void copy(Path from, Path to) throws IOException {
    try (ZipFile archive = new ZipFile(from.toFile());
        ZipOutputStream clean = new ZipOutputStream(Files.newOutputStream(to))) {
      List<? extends ZipEntry> entries = Collections.list(archive.entries());
      long left = Files.size(from);
      if (entries.size() > MAX_RECORDS) {
        throw unreadable(file, "has " + entries.size() + " records", null);
      }
      for (ZipEntry entry : entries) {
        if (!RECORD.matcher(entry.getName()).matches()) {
          continue;
        }
        left -= entry.getCompressedSize();
        if (left < 0 || !names.add(entry.getName().toLowerCase(Locale.ROOT))) {
          throw unreadable(
              file,
              "has a record '"
                  + Printable.name(entry.getName())
                  + "' that is twice there, or larger than the file",
              null);
        }
        copy(archive, entry, clean);
      }
    }
    if (!hasCode) {
      throw unreadable(file, "holds no program: write it with torch.jit.save", null);
    }
  }

  private void copy(ZipFile archive, ZipEntry entry, ZipOutputStream clean) throws IOException {
    try (InputStream content = archive.getInputStream(entry)) {
      if (entry.getName().endsWith(CODE)) {
        // Written compressed; how much comes of that is counted.
        byte[] source = content.readNBytes(codeLeft + 1);
        codeLeft -= source.length;
        check(source);
        begin(clean, entry, source.length);
        clean.write(source);
      } else if (entry.getMethod() == ZipEntry.STORED) {
        begin(clean, entry, entry.getSize());
        content.transferTo(clean);
      } else {
        throw unreadable(
            file, "has a compressed record '" + Printable.name(entry.getName()) + "'", null);
      }
    }
    // Compares size and checksum with what was written.
    clean.closeEntry();
  }

  private static void begin(ZipOutputStream clean, ZipEntry entry, long size) throws IOException {
    ZipEntry same = new ZipEntry(entry.getName());
    same.setMethod(ZipEntry.STORED);
    same.setSize(size);
    same.setCrc(entry.getCrc());
    clean.putNextEntry(same);
  }

  private void check(byte[] source) {
    hasCode = true;
    Optional<String> problem =
        codeLeft < 0
            ? Optional.of("has more than " + MAX_CODE_BYTES + " bytes of code")
            : SourceCheck.problem(new String(source, StandardCharsets.ISO_8859_1));
    if (problem.isPresent()) {
      throw unreadable(file, problem.get(), null);
    }
  }
}
