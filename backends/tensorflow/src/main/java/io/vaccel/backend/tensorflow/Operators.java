package io.vaccel.backend.tensorflow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which operators of TensorFlow a guest's model may use; read from lists beside this class. */
final class Operators {
  /** In a run. */
  static final Operators RUN = new Operators(false, "operators.txt");

  /** While a model is made ready. */
  static final Operators INITIALISE = new Operators(true, "operators.txt", "initialisers.txt");

  private final boolean readsFiles;
  private final Set<String> names;

  private Operators(boolean readsFiles, String... lists) {
    this.readsFiles = readsFiles;
    this.names = Stream.of(lists).flatMap(Operators::read).collect(Collectors.toUnmodifiableSet());
  }

  boolean allow(String operator) {
    return names.contains(operator);
  }

  /** Whether some of them read files. */
  boolean readsFiles() {
    return readsFiles;
  }

  /** All of them. */
  Set<String> names() {
    return names;
  }

  private static Stream<String> read(String list) {
    try (InputStream in = Operators.class.getResourceAsStream(list);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .flatMap(line -> Stream.of(line.split(" ")))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
