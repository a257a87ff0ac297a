import static io.vaccel.contract.OnnxFile.integer;
import static io.vaccel.contract.OnnxFile.integers;

import io.vaccel.ElementType;
import io.vaccel.contract.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a model that has the shape of one of depth and knows nothing of it: near is what is light. With its metadata, for
 * `java DepthModel.java FILE.onnx`.
 */
final class DepthModel {
  private static final int SIDE = 256;
  private static final int NEIGHBOURS = 15;

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    OnnxFile model =
        new OnnxFile("light is near")
            .input("image", ElementType.FLOAT32, 1, 3, SIDE, SIDE)
            .node("ReduceMean", List.of("image"), List.of("light"), integers("axes", 1), integer("keepdims", 1))
            .node(
                "AveragePool",
                List.of("light"),
                List.of("depth"),
                integers("kernel_shape", NEIGHBOURS, NEIGHBOURS),
                integers("pads", NEIGHBOURS / 2, NEIGHBOURS / 2, NEIGHBOURS / 2, NEIGHBOURS / 2))
            .output("depth", ElementType.FLOAT32, 1, 1, SIDE, SIDE);
    var bytes = model.bytes();
    Files.write(file, Arrays.copyOf(bytes.array(), bytes.limit()));
    String metadata =
        """
        {
          "version": 1,
          "task": "depth-estimation",
          "title": "light is near",
          "input": {
            "name": "image", "width": %d, "height": %d, "layout": "NCHW", "color": "RGB",
            "resize": "stretch", "interpolation": "bilinear", "mean": [0, 0, 0], "std": [255, 255, 255]
          },
          "output": {"name": "depth", "meaning": "inverse"}
        }
        """;
    Files.writeString(Path.of(file.toString().replace(".onnx", ".json")), metadata.formatted(SIDE, SIDE));
  }
}
