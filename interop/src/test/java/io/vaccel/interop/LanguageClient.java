package io.vaccel.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A client in another language, as {@code interop/clients/build} made it.
 *
 * @param language the name of its directory
 */
record LanguageClient(String language) {
  private static final Path CLIENTS = Path.of("clients").toAbsolutePath();

  /** Ends a test as not run, with the reason, where this client was not built. */
  LanguageClient assumeBuilt() throws IOException {
    Path target = file("target");
    Path reason = target.resolve("not-built");
    String why =
        Files.exists(reason)
            ? Programs.text(reason).strip()
            : language + " needs a run of interop/clients/build first";
    assumeTrue(Files.exists(target.resolve("built")), why);
    return this;
  }

  Path program() {
    return file("classify");
  }

  /** A file of its directory. */
  Path file(String name) {
    return CLIENTS.resolve(language).resolve(name);
  }

  /** Classifies pictures with the sample model. */
  Programs.Finished classify(Path directory, String endpoint, Object... pictures) {
    List<Object> command =
        new ArrayList<>(List.of(program(), "--agent", endpoint, "--model", Programs.MODEL));
    command.addAll(Arrays.asList(pictures));
    return Programs.run(directory, command.toArray());
  }

  @Override
  public String toString() {
    return language;
  }
}
