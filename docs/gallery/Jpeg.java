import java.io.File;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes a JPEG of a PNG, so that the repository stays small: {@code java Jpeg.java IN.png OUT.jpg}. */
final class Jpeg {
  private static final float QUALITY = 0.9f;

  public static void main(String[] files) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    options.setCompressionQuality(QUALITY);
    File out = new File(files[1]);
    if (out.exists() && !out.delete()) {
      throw new IOException("cannot replace " + out);
    }
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(ImageIO.read(new File(files[0])), null, null), options);
    } finally {
      writer.dispose();
    }
  }
}
