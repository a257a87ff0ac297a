package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.GenericCode;
import io.vaccel.ModelFormat;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.contract.ModelKit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No operation, no generic code and no format of models can be forgotten. */
final class FaithfulCasesTest {

  @Test
  void everyOperation_isCalledWellAndBadly() {
    List<String> names =
        Stream.concat(Operations.all().stream().map(Operation::name), Stream.of(FaithfulCase.LOAD))
            .toList();
    for (boolean good : new boolean[] {true, false}) {
      assertThat(cases().filter(one -> one.good() == good).map(FaithfulCase::operation))
          .as(good ? "good calls" : "bad calls")
          .containsAll(names)
          .allSatisfy(name -> assertThat(names).contains(name));
    }
  }

  @Test
  void everyGenericCode_isCalledWellAndBadly() {
    // Code 16 is deprecated in vAccel; nobody does it.
    List<GenericCode> done =
        Arrays.stream(GenericCode.values())
            .filter(code -> code != GenericCode.TORCH_SGEMM)
            .toList();
    assertThat(done)
        .allSatisfy(
            code -> assertThat(names(true)).contains(Operations.GENERIC_CALL + ": " + code));
    assertThat(GenericCode.values())
        .allSatisfy(
            code ->
                assertThat(names(false))
                    .contains(Operations.GENERIC_CALL + ": " + code + " misunderstood"));
  }

  @Test
  void everyFormatOfModels_isTried() {
    assertThat(ModelCases.KITS)
        .extracting(ModelKit::format)
        .containsExactlyInAnyOrder(ModelFormat.values());
  }

  @Test
  void eachCase_hasItsOwnName() {
    assertThat(cases().map(FaithfulCase::toString)).doesNotHaveDuplicates();
  }

  private static List<String> names(boolean good) {
    return cases()
        .filter(one -> one.good() == good)
        .map(FaithfulCase::toString)
        .collect(Collectors.toList());
  }

  private static Stream<FaithfulCase> cases() {
    return FaithfulCases.all().stream();
  }
}
