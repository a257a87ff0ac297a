package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vsock:2:2048",
        "vsock:any:2048",
        "vsock:3:any",
        "vsock:any:any",
        "vsock:0:0",
        "vsock:4294967294:4294967294",
        "hybrid:/run/vm/v.sock:2048",
        "hybrid:/run/a:b/v.sock:0",
        "unix:/run/vaccel.sock",
        "unix:relative.sock",
        "unix:/with blank and :colon",
        "unix:/\u00e4\u4e16.sock",
        "tcp:localhost:0",
        "tcp:127.0.0.1:65535",
        "tcp:[::1]:2048",
        "tcp:[fe80::1%eth0]:1",
      })
  void textForm_roundTrips(String text) {
    assertThat(Endpoint.parse(text)).hasToString(text);
    assertThat(Endpoint.parse(Endpoint.parse(text).toString())).isEqualTo(Endpoint.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|write vsock:CID:PORT, hybrid:PATH:PORT, unix:PATH or tcp:HOST:PORT",
        "vsock|write vsock:CID:PORT, hybrid:PATH:PORT, unix:PATH or tcp:HOST:PORT",
        "http://x|write vsock:CID:PORT, hybrid:PATH:PORT, unix:PATH or tcp:HOST:PORT",
        "vsock:2|write vsock:CID:PORT",
        "vsock::1|CID \"\" is not a decimal number",
        "vsock:-1:1|CID \"-1\" is not a decimal number",
        "vsock:2:+1|port \"+1\" is not a decimal number",
        "vsock:02:1|CID \"02\" is not a decimal number",
        "vsock:2:1:1|port \"1:1\" is not a decimal number",
        "vsock:4294967296:1|CID 4294967296 is not in 0..4294967295",
        "vsock:2:99999999999999999999|port 99999999999999999999 is not in 0..4294967295",
        "vsock:4294967295:1|CID 4294967295 is reserved: write any",
        "vsock:2:\u0663|port \"\u0663\" is not a decimal number",
        "hybrid:/x|write hybrid:PATH:PORT",
        "hybrid::1|the path is empty",
        "hybrid:/x:any|port \"any\" is not a decimal number",
        "unix:|the path is empty",
        "unix://x|the path starts with //: write one slash",
        "tcp:localhost|write tcp:HOST:PORT",
        "tcp::1|host \"\" is neither a name nor an IP address",
        "tcp:a b:1|host \"a b\" is neither a name nor an IP address",
        "tcp:::1:1|write an IPv6 address in brackets: tcp:[::1]:PORT",
        "tcp:[localhost]:1|brackets are for IPv6 addresses",
        "tcp:[:::]:1|host \":::\" is neither a name nor an IP address",
        "tcp:localhost:65536|port 65536 is not in 0..65535",
      })
  void malformedText_isRefusedWithTextAndRule(String text, String rule) {
    assertThatThrownBy(() -> Endpoint.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("endpoint \"" + text + "\": " + rule);
  }

  @Test
  void nulInPath_isRefusedAndPrintedAsEscape() {
    assertThatThrownBy(() -> Endpoint.parse("unix:/run/a\0b"))
        .hasMessage("endpoint \"unix:/run/a\\u0000b\": the path contains a NUL character");
  }

  @Test
  void newlineInPath_isRefused() {
    assertThatThrownBy(() -> Endpoint.parse("hybrid:/run/a\nb:1"))
        .hasMessageEndingWith("the path contains a control character")
        .hasMessageNotContaining("\n");
  }

  @Test
  void pathOf107Bytes_fits_108doNot() {
    String fits = "/" + "x".repeat(106);
    assertThat(Endpoint.parse("unix:" + fits)).isEqualTo(new Endpoint.Unix(fits));
    assertThatThrownBy(() -> Endpoint.parse("unix:" + fits + "x"))
        .hasMessageContaining("has 108 bytes, at most 107 fit");
  }

  @Test
  void pathLength_isCountedInBytes() {
    assertThatThrownBy(() -> new Endpoint.Unix("/" + "\u4e16".repeat(36)))
        .hasMessageContaining("109 bytes");
  }

  @Test
  void hybridServerPath_isChecked() {
    assertThatThrownBy(() -> new Endpoint.Hybrid("/" + "x".repeat(102), 2048))
        .hasMessageContaining("108 bytes");
    assertThat(new Endpoint.Hybrid("/" + "x".repeat(101), 2048).serverPath()).hasSize(107);
  }

  @Test
  void unpairedSurrogate_isRefused() {
    assertThatThrownBy(() -> new Endpoint.Unix("/a\ud800"))
        .hasMessageContaining("no valid Unicode");
  }

  @Test
  void longText_isRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> Endpoint.parse("unix:" + "x".repeat(100_000)))
        .hasMessage("endpoint of 100005 characters: at most 512");
  }

  @Test
  void constructors_keepTheRulesOfParse() {
    assertThatThrownBy(() -> new Endpoint.Vsock(-1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Endpoint.Vsock(1, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Endpoint.Tcp("[::1]", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Endpoint.Tcp("h", -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
