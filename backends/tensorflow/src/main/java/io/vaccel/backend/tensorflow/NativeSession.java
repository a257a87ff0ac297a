package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBufferFromString;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.backend.tensorflow.NativeGraph.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Tensor;

/** One of TensorFlow's sessions: the variables and tables of a graph; safe for several threads. */
final class NativeSession implements AutoCloseable {
  private final TF_Session session;

  private NativeSession(TF_Session session) {
    this.session = session;
  }

  /**
   * A session for a graph, which must outlive it.
   *
   * @param config a serialised {@code tensorflow.ConfigProto}
   * @throws VaccelException {@link Reason#ENGINE_FAILED} when TensorFlow makes none
   */
  static NativeSession open(NativeGraph graph, byte[] config) {
    TF_SessionOptions options = TF_NewSessionOptions();
    try (BytePointer bytes = new BytePointer(config);
        Status status = new Status()) {
      TF_SetConfig(options, bytes, config.length, status.handle());
      status.require(Reason.ENGINE_FAILED, "TensorFlow does not take its configuration");
      TF_Session made = TF_NewSession(graph.handle(), options, status.handle());
      status.require(Reason.ENGINE_FAILED, "TensorFlow opens no session");
      return new NativeSession(made);
    } finally {
      TF_DeleteSessionOptions(options);
    }
  }

  /**
   * Runs the graph on the calling thread.
   *
   * @param options a serialised {@code tensorflow.RunOptions}
   * @param ports where the inputs go
   * @param inputs one for each; stay the caller's
   * @param status says what came of it
   * @return the outputs, which the caller closes; none unless the status is good
   */
  List<NativeTensor> run(
      byte[] options,
      List<Port> ports,
      List<NativeTensor> inputs,
      List<Port> outputs,
      List<TF_Operation> targets,
      Status status) {
    try (BytePointer optionBytes = new BytePointer(options);
        TF_Output from = places(ports);
        TF_Output to = places(outputs);
        PointerPointer<Pointer> values = pointers(inputs.stream().map(NativeTensor::handle));
        PointerPointer<Pointer> results = new PointerPointer<>(Math.max(1, outputs.size()));
        PointerPointer<Pointer> also = pointers(targets.stream())) {
      TF_Buffer buffer = TF_NewBufferFromString(optionBytes, options.length);
      try {
        TF_SessionRun(
            session,
            buffer,
            from,
            values,
            inputs.size(),
            to,
            results,
            outputs.size(),
            also,
            targets.size(),
            null,
            status.handle());
      } finally {
        TF_DeleteBuffer(buffer);
      }
      List<NativeTensor> made = new ArrayList<>();
      for (int i = 0; status.isOk() && i < outputs.size(); i++) {
        made.add(new NativeTensor(new TF_Tensor(results.get(i))));
      }
      return made;
    }
  }

  /** What it may run on; the caller deletes the list. */
  TF_DeviceList devices(Status status) {
    return TF_SessionListDevices(session, status.handle());
  }

  /** Ends all runs and lets none begin. */
  void abort() {
    try (Status status = new Status()) {
      TF_CloseSession(session, status.handle());
    }
  }

  /** Call when no run is left. */
  @Override
  public void close() {
    try (Status status = new Status()) {
      TF_DeleteSession(session, status.handle());
    }
  }

  private static PointerPointer<Pointer> pointers(Stream<? extends Pointer> all) {
    Pointer[] each = all.toArray(Pointer[]::new);
    return each.length == 0 ? new PointerPointer<>(1) : new PointerPointer<>(each);
  }

  private static TF_Output places(List<Port> ports) {
    TF_Output places = new TF_Output(Math.max(1, ports.size()));
    for (int i = 0; i < ports.size(); i++) {
      places.getPointer(i).oper(ports.get(i).operation()).index(ports.get(i).index());
    }
    return places;
  }
}
