package io.vaccel.interop;

import io.vaccel.Vaccel;
import io.vaccel.backend.tensorflow.GraphKit;
import io.vaccel.backend.tensorflow.SavedModelKit;
import io.vaccel.backend.tflite.TfliteKit;
import io.vaccel.backend.torch.TorchKit;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.ModelKit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The contract of models for each format besides ONNX, which {@link RemoteContract} has, at an
 * agent.
 */
abstract class EveryFormat {
  /** A new guest of the agent. */
  abstract Vaccel open();

  private abstract class OfOneFormat implements ModelContract {
    @Override
    public Vaccel open() {
      return EveryFormat.this.open();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class Tflite extends OfOneFormat {
    @Override
    public ModelKit models() {
      return new TfliteKit();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class SavedModel extends OfOneFormat {
    @Override
    public ModelKit models() {
      return new SavedModelKit();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class TensorFlowGraph extends OfOneFormat {
    @Override
    public ModelKit models() {
      return new GraphKit();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class Torch extends OfOneFormat {
    @Override
    public ModelKit models() {
      return new TorchKit();
    }
  }
}
