package io.vaccel.program.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckupTest {
  private static final Checkup ONE_PROBLEM =
      Checkup.of(
          List.of(
              () -> List.of(Finding.ok("transport", "works")),
              () -> List.of(Finding.problem("agent", "nobody listens", "start it"))));

  @Test
  void text_hasALineEach_andWhatToDo() {
    StringWriter out = new StringWriter();
    ONE_PROBLEM.print(new PrintWriter(out));
    assertThat(out)
        .hasToString(
            """
            ok       transport        works
            problem  agent            nobody listens
                                   -> start it
            1 problem.
            """);
    assertThat(ONE_PROBLEM.exitCode()).isEqualTo(1);
  }

  @Test
  void json_isOneDocument() {
    StringWriter out = new StringWriter();
    ONE_PROBLEM.printJson(new PrintWriter(out));
    assertThat(out.toString())
        .contains("\"problems\": 1", "\"check\": \"agent\"", "\"state\": \"problem\"", "start it");
  }

  @Test
  void notesAreNoProblems() {
    Checkup checkup = new Checkup(List.of(Finding.note("forwarder", "is there", "use it")));
    assertThat(checkup.exitCode()).isZero();
    StringWriter out = new StringWriter();
    checkup.print(new PrintWriter(out));
    assertThat(out.toString()).endsWith("Nothing is wrong.\n");
  }
}
