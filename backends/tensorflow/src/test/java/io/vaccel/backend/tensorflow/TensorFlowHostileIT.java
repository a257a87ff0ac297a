package io.vaccel.backend.tensorflow;

import io.vaccel.ModelSpec;
import io.vaccel.ResourceFile;
import io.vaccel.contract.HostileFiles;
import io.vaccel.contract.ModelKit;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Graphs and each file of a SavedModel with altered bytes. */
final class TensorFlowHostileIT {
  private static final int FILES = 1_000;

  @Test
  void alteredFiles_areRefusedOrRun() throws Exception {
    HostileFiles.assertSurvived(TensorFlowHostileIT.class, FILES);
  }

  /** The process: a seed and how many files. */
  public static void main(String[] arguments) {
    Random random = new Random(Long.parseLong(arguments[0]));
    int files = Integer.parseInt(arguments[1]);
    GraphKit graphs = new GraphKit();
    SavedModelKit saved = new SavedModelKit();
    load(graphs, files / 6, graphs.sumAndDifference().resource().main(), random);
    load(graphs, files / 6, graphs.counting().resource().main(), random);
    load(graphs, files / 6, graphs.spec(TinyGraphs.repeating()).resource().main(), random);
    load(saved, files / 6, saved.counting().resource().main(), random);
    List<ResourceFile> words = WordsModelTest.words().resource().files();
    for (ResourceFile file : words) {
      load(new WordsWith(file.name()), files / (3 * words.size()), file, random);
    }
  }

  private static void load(ModelKit kit, int files, ResourceFile whole, Random random) {
    byte[] bytes = whole.readAll(Integer.MAX_VALUE);
    HostileFiles.load(
        kit,
        files,
        i -> HostileFiles.altered(bytes.clone(), random),
        (i, model) -> HostileFiles.inputs(model));
  }

  /** The words' model with one file replaced. */
  private static final class WordsWith extends SavedModelKit {
    private final String name;

    WordsWith(String name) {
      this.name = name;
    }

    @Override
    public ModelSpec spec(ByteBuffer bytes) {
      return WordsModelTest.spec(
          WordsModelTest.words().resource().files().stream()
              .map(file -> file.name().equals(name) ? ResourceFile.ofBytes(name, bytes) : file)
              .toList());
    }
  }
}
