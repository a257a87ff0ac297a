package io.vaccel.backend.tensorflow;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A SavedModel as TensorFlow's Python writes it ({@code src/test/models/make.py}): functions, a
 * checkpoint, a table from a file, three signatures.
 */
final class WordsModelTest {

  /** Its files, as they lie in a directory. */
  static ModelSpec words() {
    try {
      return ModelSpec.at(Path.of(WordsModelTest.class.getResource("words").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ModelSpec with(String signature) {
    String json = "{\"signature\": \"" + signature + "\"}";
    ResourceFile metadata =
        ResourceFile.ofBytes(
            SavedModelFiles.METADATA, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    List<ResourceFile> files = new ArrayList<>(words().resource().files());
    files.add(metadata);
    return spec(files);
  }

  static ModelSpec spec(List<ResourceFile> files) {
    return new ModelSpec(
        new Resource(ResourceKind.MODEL, files), ModelFormat.TENSORFLOW_SAVED_MODEL);
  }

  private static ModelRun.Outputs run(ModelSpec spec, Tensor... inputs) {
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "tensorflow").load();
        Session session = vaccel.openSession();
        Model model = session.load(spec, CallOptions.defaults())) {
      return session.run(model, List.of(inputs));
    }
  }

  private static Tensor texts(String... texts) {
    return Tensor.ofStrings(
        "words",
        Shape.of(texts.length),
        Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
  }

  @Test
  void defaultSignature_readsVariablesAndTable() {
    assertWords(run(words(), texts("world", "hello", "nobody")));
  }

  @Test
  void filesInMemory_areLaidOutForTensorFlow() {
    List<ResourceFile> files =
        words().resource().files().stream()
            .map(f -> ResourceFile.ofBytes(f.name(), ByteBuffer.wrap(f.readAll(1 << 20))))
            .toList();
    assertWords(run(spec(files), texts("world", "hello", "nobody")));
  }

  private static void assertWords(ModelRun.Outputs result) {
    assertThat(result.tensor("ids").orElseThrow().data().asLongBuffer())
        .isEqualTo(java.nio.LongBuffer.wrap(new long[] {2, 1, 0}));
    Tensor vectors = result.tensor("vectors").orElseThrow();
    assertThat(vectors.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(vectors.floats()).containsExactly(0.5f, 4, 1, -1, 0, 0);
  }

  @Test
  void metadata_chooseTheSignature() {
    Tensor x = Tensor.ofFloats("x", Shape.of(1, 2), 2, -4);
    assertThat(run(with("scale"), x).tensors().get(0).floats()).containsExactly(5, -10);
  }

  @Test
  void unknownSignature_isRefusedWithThoseThereAre() {
    assertRefused(with("classify"), "'classify'", "count, scale, serving_default");
  }

  @Test
  void signatureThatChangesTheModel_isRefused() {
    assertRefused(with("count"), "'AssignAddVariableOp'", "not allowed");
  }

  @Test
  void missingFiles_areNoticed() {
    for (String missing :
        List.of("assets/vocabulary.txt", "variables/variables.data-00000-of-00001")) {
      List<ResourceFile> files =
          words().resource().files().stream().filter(f -> !f.name().equals(missing)).toList();
      assertThat(files).hasSizeLessThan(words().resource().files().size());
      assertRefused(spec(files), "saved_model.pb");
    }
  }

  @Test
  void modelIsReadyAgain_afterACancelledRunHasEndedItsSession() {
    // The session of a model with variables has to be filled anew.
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "tensorflow").load();
        Session session = vaccel.openSession();
        Model model = session.load(with("scale"), CallOptions.defaults())) {
      io.vaccel.Cancellation cancellation = new io.vaccel.Cancellation();
      cancellation.cancel();
      Tensor x = Tensor.ofFloats("x", Shape.of(1, 2), 2, -4);
      ModelRun run = new ModelRun(model, List.of(x), List.of());
      CallOptions cancelled = CallOptions.defaults().with(cancellation);
      assertThat(
              failureOf(() -> session.call(io.vaccel.Operations.MODEL_RUN, run, cancelled))
                  .reason())
          .isEqualTo(Reason.CANCELLED);
      assertThat(session.run(model, List.of(x)).tensors().get(0).floats()).containsExactly(5, -10);
    }
  }

  private static void assertRefused(ModelSpec spec, String... mentions) {
    VaccelException failure =
        failureOf(
            () -> run(spec, Tensor.of("x", ElementType.BOOL, Shape.of(0), ByteBuffer.allocate(0))));
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
    assertThat(failure).hasMessageContainingAll(mentions);
  }
}
