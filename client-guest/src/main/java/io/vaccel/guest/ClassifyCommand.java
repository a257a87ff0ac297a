package io.vaccel.guest;

import com.google.gson.JsonObject;
import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Operations;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Names what pictures show. */
@Command(name = "classify", description = "Name what pictures show.")
final class ClassifyCommand extends PictureCommand<Classify, Classification> {
  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many labels for each image (default: 5).")
  private int top;

  ClassifyCommand(Console console, RuntimeOptions runtime) {
    super(Operations.IMAGE_CLASSIFY, new Labels(), console, runtime);
  }

  @Override
  void check(List<Path> allImages) {
    if (top < 1 || top > Classify.MAX_TOP) {
      throw wrongUsage("--top must be 1 to " + Classify.MAX_TOP + ", not " + top);
    }
  }

  @Override
  Classify input(Model loaded, Image image) {
    return new Classify(loaded, image, top);
  }

  @Override
  List<WrittenFile> write(Path image, Classification result) {
    return List.of();
  }

  private static final class Labels implements Findings<Classification> {
    @Override
    public List<Row> rows(Classification result) {
      return result.labels().stream()
          .map(label -> new Row(label.name(), label.score(), ""))
          .toList();
    }

    @Override
    public String remark(Classification result) {
      return "";
    }

    @Override
    public void addTo(JsonObject image, Classification result) {
      image.add("labels", Json.list(result.labels(), Json::label));
    }
  }
}
