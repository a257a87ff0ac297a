package io.vaccel.backend.torch;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Block;
import org.bytedeco.pytorch.BlockArrayRef;
import org.bytedeco.pytorch.FunctionVector;
import org.bytedeco.pytorch.GraphFunction;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.global.torch;

/**
 * Which of the engine's operators a program may call. {@link SourceCheck} looks for their names in
 * the source, before anything runs; {@link #problem} for the operators themselves, however the
 * source came to name them, in all that was compiled.
 */
final class Operators {
  /**
   * The namespaces of operators that compute; others are the compiler's, or of several machines.
   */
  static final Set<String> NAMESPACES =
      Set.of("aten", "prim", "quantized", "_quantized", "sparse", "prepacked", "mkldnn_prepacked");

  /**
   * Names of those that read and write files, print, call other processes, start threads or
   * profile, and of those that take sizes, strides or indices without comparing them with the
   * memory that is there; seen with 2.10, in the list of all.
   */
  static final Pattern REFUSED =
      Pattern.compile(
          "from_file|save|_print|fork|TracedFork|rpc_async|rpc_sync|rpc_remote"
              + "|c10d\\w*|_c10d\\w*|dist_c10d|dist_rpc"
              + "|profiler|_ScriptProfile|_nnapi|manual_seed|AddStatValue"
              + "|_reshape_alias\\w*|_reinterpret_tensor|_alloc_from_pool|segment_reduce"
              + "|_nested_view_from_\\w+|_convert_indices_from_\\w+"
              + "|_sparse_\\w+_unsafe|_sparse_coo_tensor_with_dims\\w*");

  /** What LibTorch's own optimizer puts into graphs, and what only that can run. */
  private static final Pattern INTERNAL =
      Pattern.compile(
          "\\w*(?:Group|Guard|Graph|Subgraph|Bail[Oo]ut\\w*|TypeCheck|RequiresGradCheck)"
              + "|profile\\w*|Static\\w+|Autograd\\w+|IgnoredPythonOp|PythonOp|ChunkSizes"
              + "|ConstantChunk|ConstantMKLDNNTensor|BroadcastMKLDNNTensors|MMTreeReduce"
              + "|MMBatchSide|ReductionSizes|BroadcastSizes|FusedConcat");

  private Operators() {}

  /**
   * The first operator in a loaded module, its submodules and all that they call that may not be
   * there, as a sentence after the model's name; empty when there is none. Nothing is run: to be
   * called before the module is frozen, which runs what has constant arguments.
   */
  static Optional<String> problem(JitModule loaded) {
    FunctionVector functions = loaded._ivalue().compilation_unit().get_functions();
    for (long i = 0; i < functions.size(); i++) {
      GraphFunction function = torch.tryToGraphFunction(functions.get(i));
      if (function == null || function.isNull()) {
        return Optional.of("has a function without a graph");
      }
      Optional<String> problem = problem(function.graph().block());
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(Block block) {
    JitNode end = block.return_node();
    for (JitNode node = block.nodes().front(); !node.equals(end); node = node.next()) {
      String kind = node.kind().toQualString().getString();
      if (!mayBeCalled(kind) || node.hasAttributeS("Subgraph")) {
        return Optional.of(outside(kind));
      }
      BlockArrayRef blocks = node.blocks();
      for (long i = 0; i < blocks.size(); i++) {
        Optional<String> problem = problem(blocks.get(i));
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  /** The sentence for what may not be called. */
  static String outside(String name) {
    return "uses '" + name + "': what reaches outside the model is not allowed";
  }

  /**
   * Whether an operator may be in a graph.
   *
   * @param kind for instance {@code aten::add}
   */
  static boolean mayBeCalled(String kind) {
    int colons = kind.indexOf("::");
    String name = kind.substring(colons + 2);
    return colons > 0
        && NAMESPACES.contains(kind.substring(0, colons))
        && !REFUSED.matcher(name).matches()
        && !(kind.startsWith("prim::") && INTERNAL.matcher(name).matches());
  }
}
