package io.vaccel.backend.tensorflow;

import static io.vaccel.backend.tensorflow.GraphMaker.argument;
import static io.vaccel.backend.tensorflow.GraphMaker.call;
import static io.vaccel.backend.tensorflow.GraphMaker.constantNode;
import static io.vaccel.backend.tensorflow.GraphMaker.node;
import static io.vaccel.backend.tensorflow.GraphMaker.number;
import static io.vaccel.backend.tensorflow.GraphMaker.type;
import static io.vaccel.backend.tensorflow.GraphMaker.types;

import io.vaccel.ElementType;
import java.util.List;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.OpDef;

/** The graphs of the contract's models, and hostile ones. */
final class TinyGraphs {
  private TinyGraphs() {}

  static GraphMaker identity(ElementType type, long... dimensions) {
    return new GraphMaker().input("x", type, dimensions).operator("y", "Identity", type, "x");
  }

  static GraphMaker sumAndDifference() {
    return new GraphMaker()
        .input("a", ElementType.FLOAT32, -1, 2)
        .input("b", ElementType.FLOAT32, -1, 2)
        .operator("sum", "AddV2", ElementType.FLOAT32, "a", "b")
        .operator("difference", "Sub", ElementType.FLOAT32, "a", "b");
  }

  /** A loop by functions: {@code while (i < n) { i++; x++; }}. */
  static GraphMaker counting() {
    ElementType[] state = {ElementType.INT64, ElementType.INT64, ElementType.FLOAT32};
    FunctionDef.Builder goesOn =
        FunctionDef.newBuilder()
            .setSignature(
                OpDef.newBuilder()
                    .setName("goes_on")
                    .addAllInputArg(state())
                    .addOutputArg(argument("more", ElementType.BOOL)))
            .addNodeDef(node("less", "Less", "i", "n").putAttr("T", type(ElementType.INT64)))
            .putRet("more", "less:z:0");
    FunctionDef.Builder step =
        FunctionDef.newBuilder()
            .setSignature(
                OpDef.newBuilder()
                    .setName("step")
                    .addAllInputArg(state())
                    .addOutputArg(argument("i2", ElementType.INT64))
                    .addOutputArg(argument("n2", ElementType.INT64))
                    .addOutputArg(argument("x2", ElementType.FLOAT32)))
            .addNodeDef(constantNode("one", ElementType.INT64, number(8).putLong(0, 1)))
            .addNodeDef(constantNode("unit", ElementType.FLOAT32, number(4).putFloat(0, 1)))
            .addNodeDef(
                node("more", "AddV2", "i", "one:output:0").putAttr("T", type(ElementType.INT64)))
            .addNodeDef(
                node("sum", "AddV2", "x", "unit:output:0").putAttr("T", type(ElementType.FLOAT32)))
            .putRet("i2", "more:z:0")
            .putRet("n2", "n")
            .putRet("x2", "sum:z:0");
    return new GraphMaker()
        .input("n", ElementType.INT64)
        .input("x", ElementType.FLOAT32, 1)
        .constant("zero", 0)
        .add(
            node("loop", "While", "zero", "n", "x")
                .putAttr("T", types(state))
                .putAttr("cond", call("goes_on"))
                .putAttr("body", call("step")))
        .operator("y", "Identity", ElementType.FLOAT32, "loop:2")
        .function(goesOn)
        .function(step);
  }

  /** Repeats {@code x} FLOAT32[1] to {@code n} INT64[1] elements. */
  static GraphMaker repeating() {
    return new GraphMaker()
        .input("x", ElementType.FLOAT32, 1)
        .input("n", ElementType.INT64, 1)
        .add(
            node("y", "Tile", "x", "n")
                .putAttr("T", type(ElementType.FLOAT32))
                .putAttr("Tmultiples", type(ElementType.INT64)));
  }

  /** {@code x} FLOAT32[1] with as many dimensions as {@code n} INT64[any] has elements. */
  static GraphMaker reshaping() {
    return new GraphMaker()
        .input("x", ElementType.FLOAT32, 1)
        .input("n", ElementType.INT64, -1)
        .add(
            node("y", "Reshape", "x", "n")
                .putAttr("T", type(ElementType.FLOAT32))
                .putAttr("Tshape", type(ElementType.INT64)));
  }

  /** The content of a file of the host. */
  static GraphMaker readsFile(String path) {
    return new GraphMaker().text("name", path).add(node("y", "ReadFile", "name"));
  }

  private static List<OpDef.ArgDef> state() {
    return List.of(
        argument("i", ElementType.INT64),
        argument("n", ElementType.INT64),
        argument("x", ElementType.FLOAT32));
  }
}
