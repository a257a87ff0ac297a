package io.vaccel.backend.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import io.vaccel.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Writes tiny TensorFlow Lite models; a builder, not safe for use by several threads.
 *
 * <p>The numbers of fields and operators are those of TensorFlow Lite's schema, version 3.
 */
final class TfliteFile {
  private final List<ToIntFunction<FlatBufferBuilder>> codes = new ArrayList<>();
  private final List<byte[]> buffers = new ArrayList<>(List.of(new byte[0]));
  private final List<Graph> graphs = new ArrayList<>();
  private final List<ToIntFunction<FlatBufferBuilder>> signatures = new ArrayList<>();

  /** Options of an operator: which table, and how it is written. */
  record Options(int kind, ToIntFunction<FlatBufferBuilder> table) {
    /** An empty table. */
    static Options none(int kind) {
      return new Options(
          kind,
          builder -> {
            builder.startTable(0);
            return builder.endTable();
          });
    }
  }

  /** One graph of the file; the first one is run. */
  final class Graph {
    private final List<ToIntFunction<FlatBufferBuilder>> tensors = new ArrayList<>();
    private final List<ToIntFunction<FlatBufferBuilder>> operators = new ArrayList<>();
    private int[] inputs = {};
    private int[] outputs = {};

    /** Adds a tensor; a dimension of -1 may have any size. */
    int tensor(String name, ElementType type, int... dimensions) {
      return tensor(name, number(type), 0, false, dimensions);
    }

    /** Adds a constant. */
    int constant(String name, ElementType type, ByteBuffer data, int... dimensions) {
      byte[] bytes = new byte[data.remaining()];
      data.duplicate().get(bytes);
      buffers.add(bytes);
      return tensor(name, number(type), buffers.size() - 1, false, dimensions);
    }

    /** Adds a tensor that keeps its value between runs. */
    int variable(String name, ElementType type, int... dimensions) {
      return tensor(name, number(type), 0, true, dimensions);
    }

    /** Adds a tensor that names a resource. */
    int resource(String name) {
      return tensor(name, 13, 0, false);
    }

    private int tensor(String name, int type, int buffer, boolean variable, int... dimensions) {
      tensors.add(
          builder -> {
            int[] sizes = dimensions.clone();
            for (int i = 0; i < sizes.length; i++) {
              sizes[i] = Math.abs(sizes[i]);
            }
            int text = builder.createString(name);
            int shape = integers(builder, sizes);
            int any = integers(builder, dimensions);
            builder.startTable(9);
            builder.addOffset(0, shape, 0);
            builder.addByte(1, (byte) type, 0);
            builder.addInt(2, buffer, 0);
            builder.addOffset(3, text, 0);
            builder.addBoolean(5, variable, false);
            builder.addOffset(7, any, 0);
            builder.addBoolean(8, true, false);
            return builder.endTable();
          });
      return tensors.size() - 1;
    }

    /** Adds a builtin operator. */
    Graph operator(int builtin, Options options, int[] from, int[] to) {
      return operator(builtin, null, options, from, to);
    }

    /** Adds a custom operator. */
    Graph custom(String name, int[] from, int[] to) {
      return operator(32, name, Options.none(0), from, to);
    }

    private Graph operator(int builtin, String custom, Options options, int[] from, int[] to) {
      codes.add(
          builder -> {
            int name = custom == null ? 0 : builder.createString(custom);
            builder.startTable(4);
            builder.addByte(0, (byte) Math.min(127, builtin), 0);
            builder.addOffset(1, name, 0);
            builder.addInt(2, 1, 1);
            builder.addInt(3, builtin, 0);
            return builder.endTable();
          });
      int code = codes.size() - 1;
      operators.add(
          builder -> {
            int ins = integers(builder, from);
            int outs = integers(builder, to);
            int table = options.table().applyAsInt(builder);
            builder.startTable(5);
            builder.addInt(0, code, 0);
            builder.addOffset(1, ins, 0);
            builder.addOffset(2, outs, 0);
            builder.addByte(3, (byte) options.kind(), 0);
            builder.addOffset(4, options.kind() == 0 ? 0 : table, 0);
            return builder.endTable();
          });
      return this;
    }

    Graph inputs(int... indices) {
      inputs = indices;
      return this;
    }

    Graph outputs(int... indices) {
      outputs = indices;
      return this;
    }

    private int write(FlatBufferBuilder builder) {
      int allTensors = tables(builder, tensors);
      int allOperators = tables(builder, operators);
      int ins = integers(builder, inputs);
      int outs = integers(builder, outputs);
      builder.startTable(5);
      builder.addOffset(0, allTensors, 0);
      builder.addOffset(1, ins, 0);
      builder.addOffset(2, outs, 0);
      builder.addOffset(3, allOperators, 0);
      return builder.endTable();
    }
  }

  /** Options that are one name. */
  static Options named(int kind, String name) {
    return new Options(
        kind,
        builder -> {
          int text = builder.createString(name);
          builder.startTable(2);
          builder.addOffset(0, text, 0);
          builder.addOffset(1, text, 0);
          return builder.endTable();
        });
  }

  /** Options that are one number. */
  static Options number(int kind, int value) {
    return new Options(
        kind,
        builder -> {
          builder.startTable(1);
          builder.addInt(0, value, 0);
          return builder.endTable();
        });
  }

  /** Adds a graph; others call it by its number, counted from 0. */
  Graph graph() {
    graphs.add(new Graph());
    return graphs.get(graphs.size() - 1);
  }

  /** Names the first graph's tensors for users, as converters do. */
  TfliteFile signature(List<String> inputs, List<String> outputs) {
    signatures.add(
        builder -> {
          int ins = names(builder, inputs, graphs.get(0).inputs);
          int outs = names(builder, outputs, graphs.get(0).outputs);
          int key = builder.createString("serving_default");
          builder.startTable(5);
          builder.addOffset(0, ins, 0);
          builder.addOffset(1, outs, 0);
          builder.addOffset(2, key, 0);
          return builder.endTable();
        });
    return this;
  }

  /** The file. */
  ByteBuffer bytes() {
    FlatBufferBuilder builder = new FlatBufferBuilder(1024);
    int allCodes = tables(builder, codes);
    List<ToIntFunction<FlatBufferBuilder>> graphWriters = new ArrayList<>();
    graphs.forEach(graph -> graphWriters.add(graph::write));
    int allGraphs = tables(builder, graphWriters);
    int allSignatures = tables(builder, signatures);
    int[] offsets = buffers.stream().mapToInt(data -> buffer(builder, data)).toArray();
    int allBuffers = builder.createVectorOfTables(offsets);
    builder.startTable(8);
    builder.addInt(0, 3, 0);
    builder.addOffset(1, allCodes, 0);
    builder.addOffset(2, allGraphs, 0);
    builder.addOffset(4, allBuffers, 0);
    builder.addOffset(7, allSignatures, 0);
    builder.finish(builder.endTable(), "TFL3");
    return ByteBuffer.wrap(builder.sizedByteArray());
  }

  private static int buffer(FlatBufferBuilder builder, byte[] data) {
    int vector = 0;
    if (data.length > 0) {
      builder.startVector(1, data.length, 16);
      for (int i = data.length - 1; i >= 0; i--) {
        builder.addByte(data[i]);
      }
      vector = builder.endVector();
    }
    builder.startTable(3);
    builder.addOffset(0, vector, 0);
    return builder.endTable();
  }

  private static int names(FlatBufferBuilder builder, List<String> names, int[] tensors) {
    int[] offsets = new int[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      int name = builder.createString(names.get(i));
      builder.startTable(2);
      builder.addOffset(0, name, 0);
      builder.addInt(1, tensors[i], 0);
      offsets[i] = builder.endTable();
    }
    return builder.createVectorOfTables(offsets);
  }

  private static int tables(
      FlatBufferBuilder builder, List<ToIntFunction<FlatBufferBuilder>> writers) {
    return builder.createVectorOfTables(
        writers.stream().mapToInt(writer -> writer.applyAsInt(builder)).toArray());
  }

  private static int integers(FlatBufferBuilder builder, int[] values) {
    builder.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      builder.addInt(values[i]);
    }
    return builder.endVector();
  }

  /** The number of the schema's TensorType, which is not that of the C API. */
  private static int number(ElementType type) {
    return switch (type) {
      case FLOAT32 -> 0;
      case FLOAT16 -> 1;
      case INT32 -> 2;
      case UINT8 -> 3;
      case INT64 -> 4;
      case STRING -> 5;
      case BOOL -> 6;
      case INT16 -> 7;
      case COMPLEX64 -> 8;
      case INT8 -> 9;
      case FLOAT64 -> 10;
      case COMPLEX128 -> 11;
      case UINT64 -> 12;
      case UINT32 -> 15;
      case UINT16 -> 16;
      case INT4 -> 17;
      case BFLOAT16 -> 18;
      case QINT8, QUINT8, QINT16, QUINT16, QINT32 ->
          throw new IllegalArgumentException("TensorFlow Lite has no " + type);
    };
  }
}
