package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Operations;
import io.vaccel.Segment;
import io.vaccel.Segmentation;
import io.vaccel.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/** Says for each pixel which class it belongs to. */
@Command(
    name = "segment",
    description = "Say for each pixel of pictures which class it belongs to.")
final class SegmentCommand extends MapCommand<Segment, Segmentation> {

  SegmentCommand(Console console, RuntimeOptions runtime) {
    super(Operations.IMAGE_SEGMENT, new Shares(), console, runtime);
  }

  @Override
  Segment input(Model loaded, Image image) {
    return new Segment(loaded, image, annotate());
  }

  @Override
  Tensor map(Segmentation result) {
    return result.mask();
  }

  private static final class Shares implements Findings<Segmentation> {
    @Override
    public List<Row> rows(Segmentation result) {
      List<Double> shares = result.shares();
      return IntStream.range(0, shares.size())
          .filter(i -> shares.get(i) > 0)
          .mapToObj(i -> new Row(result.classes().get(i), shares.get(i).floatValue(), ""))
          .sorted(Comparator.comparingDouble((Row row) -> -row.score()))
          .toList();
    }

    @Override
    public String remark(Segmentation result) {
      return "";
    }

    @Override
    public void addTo(JsonObject image, Segmentation result) {
      Json.addSize(image, result.mask());
      List<Double> shares = result.shares();
      JsonArray classes = new JsonArray();
      for (int i = 0; i < shares.size(); i++) {
        JsonObject one = new JsonObject();
        one.addProperty("index", i);
        one.addProperty("name", result.classes().get(i));
        one.addProperty("share", shares.get(i).floatValue());
        classes.add(one);
      }
      image.add("classes", classes);
    }
  }
}
