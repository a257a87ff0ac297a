package io.vaccel.interop;

import static io.vaccel.interop.FaithfulCase.bad;
import static io.vaccel.interop.FaithfulCase.good;

import io.vaccel.Argument;
import io.vaccel.ArgumentLayout;
import io.vaccel.ArgumentType;
import io.vaccel.Exec;
import io.vaccel.FloatMatrix;
import io.vaccel.FunctionCall;
import io.vaccel.KernelArgument;
import io.vaccel.Operations;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.RunKernel;
import io.vaccel.Session;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.OpenClContract;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls of functions of libraries, and of kernels. */
final class FunctionCases {
  private FunctionCases() {}

  static Stream<FaithfulCase> all() {
    return Stream.of(exec(), execWithResource(), kernels()).flatMap(cases -> cases);
  }

  private static Stream<FaithfulCase> exec() {
    List<Argument> read = List.of(Argument.ofInt32(5), Argument.ofFloats(1, 2, 3));
    List<Argument> write =
        List.of(
            Argument.room(ArgumentType.INT32, 4), Argument.room(ArgumentType.FLOAT32_ARRAY, 12));
    FunctionCall older =
        new FunctionCall(
            "compact_work",
            List.of(Argument.ofInt32(41)),
            List.of(Argument.room(ArgumentType.INT32, 4)),
            ArgumentLayout.COMPACT);
    List<FaithfulCase> cases = new ArrayList<>();
    cases.add(
        good(
            Operations.EXEC,
            "reads and writes",
            session -> exec(session, FunctionCall.of("work", read, write))));
    cases.add(good(Operations.EXEC, "older headers", session -> exec(session, older)));
    cases.add(good(Operations.EXEC, "less than the room", session -> exec(session, "shorter")));
    for (String symbol : List.of("seven", "no_such_function", "claims_more", "crash", "exits")) {
      cases.add(bad(Operations.EXEC, symbol, session -> exec(session, symbol)));
    }
    FunctionCall nothing = FunctionCall.of("nothing", List.of(), List.of());
    cases.add(
        bad(Operations.EXEC, "a library of nobody", session -> session.exec("other", nothing)));
    cases.add(bad(Operations.EXEC, "a path", session -> session.exec("/lib/libc.so.6", nothing)));
    return cases.stream();
  }

  private static Stream<FaithfulCase> execWithResource() {
    Supplier<Resource> both =
        () -> library(ExecLibraries.compiled().dependency(), ExecLibraries.compiled().dependent());
    return Stream.of(
        good(Operations.EXEC_WITH_RESOURCE, "one's own", session -> exec(session, both, "work")),
        bad(
            Operations.EXEC_WITH_RESOURCE,
            "no such function",
            session -> exec(session, both, "no_such_function")),
        bad(
            Operations.EXEC_WITH_RESOURCE,
            "a dependency is missing",
            session -> exec(session, () -> library(ExecLibraries.compiled().dependent()), "work")),
        bad(
            Operations.EXEC_WITH_RESOURCE,
            "a text",
            session -> exec(session, () -> library(ExecLibraries.compiled().noLibrary()), "work")),
        bad(
            Operations.EXEC_WITH_RESOURCE,
            "of nobody",
            session -> exec(session, () -> bytes(ResourceKind.LIBRARY), "work")),
        bad(
            Operations.EXEC_WITH_RESOURCE,
            "a model",
            session -> exec(session, () -> bytes(ResourceKind.MODEL), "work")));
  }

  private static Stream<FaithfulCase> kernels() {
    String wrong = "kernel void add(global int *a) { a[0] = nonsense; }";
    return Stream.of(
        good(Operations.OPENCL_RUN, "a sum", session -> add(session, OpenClContract.ADD, "add")),
        bad(Operations.OPENCL_RUN, "does not compile", session -> add(session, wrong, "add")),
        bad(
            Operations.OPENCL_RUN,
            "reads a file",
            session -> add(session, "#include \"/etc/hostname\"\n" + OpenClContract.ADD, "add")),
        bad(
            Operations.OPENCL_RUN,
            "no such kernel",
            session -> add(session, OpenClContract.ADD, "subtract")),
        bad(
            Operations.OPENCL_RUN,
            "other arguments",
            session -> add(session, OpenClContract.SUM, "sum")));
  }

  private static Exec.Written exec(Session session, String symbol) {
    Argument room = Argument.room(ArgumentType.BUFFER, 16);
    return exec(session, FunctionCall.of(symbol, List.of(), List.of(room)));
  }

  private static Exec.Written exec(Session session, FunctionCall call) {
    return session.exec(ExecLibraries.BEHAVIOUR, call);
  }

  private static Exec.Written exec(Session session, Supplier<Resource> library, String symbol) {
    FunctionCall call =
        FunctionCall.of(
            symbol, List.of(Argument.ofInt32(14)), List.of(Argument.room(ArgumentType.INT32, 4)));
    try (RegisteredResource resource = session.register(library.get())) {
      return session.exec(resource, call);
    }
  }

  private static RunKernel.Buffers add(Session session, String source, String kernel) {
    float[] values = {0.1f, -2, 3e30f};
    List<KernelArgument> arguments =
        List.of(
            new KernelArgument.Input(FloatMatrix.of(3, values).data()),
            new KernelArgument.Input(FloatMatrix.of(3, values).data()),
            new KernelArgument.Output(12),
            KernelArgument.Scalar.of(0.7f));
    return session.call(
        Operations.OPENCL_RUN, new RunKernel(source, kernel, arguments, List.of(3L), List.of()));
  }

  private static Resource library(Path... files) {
    return Resource.ofFiles(ResourceKind.LIBRARY, files);
  }

  private static Resource bytes(ResourceKind kind) {
    return Resource.ofBytes(kind, "some.bin", ByteBuffer.wrap(new byte[] {1}));
  }
}
