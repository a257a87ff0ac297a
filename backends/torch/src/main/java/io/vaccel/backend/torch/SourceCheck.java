package io.vaccel.backend.torch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a program's source before LibTorch compiles it: by then it would be too late, for
 * LibTorch runs parts of a program while it loads it.
 */
final class SourceCheck {
  private static final Pattern OUTSIDE =
      Pattern.compile("(?<![A-Za-z0-9_])(?:" + Operators.REFUSED.pattern() + ")(?![A-Za-z0-9_])");

  /**
   * What names all operators, other than before one of a namespace that is allowed. The compiler's
   * printer uses it in no other way; attributes may be called so, and messages may have the word.
   */
  private static final Pattern ALL_OPERATORS =
      Pattern.compile(
          "(?<![A-Za-z0-9_.])ops(?![A-Za-z0-9_])(?!\\.(?:"
              + String.join("|", Operators.NAMESPACES)
              + ")\\.)(?! ?:)(?!\\.? [A-Z])(?! [a-z])(?!\\.?\")");

  private static final Pattern GETATTR =
      Pattern.compile("(?<![A-Za-z0-9_])getattr(?![A-Za-z0-9_])");

  /**
   * {@code getattr} as the compiler's printer writes it, for attributes that are no names, such as
   * the modules "0", "1" of a sequence. What LibTorch 2.10 takes besides, seen with this check off:
   * literals side by side, on several lines, with comments between them, in parentheses, with three
   * quotes, with one, with octal escapes; and the function under another name. Any of these can
   * spell the name of an operator that is not to be found in the source.
   */
  private static final Pattern PLAIN_GETATTR =
      Pattern.compile(
          "(?<![A-Za-z0-9_.])getattr\\((?!(?:torch|ops|__torch__|CONSTANTS)[.,])"
              + "[A-Za-z_][A-Za-z0-9_.]*+, \"[^\"\\\\\n]*+\"\\)");

  /** How deep {@code getattr} may be nested. */
  private static final int MAX_GETATTR = 32;

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
      return Optional.of(Operators.outside(outside.group()));
    }
    if (ALL_OPERATORS.matcher(source).find()) {
      return Optional.of("uses 'ops' other than in ops.NAMESPACE.OPERATOR, of a known namespace");
    }
    if (hasOddGetattr(source)) {
      return Optional.of(
          "uses getattr other than as getattr(VALUE, \"NAME\"), with one plain string");
    }
    return tooDeep(source)
        ? Optional.of("has code that is nested too deeply, or a statement that is too long")
        : Optional.empty();
  }

  /** Takes the plain ones away from the inside out, and looks whether one is left. */
  private static boolean hasOddGetattr(String source) {
    String left = source;
    for (int i = 0; i < MAX_GETATTR && GETATTR.matcher(left).find(); i++) {
      left = PLAIN_GETATTR.matcher(left).replaceAll("value");
    }
    return GETATTR.matcher(left).find();
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
