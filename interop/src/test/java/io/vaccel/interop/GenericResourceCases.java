package io.vaccel.interop;

import static io.vaccel.interop.FaithfulCase.bad;
import static io.vaccel.interop.FaithfulCase.good;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.GenericCode;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.backend.tensorflow.GraphKit;
import io.vaccel.backend.tflite.TfliteKit;
import io.vaccel.backend.torch.TorchKit;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.GenericContract;
import io.vaccel.contract.GenericPictureContract;
import io.vaccel.contract.TinyModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Generic calls of what works with registered files, or with the operator's libraries. */
final class GenericResourceCases {
  private GenericResourceCases() {}

  static Stream<FaithfulCase> all() {
    return Stream.of(pictures(), functions(), models()).flatMap(cases -> cases);
  }

  private static Stream<FaithfulCase> pictures() {
    return Stream.concat(
        GenericPictureContract.findings().map(one -> picture(one.code(), one.model(), 3)),
        Stream.of(picture(GenericCode.IMAGE_CLASSIFY, TinyModels.colours(), 2)));
  }

  private static FaithfulCase picture(GenericCode code, ModelSpec model, int rooms) {
    return well(
        code,
        model::resource,
        (session, resource) ->
            GenericContract.call(
                session,
                code,
                GenericPictureContract.picture(),
                GenericPictureContract.rooms().subList(0, rooms)));
  }

  private static Stream<FaithfulCase> functions() {
    List<Argument> room = List.of(Argument.room(ArgumentType.INT32, 4));
    return Stream.of(
        good(
            Operations.GENERIC_CALL,
            "EXEC",
            session -> exec(session, ExecLibraries.BEHAVIOUR, "nothing")),
        bad(
            Operations.GENERIC_CALL,
            "EXEC of a library of nobody",
            session -> exec(session, "other", "nothing")),
        well(
            GenericCode.EXEC_WITH_RESOURCE,
            () ->
                Resource.ofFiles(
                    ResourceKind.LIBRARY,
                    ExecLibraries.compiled().dependency(),
                    ExecLibraries.compiled().dependent()),
            (session, number) ->
                GenericContract.call(
                    session,
                    GenericCode.EXEC_WITH_RESOURCE,
                    List.of(number, Argument.ofString("work"), Argument.ofInt32(14)),
                    room)));
  }

  private static Stream<FaithfulCase> models() {
    ModelSpec graph = new GraphKit().sumAndDifference();
    ModelSpec lite = new TfliteKit().sumAndDifference();
    ModelSpec torch = new TorchKit().sumAndDifference();
    return Stream.of(
        load(GenericCode.TF_MODEL_LOAD, graph),
        unload(GenericCode.TF_MODEL_LOAD, GenericCode.TF_MODEL_UNLOAD, graph),
        run(GenericCode.TF_MODEL_RUN, graph, 1, "b"),
        load(GenericCode.TFLITE_MODEL_LOAD, lite),
        unload(GenericCode.TFLITE_MODEL_LOAD, GenericCode.TFLITE_MODEL_UNLOAD, lite),
        run(GenericCode.TFLITE_MODEL_RUN, lite, 1, "b"),
        load(GenericCode.TORCH_MODEL_LOAD, torch),
        run(GenericCode.TORCH_MODEL_RUN, torch, 7, "b"),
        bad(
            Operations.GENERIC_CALL,
            "TF_MODEL_RUN of an unknown input",
            session ->
                withResource(
                    session,
                    graph::resource,
                    (same, number) -> run(same, GenericCode.TF_MODEL_RUN, number, 1, "pixels"))),
        bad(
            Operations.GENERIC_CALL,
            "TF_MODEL_UNLOAD of what is not loaded",
            session ->
                withResource(
                    session,
                    graph::resource,
                    (same, number) -> call(same, GenericCode.TF_MODEL_UNLOAD, number))));
  }

  private static FaithfulCase load(GenericCode code, ModelSpec model) {
    return well(code, model::resource, (session, number) -> call(session, code, number));
  }

  private static FaithfulCase unload(GenericCode load, GenericCode unload, ModelSpec model) {
    return well(
        unload,
        model::resource,
        (session, number) -> List.of(call(session, load, number), call(session, unload, number)));
  }

  private static FaithfulCase run(GenericCode code, ModelSpec model, int floats, String second) {
    return well(
        code, model::resource, (session, number) -> run(session, code, number, floats, second));
  }

  private static Object run(
      Session session, GenericCode code, Argument number, int floats, String second) {
    List<Argument> read = new ArrayList<>();
    read.add(number);
    read.add(Argument.room(ArgumentType.BUFFER, 0));
    read.add(Argument.ofInt32(2));
    for (String name : List.of("a", second)) {
      ByteBuffer shape = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      read.add(Argument.ofString(name));
      read.add(Argument.ofInt32(floats));
      read.add(Argument.of(ArgumentType.INT64_ARRAY, shape.putLong(0, 1).putLong(8, 2)));
      read.add(Argument.of(ArgumentType.BUFFER, Argument.ofFloats(5, 0.1f).data()));
    }
    List<Argument> write =
        List.of(
            Argument.ofInt32(0),
            Argument.room(ArgumentType.INT64_ARRAY, 64),
            Argument.room(ArgumentType.BUFFER, 1024));
    return GenericContract.call(session, code, read, write);
  }

  private static Object exec(Session session, String library, String symbol) {
    ExecLibraries.compiled();
    return call(session, GenericCode.EXEC, Argument.ofString(library), Argument.ofString(symbol));
  }

  private static Object call(Session session, GenericCode code, Argument... read) {
    return GenericContract.call(session, code, Arrays.asList(read), List.of());
  }

  private static FaithfulCase well(
      GenericCode code, Supplier<Resource> files, BiFunction<Session, Argument, Object> call) {
    return good(
        Operations.GENERIC_CALL, code.toString(), session -> withResource(session, files, call));
  }

  private static Object withResource(
      Session session, Supplier<Resource> files, BiFunction<Session, Argument, Object> call) {
    try (RegisteredResource resource = session.register(files.get())) {
      return call.apply(session, Argument.ofInt64(resource.id()));
    }
  }
}
