package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.ArgumentType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "int8:-128",
        "int8-array:127,-128,0",
        "uint8:255",
        "uchar-array:0,255",
        "bool:1",
        "int16:-32768",
        "uint16:65535",
        "int32:-2147483648",
        "uint32:4294967295",
        "int64:-9223372036854775808",
        "uint64:18446744073709551615",
        "float32-array:NaN,-Infinity,3.4028235E38",
        "float64:1.7976931348623157E308",
        "buffer:0,255",
        "string:a,b"
      })
  void valuesOfTheWholeRange_areReadAndWritten(String text) {
    String values = text.substring(text.indexOf(':') + 1);
    assertThat(String.join(",", ArgumentText.values(ArgumentText.parse(text)))).isEqualTo(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int8:300",
        "int8:-129",
        "int8:128",
        "uint8:256",
        "uint8:-1",
        "uchar:-1",
        "bool:2",
        "int16:32768",
        "uint16-array:1,65536",
        "int32:2147483648",
        "uint32:-1",
        "uint32:4294967296",
        "int64:9223372036854775808",
        "uint64:-1",
        "uint64:18446744073709551616",
        "float32:1e39",
        "float64:1e309",
        "buffer:256",
        "buffer:-129",
        "int32:1.5",
        "int32:",
        "int32-array:1,,2",
        "float32:one"
      })
  void valuesBeyondTheType_areRefusedAndNamed(String text) {
    assertThatThrownBy(() -> ArgumentText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void everyType_hasAName() {
    assertThat(List.of(ArgumentType.values()))
        .allSatisfy(
            type ->
                assertThat(ArgumentText.room(ArgumentText.name(type) + ":1").type())
                    .isEqualTo(type));
  }
}
