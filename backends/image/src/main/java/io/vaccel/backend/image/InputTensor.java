package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes a model's input of a picture. */
final class InputTensor {
  private InputTensor() {}

  /** The tensor that the metadata asks for, in direct memory. */
  static Tensor of(Picture picture, ImageModel model) {
    Metadata.Input input = model.metadata().input();
    Geometry geometry = Geometry.of(input, picture.width(), picture.height());
    Turned scaled = scaled(picture, geometry, input.interpolation());
    Shape shape = ImageModel.shape(input);
    int bytes = (int) model.inputType().bytes(shape.elements());
    // Zero, which is what direct memory starts with, is the value of the mean: the border of "fit".
    ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int plane = input.width() * input.height();
    Geometry.Box target = geometry.target();
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
          put(data, model.inputType(), index, values[scaled.get(x, y, band)]);
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

  /**
   * A scaled picture that is still as it was stored; scaling first and turning afterwards gives the
   * same and needs no second copy of a large picture.
   */
  private record Turned(
      ByteBuffer rgb, int storedWidth, int storedHeight, Orientation orientation) {
    int get(int x, int y, int band) {
      int column = orientation.transposed() ? y : x;
      int row = orientation.transposed() ? x : y;
      column = orientation.flippedX() ? storedWidth - 1 - column : column;
      row = orientation.flippedY() ? storedHeight - 1 - row : row;
      return rgb.get((row * storedWidth + column) * 3 + band) & 0xff;
    }
  }

  private static Turned scaled(
      Picture picture, Geometry geometry, Metadata.Interpolation interpolation) {
    Orientation how = picture.orientation();
    Pixels pixels = picture.pixels();
    Geometry.Box seen = geometry.source();
    int left = how.transposed() ? seen.top() : seen.left();
    int top = how.transposed() ? seen.left() : seen.top();
    int width = how.transposed() ? seen.height() : seen.width();
    int height = how.transposed() ? seen.width() : seen.height();
    Geometry.Box stored =
        new Geometry.Box(
            how.flippedX() ? pixels.width() - left - width : left,
            how.flippedY() ? pixels.height() - top - height : top,
            width,
            height);
    int toWidth = how.transposed() ? geometry.target().height() : geometry.target().width();
    int toHeight = how.transposed() ? geometry.target().width() : geometry.target().height();
    byte[] rgb = new Resampler(interpolation).scale(pixels, stored, toWidth, toHeight);
    return new Turned(ByteBuffer.wrap(rgb), toWidth, toHeight, how);
  }
}
