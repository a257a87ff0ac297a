package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Reason;
import io.vaccel.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifyCommandTest {
  @TempDir Path directory;

  private final FakePlugin agent = FakePlugin.remote().uploading(5);
  private final FakePlugin here = FakePlugin.local();
  private final Guest guest = new Guest(agent, here);
  private Path model;
  private Path coffee;

  @BeforeEach
  void files() throws IOException {
    model = write("net.onnx", "model");
    coffee = write("coffee.jpg", "coffee");
  }

  @Test
  void table_isAlignedAndSaysWhereAndHowLong() {
    assertThat(classify(coffee, coffee)).isZero();
    assertThat(guest.outWithoutTimes())
        .isEqualTo(
            """
            model net.onnx 5 bytes: uploaded in 0.12 s
              agent vsock:2:2048, plugin onnx, CPU: upload 0.12 s, load 0.40 s

            DIR/coffee.jpg
              espresso    0.95  ██████████████████▉
              coffee mug  0.03  ▋
              cup         0.00
              agent vsock:2:2048, plugin onnx, CPU
              TIME: decode 5.1 ms, inference 12.0 ms

            DIR/coffee.jpg
              espresso    0.95  ██████████████████▉
              coffee mug  0.03  ▋
              cup         0.00
              agent vsock:2:2048, plugin onnx, CPU
              TIME: decode 5.1 ms, inference 12.0 ms
            """
                .replace("DIR", directory.toString()));
    assertThat(guest.err()).isEmpty();
    assertThat(agent.journal)
        .containsExactly("load net.onnx", "classify", "classify", "unload", "end", "close");
  }

  @Test
  void modelThatTheAgentHas_isNotSent() {
    agent.uploading(0);
    assertThat(classify(coffee)).isZero();
    assertThat(guest.out())
        .startsWith(
            """
            model net.onnx 5 bytes: already at the agent, nothing sent
              agent vsock:2:2048, plugin onnx, CPU: load 0.40 s
            """);
  }

  @Test
  void modelThatTheAgentHasInPart_isSentInPart() {
    agent.uploading(3);
    assertThat(classify(coffee)).isZero();
    assertThat(guest.out())
        .startsWith("model net.onnx 5 bytes: 3 bytes of it uploaded in 0.12 s\n");
  }

  @Test
  void json_isOneStableDocument() {
    Path strange = write("x.jpg", "x");
    Path text = write("notes.jpg", "notes");
    assertThat(guest.run("classify", "--json", "--model", model, "--top", 2, coffee, text, strange))
        .isEqualTo(1);
    assertThat(guest.out().replaceAll("(?m)^(      \"micros\": )[0-9]+", "$1TIME"))
        .isEqualTo(
            """
            {
              "model": "DIR/net.onnx",
              "uploadedBytes": 5,
              "images": [
                {
                  "file": "DIR/coffee.jpg",
                  "labels": [
                    {
                      "index": 967,
                      "name": "espresso",
                      "score": 0.9464
                    },
                    {
                      "index": 504,
                      "name": "coffee mug",
                      "score": 0.0312
                    }
                  ],
                  "executedOn": {
                    "plugin": "onnx",
                    "device": "CPU",
                    "path": [
                      "vsock:2:2048"
                    ],
                    "stages": [
                      {
                        "name": "decode",
                        "micros": 5100
                      },
                      {
                        "name": "inference",
                        "micros": 12000
                      }
                    ]
                  },
                  "micros": TIME
                },
                {
                  "file": "DIR/notes.jpg",
                  "error": {
                    "reason": "IMAGE_UNREADABLE",
                    "code": "INVALID_ARGUMENT",
                    "message": "image.classify at vsock:2:2048: no JPEG, PNG or BMP file"
                  }
                },
                {
                  "file": "DIR/x.jpg",
                  "labels": [
                    {
                      "index": 285,
                      "name": "Egyptian cat",
                      "score": null
                    }
                  ],
                  "executedOn": {
                    "plugin": "onnx",
                    "device": "CPU",
                    "path": [
                      "vsock:2:2048"
                    ],
                    "stages": [
                      {
                        "name": "decode",
                        "micros": 5100
                      },
                      {
                        "name": "inference",
                        "micros": 12000
                      }
                    ]
                  },
                  "micros": TIME
                }
              ]
            }
            """
                .replace("DIR", directory.toString()));
  }

  @Test
  void profile_isShownWhenItIsMeasured() {
    guest.with(Settings.PROFILING, "1");
    assertThat(classify(coffee, coffee)).isZero();
    assertThat(guest.out())
        .containsPattern("region +count")
        .containsPattern("image.classify +2 ")
        .containsPattern("image.classify/inference +2 ");
    assertThat(guest.run("classify", "--model", model, "--json", coffee)).isZero();
    assertThat(guest.out()).contains("\"profile\": [", "\"name\": \"image.classify/decode\"");
  }

  @Test
  void jsonOfNamesBeyondAscii_isAscii() {
    Path image = write("caf\u00e9.jpg", "coffee");
    assertThat(guest.run("classify", "--json", "--model", model, image)).isZero();
    assertThat(guest.out()).contains("caf\\u00e9.jpg").matches("[\\n -~]+");
    JsonObject document = JsonParser.parseString(guest.out()).getAsJsonObject();
    assertThat(document.getAsJsonArray("images").get(0).getAsJsonObject().get("file").getAsString())
        .isEqualTo(image.toString());
  }

  @Test
  void imagesAfterTheAgentIsGone_areLeftOut() {
    Path gone = write("gone.jpg", "gone");
    assertThat(guest.run("classify", "--json", "--model", model, coffee, gone, coffee, coffee))
        .isEqualTo(1);
    assertThat(guest.err().lines())
        .containsExactly(
            "vaccel-guest: " + gone + ": image.classify at vsock:2:2048: nobody listens there",
            "vaccel-guest: 2 more images were not tried");
    JsonArray images =
        JsonParser.parseString(guest.out()).getAsJsonObject().getAsJsonArray("images");
    assertThat(images).hasSize(4);
    assertThat(images.get(3).toString()).contains("AGENT_UNREACHABLE");
    assertThat(agent.journal)
        .containsExactly("load net.onnx", "classify", "classify", "unload", "end", "close");
  }

  @Test
  void badImages_areReported_andTheOthersStillDone() {
    Path text = write("notes.jpg", "notes");
    Path empty = write("empty.png", "");
    Path none = directory.resolve("none.bmp");
    assertThat(classify(text, empty, none, directory, coffee)).isEqualTo(1);
    assertThat(guest.err().lines())
        .containsExactly(
            "vaccel-guest: " + text + ": image.classify at vsock:2:2048: no JPEG, PNG or BMP file",
            "vaccel-guest: " + empty + ": image.classify: image is empty",
            "vaccel-guest: " + none + ": image.classify: cannot read " + none + ": no such file",
            "vaccel-guest: "
                + directory
                + ": image.classify: "
                + directory
                + " is a directory, not an image");
    assertThat(guest.out()).contains("espresso");
  }

  @Test
  void badModels_areOneLine() {
    Path empty = write("empty.onnx", "");
    Path none = directory.resolve("none.onnx");
    Path bad = write("bad.onnx", "bad");
    assertProblem("model.load: no model file " + none, none);
    assertProblem("model.load: model file " + empty + " is empty", empty);
    assertProblem(
        "model.load: directory " + directory + " holds no saved_model.pb; name a model file",
        directory);
    assertProblem(
        "model.load: " + coffee + ": the file name ends in no known model format", coffee);
    assertProblem("model.load at vsock:2:2048: this is no ONNX file", bad);
  }

  private void assertProblem(String line, Path badModel) {
    Guest one = new Guest(FakePlugin.remote(), FakePlugin.local());
    assertThat(one.run("classify", "--model", badModel, coffee)).isEqualTo(1);
    assertThat(one.err()).isEqualTo("vaccel-guest: " + line + "\n");
    assertThat(one.out()).isEmpty();
  }

  @Test
  void badModel_isAnErrorInJsonToo() {
    assertThat(guest.run("classify", "--json", "--model", directory.resolve("none.onnx"), coffee))
        .isEqualTo(1);
    JsonObject document = JsonParser.parseString(guest.out()).getAsJsonObject();
    assertThat(document.getAsJsonObject("error").get("reason").getAsString())
        .isEqualTo("FILE_NOT_FOUND");
    assertThat(document.getAsJsonArray("images")).isEmpty();
    assertThat(guest.err().lines()).hasSize(1);
  }

  @Test
  void agentThatDoesNotAnswer_isReplacedByTheEngineHere_andThatIsSaid() {
    agent.unusable(Reason.AGENT_UNREACHABLE, "nobody answers at vsock:2:2048: connection reset");
    assertThat(guest.run("classify", "--agent", "vsock:2:2048", "--model", model, coffee)).isZero();
    assertThat(guest.err())
        .isEqualTo(
            "vaccel-guest: nobody answers at vsock:2:2048: connection reset;"
                + " the work is done here\n");
    assertThat(guest.outWithoutTimes())
        .contains("model net.onnx 5 bytes: loaded here in TIME\n")
        .contains("  here, plugin onnx, CPU\n");
  }

  @Test
  void agentThatDoesNotAnswer_withoutAnEngineHere_isTheError() {
    Guest alone =
        new Guest(FakePlugin.remote().unusable(Reason.AGENT_UNREACHABLE, "connection refused"));
    assertThat(alone.run("classify", "--agent", "vsock:2:2048", "--model", model, coffee))
        .isEqualTo(1);
    assertThat(alone.err())
        .isEqualTo(
            "vaccel-guest: model.load at vsock:2:2048: connection refused; to do it here, add"
                + " vaccel-backend-onnx to the class path (and to VACCEL_PLUGINS where that is"
                + " set)\n");
  }

  @Test
  void endpointOfUnknownForm_isWrongUsage_evenWithAnEngineHere() {
    agent.unusable(
        Reason.ARGUMENT_INVALID, "VACCEL_RPC_ADDRESS is not an agent's endpoint: 'vsok:2:1'");
    assertThat(guest.run("classify", "--agent", "vsok:2:1", "--model", model, coffee)).isEqualTo(2);
    assertThat(guest.err())
        .startsWith("vaccel-guest: --agent is not an agent's endpoint: 'vsok:2:1'\n");
    assertThat(guest.out()).isEmpty();
  }

  @Test
  void agentWithoutThePluginForIt_isWrongUsage() {
    Guest alone = new Guest(FakePlugin.local());
    assertThat(alone.run("classify", "--agent", "vsock:2:1", "--model", model, coffee))
        .isEqualTo(2);
    assertThat(alone.err())
        .startsWith(
            "vaccel-guest: the agent vsock:2:1 cannot be asked:"
                + " plugin vsock is not among the plugins in use\n");
  }

  @Test
  void withoutAnAgent_theWorkIsDoneHere_andThatIsSaid() {
    Guest alone = new Guest(FakePlugin.local());
    assertThat(alone.run("classify", "--model", model, coffee)).isZero();
    assertThat(alone.err())
        .isEqualTo(
            "vaccel-guest: no agent is named (--agent, VACCEL_RPC_ADDRESS);"
                + " the work is done here\n");
  }

  @Test
  void options_overrideTheEnvironment() {
    guest.with("VACCEL_RPC_ADDRESS", "vsock:2:1").with("VACCEL_PLUGINS", "a:b");
    assertThat(
            guest.run(
                "classify", "--agent", "unix:/x", "--plugins", "b,a", "--model", model, coffee))
        .isZero();
    assertThat(guest.settings().values())
        .containsEntry("VACCEL_RPC_ADDRESS", "unix:/x")
        .containsEntry("VACCEL_PLUGINS", "b:a");
  }

  @Test
  void environment_holdsWithoutOptions() {
    guest.with("VACCEL_RPC_ADDRESS", "vsock:2:1").with("VACCEL_PLUGINS", "vsock");
    assertThat(classify(coffee)).isZero();
    assertThat(guest.settings().values())
        .containsEntry("VACCEL_RPC_ADDRESS", "vsock:2:1")
        .containsEntry("VACCEL_PLUGINS", "vsock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "many"})
  void topOutOfRange_isWrongUsage(String top) {
    assertThat(guest.run("classify", "--model", model, "--top", top, coffee)).isEqualTo(2);
    assertThat(guest.err()).contains("--top").contains("Try 'vaccel-guest classify --help'.");
  }

  @Test
  void colour_isUsedOnATerminal() {
    guest.on(new Screen(true, 80, true, true));
    assertThat(classify(coffee)).isZero();
    assertThat(guest.out()).contains("\u001b[1m" + coffee + "\u001b[0m");
  }

  @Test
  void narrowTerminal_hasNoLongerLinesInItsTable() {
    guest.on(new Screen(true, 16, false, false));
    assertThat(classify(coffee)).isZero();
    assertThat(guest.out()).contains("\n  espresso  0.95\n  coffe...  0.03\n");
  }

  @Test
  void withoutBlockElements_barsAreOfHashes() {
    guest.on(new Screen(false, 80, false, false));
    assertThat(classify(coffee)).isZero();
    assertThat(guest.out()).contains("  espresso    0.95  ###################\n");
  }

  private int classify(Path... images) {
    Object[] arguments = new Object[images.length + 3];
    arguments[0] = "classify";
    arguments[1] = "--model";
    arguments[2] = model;
    System.arraycopy(images, 0, arguments, 3, images.length);
    return guest.run(arguments);
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
