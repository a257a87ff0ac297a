package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.HexFormat;
import java.util.Map;

/**
 * A model to try a device with: y = max(c c) with c = x * w, where x is 3 by 3, w is 2 by 2 and all
 * of it is ones, so that each element of c is 4 and y is 32.
 *
 * <p>A convolution, a product of matrices and a reduction, because on CUDA these are the work of
 * other libraries (cuDNN's for convolutions and for reductions, cuBLAS), which are loaded when they
 * are first needed: a device on which a model can be loaded is not yet one that can run it. Seen
 * with version 1.29.0 and two versions of cuDNN on one machine, where convolutions worked and
 * reductions did not.
 */
final class Probe {
  private static final String INPUT = "x";
  private static final long[] SHAPE = {1, 1, 3, 3};
  private static final float RESULT = 32;

  /** An algorithm that transforms, as for a convolution, rounds. */
  private static final float TOLERANCE = 0.1f;

  /** Of operator set 13, IR version 7; nodes Conv, MatMul, ReduceMax without kept dimensions. */
  private static final byte[] MODEL =
      HexFormat.of()
          .parseHex(
              "0807120676616363656c3a9a010a0f0a01780a01771201632204436f6e760a110a01630a01631201"
                  + "6d22064d61744d756c0a220a016d12017922095265647563654d61782a0f0a086b6565706469"
                  + "6d731800a00102120570726f62652a1f080108010802080210014201774a100000803f000080"
                  + "3f0000803f0000803f5a1b0a017812160a14080112100a0208010a0208010a0208030a020803"
                  + "620b0a017912060a040801120042040a00100d");

  private Probe() {}

  /** The model's file. */
  static ByteBuffer model() {
    return ByteBuffer.allocateDirect(MODEL.length).put(MODEL).flip();
  }

  /**
   * Whether the model gives what it should.
   *
   * @param session of {@link #model}, on the device that is tried
   * @throws OrtException when it does not run
   */
  static boolean works(OrtEnvironment environment, OrtSession session) throws OrtException {
    FloatBuffer ones = FloatBuffer.wrap(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1});
    try (OnnxTensor input = OnnxTensor.createTensor(environment, ones, SHAPE);
        OrtSession.Result outputs = session.run(Map.of(INPUT, input))) {
      return outputs.get(0).getValue() instanceof Float result
          && Math.abs(result - RESULT) < TOLERANCE;
    }
  }
}
