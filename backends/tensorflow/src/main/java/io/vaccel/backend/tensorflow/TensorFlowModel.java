package io.vaccel.backend.tensorflow;

import io.vaccel.ModelRun;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.EngineModel;
import io.vaccel.backend.engine.ModelInputs;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.backend.tensorflow.NativeGraph.Port;
import io.vaccel.spi.Call;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One model: its graph, and the session that its runs share. */
final class TensorFlowModel implements EngineModel {
  /** Making a model ready is no run with a deadline of its own. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(10);

  private final TensorFlowEngine engine;
  private final Optional<ModelTree> tree;
  private final NativeGraph graph;
  private final List<Port> inputs;
  private final List<Port> outputs;
  private final Signature signature;
  private final SharedSession session;

  /**
   * A model of checked files. It owns the tree when this succeeds.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when TensorFlow does not take it
   */
  TensorFlowModel(
      TensorFlowEngine engine, String name, ModelSource source, Optional<ModelTree> tree) {
    this.engine = engine;
    this.tree = tree;
    this.graph = NativeGraph.of(name, source.graph());
    try {
      this.inputs = ports(source.inputs());
      this.outputs = ports(source.outputs());
      this.signature = new Signature(infos(inputs), infos(outputs));
      requireDistinct();
      this.session = new SharedSession(() -> open(name, source));
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public List<Tensor> run(List<Tensor> tensors, List<Integer> wanted, Call call) {
    return run(tensors, wanted, RunSettings.NONE, call);
  }

  /** Takes options, and TensorFlow's own names ({@code node:0}) for the first output of a node. */
  @Override
  public List<Tensor> run(ModelRun run, Call call) {
    RunSettings settings = RunSettings.parse(run.options());
    List<Tensor> tensors =
        run.inputs().stream()
            .map(tensor -> tensor.named(known(signature.inputs(), tensor.name())))
            .toList();
    List<String> wanted =
        run.outputs().stream().map(name -> known(signature.outputs(), name)).toList();
    return run(
        ModelInputs.match(signature, tensors),
        ModelInputs.outputs(signature, wanted),
        settings,
        call);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    tree.ifPresent(ModelTree::close);
  }

  private List<Tensor> run(
      List<Tensor> tensors, List<Integer> wanted, RunSettings settings, Call call) {
    OutputLimit.Tally known = engine.settings().outputs().tally();
    List<Port> asked = wanted.stream().map(outputs::get).toList();
    asked.forEach(port -> known.add(port.info().name(), OutputLimit.known(port.info())));
    return session.use(call, live -> run(live, tensors, asked, settings, call));
  }

  private List<Tensor> run(
      NativeSession live, List<Tensor> tensors, List<Port> asked, RunSettings settings, Call call) {
    List<NativeTensor> mine = new ArrayList<>();
    try (Status status = new Status()) {
      for (Tensor tensor : tensors) {
        mine.add(NativeTensor.of(tensor));
      }
      byte[] options = settings.within(call.remaining());
      List<NativeTensor> made =
          live.run(options, inputs, List.copyOf(mine), asked, List.of(), status);
      mine.addAll(made);
      if (!status.isOk()) {
        call.check();
        boolean late = status.code() == Status.DEADLINE_EXCEEDED;
        status.require(
            late ? Reason.DEADLINE_EXCEEDED : Reason.ENGINE_FAILED,
            late ? "the run took longer than timeout_in_ms" : "the model failed");
      }
      OutputLimit.Tally tally = engine.settings().outputs().tally(call);
      List<Tensor> results = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        results.add(made.get(i).read(asked.get(i).info().name(), tally));
      }
      return results;
    } finally {
      mine.forEach(NativeTensor::close);
    }
  }

  /** A session whose variables and tables are filled. */
  private NativeSession open(String name, ModelSource source) {
    NativeSession made = NativeSession.open(graph, engine.config());
    try {
      for (String step :
          Stream.concat(source.restore().stream(), source.initialise().stream()).toList()) {
        prepare(made, name, step, source.files());
      }
      return made;
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  private void prepare(
      NativeSession made, String name, String step, Map<NamedTensor, String> files) {
    List<Port> ports = new ArrayList<>();
    List<NativeTensor> names = new ArrayList<>();
    try (Status status = new Status()) {
      for (Map.Entry<NamedTensor, String> file : files.entrySet()) {
        ports.addAll(graph.ports(file.getKey()));
        String path = tree.orElseThrow().path(file.getValue());
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        names.add(NativeTensor.of(Tensor.ofStrings("", Shape.of(), List.of(text))));
      }
      byte[] options = RunSettings.NONE.within(READY_WITHIN);
      made.run(options, ports, names, List.of(), List.of(graph.operation(step)), status);
      status.require(
          Reason.MODEL_UNREADABLE, "model '" + name + "' cannot be made ready by TensorFlow");
    } finally {
      names.forEach(NativeTensor::close);
    }
  }

  private List<Port> ports(List<NamedTensor> tensors) {
    return tensors.stream().flatMap(tensor -> graph.ports(tensor).stream()).toList();
  }

  /** One tensor cannot be given twice. */
  private void requireDistinct() {
    Set<String> places = new HashSet<>();
    for (Port port : inputs) {
      if (!places.add(port.operation().address() + ":" + port.index())) {
        throw new UnsoundGraph("takes the same tensor under two names");
      }
    }
  }

  private static List<TensorInfo> infos(List<Port> ports) {
    return ports.stream().map(Port::info).toList();
  }

  private static String known(List<TensorInfo> infos, String name) {
    boolean first = name.endsWith(":0") && infos.stream().noneMatch(i -> i.name().equals(name));
    return first ? name.substring(0, name.length() - 2) : name;
  }
}
