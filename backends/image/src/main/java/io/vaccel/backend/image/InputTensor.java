package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes a model's input of a picture. */
final class InputTensor {
  private InputTensor() {}

  /** The tensor that the metadata asks for, in direct memory. */
  static Tensor of(Picture picture, ImageModel model, Geometry geometry, Call call) {
    Metadata.Input input = model.metadata().input();
    Geometry.Box target = geometry.target();
    Scaled scaled =
        Scaled.of(
            picture, geometry.source(), target.width(), target.height(), input.interpolation());
    Shape shape = ImageModel.shape(input);
    int bytes = (int) model.inputType().bytes(shape.elements());
    // Zero, which is what direct memory starts with, is the value of the mean: what lies around the
    // picture.
    call.takeMemory(bytes);
    ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int plane = input.width() * input.height();
    for (int channel = 0; channel < 3; channel++) {
      float[] values = values(input, channel);
      int band = input.color() == Metadata.Color.RGB ? channel : 2 - channel;
      for (int y = 0; y < target.height(); y++) {
        for (int x = 0; x < target.width(); x++) {
          int pixel = (target.top() + y) * input.width() + target.left() + x;
          int index =
              switch (input.layout()) {
                case NCHW -> channel * plane + pixel;
                case NHWC -> pixel * 3 + channel;
              };
          put(data, model.inputType(), index, values[scaled.sample(x, y, band)]);
        }
      }
    }
    return Tensor.of(input.name(), model.inputType(), shape, data);
  }

  private static void put(ByteBuffer data, ElementType type, int index, float value) {
    if (type == ElementType.UINT8) {
      data.put(index, (byte) Math.max(0, Math.min(255, Math.round(value))));
    } else {
      data.putFloat(index * Float.BYTES, value);
    }
  }

  /** What each of the 256 pixel values becomes. */
  private static float[] values(Metadata.Input input, int channel) {
    float[] values = new float[256];
    for (int pixel = 0; pixel < values.length; pixel++) {
      values[pixel] = input.normalisation().of(channel, pixel);
    }
    return values;
  }
}
