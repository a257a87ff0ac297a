package io.vaccel.backend.tflite;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.backend.tflite.TfliteFile.Graph;
import io.vaccel.backend.tflite.TfliteFile.Options;
import io.vaccel.contract.ModelKit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** TensorFlow Lite models. */
public final class TfliteKit implements ModelKit {
  private static final int ADD = 0;
  private static final int SUB = 41;
  private static final int SQUEEZE = 43;
  private static final int LESS = 58;
  private static final int EXPAND_DIMS = 70;
  private static final int WHILE = 119;
  private static final int TILE = 69;

  @Override
  public ModelFormat format() {
    return ModelFormat.TFLITE;
  }

  @Override
  public String plugin() {
    return "tflite";
  }

  @Override
  public Set<ElementType> types() {
    Set<ElementType> types = EnumSet.allOf(ElementType.class);
    types.removeAll(
        EnumSet.of(
            ElementType.QINT8,
            ElementType.QUINT8,
            ElementType.QINT16,
            ElementType.QUINT16,
            ElementType.QINT32));
    return types;
  }

  @Override
  public ModelSpec identity(ElementType type, long... dimensions) {
    return spec(identityFile(type, dimensions).bytes());
  }

  /**
   * There is no operator that copies all types, but one that adds a dimension and one that takes
   * it.
   */
  static TfliteFile identityFile(ElementType type, long... dimensions) {
    int[] sizes = LongStream.of(dimensions).mapToInt(Math::toIntExact).toArray();
    int[] one = new int[sizes.length + 1];
    one[0] = 1;
    System.arraycopy(sizes, 0, one, 1, sizes.length);
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    int x = graph.tensor("x", type, sizes);
    int axis = graph.constant("axis", ElementType.INT32, ByteBuffer.allocate(4));
    int between = graph.tensor("between", type, one);
    int y = graph.tensor("y", type, sizes);
    graph
        .operator(EXPAND_DIMS, Options.none(52), new int[] {x, axis}, new int[] {between})
        .operator(SQUEEZE, squeezeFirst(), new int[] {between}, new int[] {y})
        .inputs(x)
        .outputs(y);
    return file;
  }

  @Override
  public ModelSpec sumAndDifference() {
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    int a = graph.tensor("a", ElementType.FLOAT32, -1, 2);
    int b = graph.tensor("b", ElementType.FLOAT32, -1, 2);
    int sum = graph.tensor("sum", ElementType.FLOAT32, -1, 2);
    int difference = graph.tensor("difference", ElementType.FLOAT32, -1, 2);
    graph
        .operator(ADD, Options.none(11), new int[] {a, b}, new int[] {sum})
        .operator(SUB, Options.none(28), new int[] {a, b}, new int[] {difference})
        .inputs(a, b)
        .outputs(sum, difference);
    return spec(file.bytes());
  }

  @Override
  public ModelSpec counting() {
    TfliteFile file = new TfliteFile();
    Graph main = file.graph();
    int n = main.tensor("n", ElementType.INT64);
    int x = main.tensor("x", ElementType.FLOAT32, 1);
    int zero = main.constant("zero", ElementType.INT64, ByteBuffer.allocate(8));
    int count = main.tensor("count", ElementType.INT64);
    int limit = main.tensor("limit", ElementType.INT64);
    int y = main.tensor("y", ElementType.FLOAT32, 1);
    main.operator(WHILE, loop(1, 2), new int[] {zero, n, x}, new int[] {count, limit, y})
        .inputs(n, x)
        .outputs(y);
    Graph condition = file.graph();
    int i = condition.tensor("i", ElementType.INT64);
    int end = condition.tensor("end", ElementType.INT64);
    int unused = condition.tensor("unused", ElementType.FLOAT32, 1);
    int more = condition.tensor("more", ElementType.BOOL);
    condition
        .operator(LESS, Options.none(41), new int[] {i, end}, new int[] {more})
        .inputs(i, end, unused)
        .outputs(more);
    Graph body = file.graph();
    int before = body.tensor("before", ElementType.INT64);
    int same = body.tensor("same", ElementType.INT64);
    int value = body.tensor("value", ElementType.FLOAT32, 1);
    int step = body.constant("step", ElementType.INT64, little(8).putLong(0, 1));
    int one = body.constant("one", ElementType.FLOAT32, little(4).putFloat(0, 1), 1);
    int after = body.tensor("after", ElementType.INT64);
    int more1 = body.tensor("sum", ElementType.FLOAT32, 1);
    body.operator(ADD, Options.none(11), new int[] {before, step}, new int[] {after})
        .operator(ADD, Options.none(11), new int[] {value, one}, new int[] {more1})
        .inputs(before, same, value)
        .outputs(after, same, more1);
    return spec(file.bytes());
  }

  /** Repeats {@code x} FLOAT32[1] to {@code n} INT64[1] elements. */
  ModelSpec repeating() {
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    int x = graph.tensor("x", ElementType.FLOAT32, 1);
    int n = graph.tensor("n", ElementType.INT64, 1);
    int y = graph.tensor("y", ElementType.FLOAT32, -1);
    graph.operator(TILE, Options.none(51), new int[] {x, n}, new int[] {y}).inputs(x, n).outputs(y);
    return spec(file.bytes());
  }

  @Override
  public List<Refused> refused() {
    return List.of(
        new Refused(custom("Frobnicate"), "'Frobnicate'"),
        new Refused(custom("FlexErf"), "needs TensorFlow's own operators (Erf)"),
        new Refused(builtin(9999), "builtin operator 9999"));
  }

  private ModelSpec custom(String name) {
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    int x = graph.tensor("x", ElementType.FLOAT32, 1);
    int y = graph.tensor("y", ElementType.FLOAT32, 1);
    graph.custom(name, new int[] {x}, new int[] {y}).inputs(x).outputs(y);
    return spec(file.bytes());
  }

  private ModelSpec builtin(int number) {
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    int x = graph.tensor("x", ElementType.FLOAT32, 1);
    int y = graph.tensor("y", ElementType.FLOAT32, 1);
    graph.operator(number, Options.none(0), new int[] {x}, new int[] {y}).inputs(x).outputs(y);
    return spec(file.bytes());
  }

  private static Options squeezeFirst() {
    return new Options(
        30,
        builder -> {
          builder.startVector(4, 1, 4);
          builder.addInt(0);
          int dimensions = builder.endVector();
          builder.startTable(1);
          builder.addOffset(0, dimensions, 0);
          return builder.endTable();
        });
  }

  private static Options loop(int condition, int body) {
    return new Options(
        93,
        builder -> {
          builder.startTable(2);
          builder.addInt(0, condition, 0);
          builder.addInt(1, body, 0);
          return builder.endTable();
        });
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
