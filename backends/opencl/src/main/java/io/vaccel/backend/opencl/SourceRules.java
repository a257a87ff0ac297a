package io.vaccel.backend.opencl;

import io.vaccel.VaccelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel's source may not hold: ways for the compiler to read files of this machine, and
 * assembly.
 *
 * <p>A kernel is native code in any case; this keeps the compiler, and its error messages, from
 * telling what is on the disk.
 */
final class SourceRules {
  private static final Pattern LINE_SPLICE = Pattern.compile("\\\\[ \\t]*\\r?\\n");
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "(?:#|%:|\\?\\?=)\\s*(?:include|include_next|import|embed)\\b"
              + "|\\b__has_(?:include|include_next|embed)\\b"
              + "|\\b(?:asm|__asm|__asm__)\\b");

  private SourceRules() {}

  /**
   * Returns when the source may be compiled.
   *
   * @throws VaccelException {@link io.vaccel.Reason#ARGUMENT_INVALID} naming what may not be used
   */
  static void check(String source) {
    // Trigraphs first: one of them is a backslash, which can splice lines.
    String joined =
        LINE_SPLICE.matcher(source.replace("??/", "\\").replace("??=", "#")).replaceAll("");
    // A comment counts as a space; with comments kept, one that hides a directive changes nothing.
    refuse(joined);
    refuse(COMMENT.matcher(joined).replaceAll(" "));
  }

  private static void refuse(String text) {
    Matcher found = FORBIDDEN.matcher(text);
    if (found.find()) {
      throw VaccelException.ofField(
          "source", "uses '" + found.group().replaceAll("\\s+", "") + "', which is not allowed");
    }
  }
}
