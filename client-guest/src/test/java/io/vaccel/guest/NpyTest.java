package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code npy} were written by NumPy; {@code make.py} beside them says how. */
final class NpyTest {
  private static final String HEADER = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n";

  @ParameterizedTest
  @CsvSource({
    "b1, BOOL",
    "u1, UINT8",
    "i1, INT8",
    "u2, UINT16",
    "i2, INT16",
    "u4, UINT32",
    "i4, INT32",
    "u8, UINT64",
    "i8, INT64",
    "f2, FLOAT16",
    "bfloat16, BFLOAT16",
    "f4, FLOAT32",
    "f8, FLOAT64",
    "c8, COMPLEX64",
    "c16, COMPLEX128"
  })
  void everyType_isReadAndWrittenAsNumPyDoes(String file, ElementType type) throws IOException {
    Tensor tensor = read(file);
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
    TensorValues values = new TensorValues(tensor);
    for (int i = 0; i < values.count(); i++) {
      assertThat(values.number(i)).isEqualTo(type == ElementType.BOOL ? i % 2 : i);
    }
    assertThat(written(tensor)).isEqualTo(bytes(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector", "empty", "bytes"})
  void everyShape_isWrittenAsNumPyDoes(String file) throws IOException {
    assertThat(written(read(file))).isEqualTo(bytes(file));
  }

  @Test
  void otherOrders_areTurned() throws IOException {
    assertThat(read("big-endian").floats()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(read("fortran").data()).isEqualTo(read("i4").data());
  }

  @Test
  void texts_areUtf8() throws IOException {
    assertThat(texts("bytes")).containsExactly("one", "", "three");
    assertThat(texts("text")).containsExactly("gr\u00fc\u00dfe", "", "\ud83d\ude00");
    assertThat(texts("big-text")).containsExactly("ab", "c");
  }

  @ParameterizedTest
  @CsvSource({
    "objects, Python objects",
    "records, records are no tensors",
    "dates, elements of type '<M8[D]'"
  })
  void whatIsNoTensor_isRefused(String file, String mention) {
    assertRefused(() -> read(file), mention);
  }

  @Test
  void filesThatLie_areRefusedBeforeMemoryIsTaken() {
    assertRefused(() -> parse("<f4", "1000000000000,"), "2 GiB are possible");
    assertRefused(() -> parse("<f4", "500000000,"), "has only 0");
    assertRefused(() -> parse("<f4", "9223372036854775807, 9223372036854775807"), "2^63-1");
    assertRefused(() -> parse("<f4", "99999999999999999999,"), "no number below 2^63");
    assertRefused(() -> parse("<f4", "1, ".repeat(33)), "rank 33");
    assertRefused(() -> parse("<U0", "500000000,"), "without a character");
    assertRefused(() -> parse("|S999999999", "3,"), "2 GiB are possible");
    assertRefused(() -> parse("|O", "1,"), "Python objects");
    assertRefused(() -> parse("x", "1,"), "'x'");
    assertRefused(() -> parse("<f4", "-1,"), "none of a plain array");
    assertRefused(() -> parse("<f4", "0,", "surplus"), "has more");
    assertRefused(() -> header(2, 1 << 30, ""), "header of 1073741824 bytes");
    assertRefused(() -> header(1, 100, "{'descr': "), "is cut off");
    assertRefused(() -> header(9, 100, ""), "version 9");
  }

  @Test
  void cutAndAlteredFiles_areRefusedOrRead() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = bytes(List.of("f4", "text", "fortran", "c16").get(i % 4));
      int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        Npy.read("f", "", new ByteArrayInputStream(bytes, 0, length));
      } catch (VaccelException e) {
        assertThat(e.reason()).isEqualTo(Reason.TENSOR_INVALID);
      }
    }
  }

  @Test
  void whatNumPyCannotHold_isNotWritten() {
    Tensor nibbles = Tensor.of("x", ElementType.INT4, Shape.of(2), java.nio.ByteBuffer.allocate(1));
    assertRefused(() -> written(nibbles), "INT4");
    Tensor zero = Tensor.ofStrings("x", Shape.of(1), List.of(new byte[] {'a', 0}));
    assertRefused(() -> written(zero), "zero byte");
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable work, String mention) {
    assertThatThrownBy(work)
        .hasMessageContaining(mention)
        .isInstanceOfSatisfying(
            VaccelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TENSOR_INVALID));
  }

  private static Tensor parse(String descr, String shape, String... data) throws IOException {
    String text = HEADER.formatted(descr, shape);
    return header(1, text.length(), text + String.join("", data));
  }

  private static Tensor header(int version, int length, String rest) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
      file.write(length >>> (8 * i));
    }
    file.write(rest.getBytes(StandardCharsets.US_ASCII));
    return Npy.read("f.npy", "", new ByteArrayInputStream(file.toByteArray()));
  }

  private static List<String> texts(String file) throws IOException {
    return read(file).strings().stream().map(t -> new String(t, StandardCharsets.UTF_8)).toList();
  }

  private static Tensor read(String file) throws IOException {
    return Npy.read(file, "", new ByteArrayInputStream(bytes(file)));
  }

  private static byte[] written(Tensor tensor) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(tensor, out);
    return out.toByteArray();
  }

  private static byte[] bytes(String file) throws IOException {
    try (InputStream in = NpyTest.class.getResourceAsStream("/npy/" + file + ".npy")) {
      return in.readAllBytes();
    }
  }
}
