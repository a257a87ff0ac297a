package io.vaccel.backend.torch;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Printable;
import java.nio.ByteBuffer;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Block;
import org.bytedeco.pytorch.BlockArrayRef;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.ValueVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The graph of a frozen module's method {@code forward}, which this changes before it first runs:
 * each turn of a loop looks at the module's attribute {@link #STOP}, and nothing is printed.
 */
final class Program {
  /** Holds one boolean tensor; when that is true, a run ends at the next turn of a loop. */
  static final String STOP = "_vaccel_stop";

  /** What would go to the agent's own output. */
  private static final Set<String> PRINTS = Set.of("prim::Print", "aten::warn");

  /** Calls that freezing left: to interfaces, whose code is not in this graph; and threads. */
  private static final Set<String> REFUSED =
      Set.of("prim::CallMethod", "prim::CallFunction", "prim::fork", "prim::awaitable");

  /** What makes a value that nothing else holds; a model may write into that. */
  private static final Set<String> MAKES_NEW =
      Set.of(
          "prim::ListConstruct",
          "prim::DictConstruct",
          "aten::_convolution",
          "aten::conv1d",
          "aten::conv2d",
          "aten::conv3d",
          "aten::batch_norm",
          "aten::linear",
          "aten::matmul",
          "aten::mm",
          "aten::bmm",
          "aten::addmm",
          "aten::add",
          "aten::sub",
          "aten::mul",
          "aten::div",
          "aten::cat",
          "aten::stack",
          "aten::zeros",
          "aten::ones",
          "aten::full",
          "aten::zeros_like",
          "aten::ones_like",
          "aten::clone");

  private final String model;
  private final Graph graph;
  private final Value self;
  private boolean writes;

  private Program(String model, Graph graph) {
    this.model = model;
    this.graph = graph;
    this.self = graph.inputs().get(0);
  }

  /**
   * Makes a frozen module ready to run, in the caller's pointer scope.
   *
   * @return whether a run may leave something behind in the module
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} for what may not run here
   */
  static boolean prepare(String model, JitModule frozen) {
    boolean changes = frozen.attributes(true).size() > 0;
    frozen.register_buffer(STOP, flag(ByteBuffer.allocateDirect(1)));
    Program program = new Program(model, frozen.get_method("forward").graph());
    program.look(program.graph.block());
    return changes || program.writes;
  }

  /** One byte that Java holds as a tensor of the engine's. */
  static Tensor flag(ByteBuffer octet) {
    return torch.from_blob(
        new BytePointer(octet), new long[] {}, new TensorOptions(ScalarType.Bool));
  }

  private void look(Block block) {
    JitNode end = block.return_node();
    JitNode node = block.nodes().front();
    while (!node.equals(end)) {
      JitNode next = node.next();
      String kind = node.kind().toQualString().getString();
      if (REFUSED.contains(kind)) {
        throw new VaccelException(
            Reason.MODEL_UNREADABLE,
            "model '"
                + model
                + "' has a "
                + Printable.name(kind.replaceFirst("prim::", ""))
                + " in it; interfaces and threads are not supported");
      }
      if (PRINTS.contains(kind)) {
        node.destroy();
      } else {
        writes |= writesToWhatStays(node, kind);
        BlockArrayRef blocks = node.blocks();
        for (long i = 0; i < blocks.size(); i++) {
          look(blocks.get(i));
        }
        if (kind.equals("prim::Loop")) {
          lookAtStop(blocks.get(0));
        }
      }
      node = next;
    }
  }

  private static boolean writesToWhatStays(JitNode node, String kind) {
    if (kind.equals("prim::SetAttr")) {
      return true;
    }
    FunctionSchema schema = node.maybeSchema();
    return schema != null && schema.is_mutable() && !isNew(node.input(0).node());
  }

  private static boolean isNew(JitNode maker) {
    JitNode at = maker;
    while (true) {
      if (MAKES_NEW.contains(at.kind().toQualString().getString())) {
        return true;
      }
      // What is written to in place is returned, so it is as new as it was before.
      FunctionSchema schema = at.maybeSchema();
      if (schema == null || !schema.is_mutable()) {
        return false;
      }
      at = at.input(0).node();
    }
  }

  /** {@code if self._vaccel_stop: raise}, before anything else. */
  private void lookAtStop(Block body) {
    graph.setInsertPoint(body.nodes().front());
    Value flag = graph.insertGetAttr(self, STOP);
    JitNode stop = insert("aten::Bool", 1, flag);
    // Taken from a value that has it: what BoolType.get() returns is no TypePtr, and ends the
    // process.
    stop.output().setType(graph.insertConstant(new IValue(false)).type());
    JitNode branch = insert("prim::If", 0, stop.output());
    graph.setInsertPoint(branch.addBlock());
    branch.addBlock();
    Value message = graph.insertConstant(new IValue("the run was stopped"));
    Value none = graph.insertConstant(new IValue());
    insert("prim::RaiseException", 0, message, none);
    graph.setInsertPoint(graph.block());
  }

  private JitNode insert(String kind, long outputs, Value... inputs) {
    Symbol symbol = Symbol.fromQualString(kind);
    return graph.insertNode(graph.create(symbol, new ValueVector(inputs), outputs));
  }
}
