package io.vaccel;

import java.nio.ByteBuffer;

/** Models for plugins that do not look into them. */
final class Models {
  private Models() {}

  static ModelSpec onnx(String name) {
    return new ModelSpec(
        Resource.ofBytes(ResourceKind.MODEL, name, ByteBuffer.wrap(new byte[] {1, 2, 3})),
        ModelFormat.ONNX);
  }
}
