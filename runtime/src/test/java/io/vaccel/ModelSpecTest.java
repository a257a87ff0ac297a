package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSpecTest {
  @TempDir Path directory;

  @Test
  void filesBesideTheModel_comeWithIt_othersDoNot() throws Exception {
    for (String name :
        List.of(
            "net.json",
            "net.labels.txt",
            "net.data",
            "net.onnx.json",
            "net.onnx.data",
            "net.onnx_data",
            "net.onnx.bak",
            "net.txt",
            "network.json",
            "net2.onnx")) {
      write(name);
    }
    ModelSpec spec = ModelSpec.at(write("net.onnx"));
    assertThat(spec.format()).isEqualTo(ModelFormat.ONNX);
    assertThat(spec.resource().kind()).isEqualTo(ResourceKind.MODEL);
    assertThat(names(spec))
        .containsExactly(
            "net.onnx",
            "net.json",
            "net.labels.txt",
            "net.data",
            "net.onnx.json",
            "net.onnx.data",
            "net.onnx_data");
  }

  @ParameterizedTest
  @CsvSource({
    "net.onnx, ONNX",
    "NET.ONNX, ONNX",
    "net.tflite, TFLITE",
    "net.pt, TORCHSCRIPT",
    "frozen.pb, TENSORFLOW_GRAPH",
    "my_saved_model.pb, TENSORFLOW_GRAPH"
  })
  void format_isReadFromTheName(String name, ModelFormat format) throws Exception {
    assertThat(ModelSpec.at(write(name)).format()).isEqualTo(format);
  }

  @Test
  void savedModel_isTheWholeDirectory_mainFileFirst() throws Exception {
    write("assets/vocab.txt");
    write("saved_model.pb");
    write("variables/variables.index");
    ModelSpec spec = ModelSpec.at(directory);
    assertThat(spec.format()).isEqualTo(ModelFormat.TENSORFLOW_SAVED_MODEL);
    assertThat(names(spec))
        .containsExactly("saved_model.pb", "assets/vocab.txt", "variables/variables.index");
  }

  @Test
  void oneFileOfASavedModel_isNotEnough() throws Exception {
    Path file = write("saved_model.pb");
    assertThat(Failures.of(() -> ModelSpec.at(file)))
        .hasMessage(
            "model.load: "
                + file
                + " is one file of a SavedModel; name the directory that holds it");
  }

  @Test
  void otherDirectory_isNoModel_andIsNotRead() throws Exception {
    // Were it walked, this name would be refused first.
    write("näme");
    VaccelException failure = Failures.of(() -> ModelSpec.at(directory));
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
    assertThat(failure)
        .hasMessage(
            "model.load: directory " + directory + " holds no saved_model.pb; name a model file");
  }

  @Test
  void missingFile_isNotFound() {
    Path none = directory.resolve("none.onnx");
    VaccelException failure = Failures.of(() -> ModelSpec.at(none));
    assertThat(failure.reason()).isEqualTo(Reason.FILE_NOT_FOUND);
    assertThat(failure).hasMessage("model.load: no model file " + none);
  }

  @Test
  void emptyFile_isNoModel() throws Exception {
    Path empty = Files.createFile(directory.resolve("net.onnx"));
    VaccelException failure = Failures.of(() -> ModelSpec.at(empty));
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
    assertThat(failure).hasMessage("model.load: model file " + empty + " is empty");
  }

  @Test
  void unknownSuffix_isNoModel() throws Exception {
    Path file = write("photo.jpg");
    assertThat(Failures.of(() -> ModelSpec.at(file)))
        .hasMessage("model.load: " + file + ": the file name ends in no known model format");
  }

  @Test
  void nameThatTheRulesForbid_isRefused() throws Exception {
    Path file = write("né.onnx");
    VaccelException failure = Failures.of(() -> ModelSpec.at(file));
    assertThat(failure.reason()).isEqualTo(Reason.NAME_INVALID);
    assertThat(failure).hasMessageStartingWith("model.load: name ");
  }

  @Test
  void linkedFiles_areFollowed_theirNamesAreTheLinks() throws Exception {
    Path blob = write("blobs/0a1b");
    Path model = directory.resolve("net.onnx");
    Files.createSymbolicLink(model, blob);
    Files.createSymbolicLink(directory.resolve("net.json"), blob);
    assertThat(names(ModelSpec.at(model))).containsExactly("net.onnx", "net.json");
  }

  @Test
  void bareFileName_isRelativeToTheWorkingDirectory() {
    assertThat(Failures.of(() -> ModelSpec.at(Path.of("no-such-model.onnx"))))
        .hasMessage("model.load: no model file no-such-model.onnx");
  }

  private static List<String> names(ModelSpec spec) {
    return spec.resource().files().stream().map(ResourceFile::name).toList();
  }

  private Path write(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, name);
  }
}
