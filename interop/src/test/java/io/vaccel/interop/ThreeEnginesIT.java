package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One real network, as its authors published it for TensorFlow, ONNX Runtime and TensorFlow Lite,
 * at the full agent: each engine hears what the others hear, and that is the note that is played.
 */
final class ThreeEnginesIT {
  private static final Path ZOO = Programs.MODEL.resolve("../../zoo").normalize();
  private static final int SAMPLE_RATE = 22_050;
  private static final int SAMPLES = 43_844;
  private static final int FRAMES = 172;
  private static final int KEYS = 88;

  /** The lowest key of a piano, A0, as a MIDI note. */
  private static final int LOWEST = 21;

  @TempDir private Path directory;

  @BeforeEach
  void modelsAreThere() {
    assumeTrue(
        Files.isRegularFile(ZOO.resolve("basic-pitch/saved_model.pb"))
            && Files.isRegularFile(ZOO.resolve("basic-pitch.onnx"))
            && Files.isRegularFile(ZOO.resolve("basic-pitch.tflite")),
        "the network is not in samples/zoo: ./vaccel models");
  }

  @Test
  void oneNetwork_givesTheSameInThreeEngines_andHearsTheNote() {
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent =
        RunningAgent.start(Programs.FULL_AGENT, directory, Map.of(), endpoint)) {
      try (Vaccel guest = RemoteContract.at(Endpoint.parse(endpoint));
          Session session = guest.openSession()) {
        assertThatAllHear(session, 60);
        assertThatAllHear(session, 69);
      }
      assertThat(agent.stop()).isZero();
    }
  }

  private static void assertThatAllHear(Session session, int note) {
    Map<String, float[]> notes = new HashMap<>();
    for (String file : List.of("basic-pitch", "basic-pitch.onnx", "basic-pitch.tflite")) {
      ModelRun.Outputs outputs = run(session, ZOO.resolve(file), tone(note));
      String engine = outputs.executedOn().plugin();
      notes.put(engine, notes(outputs, note));
      assertThat(loudestKey(notes.get(engine)) + LOWEST).as(engine).isEqualTo(note);
    }
    assertThat(notes.keySet()).containsExactlyInAnyOrder("tensorflow", "onnx", "tflite");
    // Three implementations of the same arithmetic in binary32.
    assertThat(notes.get("onnx")).containsExactly(notes.get("tensorflow"), within(1e-3f));
    assertThat(notes.get("tflite")).containsExactly(notes.get("tensorflow"), within(1e-3f));
  }

  private static ModelRun.Outputs run(Session session, Path file, Tensor audio) {
    try (Model model = session.load(file)) {
      return session.run(model, List.of(audio));
    }
  }

  /** Two seconds of a note with three overtones. */
  private static Tensor tone(int note) {
    double frequency = 440 * Math.pow(2, (note - 69) / 12.0);
    float[] samples = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      double phase = 2 * Math.PI * frequency * i / SAMPLE_RATE;
      for (int overtone = 1; overtone <= 4; overtone++) {
        samples[i] += (float) (0.3 * Math.sin(phase * overtone) / overtone);
      }
    }
    return Tensor.ofFloats("", Shape.of(1, SAMPLES, 1), samples);
  }

  /** Each format names its outputs in its own way: of two of this shape, onsets are the rarer. */
  private static float[] notes(ModelRun.Outputs outputs, int note) {
    return outputs.tensors().stream()
        .filter(tensor -> tensor.shape().equals(Shape.of(1, FRAMES, KEYS)))
        .map(Tensor::floats)
        .max(Comparator.comparingDouble(values -> total(values, note - LOWEST)))
        .orElseThrow();
  }

  private static int loudestKey(float[] notes) {
    return IntStream.range(0, KEYS)
        .boxed()
        .max(Comparator.comparingDouble(key -> total(notes, key)))
        .orElseThrow();
  }

  private static double total(float[] notes, int key) {
    return IntStream.range(0, FRAMES).mapToDouble(frame -> notes[frame * KEYS + key]).sum();
  }
}
