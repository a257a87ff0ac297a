package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.stub.ClientCalls;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.wire.WireErrors;
import io.vaccel.wire.WireOperations;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A client in any language changes one thing of a good request of each operation: the {@code
 * BadRequest} names just that. Requests are written in protobuf's text format, in which what is
 * said later of one field counts, and what is said of a repeated one is added.
 */
class OperationFieldsIT {
  private static final String SIXTEEN = "data {inline: \"0123456789abcdef\"} ";
  private static final String MATRIX =
      "element_type: ELEMENT_TYPE_FLOAT32 shape: [2, 2] " + SIXTEEN;
  private static final String VECTOR = "element_type: ELEMENT_TYPE_FLOAT32 shape: 4 " + SIXTEEN;

  /** A request that each operation takes. */
  private static final Map<String, String> GOOD =
      Map.ofEntries(
          Map.entry("echo", "tensors {" + VECTOR + "}"),
          Map.entry("model.run", "inputs {" + VECTOR + "}"),
          Map.entry("image.classify", "image {encoded {inline: \"abcd\"}}"),
          Map.entry("image.detect", "image {encoded {inline: \"abcd\"}}"),
          Map.entry(
              "blas.sgemm",
              "m: 2 n: 2 k: 2 lda: 2 ldb: 2 ldc: 2 alpha: 1 batch: 1"
                  + " a {inline: \"0123456789abcdef\"} b {inline: \"0123456789abcdef\"}"),
          Map.entry(
              "array.minmax",
              "data {element_type: ELEMENT_TYPE_FLOAT64 shape: 2 " + SIXTEEN + "} high: 1"),
          Map.entry(
              "array.copy", "input {element_type: ELEMENT_TYPE_INT32 shape: 4 " + SIXTEEN + "}"),
          Map.entry("array.multiply_matrices", "a {" + MATRIX + "} b {" + MATRIX + "}"),
          Map.entry("array.add_and_multiply", "a {" + VECTOR + "} b {" + VECTOR + "}"),
          Map.entry("array.add_vectors", "a {" + VECTOR + "} b {" + VECTOR + "}"),
          Map.entry(
              "opencl.run",
              "source: \"kernel\" kernel: \"add\" arguments {input {inline: \"abcd\"}}"
                  + " global_size: 4 local_size: 2"),
          Map.entry(
              "opencv.transform",
              "image {width: 2 height: 2 format: PIXEL_FORMAT_GRAY8 pixels {inline: \"abcd\"}}"
                  + " steps {grayscale {}}"),
          Map.entry("exec", "library: \"lib\" symbol: \"f\" layout: ARGUMENT_LAYOUT_CURRENT"),
          // vAccel's vector addition: its code, two arrays, and room for the third.
          Map.entry(
              "generic.call",
              "read {type: 9 value {inline: \"\\025\"}} read {type: 18 value {inline: \"abcd\"}}"
                  + " read {type: 18 value {inline: \"efgh\"}}"
                  + " write {type: 18 value {inline: \"....\"}}"));

  static final Set<String> GOOD_NAMES = GOOD.keySet();

  @TempDir static Path directory;
  private static RunningAgent running;
  private static TestClient guest;
  private static String session;
  private static String model;

  @BeforeAll
  static void start() throws Exception {
    running = RunningAgent.start(directory);
    guest = running.client();
    session = guest.openSession();
    model = guest.loadModel(session, new byte[] {1});
  }

  @AfterAll
  static void close() {
    running.close();
  }

  @ParameterizedTest
  @FieldSource("GOOD_NAMES")
  void goodRequest_isNotBlamed(String operation) {
    Optional<Reason> reason =
        Optional.ofNullable(catchThrowable(() -> call(operation, "")))
            .map(failure -> WireErrors.fromStatus(failure).reason());
    assertThat(reason)
        .as("done, by nobody here, or not allowed here")
        .isIn(Optional.empty(), Optional.of(Reason.NO_PLUGIN), Optional.of(Reason.NOT_ALLOWED));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo                    | tensors {element_type: ELEMENT_TYPE_UINT8 shape: -4} | tensors[1].shape[0]
          echo                    | tensors {shape: 4294967296} | tensors[1].element_type
          echo                    | tensors {element_type: ELEMENT_TYPE_BOOL shape: 4294967296 data {inline: "a"}} | tensors[1].data
          echo                    | tensors {element_type: ELEMENT_TYPE_STRING shape: 1 data {inline: "abcdefgh"}} | tensors[1].data
          echo                    | tensors {element_type: ELEMENT_TYPE_BOOL shape: [4294967296, 4294967296] data {}} | tensors[1].shape
          model.run               | inputs {} inputs {shape: -4} | inputs[1].element_type
          model.run               | inputs {element_type: ELEMENT_TYPE_BOOL shape: [1, -4]} | inputs[1].shape[1]
          image.classify          | top: 1001 | top
          image.classify          | image {raw {height: 1 format: PIXEL_FORMAT_RGB8 pixels {inline: "a"}}} | image.raw.width
          image.classify          | image {raw {width: 1 height: 1 format: PIXEL_FORMAT_RGB8 pixels {inline: "a"}}} | image.raw.pixels
          image.detect            | min_score: 1.5 | min_score
          image.detect            | min_score: nan | min_score
          image.detect            | image {raw {width: 1 format: PIXEL_FORMAT_RGB8 pixels {inline: "a"}}} | image.raw.height
          blas.sgemm              | m: -1 | m
          blas.sgemm              | n: -1 | n
          blas.sgemm              | k: -9223372036854775808 | k
          blas.sgemm              | alpha: nan | alpha
          blas.sgemm              | beta: nan | beta
          blas.sgemm              | batch: -1 | batch
          blas.sgemm              | lda: 1 | lda
          blas.sgemm              | k: 2147483648 | lda
          blas.sgemm              | n: 4294967296 | ldb
          blas.sgemm              | ldc: 1 | ldc
          blas.sgemm              | m: 4294967296 | a
          blas.sgemm              | m: 9223372036854775807 | a
          blas.sgemm              | batch: 4294967296 | a
          blas.sgemm              | lda: 9223372036854775807 | a
          blas.sgemm              | b {inline: "abcd"} | b
          blas.sgemm              | beta: 1 | c
          blas.sgemm              | c {inline: "abcd"} | c
          array.minmax            | low: 2 | low
          array.minmax            | data {data {inline: "abcdefg\\377\\377\\377\\377\\377\\377\\377\\377\\377"}} | data
          array.minmax            | data {shape: 0 data {inline: ""}} | data
          array.minmax            | data {shape: -1} | data.shape[1]
          array.copy              | input {element_type: ELEMENT_TYPE_FLOAT32} | input
          array.copy              | input {shape: 1} | input
          array.copy              | input {data {inline: "abc"}} | input.data
          array.multiply_matrices | a {shape: 1} | a
          array.multiply_matrices | b {element_type: ELEMENT_TYPE_INT32} | b
          array.multiply_matrices | b {shape: 2147483648} | b.data
          array.add_and_multiply  | a {element_type: ELEMENT_TYPE_UNSPECIFIED} | a.element_type
          array.add_and_multiply  | b {shape: 1} | b
          array.add_vectors       | a {shape: [4294967296, 4294967296]} | a.shape
          array.add_vectors       | b {element_type: ELEMENT_TYPE_INT32} | b
          opencl.run              | source: " " | source
          opencl.run              | kernel: "a b" | kernel
          opencl.run              | arguments {input {}} | arguments[1].input
          opencl.run              | arguments {output_bytes: -1} | arguments[1].output_bytes
          opencl.run              | arguments {local_bytes: 4294967296} | arguments[1].local_bytes
          opencl.run              | arguments {} | arguments[1].kind
          opencl.run              | global_size: 0 local_size: 1 | global_size
          opencl.run              | global_size: [4294967296, 4294967296] local_size: [1, 1] | global_size
          opencl.run              | local_size: 2 | local_size
          opencv.transform        | image {width: 0} | image.width
          opencv.transform        | image {height: 2147483648} | image.height
          opencv.transform        | image {width: 3} | image.pixels
          opencv.transform        | steps {} | steps[1].function
          opencv.transform        | steps {crop {x: -1 width: 1 height: 1}} | steps[1].crop.x
          opencv.transform        | steps {blur_sigma: nan} | steps[1].blur_sigma
          opencv.transform        | steps {threshold_level: 256} | steps[1].threshold_level
          exec                    | symbol: "a b" | symbol
          exec                    | layout: 9 | layout
          exec                    | write {type: 30} | write[0].type
          generic.call            | read {type: 30} | read[3].type
          generic.call            | read {type: 13 value {inline: "abc"}} | read[3].value
          generic.call            | read {type: 13 value {inline: "abcd"}} | read
          generic.call            | write {type: 13 value {inline: "abcd"} custom_type_id: 1} | write[1].custom_type_id
          generic.call            | write {type: 13 value {inline: "abcd"}} | write
          """)
  void changedRequest_isRefused_withTheFieldNamed(String operation, String change, String field)
      throws Exception {
    assertThat(TestClient.field(() -> call(operation, change))).isEqualTo(field);
  }

  private void call(String operation, String change) throws ParseException {
    send(
        WireOperations.of(Operations.named(operation).orElseThrow()).method(),
        GOOD.get(operation) + " " + change);
  }

  private <Q, R> void send(MethodDescriptor<Q, R> method, String text) throws ParseException {
    PrototypeMarshaller<Q> requests = (PrototypeMarshaller<Q>) method.getRequestMarshaller();
    Message.Builder request = ((Message) requests.getMessagePrototype()).newBuilderForType();
    TextFormat.merge(text, request);
    set(request, "session_id", session);
    set(request, "model_id", model);
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MINUTES);
    var unused =
        ClientCalls.blockingUnaryCall(
            guest.channel, method, options, requests.getMessageClass().cast(request.build()));
  }

  private static void set(Message.Builder request, String name, String value) {
    Optional.ofNullable(request.getDescriptorForType().findFieldByName(name))
        .ifPresent(field -> request.setField(field, value));
  }
}
