package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arguments fit their types, and what does not is refused. */
final class ArgumentTest {

  @Test
  void numbers_areThoseOfVaccel() {
    assertThat(ArgumentType.values()).hasSize(30);
    assertThat(ArgumentType.numbered(0)).contains(ArgumentType.RAW);
    assertThat(ArgumentType.numbered(9)).contains(ArgumentType.UINT8);
    assertThat(ArgumentType.numbered(18)).contains(ArgumentType.FLOAT32_ARRAY);
    assertThat(ArgumentType.numbered(27)).contains(ArgumentType.STRING);
    assertThat(ArgumentType.numbered(29)).contains(ArgumentType.CUSTOM);
    assertThat(List.of(-1, 30, Integer.MIN_VALUE))
        .allSatisfy(number -> assertThat(ArgumentType.numbered(number)).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(ArgumentType.class)
  void sizesThatDoNotFit_areRefused(ArgumentType type) {
    int element = type.elementBytes();

    if (type != ArgumentType.STRING) {
      assertThat(Argument.room(type, element).sizeBytes()).isEqualTo(element);
    }
    if (!type.isMany()) {
      assertInvalid(() -> Argument.room(type, 2 * element));
      assertInvalid(() -> Argument.room(type, 0));
    }
    if (element > 1) {
      assertInvalid(() -> Argument.room(type, element + 1));
    }
  }

  @Test
  void strings_endWithNul() {
    assertThat(Argument.ofString("gr\u00fc\u00df").string()).isEqualTo("gr\u00fc\u00df");
    assertThat(Argument.ofString("").sizeBytes()).isEqualTo(1);
    assertThat(Argument.room(ArgumentType.STRING, 8).string()).isEmpty();
    assertInvalid(() -> Argument.ofString("a\0b"));
    assertInvalid(() -> Argument.of(ArgumentType.STRING, ByteBuffer.allocate(0)));
    assertInvalid(() -> Argument.of(ArgumentType.STRING, ByteBuffer.wrap(new byte[] {'a'})));
  }

  @Test
  void values_areLittleEndian() {
    assertThat(Argument.ofInt64(-2).require(ArgumentType.INT64).getLong()).isEqualTo(-2);
    assertThat(Argument.ofInt32(7).data().get(0)).isEqualTo((byte) 7);
    assertThat(Argument.ofFloats(1, 2).data().getFloat(4)).isEqualTo(2);
    assertThat(Argument.ofUint8(255).data().get(0)).isEqualTo((byte) 255);
    assertInvalid(() -> Argument.ofFloat32(1).require(ArgumentType.FLOAT64));
  }

  @Test
  void customTypeId_isForCustomOnly() {
    assertThat(new Argument(ArgumentType.CUSTOM, 5, ByteBuffer.allocate(3)).customTypeId())
        .isEqualTo(5);
    assertInvalid(() -> new Argument(ArgumentType.RAW, 5, ByteBuffer.allocate(3)));
  }

  @Test
  void values_areNeverInTheText() {
    assertThat(Argument.ofString("secret")).hasToString("STRING of 7 bytes");
  }

  private static void assertInvalid(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VaccelException.class,
            error -> assertThat(error.reason()).isEqualTo(Reason.ARGUMENT_INVALID));
  }
}
