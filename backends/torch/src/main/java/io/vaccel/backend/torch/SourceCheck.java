package io.vaccel.backend.torch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a program's source before LibTorch compiles it: by then it would be too late, for
 * LibTorch runs parts of a program while it loads it.
 */
final class SourceCheck {
  /**
   * Functions that read and write files, print, call other processes, start threads or profile;
   * seen with 2.10: all of the engine's that reach outside a model.
   */
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "\\b(from_file|save|_print|fork|TracedFork|rpc_async|rpc_sync|rpc_remote|c10d\\w*"
              + "|_c10d\\w*|dist_c10d|dist_rpc|profiler|manual_seed)\\b");

  /** The compiler reads escapes in the name that {@code getattr} is given. */
  private static final Pattern HIDDEN = Pattern.compile("\\bgetattr\\b(?s:.*)\\\\[0-9xXuUN]");

  private static final Pattern STRING_OR_COMMENT =
      Pattern.compile(
          "\"[^\"\\\\\n]*+(?:\\\\.[^\"\\\\\n]*+)*+\"|'[^'\\\\\n]*+(?:\\\\.[^'\\\\\n]*+)*+'|#[^\n]*+");

  private static final String OPENING = "([{";
  private static final String CLOSING = ")]}";

  /** What the compiler, which calls itself for each level, is known to manage on our stack. */
  private static final int MAX_STATEMENT = 64 << 10;

  private static final int MAX_INDENTATION = 200;
  private static final int MAX_BRANCHES = 1000;

  private SourceCheck() {}

  /** What is wrong with it, as a sentence after the model's name; empty when nothing is. */
  static Optional<String> problem(String source) {
    Matcher outside = OUTSIDE.matcher(source);
    if (outside.find()) {
      return Optional.of(
          "uses '" + outside.group() + "': what reaches outside the model is not allowed");
    }
    if (HIDDEN.matcher(source).find()) {
      return Optional.of("uses getattr together with escapes in strings");
    }
    return tooDeep(source)
        ? Optional.of("has code that is nested too deeply, or a statement that is too long")
        : Optional.empty();
  }

  private static boolean tooDeep(String source) {
    if (source.contains("\"\"\"") || source.contains("'''")) {
      // The compiler's own printer writes no such strings, which would need more care here.
      return true;
    }
    int branches = 0;
    int length = 0;
    int open = 0;
    for (String line : STRING_OR_COMMENT.matcher(source).replaceAll("''").split("\n", -1)) {
      String code = line.stripLeading();
      branches += code.startsWith("elif") ? 1 : 0;
      boolean indented = open == 0 && line.length() - code.length() > MAX_INDENTATION;
      length = open > 0 ? length + line.length() : line.length();
      for (int i = 0; i < line.length(); i++) {
        open += OPENING.indexOf(line.charAt(i)) >= 0 ? 1 : 0;
        open -= open > 0 && CLOSING.indexOf(line.charAt(i)) >= 0 ? 1 : 0;
      }
      if (indented || length > MAX_STATEMENT || branches > MAX_BRANCHES) {
        return true;
      }
    }
    return false;
  }
}
