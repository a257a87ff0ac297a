package io.vaccel.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ResourceFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both looks at a program: at its source, and at its graphs as LibTorch alone compiles them. */
final class OperatorsTest {
  private static final String HEAD =
      "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

  private static final String WRITES =
      "return getattr(torch, \"from\" \"_file\")(\"/never\", True, 100, dtype=0)";

  @TempDir Path directory;

  @Test
  void operatorThatTheSourceHides_isFoundInTheGraph() throws Exception {
    for (String lines :
        List.of(
            WRITES,
            "y = x\n    for i in range(2):\n      if bool(torch.sum(x)):\n        y = "
                + WRITES.substring("return ".length())
                + "\n    return y")) {
      assertThat(compiled(HEAD + TorchKit.method("x: Tensor", "Tensor", lines)))
          .hasValueSatisfying(problem -> assertThat(problem).contains("'aten::from_file'"));
    }
  }

  @Test
  void operatorInWhatTheProgramCalls_isFound() throws Exception {
    String function = "def f(x: Tensor) -> Tensor:\n  " + WRITES + "\n";
    String type =
        "class C:\n  y : Tensor\n  def g(self: __torch__.C, x: Tensor) -> Tensor:\n    "
            + WRITES
            + "\n";
    String other = "  def other(self: __torch__.M, x: Tensor) -> Tensor:\n    " + WRITES + "\n";
    String callsFunction = TorchKit.method("x: Tensor", "Tensor", "return __torch__.f(x)");
    String callsMethod =
        TorchKit.method(
            "x: Tensor", "Tensor", "c = __torch__.C.__new__(__torch__.C)", "return (c).g(x)");
    String callsOther = TorchKit.method("x: Tensor", "Tensor", "return (self).other(x)");
    for (String source :
        List.of(
            HEAD + callsFunction + function,
            HEAD + callsMethod + type,
            HEAD + callsOther + other)) {
      assertThat(compiled(source))
          .hasValueSatisfying(problem -> assertThat(problem).contains("'aten::from_file'"));
    }
  }

  /** Seen with 2.10: each reads or writes what lies behind the memory of a tensor. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch._reshape_alias(x, [1000], [1])",
        "ops.inductor._reinterpret_tensor(x, [1000], [1], 0)",
        "ops.inductor._alloc_from_pool(x, 0, 6, [1000], [1])",
        "torch._reshape_alias_copy(x, [1000], [1])",
        "torch._convert_indices_from_csr_to_coo(torch.tensor([0, 100000]), torch.tensor([0]))",
        "torch.segment_reduce(x, \"sum\", offsets=torch.tensor([0, 1000]), unsafe=True)",
        "torch._sparse_coo_tensor_unsafe(torch.tensor([[50]]), x, [1])"
      })
  void memoryBeyondATensor_isNotToBeHad(String call) throws Exception {
    String source = HEAD + TorchKit.method("x: Tensor", "Tensor", "return " + call);
    assertThat(SourceCheck.problem(source)).isPresent();
    assertThat(compiled(source)).isPresent();
  }

  /** With names of attributes and variables that it writes as getattr, or must rename. */
  @Test
  @SuppressWarnings("try") // The scope is used by being open.
  void moduleThatLibTorchWrote_isTaken() throws Exception {
    Path file = directory.resolve("written.pt");
    try (PointerScope scope = new PointerScope()) {
      JitModule leaf = new JitModule(new QualifiedName("__torch__.Leaf"));
      leaf.register_buffer("w 1", torch.ones(1));
      leaf.register_buffer("ops", torch.ones(1));
      JitModule layers = new JitModule(new QualifiedName("__torch__.Layers"));
      layers.register_module("0", leaf);
      JitModule top = new JitModule(new QualifiedName("__torch__.Top"));
      top.register_module("1", layers);
      top.define(
          """
          def forward(self, x):
            ops = x + getattr(getattr(self, '1'), '0').ops
            assert bool(x.sum() < 100.0), 'too much for these ops. These are the ops.'
            return ops + getattr(getattr(getattr(self, '1'), '0'), 'w 1')
          """);
      top.save(file.toString());
    }
    ResourceFile written =
        new TorchKit().spec(ByteBuffer.wrap(Files.readAllBytes(file))).resource().main();
    LoadedModule.load(written, directory).close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_0 = getattr(self.layers, \"0\")",
        "_0 = getattr(getattr(self.layers, \"0\").conv, \"1.b c\")",
        "_0 = ops.quantized.linear(x, self.packed, 0.5, 0)\n_1 = ops.prim.data(x)",
        "ops : List[int]",
        "_0 = self.ops.getattributes"
      })
  void whatThePrinterWrites_isTaken(String line) {
    assertThat(SourceCheck.problem(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o = ops",
        "_0 = __torch__.torch.classes.profiling._ScriptProfile",
        "_0 = ops.symm_mem.memset32_(x, 0, 0, 1)",
        "_0 = (ops).inductor.f(x)",
        "_0 = ops .inductor.f(x)",
        "_0 = getattr(ops, \"inductor\")",
        "_0 = getattr(torch, \"relu\")",
        "_0 = getattr(self, \"0\" \"1\")",
        "_0 = getattr(self, \"0\", 1)",
        "_0 = getattr(self, '0')"
      })
  void whatItDoesNotWrite_isRefused(String line) {
    assertThat(SourceCheck.problem(line)).isPresent();
  }

  @Test
  void operatorsOfTheOptimizer_areRefused() {
    for (String kind :
        List.of(
            "prim::TensorExprGroup",
            "prim::DifferentiableGraph",
            "prim::BailOut",
            "prim::profile_ivalue",
            "prim::StaticSubgraph",
            "onnx::Shape",
            "c10d::send",
            "nothing")) {
      assertThat(Operators.mayBeCalled(kind)).as(kind).isFalse();
    }
    for (String kind : List.of("prim::If", "prim::Constant", "aten::_convolution", "prim::Print")) {
      assertThat(Operators.mayBeCalled(kind)).as(kind).isTrue();
    }
  }

  /** What is found after LibTorch loaded a program that we did not look at. */
  @SuppressWarnings("try") // The scope is used by being open.
  private Optional<String> compiled(String source) throws Exception {
    Path file = directory.resolve("model.pt");
    Files.write(file, TorchArchive.source(source).bytes().array());
    try (PointerScope scope = new PointerScope()) {
      return Operators.problem(torch.load(file.toString(), new DeviceOptional(), false));
    }
  }
}
