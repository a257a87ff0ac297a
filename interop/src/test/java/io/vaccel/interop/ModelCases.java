package io.vaccel.interop;

import static io.vaccel.interop.FaithfulCase.LOAD;
import static io.vaccel.interop.FaithfulCase.withModel;

import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.backend.tensorflow.GraphKit;
import io.vaccel.backend.tensorflow.SavedModelKit;
import io.vaccel.backend.tflite.TfliteKit;
import io.vaccel.backend.torch.TorchKit;
import io.vaccel.contract.ModelKit;
import io.vaccel.contract.OnnxKit;
import io.vaccel.contract.TinyModels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Calls that load and run models, of each format. */
final class ModelCases {
  /** The models of each format. */
  static final List<ModelKit> KITS =
      List.of(new OnnxKit(), new TfliteKit(), new GraphKit(), new SavedModelKit(), new TorchKit());

  private static final Tensor A = Tensor.ofFloats("a", Shape.of(2, 2), 5, 7, -0.0f, 1e38f);
  private static final Tensor B = Tensor.ofFloats("b", Shape.of(2, 2), 1, 0.1f, 0, 1e38f);
  private static final String RUN = Operations.MODEL_RUN.name();

  /** Field 1000 of a message: no engine has it. */
  private static final byte[] UNKNOWN_OPTION = {(byte) 0xc0, 0x3e, 1};

  /** Field 2 of {@code tensorflow.RunOptions}, {@code timeout_in_ms}: 60,000. */
  private static final byte[] MINUTE = {0x10, (byte) 0xe0, (byte) 0xd4, 3};

  /** The same field: -1. */
  private static final byte[] NO_TIME = {0x10, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};

  private ModelCases() {}

  static Stream<FaithfulCase> all() {
    return KITS.stream()
        .flatMap(kit -> Stream.of(load(kit), identity(kit), arithmetic(kit), options(kit)))
        .flatMap(cases -> cases);
  }

  private static Stream<FaithfulCase> load(ModelKit kit) {
    ByteBuffer text = ByteBuffer.wrap("no model\n".repeat(99).getBytes(StandardCharsets.US_ASCII));
    List<FaithfulCase> cases = new ArrayList<>();
    cases.add(
        withModel(
            LOAD,
            kit.format() + " arithmetic",
            true,
            kit.sumAndDifference(),
            (session, model) -> model.loaded()));
    cases.add(
        withModel(LOAD, kit.format() + " text", false, kit.spec(text), (session, model) -> model));
    for (ModelKit.Refused refused : kit.refused()) {
      cases.add(
          withModel(
              LOAD,
              kit.format() + " refused " + cases.size() + " " + refused.mention(),
              false,
              refused.model(),
              (session, model) -> model));
    }
    return cases.stream();
  }

  private static Stream<FaithfulCase> identity(ModelKit kit) {
    return kit.types().stream()
        .map(
            type ->
                withModel(
                    RUN,
                    kit.format() + " " + type,
                    true,
                    kit.identity(type, -1, 3),
                    (session, model) -> session.run(model, List.of(NumberCases.tensor(type)))));
  }

  private static Stream<FaithfulCase> arithmetic(ModelKit kit) {
    Stream<FaithfulCase> every =
        Stream.of(
            run(kit, "by position", true, List.of(), A.named(""), B.named("")),
            run(kit, "shapes that do not agree", false, List.of(), A, floats("b", 3, 2)),
            run(kit, "one input is missing", false, List.of(), A),
            run(kit, "three inputs", false, List.of(), A, B, B.named("c")),
            withModel(
                RUN,
                kit.format() + " many steps",
                true,
                kit.counting(),
                (session, model) -> session.run(model, TinyModels.steps(1000))),
            run(kit, "unknown run options", false, UNKNOWN_OPTION));
    Stream<FaithfulCase> byName =
        Stream.of(
            run(kit, "by name", true, List.of(), B, A),
            run(kit, "one output", true, List.of("difference"), A, B),
            run(kit, "an unknown output", false, List.of("product"), A, B),
            run(kit, "an unknown input", false, List.of(), A, B.named("pixels")),
            run(kit, "another rank", false, List.of(), A, floats("b", 2)));
    return kit.tellsSignature() ? Stream.concat(every, byName) : every;
  }

  /** Those that the engine takes. */
  private static Stream<FaithfulCase> options(ModelKit kit) {
    return kit.plugin().equals("tensorflow")
        ? Stream.of(
            run(kit, "a minute's timeout_in_ms", true, MINUTE),
            run(kit, "a negative timeout_in_ms", false, NO_TIME))
        : Stream.of();
  }

  private static FaithfulCase run(ModelKit kit, String what, boolean good, byte[] options) {
    ByteBuffer bytes = ByteBuffer.wrap(options);
    return run(kit, what, good, model -> new ModelRun(model, List.of(A, B), List.of(), bytes));
  }

  private static FaithfulCase run(
      ModelKit kit, String what, boolean good, List<String> outputs, Tensor... inputs) {
    return run(kit, what, good, model -> new ModelRun(model, Arrays.asList(inputs), outputs));
  }

  private static FaithfulCase run(
      ModelKit kit, String what, boolean good, Function<Model, ModelRun> call) {
    return withModel(
        RUN,
        kit.format() + " " + what,
        good,
        kit.sumAndDifference(),
        (session, model) -> session.call(Operations.MODEL_RUN, call.apply(model)));
  }

  private static Tensor floats(String name, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    return Tensor.ofFloats(name, shape, new float[(int) shape.elements()]);
  }
}
