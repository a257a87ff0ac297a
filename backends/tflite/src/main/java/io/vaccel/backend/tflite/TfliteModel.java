package io.vaccel.backend.tflite;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;

import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.backend.engine.EngineModel;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bytedeco.tensorflowlite.TfLiteModel;

/**
 * One model, with an interpreter for each run under way: an interpreter is for one thread. Some are
 * kept between runs, unless runs leave something behind in them.
 */
final class TfliteModel implements EngineModel {
  private static final int MAX_IDLE = Runtime.getRuntime().availableProcessors();

  private final TfliteEngine engine;
  private final TfLiteModel model;

  // The model's weights stay where they are; this keeps them there.
  @SuppressWarnings("unused")
  private final ByteBuffer content;

  private final ModelGraph graph;
  private final Signature signature;
  private final Deque<TfliteInterpreter> idle = new ArrayDeque<>();

  private TfliteModel(
      TfliteEngine engine,
      TfLiteModel model,
      ByteBuffer content,
      ModelGraph graph,
      Signature signature) {
    this.engine = engine;
    this.model = model;
    this.content = content;
    this.graph = graph;
    this.signature = signature;
  }

  /**
   * A model that the engine has accepted, which it owns when this succeeds.
   *
   * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#MODEL_UNREADABLE} when no interpreter
   *     can be made of it
   */
  static TfliteModel of(
      TfliteEngine engine, String name, TfLiteModel model, ByteBuffer content, ModelGraph graph) {
    TfliteInterpreter first = TfliteInterpreter.create(engine, name, model);
    try {
      Signature signature = first.signature(name, graph);
      first.prepare(name, signature);
      TfliteModel loaded = new TfliteModel(engine, model, content, graph, signature);
      loaded.giveBack(first);
      return loaded;
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs, List<Integer> outputs, Call call) {
    TfliteInterpreter interpreter = take();
    boolean reusable = false;
    try {
      List<Tensor> results = interpreter.run(signature, inputs, outputs, call);
      reusable = true;
      return results;
    } finally {
      // One that failed or was stopped may be in any state.
      if (reusable) {
        giveBack(interpreter);
      } else {
        interpreter.close();
      }
    }
  }

  @Override
  public void close() {
    idle.forEach(TfliteInterpreter::close);
    TfLiteModelDelete(model);
  }

  private TfliteInterpreter take() {
    TfliteInterpreter kept;
    synchronized (idle) {
      kept = idle.poll();
    }
    return kept != null ? kept : TfliteInterpreter.create(engine, "", model);
  }

  private void giveBack(TfliteInterpreter interpreter) {
    synchronized (idle) {
      if (idle.size() < MAX_IDLE && !graph.keepsState()) {
        idle.push(interpreter);
        return;
      }
    }
    interpreter.close();
  }
}
