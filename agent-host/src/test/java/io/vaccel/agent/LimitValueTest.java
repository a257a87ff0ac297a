package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LimitValueTest {
  @ParameterizedTest
  @CsvSource({
    "SESSIONS,7,7",
    "BUFFER_BYTES,4096,4096",
    "BUFFER_BYTES,2G,2147483648",
    "BUFFER_BYTES,512k,524288",
    "LEASE,90s,90000",
    "LEASE,10m,600000",
    "LEASE,250ms,250"
  })
  void valueWithUnit_isRead(Limit limit, String text, long value) {
    assertThat(LimitValue.parse(limit, text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"SESSIONS,0", "SESSIONS,-1", "SESSIONS,7k", "BUFFER_BYTES,9999999999T", "LEASE,90"})
  void wrongValue_isRefused(Limit limit, String text) {
    assertThatThrownBy(() -> LimitValue.parse(limit, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(limit.label());
  }

  @ParameterizedTest
  @EnumSource
  void standardValue_readsAsItIsShown(Limit limit) {
    assertThat(LimitValue.parse(limit, LimitValue.format(limit, limit.standard())))
        .isEqualTo(limit.standard());
  }

  @Test
  void limit_isFoundByItsLabel() {
    assertThat(Limit.labelled("sessions-per-peer")).contains(Limit.SESSIONS_PER_PEER);
    assertThat(Limit.labelled("nothing")).isEmpty();
  }
}
