package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers are those of vAccel's headers, written down here once more from there. */
final class GenericFrameworkTest {
  /** Numbers that vAccel has and we do not: handles that mean nothing outside the engine. */
  private static final Map<GenericFramework, String> NUMBERS =
      Map.of(
          GenericFramework.TENSORFLOW,
          """
          FLOAT32 1, FLOAT64 2, INT32 3, UINT8 4, INT16 5, INT8 6, STRING 7, COMPLEX64 8, INT64 9,
          BOOL 10, QINT8 11, QUINT8 12, QINT32 13, BFLOAT16 14, QINT16 15, QUINT16 16, UINT16 17,
          COMPLEX128 18, FLOAT16 19, UINT32 22, UINT64 23
          """,
          GenericFramework.TENSORFLOW_LITE,
          """
          FLOAT32 1, INT32 2, UINT8 3, INT64 4, STRING 5, BOOL 6, INT16 7, COMPLEX64 8, INT8 9,
          FLOAT16 10, FLOAT64 11, COMPLEX128 12, UINT64 13, UINT32 16, UINT16 17, INT4 18
          """,
          GenericFramework.TORCH,
          "UINT8 1, INT8 2, INT16 3, INT32 4, INT64 5, FLOAT16 6, FLOAT32 7");

  @ParameterizedTest
  @EnumSource(GenericFramework.class)
  void elementTypes_haveTheFrameworksNumbers(GenericFramework framework) {
    Map<ElementType, Integer> numbers = numbers(framework);
    Map<ElementType, Integer> found = new HashMap<>();
    for (int number = -1; number < 300; number++) {
      try {
        found.put(framework.elementType(number), number);
      } catch (VaccelException e) {
        assertThat(e.reason()).isEqualTo(Reason.TENSOR_INVALID);
        assertThat(numbers).doesNotContainValue(number);
      }
    }
    assertThat(found).isEqualTo(numbers);
  }

  @ParameterizedTest
  @EnumSource(GenericFramework.class)
  void numbers_goBack_andOthersAreRefused(GenericFramework framework) {
    Map<ElementType, Integer> numbers = numbers(framework);
    for (ElementType type : ElementType.values()) {
      if (numbers.containsKey(type)) {
        assertThat(framework.number(type)).isEqualTo(numbers.get(type));
      } else {
        VaccelException refused = Failures.of(() -> framework.number(type));
        assertThat(refused.reason()).isEqualTo(Reason.TENSOR_INVALID);
        assertThat(refused.details()).containsEntry("field", "element_type");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TENSORFLOW, 8, 9, 10, TENSORFLOW_GRAPH",
    "TENSORFLOW_LITE, 11, 12, 13, TFLITE",
    "TORCH, 14, , 15, TORCHSCRIPT"
  })
  void codes_areThoseOfTheFramework(
      GenericFramework framework, int load, Integer unload, int run, ModelFormat format) {
    assertThat(framework.load().number()).isEqualTo(load);
    assertThat(framework.unload().map(GenericCode::number).orElse(null)).isEqualTo(unload);
    assertThat(framework.run().number()).isEqualTo(run);
    Resource unnamed = Models.onnx("weights.bin").resource();
    assertThat(framework.spec(unnamed).format()).isEqualTo(format);
    assertThat(framework.spec(Models.onnx("net.onnx").resource()).format())
        .isEqualTo(ModelFormat.ONNX);
  }

  private static Map<ElementType, Integer> numbers(GenericFramework framework) {
    return Arrays.stream(NUMBERS.get(framework).strip().split(",\\s+"))
        .map(each -> each.split(" "))
        .collect(
            Collectors.toMap(
                each -> ElementType.valueOf(each[0]), each -> Integer.valueOf(each[1])));
  }
}
