package io.vaccel.backend.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vaccel.Cancellation;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.EngineModel;
import io.vaccel.backend.engine.ModelInputs;
import io.vaccel.spi.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model in the engine; safe for use by several threads. */
final class OnnxModel implements EngineModel {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxModel.class);

  private final OnnxEngine engine;
  private final OrtSession session;
  private final Signature signature;

  private OnnxModel(OnnxEngine engine, OrtSession session, Signature signature) {
    this.engine = engine;
    this.session = session;
    this.signature = signature;
  }

  /**
   * A model that the engine has loaded; closes {@code session} when it fails.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when an input or output is no tensor of
   *     ours
   */
  static OnnxModel of(OnnxEngine engine, OrtSession session, String name) throws OrtException {
    try {
      Signature signature =
          new Signature(
              infos(name, "input", session.getInputInfo().values()),
              infos(name, "output", session.getOutputInfo().values()));
      return new OnnxModel(engine, session, signature);
    } catch (VaccelException | OrtException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public List<Tensor> run(List<Tensor> tensors, List<Integer> outputs, Call call) {
    Map<String, OnnxTensor> in = new LinkedHashMap<>();
    List<TensorInfo> wanted = outputs.stream().map(signature.outputs()::get).toList();
    try (Outputs out = new Outputs(engine, wanted, call);
        OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      for (int i = 0; i < tensors.size(); i++) {
        String name = signature.inputs().get(i).name();
        try {
          in.put(name, EngineTensors.in(engine, name, tensors.get(i)));
        } catch (VaccelException e) {
          throw e.about(ModelInputs.input(name, i));
        }
      }
      Set<String> unprepared = new LinkedHashSet<>();
      wanted.forEach(output -> unprepared.add(output.name()));
      unprepared.removeAll(out.prepared().keySet());
      Cancellation.Registration onStop = call.onStop(() -> stop(options));
      try (OrtSession.Result result = session.run(in, unprepared, out.prepared(), options)) {
        return out.collect(result);
      } finally {
        onStop.close();
      }
    } catch (OrtException e) {
      call.check();
      LOG.debug("a model failed: {}", e.getMessage());
      throw EngineMessage.ofRunning(e);
    } finally {
      in.values().forEach(OnnxTensor::close);
    }
  }

  /** Makes a run end before its next operator. */
  private static void stop(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      LOG.warn("ONNX Runtime cannot be told to stop", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      LOG.warn("ONNX Runtime cannot close a model", e);
    }
  }

  private static List<TensorInfo> infos(String model, String what, Collection<NodeInfo> nodes) {
    List<TensorInfo> infos = new ArrayList<>();
    for (NodeInfo node : nodes) {
      if (!(node.getInfo() instanceof ai.onnxruntime.TensorInfo tensor)) {
        throw unsupported(model, what, node.getName(), "is a sequence or a map, not a tensor");
      }
      ElementType type =
          ElementTypes.of(tensor.onnxType)
              .orElseThrow(
                  () ->
                      unsupported(
                          model,
                          what,
                          node.getName(),
                          "has an element type that is not supported"));
      List<Long> dimensions = new ArrayList<>();
      for (long dimension : tensor.getShape()) {
        dimensions.add(Math.max(-1, dimension));
      }
      infos.add(new TensorInfo(node.getName(), type, dimensions));
    }
    return infos;
  }

  private static VaccelException unsupported(
      String model, String what, String name, String problem) {
    return new VaccelException(
        Reason.MODEL_UNREADABLE, "model '" + model + "': " + what + " '" + name + "' " + problem);
  }
}
