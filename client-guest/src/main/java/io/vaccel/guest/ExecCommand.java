package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.vaccel.Argument;
import io.vaccel.ArgumentLayout;
import io.vaccel.CallOptions;
import io.vaccel.Digest;
import io.vaccel.Exec;
import io.vaccel.ExecWithResource;
import io.vaccel.FunctionCall;
import io.vaccel.Operations;
import io.vaccel.Profile;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Calls a function of a shared library. */
@Command(
    name = "exec",
    description = "Call a function of a shared library that the agent's operator allows.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Arguments are written as for genop: int8 to int64, uint8 to uint64, float32, float64 and",
      "these with -array, string, buffer and so on. @FILE stands for the bytes of a file. Room to",
      "write needs the number of its elements.",
      "",
      "Example:",
      "  vaccel-guest exec --library vadd add --read float32-array:1,2 --read float32-array:3,4 \\",
      "      --write float32-array:2"
    })
final class ExecCommand implements Callable<Integer> {
  private static final int MAX_SHOWN = 16;
  private static final Pattern KNOWN = Pattern.compile("sha256:([^@]*)(?:@(.*))?");

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Option(
      names = "--library",
      paramLabel = "NAME",
      description = "A library on the agent's machine, by the name that its operator gave it.")
  private String library = "";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = {
        "A library to send unless the agent has it; given several times, the last one has the",
        "function and the others are loaded first. sha256:DIGEST stands for one that the agent",
        "has already, sha256:DIGEST@URL for one that it may fetch."
      })
  private List<String> files = List.of();

  @Option(
      names = "--read",
      paramLabel = "TYPE:VALUE",
      description = "An argument that the function reads; may be given several times.")
  private List<String> read = List.of();

  @Option(
      names = "--write",
      paramLabel = "TYPE[:COUNT]",
      description = "Room for an argument that it writes; may be given several times.")
  private List<String> write = List.of();

  @Mixin private final SavedArguments saved = new SavedArguments();

  @Option(
      names = "--compact",
      description = "The library was made for vAccel's older headers (arguments of 16 bytes).")
  private boolean compact;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Parameters(paramLabel = "FUNCTION", description = "The name of the function.")
  private String symbol;

  ExecCommand(Console console, RuntimeOptions runtime) {
    this.console = console;
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    if (library.isEmpty() == files.isEmpty()) {
      throw wrong("give either --library NAME or --file FILE");
    }
    FunctionCall function = function();
    saved.check(function.write().size());
    try {
      perform(function);
      return CommandLine.ExitCode.OK;
    } catch (VaccelException e) {
      if (json) {
        Json.printError(e, console.out());
      }
      throw e;
    }
  }

  private FunctionCall function() {
    try {
      return new FunctionCall(
          symbol,
          read.stream().map(ArgumentText::parse).toList(),
          write.stream().map(ArgumentText::room).toList(),
          compact ? ArgumentLayout.COMPACT : ArgumentLayout.CURRENT);
    } catch (IllegalArgumentException | VaccelException e) {
      throw wrong(e.getMessage());
    }
  }

  private void perform(FunctionCall function) {
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession()) {
      Exec.Written written = call(session, function);
      saved.save(written.arguments());
      report(written, session.profile());
    }
  }

  private Exec.Written call(Session session, FunctionCall function) {
    try (ProgressBar bar = new ProgressBar(console.err(), console.errScreen(), System::nanoTime)) {
      CallOptions options = CallOptions.within(runtime.timeout()).with(bar);
      if (!library.isEmpty()) {
        return session.call(Operations.EXEC, new Exec(library, function), options);
      }
      Resource resource =
          new Resource(ResourceKind.LIBRARY, files.stream().map(this::library).toList());
      RegisteredResource registered = session.register(resource);
      return session.call(
          Operations.EXEC_WITH_RESOURCE, new ExecWithResource(registered, function), options);
    }
  }

  private ResourceFile library(String text) {
    Matcher known = KNOWN.matcher(text);
    if (!known.matches()) {
      Path file = Path.of(text);
      return ResourceFile.read(String.valueOf(file.getFileName()), file);
    }
    try {
      Digest digest = new Digest(known.group(1));
      String name = "lib" + digest.abbreviated() + ".so";
      return known.group(2) == null
          ? ResourceFile.ofDigest(name, digest)
          : ResourceFile.ofUrl(name, URI.create(known.group(2)), digest);
    } catch (VaccelException | IllegalArgumentException e) {
      throw wrong("--file " + text + ": " + e.getMessage());
    }
  }

  private void report(Exec.Written written, Profile profile) {
    if (json) {
      JsonObject document = document(written);
      ProfileText.addTo(document, profile);
      Json.print(document, console.out());
      return;
    }
    for (int i = 0; i < written.arguments().size(); i++) {
      Argument argument = written.arguments().get(i);
      console.out().println(i + "  " + ArgumentText.name(argument.type()) + "  " + shown(argument));
    }
    console.out().println(written.executedOn());
    ProfileText.print(profile, console.out());
  }

  private static JsonObject document(Exec.Written written) {
    JsonArray arguments = new JsonArray();
    for (Argument argument : written.arguments()) {
      JsonObject one = new JsonObject();
      one.addProperty("type", argument.type().name());
      one.addProperty("base64", Base64.getEncoder().encodeToString(copy(argument)));
      JsonArray values = new JsonArray();
      ArgumentText.values(argument).forEach(value -> values.add(number(value)));
      one.add("values", values);
      arguments.add(one);
    }
    JsonObject document = new JsonObject();
    document.add("write", arguments);
    document.add("executedOn", Json.executedOn(written.executedOn()));
    return document;
  }

  /** JSON has no NaN and no infinity: those stay texts, as strings do. */
  private static JsonPrimitive number(String text) {
    try {
      return new JsonPrimitive(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return new JsonPrimitive(text);
    }
  }

  private static byte[] copy(Argument argument) {
    byte[] bytes = new byte[argument.sizeBytes()];
    argument.data().get(bytes);
    return bytes;
  }

  private static String shown(Argument argument) {
    List<String> values = ArgumentText.values(argument);
    return values.size() <= MAX_SHOWN
        ? String.join(" ", values)
        : String.join(" ", values.subList(0, MAX_SHOWN)) + " ... (" + values.size() + " elements)";
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
