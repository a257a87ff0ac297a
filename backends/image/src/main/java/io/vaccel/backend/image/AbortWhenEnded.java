package io.vaccel.backend.image;

import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;

/**
 * Ends the decoding of a picture soon after its call has ended. It asks now and then rather than
 * being told, because the JDK's JPEG decoder can only be aborted from its own thread.
 */
class AbortWhenEnded implements IIOReadProgressListener {
  private final Call call;

  AbortWhenEnded(Call call) {
    this.call = call;
  }

  @Override
  public void imageProgress(ImageReader source, float percentageDone) {
    try {
      call.check();
    } catch (VaccelException e) {
      // Whoever asked the reader to read finds out in the same way.
      source.abort();
    }
  }

  @Override
  public void imageStarted(ImageReader source, int imageIndex) {}

  @Override
  public void imageComplete(ImageReader source) {}

  @Override
  public void sequenceStarted(ImageReader source, int minIndex) {}

  @Override
  public void sequenceComplete(ImageReader source) {}

  @Override
  public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

  @Override
  public void thumbnailProgress(ImageReader source, float percentageDone) {}

  @Override
  public void thumbnailComplete(ImageReader source) {}

  @Override
  public void readAborted(ImageReader source) {}
}
