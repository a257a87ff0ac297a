package io.vaccel;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Generic calls that nearly fit: with one argument or more that is missing, too many, of another
 * type or of another value. Each reaches the plugin or is refused for what is wrong with it.
 */
final class GenericHostileTest {
  /** What a call that reaches the plugin ends with. */
  private static final String REACHED = "reached the plugin";

  /** How a call may end whose arguments are wrong. */
  private static final Set<Reason> REFUSALS =
      Set.of(
          Reason.ARGUMENT_INVALID,
          Reason.TENSOR_INVALID,
          Reason.NAME_INVALID,
          Reason.IMAGE_UNREADABLE,
          Reason.IMAGE_TOO_LARGE,
          Reason.RESOURCE_NOT_FOUND,
          Reason.MODEL_NOT_FOUND,
          Reason.NO_PLUGIN);

  /** Functions of libraries, whose arguments are their own. */
  private static final Set<GenericCode> OF_ANY_LAYOUT =
      Set.of(GenericCode.EXEC, GenericCode.EXEC_WITH_RESOURCE);

  private static final Map<GenericCode, GenericCall> FITTING = fitting();

  private static Vaccel vaccel;
  private static Session session;

  /** What is done to a list of arguments. */
  private enum Change {
    REMOVE,
    REPLACE,
    INSERT
  }

  /** One thing that is done, at a place of the list. */
  private record Edit(Change change, boolean read, int place, Argument argument) {
    void apply(List<Argument> reads, List<Argument> writes) {
      List<Argument> list = read ? reads : writes;
      int at = list.isEmpty() ? 0 : place % list.size();
      switch (change) {
        case REMOVE -> {
          if (!list.isEmpty()) {
            list.remove(at);
          }
        }
        case REPLACE -> {
          if (!list.isEmpty()) {
            list.set(at, argument);
          }
        }
        case INSERT -> list.add(at, argument);
      }
    }
  }

  @BeforeContainer
  static void open() {
    vaccel = runtime(FakePlugin.journal());
    session = session(vaccel);
  }

  /** A runtime whose plugin does everything, and fails. */
  private static Vaccel runtime(List<String> journal) {
    FakePlugin plugin = new FakePlugin("fake", journal);
    plugin.capabilities =
        new Capabilities(
            Availability.usable(),
            Set.copyOf(Operations.all()),
            Set.of(ModelFormat.ONNX),
            "CPU",
            Map.of());
    return Vaccel.builder().plugin(plugin.failing(Reason.ENGINE_FAILED, REACHED)).load();
  }

  /** A session with a model and a library, whose numbers are 1 and 2. */
  private static Session session(Vaccel vaccel) {
    Session session = vaccel.openSession();
    RegisteredResource first = session.register(Models.onnx("net.onnx").resource());
    assertThat(first.id()).isEqualTo(1);
    ByteBuffer code = ByteBuffer.wrap(new byte[] {1});
    RegisteredResource second =
        session.register(Resource.ofBytes(ResourceKind.LIBRARY, "lib.so", code));
    assertThat(second.id()).isEqualTo(2);
    return session;
  }

  @AfterContainer
  static void close() {
    vaccel.close();
  }

  @Property(tries = 100)
  void fittingCalls_reachThePlugin(@ForAll("codes") GenericCode code) {
    VaccelException failure = failureOf(() -> call(FITTING.get(code)));
    assertThat(failure).hasMessageContaining(REACHED);
  }

  @Property(tries = 5000)
  void callsThatNearlyFit_areRefusedForWhatIsWrong_orReachThePlugin(
      @ForAll("codes") GenericCode code, @ForAll("edits") List<Edit> edits) {
    GenericCall fitting = FITTING.get(code);
    List<Argument> reads = new ArrayList<>(fitting.read().subList(1, fitting.read().size()));
    List<Argument> writes = new ArrayList<>(fitting.write());
    edits.forEach(edit -> edit.apply(reads, writes));
    VaccelException failure = failureOf(() -> call(GenericCall.of(code, reads, writes)));
    if (!failure.text().contains(REACHED)) {
      assertThat(failure.reason()).as(failure.getMessage()).isIn(REFUSALS);
    }
  }

  @Example
  void roomOfAnotherType_isRefused_beforeAnyWorkIsDone() {
    List<String> journal = FakePlugin.journal();
    try (Vaccel fresh = runtime(journal);
        Session owner = session(fresh)) {
      FITTING.forEach(
          (code, fitting) -> {
            if (!OF_ANY_LAYOUT.contains(code)) {
              assertEachRoomHasItsType(owner, fitting);
            }
          });
      assertThat(journal).isEmpty();
    }
  }

  @Example
  void whatNoModelTakesOrGives_isRefused_beforeTheModelIsLoaded() {
    GenericCall run = FITTING.get(GenericCode.TF_MODEL_RUN);
    List<Argument> rooms = new ArrayList<>(run.write());
    rooms.addAll(run.write());
    List<Argument> reads = new ArrayList<>(run.read());
    reads.set(2, Argument.room(ArgumentType.BUFFER, ModelRun.MAX_OPTIONS_BYTES + 1));
    List<String> journal = FakePlugin.journal();
    try (Vaccel fresh = runtime(journal);
        Session owner = session(fresh)) {
      assertThat(failureOf(() -> call(owner, new GenericCall(run.read(), rooms))))
          .hasMessageContaining("has room for 2 outputs, the result has 1");
      assertThat(failureOf(() -> call(owner, new GenericCall(reads, run.write()))))
          .hasMessageContaining("run options have 65537 bytes");
      assertThat(journal).isEmpty();
    }
  }

  private static void assertEachRoomHasItsType(Session owner, GenericCall fitting) {
    for (int i = 0; i < fitting.write().size(); i++) {
      for (ArgumentType type : ArgumentType.values()) {
        List<Argument> rooms = new ArrayList<>(fitting.write());
        Argument fits = rooms.set(i, argument(type, new byte[256]));
        if (type != fits.type()) {
          GenericCall call = new GenericCall(fitting.read(), rooms);
          VaccelException failure = failureOf(() -> call(owner, call));
          assertThat(failure.reason()).as(call + "").isEqualTo(Reason.ARGUMENT_INVALID);
          assertThat(failure.details()).containsEntry("field", "write[" + i + "]");
        }
      }
    }
  }

  private static void call(GenericCall call) {
    call(session, call);
  }

  private static void call(Session session, GenericCall call) {
    var unused = session.call(Operations.GENERIC_CALL, call);
  }

  @Provide
  Arbitrary<GenericCode> codes() {
    return Arbitraries.of(FITTING.keySet());
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Combinators.combine(
            Arbitraries.of(Change.class),
            Arbitraries.of(true, true, false),
            Arbitraries.integers().between(0, 15),
            arguments())
        .as(Edit::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  /** Arguments of all types; numbers around the boundaries of their types. */
  private static Arbitrary<Argument> arguments() {
    Arbitrary<Long> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs().between(-3, 5),
            Arbitraries.of(1L << 31, 1L << 32, 1L << 62, Long.MIN_VALUE)
                .flatMap(edge -> Arbitraries.longs().between(-2, 2).map(near -> edge + near)));
    Arbitrary<Argument> any =
        Combinators.combine(
                Arbitraries.of(ArgumentType.class),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(9))
            .as(GenericHostileTest::argument);
    return Arbitraries.oneOf(
        numbers.map(Argument::ofInt64),
        numbers.map(number -> Argument.ofInt32(number.intValue())),
        Arbitraries.of("", "a", "../a", "/a", "RGB8", "resize 99999 1", "crop -1 0 1 1", "blur NaN")
            .map(Argument::ofString),
        any);
  }

  /** An argument of this type with as many of the bytes as fit it. */
  private static Argument argument(ArgumentType type, byte[] bytes) {
    int size =
        type.isMany() ? bytes.length - bytes.length % type.elementBytes() : type.elementBytes();
    ByteBuffer data = ByteBuffer.allocate(type == ArgumentType.STRING ? size + 1 : size);
    data.put(bytes, 0, Math.min(bytes.length, size)).rewind();
    return Argument.of(type, data);
  }

  private static Map<GenericCode, GenericCall> fitting() {
    Map<GenericCode, GenericCall> calls = new EnumMap<>(GenericCode.class);
    Argument floats = Argument.ofFloats(1, 2, 3, 4);
    Argument ints = Argument.of(ArgumentType.INT32_ARRAY, floats.data());
    Argument bytes = Argument.of(ArgumentType.BUFFER, floats.data());
    Argument room = Argument.room(ArgumentType.UCHAR_ARRAY, 100);
    Argument two = Argument.ofInt64(2);
    Argument one = Argument.ofInt32(1);
    ByteBuffer doubles = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    Argument numbers = Argument.of(ArgumentType.FLOAT64_ARRAY, doubles);
    Argument number = Argument.room(ArgumentType.FLOAT64, 8);
    add(calls, GenericCode.NOOP, List.of());
    add(calls, GenericCode.EXEC, List.of(Argument.ofString("lib"), Argument.ofString("f"), two));
    add(calls, GenericCode.EXEC_WITH_RESOURCE, List.of(two, Argument.ofString("f")), two);
    add(calls, GenericCode.IMAGE_CLASSIFY, List.of(bytes), room, room);
    for (GenericCode code :
        List.of(
            GenericCode.IMAGE_DETECT,
            GenericCode.IMAGE_SEGMENT,
            GenericCode.IMAGE_POSE,
            GenericCode.IMAGE_DEPTH)) {
      add(calls, code, List.of(bytes), room, room, bytes);
    }
    add(
        calls,
        GenericCode.TF_MODEL_RUN,
        List.of(
            Argument.ofInt64(1),
            Argument.room(ArgumentType.BUFFER, 0),
            one,
            Argument.ofString("x"),
            one,
            Argument.of(ArgumentType.INT64_ARRAY, Argument.ofInt64(4).data()),
            bytes,
            Argument.ofString("y")),
        one,
        Argument.room(ArgumentType.INT64_ARRAY, 64),
        bytes);
    add(
        calls,
        GenericCode.BLAS_SGEMM,
        List.of(
            two,
            two,
            two,
            Argument.ofFloat32(1),
            floats,
            two,
            floats,
            two,
            Argument.ofFloat32(0),
            two),
        floats);
    add(calls, GenericCode.FPGA_ARRAYCOPY, List.of(ints), ints);
    add(calls, GenericCode.FPGA_MMULT, List.of(floats, floats), floats);
    add(calls, GenericCode.FPGA_PARALLEL, List.of(floats, floats), floats, floats);
    add(calls, GenericCode.FPGA_VECTORADD, List.of(floats, floats), floats);
    add(
        calls,
        GenericCode.MINMAX,
        List.of(numbers, Argument.ofInt32(2), one, one),
        numbers,
        number,
        number);
    add(
        calls,
        GenericCode.OPENCV,
        List.of(
            Argument.ofString("GRAY8"),
            Argument.ofInt32(4),
            Argument.ofInt32(4),
            bytes,
            Argument.ofString("grayscale")),
        one,
        one,
        one,
        bytes);
    return calls;
  }

  private static void add(
      Map<GenericCode, GenericCall> calls,
      GenericCode code,
      List<Argument> read,
      Argument... write) {
    calls.put(code, GenericCall.of(code, read, List.of(write)));
  }
}
