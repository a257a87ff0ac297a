package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Argument;
import io.vaccel.GenericCall;
import io.vaccel.GenericCode;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Profile;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Performs a generic call. */
@Command(
    name = "genop",
    description = "Perform an operation by its vAccel code, with typed arguments.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  vaccel-guest genop fpga-vectoradd --read float32-array:1,2,3 \\",
      "      --read float32-array:4,5,6 --write float32-array:3",
      "  vaccel-guest genop image-detect --model ssd.tflite \\",
      "      --read buffer:@photo.jpg --write uchar-array:0 \\",
      "      --write uchar-array:4096 --write buffer:20000000 --save 2=boxed.png",
      "The layouts of all operations are in docs/GENOP.md."
    })
final class GenopCommand implements Callable<Integer> {
  /** More elements than this are not shown to people. */
  private static final int SHOWN = 16;

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Parameters(paramLabel = "CODE", description = "Name or number, such as minmax or 22.")
  private String code;

  @Option(
      names = "--read",
      paramLabel = "TYPE:VALUE",
      description = "What it reads, in order; arrays as 1,2,3 and files as @FILE.")
  private List<String> read = List.of();

  @Option(
      names = "--write",
      paramLabel = "TYPE:COUNT",
      description = "Room for what it writes, in order.")
  private List<String> write = List.of();

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Register a model; its number is 1, that of the next one 2, and so on.")
  private List<Path> models = List.of();

  @Option(
      names = "--library",
      paramLabel = "FILE",
      description = "Register a shared library for exec-with-resource, counted after the models.")
  private List<Path> libraries = List.of();

  @Mixin private final SavedArguments saved = new SavedArguments();

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  GenopCommand(Console console, RuntimeOptions runtime) {
    this.console = console;
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    GenericCall call =
        GenericCall.of(
            code(), arguments(read, ArgumentText::parse), arguments(write, ArgumentText::room));
    saved.check(call.write().size());
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession()) {
      for (Path model : models) {
        var unused = session.register(ModelSpec.at(model).resource());
      }
      for (Path library : libraries) {
        var unused = session.register(Resource.ofFiles(ResourceKind.LIBRARY, library));
      }
      GenericCall.Written written = session.call(Operations.GENERIC_CALL, call);
      saved.save(written.arguments());
      if (written.executedOn().isLocal()) {
        runtime.doneHere(vaccel.plugins()).ifPresent(console::problem);
      }
      if (json) {
        printJson(written, session.profile());
      } else {
        printText(written);
        ProfileText.print(session.profile(), console.out());
      }
    } catch (VaccelException e) {
      if (json) {
        Json.printError(e, console.out());
      }
      throw e;
    }
    console.flush();
    return CommandLine.ExitCode.OK;
  }

  private GenericCode code() {
    String name = code.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(GenericCode.values())
        .filter(known -> known.name().equals(name) || String.valueOf(known.number()).equals(code))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "there is no operation '"
                        + code
                        + "', only "
                        + Arrays.stream(GenericCode.values())
                            .map(known -> known.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "))));
  }

  private List<Argument> arguments(List<String> texts, Function<String, Argument> parser) {
    try {
      return texts.stream().map(parser).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void printText(GenericCall.Written written) {
    for (Argument argument : written.arguments()) {
      List<String> values = ArgumentText.values(argument);
      String more = values.size() > SHOWN ? ",... (" + values.size() + " in all)" : "";
      console
          .out()
          .println(
              ArgumentText.name(argument.type())
                  + ":"
                  + values.stream().limit(SHOWN).collect(Collectors.joining(","))
                  + more);
    }
    console.out().println("where " + written.executedOn());
  }

  private void printJson(GenericCall.Written written, Profile profile) {
    JsonArray all = new JsonArray();
    for (Argument argument : written.arguments()) {
      JsonObject one = new JsonObject();
      one.addProperty("type", ArgumentText.name(argument.type()));
      one.add("values", Json.strings(ArgumentText.values(argument)));
      all.add(one);
    }
    JsonObject document = new JsonObject();
    document.add("written", all);
    document.add("executedOn", Json.executedOn(written.executedOn()));
    ProfileText.addTo(document, profile);
    Json.print(document, console.out());
  }
}
