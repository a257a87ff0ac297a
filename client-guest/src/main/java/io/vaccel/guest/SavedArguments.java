package io.vaccel.guest;

import io.vaccel.Argument;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that saves written arguments as files. */
final class SavedArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--save",
      paramLabel = "N=FILE",
      description = "Save the bytes of the Nth written argument, counted from 0.")
  private Map<Integer, Path> files = new LinkedHashMap<>();

  /**
   * Returns when each of them will be written.
   *
   * @throws ParameterException when there is no such argument
   */
  void check(int written) {
    for (int index : files.keySet()) {
      if (index < 0 || index >= written) {
        throw new ParameterException(
            spec.commandLine(), "--save " + index + ": there is no such written argument");
      }
    }
  }

  /** Writes the files. */
  void save(List<Argument> written) {
    files.forEach((index, file) -> OutputFile.write(file, written.get(index).data()));
  }
}
