package io.vaccel.backend.opencl;

import io.vaccel.VaccelException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel's source may not hold: ways for the compiler to read files of this machine or to
 * tell where they are, to stop the process, and assembly.
 *
 * <p>A kernel is native code in any case; this keeps the compiler, and its error messages, from
 * telling what is on the disk. Whether a directive stands in a comment or a string is not asked: a
 * compiler that sees that otherwise than we do would be one way around. So a source may not have
 * {@code #include} in a comment either.
 */
final class SourceRules {
  /**
   * Names that {@code ##} can make of parts, which no look at the source finds, then mean a name
   * that nothing has. {@code -w} because clang warns of each.
   */
  private static final String DEFINITIONS =
      " -w -Dasm=vaccel_no_assembly -D__asm=vaccel_no_assembly -D__asm__=vaccel_no_assembly"
          + " -D__has_include=vaccel_no_files -D__has_include_next=vaccel_no_files"
          + " -D__has_embed=vaccel_no_files -D_Pragma=vaccel_no_pragma"
          + " -D__FILE__=vaccel_no_files -D__BASE_FILE__=vaccel_no_files"
          + " -D__FILE_NAME__=vaccel_no_files -D__TIMESTAMP__=vaccel_no_files";

  /** A new line that is none; clang takes white space before it. */
  private static final Pattern LINE_SPLICE =
      Pattern.compile("\\\\[ \\t\\f\\x0b]*(?:\\r\\n|\\n\\r|\\n|\\r)");

  /** Nothing that text has; a compiler may end at the first or take it for white space. */
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f]");

  private static final Pattern DIRECTIVE = Pattern.compile("#|%:|\\?\\?=");

  /** Makes one name of two. */
  private static final Pattern JOINS = Pattern.compile("(?:#|%:|\\?\\?=){2}");

  private static final Pattern WORDS =
      Pattern.compile(
          "(?<![A-Za-z0-9_])(?:__has_(?:include|include_next|embed)|_Pragma|__pragma"
              + "|asm|__asm|__asm__|__(?:FILE|BASE_FILE|FILE_NAME|TIMESTAMP)__"
              + "|__builtin_(?:FILE|FILE_NAME|source_location))(?![A-Za-z0-9_])");

  private static final String NAME =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

  private static final Set<String> DIRECTIVES =
      Set.of("include", "include_next", "import", "__include_macros", "embed");

  private static final Set<String> PRAGMAS = Set.of("OPENCL", "STDC", "unroll", "nounroll", "once");
  private static final Set<String> VENDORS = Set.of("clang", "GCC");
  private static final Set<String> VENDOR_PRAGMAS = Set.of("loop", "fp", "diagnostic", "unroll");

  /** Between a directive's mark and its name; more costs time, for each mark anew. */
  private static final int MAX_SPACE = 1000;

  private final String text;
  private int at;

  private SourceRules(String text) {
    this.text = text;
  }

  /**
   * Returns when the source may be compiled.
   *
   * @throws VaccelException {@link io.vaccel.Reason#ARGUMENT_INVALID} naming what may not be used
   */
  static void check(String source) {
    if (CONTROL.matcher(source).find()) {
      throw notAllowed("control characters");
    }
    // Trigraphs are read by some compilers only; one of them is a backslash, which joins lines.
    new SourceRules(joined(source)).check();
    if (source.contains("??")) {
      new SourceRules(joined(source.replace("??/", "\\").replace("??=", "#"))).check();
    }
  }

  /** What the compiler must be told together with a source, beginning with a space or empty. */
  static String options(String source) {
    // Only then: what a driver makes of them is known of PoCL's only.
    return JOINS.matcher(joined(source.replace("??/", "\\"))).find()
            || JOINS.matcher(joined(source)).find()
        ? DEFINITIONS
        : "";
  }

  private static String joined(String source) {
    return LINE_SPLICE.matcher(source).replaceAll("");
  }

  private static VaccelException notAllowed(String what) {
    return VaccelException.ofField("source", "uses '" + what + "', which is not allowed");
  }

  private void check() {
    Matcher word = WORDS.matcher(text);
    if (word.find()) {
      throw notAllowed(word.group());
    }
    Matcher directive = DIRECTIVE.matcher(text);
    while (directive.find()) {
      at = directive.end();
      String name = nextWord();
      if (DIRECTIVES.contains(name)) {
        throw notAllowed("#" + name);
      }
      if (name.equals("pragma")) {
        checkPragma();
      }
    }
  }

  /** Others include files, ask for their times, or make the compiler end the process. */
  private void checkPragma() {
    String first = nextWord();
    String second = VENDORS.contains(first) ? nextWord() : "";
    if (second.isEmpty() ? !PRAGMAS.contains(first) : !VENDOR_PRAGMAS.contains(second)) {
      throw notAllowed(("#pragma " + first + " " + second).strip());
    }
  }

  /**
   * The name that follows, after white space and comments; empty when something else follows. What
   * is not ASCII counts as white space, which some of it is to clang.
   */
  private String nextWord() {
    String space = text.substring(at, Math.min(text.length(), at + MAX_SPACE));
    int skipped = 0;
    while (skipped < space.length()) {
      if (space.startsWith("/*", skipped)) {
        int end = space.indexOf("*/", skipped + 2);
        skipped = end < 0 ? space.length() : end + 2;
      } else if (isSpace(space.charAt(skipped))) {
        skipped++;
      } else {
        break;
      }
    }
    if (skipped == MAX_SPACE) {
      throw notAllowed("#, and much space or a long comment");
    }
    int start = at + skipped;
    at = start;
    while (at < text.length() && NAME.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isSpace(char c) {
    return c <= ' ' || c > '~';
  }
}
