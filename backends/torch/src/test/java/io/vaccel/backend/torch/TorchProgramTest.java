package io.vaccel.backend.torch;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.HostileFiles;
import io.vaccel.contract.ModelContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs of guests may not do. */
final class TorchProgramTest {
  private static final TorchKit KIT = new TorchKit();

  @TempDir Path directory;

  @Test
  void fileOfTheHost_isNeitherReadNorWritten() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "x".repeat(100));
    Path written = directory.resolve("written");
    for (String line :
        List.of(
            "return torch.from_file(\"" + secret + "\", False, 100, dtype=0)",
            "return ops.aten.from_file(\"" + written + "\", True, 100, dtype=0)",
            "torch.save(x, \"" + written + "\")\n    return x",
            "x.save(\"" + written + "\")\n    return x")) {
      assertRefused(KIT.forward("x: Tensor", "Tensor", line), "odel");
    }
    assertThat(written).doesNotExist();
  }

  /** All that LibTorch was seen to take as the name of an operator, and what it was seen not to. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "getattr(torch, \"from\" \"_file\")",
        "getattr(torch, (\"from\" \"_file\"))",
        "getattr(torch, \"from\" # file\n \"_file\")",
        "getattr(torch,\n \"from\"\n\"_file\")",
        "getattr(torch, \"from\" \\\n \"_file\")",
        "getattr(torch, \"\"\"from\"\"\" '_file')",
        "getattr(torch, 'from' '_file')",
        "getattr(torch, 'from''_file')",
        "getattr(torch, \"from\\137file\")",
        "getattr(torch, \"from\\x5ffile\")",
        "getattr(torch, \"from\" + \"_file\")",
        "getattr(torch, r\"from\" \"_file\")",
        "getattr (torch, \"from\" \"_file\")",
        "getattr(\n torch, \"from\" \"_file\")",
        "getattr((torch), \"from\" \"_file\")",
        "getattr(ops.aten, \"from\" \"_file\")",
        "getattr(getattr(ops, \"a\" \"ten\"), \"from\" \"_file\")",
        "getattr(getattr(ops, \"aten\"), \"from\" \"_file\")",
        "g(torch, \"from\" \"_file\")",
      })
  void fileOfTheHostByAnotherSpelling_isNotWritten(String function) {
    Path written = directory.resolve("written");
    String call = function + "(\"" + written + "\", True, 100, dtype=0)";
    String alias = function.startsWith("g(") ? "g = getattr\n    " : "";
    assertRefused(KIT.forward("x: Tensor", "Tensor", alias + "return " + call), "uses ");
    assertThat(written).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f = fork(torch.relu, x)\n    return torch.wait(f)",
        "torch._print(\"x\")\n    return x",
        "torch.manual_seed(1)\n    return x"
      })
  void whatReachesOutsideTheModel_isRefused(String lines) {
    assertRefused(KIT.forward("x: Tensor", "Tensor", lines), "outside the model");
  }

  @Test
  void codeThatRunsWhenItIsLoaded_isLookedThroughToo() {
    String source =
        "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
            + "  def __setstate__(self: __torch__.M, state: int) -> NoneType:\n"
            + "    torch.save(state, \"/tmp/never\")\n    return None\n"
            + TorchKit.method("x: Tensor", "Tensor", "return x");
    assertRefused(KIT.spec(TorchArchive.source(source).bytes()), "'save'");
  }

  /** What the look at the source lets pass. */
  @Test
  void operatorOfTheOptimizer_isFoundInTheGraph() {
    assertRefused(
        KIT.forward("x: Tensor", "Tensor", "return ops.prim.MMTreeReduce(x)"),
        "prim::MMTreeReduce");
  }

  /** LibTorch looks for {@code code/__torch__.py} without regard to case. */
  @Test
  void codeInARecordOfAnotherCase_isNotSeen() {
    Path written = directory.resolve("written");
    String line = "return torch.from_file(\"" + written + "\", True, 100, dtype=0)";
    byte[] code =
        TorchArchive.module(TorchKit.method("x: Tensor", "Tensor", line))
            .record("code/__torch__.py");
    TorchArchive archive = TorchArchive.source("").rename("code/__torch__.py", "code/other.py");
    for (String name : List.of("code/__torch__.PY", "CODE/__TORCH__.py")) {
      assertRefused(KIT.spec(archive.record(name, code).bytes()), "not accepted by LibTorch");
    }
    assertThat(written).doesNotExist();
  }

  @Test
  void deepNesting_isRefusedBeforeTheCompilerSeesIt() {
    String brackets = "(".repeat(40_000) + "x" + ")".repeat(40_000);
    String minus = "-".repeat(70_000);
    String ifs = "";
    for (int i = 0; i < 300; i++) {
      ifs += " ".repeat(i) + "if True:\n    ";
    }
    for (String line : List.of("return " + brackets, "return " + minus + "x", ifs)) {
      assertRefused(KIT.forward("x: Tensor", "Tensor", line), "nested too deeply");
    }
  }

  @Test
  void prints_doNotReachTheAgentsOutput() throws Exception {
    assertThat(HostileFiles.outputOf(TorchProgramTest.class))
        .contains("ran")
        .doesNotContain("loud");
  }

  /** The process whose output is looked at. */
  public static void main(String[] arguments) {
    Tensor x = Tensor.ofFloats("x", Shape.of(1), 1);
    String[] lines = {"print(\"loud\")", "torch.warn(\"loud\")", "return x"};
    System.out.println("ran " + run(KIT.forward("x: Tensor", "Tensor", lines), x));
  }

  /** LibTorch compares them only when it is told to; otherwise this writes beyond the tensor. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s = torch.sparse_coo_tensor(torch.tensor([[50]]), x, [1])",
        "s = torch.sparse_csr_tensor(torch.tensor([0, 1]), torch.tensor([50]), x, [1, 1])"
      })
  void indicesOfSparseTensors_areComparedWithTheirSize(String line) {
    ModelSpec spec = KIT.forward("x: Tensor", "Tensor", line, "return torch.to_dense(s)");
    VaccelException failure = failureOf(() -> run(spec, Tensor.ofFloats("x", Shape.of(1), 1)));
    assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
    assertThat(failure).hasMessageContaining("indices");
  }

  @Test
  void newMemory_isZero() {
    ModelSpec leftovers =
        KIT.forward("x: Tensor", "Tensor", "y = torch.add(x, 1)", "return torch.empty_like(y)");
    Tensor x = Tensor.ofFloats("x", Shape.of(1 << 14), new float[1 << 14]);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, leftovers)) {
      for (int i = 0; i < 10; i++) {
        float[] seen = session.run(model, List.of(x)).tensors().get(0).floats();
        assertThat(seen).isEqualTo(new float[1 << 14]);
      }
    }
  }

  @Test
  @Timeout(60)
  void endlessLoopWithoutOperators_ends() {
    ModelSpec spec =
        KIT.forward(
            "x: Tensor",
            "Tensor",
            "n = 0",
            "while bool(torch.eq(torch.sum(x), 1)):",
            "  n = n + 1",
            "return x");
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      CallOptions brief = CallOptions.within(Duration.ofMillis(300));
      List<Tensor> one = List.of(Tensor.ofFloats("x", Shape.of(1), 1));
      VaccelException failure =
          failureOf(
              () -> session.call(Operations.MODEL_RUN, new ModelRun(model, one, List.of()), brief));
      assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    }
  }

  /** Each loop is changed through the engine's own objects, whose owners must be right. */
  @Test
  void programOfManyLoops_canBeLoadedTimeAndAgain() {
    String loop = "for i in range(2):\n      y = torch.add(y, 1)\n    ";
    ModelSpec spec =
        KIT.forward("x: Tensor", "Tensor", "y = x", loop.repeat(100).strip(), "return y");
    for (int i = 0; i < 50; i++) {
      assertThat(run(spec, Tensor.ofFloats("x", Shape.of(1), 0)).floats()).containsExactly(200);
    }
  }

  /** A counter: what it returns is x and what it returned in the last run. */
  @Test
  void whatARunChangesInTheModel_theNextDoesNotSee() {
    for (String body :
        List.of(
            "w = torch.add_(self.w, x)\n    return torch.clone(w)",
            "w = torch.add(self.w, x)\n    self.w = w\n    return w",
            "v = torch.reshape(self.w, [4])\n    v2 = torch.add_(v, torch.reshape(x, [4]))\n    return torch.reshape(v2, [2, 2])",
            "v = torch.dropout(self.w, 0.5, False)\n    return torch.clone(torch.add_(v, x))")) {
      ModelSpec counter =
          KIT.spec(TorchArchive.withTensor(TorchKit.method("x: Tensor", "Tensor", body)).bytes());
      try (Vaccel vaccel = open();
          Session first = vaccel.openSession();
          Session second = vaccel.openSession();
          Model one = ModelContract.load(first, counter);
          Model two = ModelContract.load(second, counter)) {
        List<Tensor> three = List.of(Tensor.ofFloats("x", Shape.of(2, 2), 3, 3, 3, 3));
        for (int i = 0; i < 3; i++) {
          assertThat(first.run(one, three).tensors().get(0).floats()).as(body).containsOnly(3);
          assertThat(second.run(two, three).tensors().get(0).floats()).as(body).containsOnly(3);
        }
      }
    }
  }

  @Test
  void modelThatWritesOnlyIntoWhatItMade_isNotLoadedForEachRun() {
    Settings settings = new Settings(Map.of());
    try (TorchEngine engine = TorchEngine.start(settings)) {
      ModelSpec inPlace =
          KIT.forward(
              "x: Tensor",
              "List[Tensor]",
              "all = annotate(List[Tensor], [])",
              "_0 = torch.append(all, torch.relu_(torch.add_(torch.mul(x, 2), 1)))",
              "return all");
      ModelSpec changing = KIT.forward("x: Tensor", "Tensor", "return torch.add_(x, 1)");
      engine.load(inPlace).close();
      assertThat(changesItself(engine, inPlace)).isFalse();
      assertThat(changesItself(engine, changing)).isTrue();
    }
  }

  private static boolean changesItself(TorchEngine engine, ModelSpec spec) {
    try (LoadedModule loaded = LoadedModule.load(spec.resource().main(), engine.directory())) {
      return loaded.changesItself();
    }
  }

  private static Vaccel open() {
    return Vaccel.builder().set(Settings.PLUGINS, "torch").load();
  }

  private static Tensor run(ModelSpec spec, Tensor... inputs) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      return session.run(model, List.of(inputs)).tensors().get(0);
    }
  }

  private static void assertRefused(ModelSpec spec, String mention) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(() -> session.load(spec, CallOptions.defaults()));
      assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
      assertThat(failure).hasMessageContaining(mention);
    }
  }
}
