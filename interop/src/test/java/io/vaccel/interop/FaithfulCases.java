package io.vaccel.interop;

import java.util.List;
import java.util.stream.Stream;

/** At least one good call and one bad call of every operation; {@link FaithfulCasesTest} checks. */
final class FaithfulCases {
  private static final List<FaithfulCase> ALL =
      Stream.of(
              NumberCases.all(),
              PictureCases.all(),
              ModelCases.all(),
              FunctionCases.all(),
              GenericCases.all())
          .flatMap(cases -> cases)
          .toList();

  private FaithfulCases() {}

  /** All cases, each with another name. */
  static List<FaithfulCase> all() {
    return ALL;
  }
}
