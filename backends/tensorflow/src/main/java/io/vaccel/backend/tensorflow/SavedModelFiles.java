package io.vaccel.backend.tensorflow;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.vaccel.ModelFormat;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * Reads a SavedModel: its graph for serving, one of its signatures, and what makes it ready. Inputs
 * and outputs are in the order in which the file lists them.
 */
final class SavedModelFiles {
  /** The prefix of the checkpoint's files. */
  static final String VARIABLES = "variables/variables";

  /** The metadata of a SavedModel, of which the name of the signature is for us. */
  static final String METADATA = "saved_model.json";

  private static final String ASSETS = "assets/";
  private static final String SERVE = "serve";
  private static final String DEFAULT = "serving_default";
  private static final String INITIALISER = "__saved_model_init_op";
  private static final int MAX_METADATA_BYTES = 1 << 20;

  private final Resource files;
  private final MetaGraphDef graph;

  private SavedModelFiles(Resource files, MetaGraphDef graph) {
    this.files = files;
    this.graph = graph;
  }

  /**
   * The model.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is none
   * @throws UnsoundGraph when it may not be used
   */
  static ModelSource read(Resource files) {
    if (!files.main().name().equals(ModelFormat.TENSORFLOW_SAVED_MODEL.suffix())) {
      throw new UnsoundGraph("is no saved_model.pb at the root of the model's files");
    }
    SavedModel model =
        GraphFile.parse(files.main(), SavedModel.getDescriptor(), SavedModel.parser());
    return new SavedModelFiles(files, forServing(model)).source();
  }

  private ModelSource source() {
    SignatureDef signature = signature();
    List<NamedTensor> inputs = tensors(signature.getInputsMap());
    List<NamedTensor> outputs = tensors(signature.getOutputsMap());
    if (outputs.isEmpty()) {
      throw new UnsoundGraph("has a signature without outputs");
    }
    Optional<String> restore = restore();
    Optional<String> initialise = initialiser();
    Map<NamedTensor, String> names = fileNames(restore.isPresent());
    GraphCheck check =
        new GraphCheck(
            graph.getGraphDef(), names.keySet().stream().map(NamedTensor::node).toList());
    Stream.concat(inputs.stream(), outputs.stream())
        .forEach(tensor -> check.need(tensor.node(), Operators.RUN));
    Stream.concat(restore.stream(), initialise.stream())
        .forEach(operation -> check.need(operation, Operators.INITIALISE));
    // Those that nothing needs stay inputs all the same.
    names.keySet().forEach(tensor -> check.need(tensor.node(), Operators.INITIALISE));
    return new ModelSource(check.taken(), inputs, outputs, restore, initialise, names);
  }

  private static MetaGraphDef forServing(SavedModel model) {
    List<MetaGraphDef> all = model.getMetaGraphsList();
    return all.stream()
        .filter(graph -> graph.getMetaInfoDef().getTagsList().equals(List.of(SERVE)))
        .findFirst()
        .or(
            () ->
                all.stream()
                    .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(SERVE))
                    .findFirst())
        .or(() -> all.stream().filter(only -> all.size() == 1).findFirst())
        .orElseThrow(() -> new UnsoundGraph("has no graph with the tag '" + SERVE + "'"));
  }

  private SignatureDef signature() {
    Map<String, SignatureDef> all = new HashMap<>(graph.getSignatureDefMap());
    all.remove(INITIALISER);
    Optional<String> wanted = wanted();
    String name =
        wanted.orElseGet(() -> all.size() == 1 ? all.keySet().iterator().next() : DEFAULT);
    SignatureDef found = all.get(name);
    if (found == null) {
      throw new UnsoundGraph(
          "has no signature '"
              + Printable.name(name)
              + "'; it has "
              + (all.isEmpty()
                  ? "none"
                  : Printable.name(String.join(", ", new TreeSet<>(all.keySet())))));
    }
    return found;
  }

  /** The signature that the metadata names. */
  private Optional<String> wanted() {
    return files
        .file(METADATA)
        .map(file -> new String(file.readAll(MAX_METADATA_BYTES), StandardCharsets.UTF_8))
        .flatMap(
            text -> {
              try {
                JsonElement json = JsonParser.parseString(text);
                JsonElement name =
                    json.isJsonObject() ? json.getAsJsonObject().get("signature") : null;
                return name == null ? Optional.empty() : Optional.of(name.getAsString());
              } catch (JsonParseException
                  | IllegalStateException
                  | UnsupportedOperationException e) {
                throw new VaccelException(
                    Reason.MODEL_UNREADABLE, "'" + METADATA + "' names no signature as text", e);
              }
            });
  }

  private static List<NamedTensor> tensors(Map<String, TensorInfo> infos) {
    List<NamedTensor> tensors = new ArrayList<>();
    infos.forEach(
        (name, info) -> {
          if (info.getEncodingCase() != TensorInfo.EncodingCase.NAME) {
            throw new UnsoundGraph(
                "has '" + Printable.name(name) + "' in its signature, which is no dense tensor");
          }
          tensors.add(NamedTensor.of(name, info.getName()));
        });
    return tensors;
  }

  private Optional<String> restore() {
    SaverDef saver = graph.getSaverDef();
    boolean has = files.file(VARIABLES + ".index").isPresent();
    return has && !saver.getRestoreOpName().isEmpty()
        ? Optional.of(GraphCheck.nodeOf(saver.getRestoreOpName()))
        : Optional.empty();
  }

  /** TensorFlow 2 has it as a signature, version 1 in one of two collections. */
  private Optional<String> initialiser() {
    SignatureDef own = graph.getSignatureDefMap().get(INITIALISER);
    if (own != null && own.containsOutputs(INITIALISER)) {
      return Optional.of(GraphCheck.nodeOf(own.getOutputsOrThrow(INITIALISER).getName()));
    }
    return Stream.of("saved_model_main_op", "legacy_init_op")
        .filter(graph::containsCollectionDef)
        .map(graph::getCollectionDefOrThrow)
        .filter(collection -> collection.getNodeList().getValueCount() > 0)
        .map(collection -> GraphCheck.nodeOf(collection.getNodeList().getValue(0)))
        .findFirst();
  }

  private Map<NamedTensor, String> fileNames(boolean restores) {
    Map<NamedTensor, String> names = new HashMap<>();
    if (restores) {
      names.put(NamedTensor.of("", graph.getSaverDef().getFilenameTensorName()), VARIABLES);
    }
    for (AssetFileDef asset : graph.getAssetFileDefList()) {
      String file = ASSETS + asset.getFilename();
      if (files.file(file).isEmpty()) {
        throw new UnsoundGraph("lacks its file '" + Printable.name(file) + "'");
      }
      names.put(NamedTensor.of("", asset.getTensorInfo().getName()), file);
    }
    if (names.keySet().stream().anyMatch(tensor -> tensor.index() != 0)) {
      throw new UnsoundGraph("has a name of a file that is no input");
    }
    return names;
  }

  /** The files that are given to TensorFlow by their names. */
  static Set<String> directories() {
    return Set.of("variables/", ASSETS);
  }
}
