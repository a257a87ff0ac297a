package io.vaccel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The only exception that crosses a module: a {@link Reason}, one line of text, and details as key
 * and value.
 *
 * <p>The text names what was wrong and why, in the caller's terms; it never holds a path of another
 * machine, a class name or a stack trace. The runtime adds the operation and the place, so that
 * {@link #getMessage} reads {@code image.classify at vsock:2:2048: the JPEG ends after 1,234
 * bytes}.
 */
public final class VaccelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The longest message in characters; longer ones, such as an engine's, are cut. */
  public static final int MAX_LENGTH = 2048;

  /** The detail that names the field of a request, a path such as {@code inputs[2].shape[0]}. */
  public static final String FIELD = "field";

  /** Control characters and Unicode's own line ends. */
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private final Reason reason;
  private final String text;
  private final transient Map<String, String> details;

  /** An error without a cause. */
  public VaccelException(Reason reason, String text) {
    this(reason, text, text, Map.of(), null);
  }

  /** An error whose cause stays on this side and is never sent. */
  public VaccelException(Reason reason, String text, Throwable cause) {
    this(reason, text, text, Map.of(), cause);
  }

  /**
   * {@link Reason#ARGUMENT_INVALID} for this field of a request; the text is the field's name, a
   * space and the problem.
   */
  public static VaccelException ofField(String field, String problem) {
    return ofField(Reason.ARGUMENT_INVALID, field, problem);
  }

  /** The same for another reason. */
  public static VaccelException ofField(Reason reason, String field, String problem) {
    return new VaccelException(reason, field + " " + problem).with(FIELD, field);
  }

  private VaccelException(
      Reason reason, String message, String text, Map<String, String> details, Throwable cause) {
    super(oneLine(message), cause);
    this.reason = Objects.requireNonNull(reason, "reason");
    this.text = oneLine(text);
    this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** The stable name of the case. */
  public Reason reason() {
    return reason;
  }

  /** The class of error; the same as {@code reason().code()}. */
  public ErrorCode code() {
    return reason.code();
  }

  /** What was wrong, without operation and place: the part that is sent to the other side. */
  public String text() {
    return text;
  }

  /** Machine-readable facts, for instance {@code limit} and {@code amount}. */
  public Map<String, String> details() {
    return details == null ? Map.of() : details;
  }

  /** A copy of this error with one more detail. */
  public VaccelException with(String key, Object value) {
    Map<String, String> more = new LinkedHashMap<>(details());
    more.put(key, String.valueOf(value));
    return copy(getMessage(), more);
  }

  /**
   * A copy that says which field of the request is at fault, in its text too. Fields nest: what was
   * wrong with {@code shape[0]} is wrong with {@code inputs[2].shape[0]} in field {@code
   * inputs[2]}.
   */
  public VaccelException inField(String field) {
    String inner = details().getOrDefault(FIELD, "");
    String path = field + (inner.isEmpty() || inner.startsWith("[") ? "" : ".") + inner;
    boolean said = !inner.isEmpty() && text.startsWith(inner + " ");
    String placed = said ? path + text.substring(inner.length()) : field + ": " + text;
    return new VaccelException(reason, placed, placed, details(), getCause())
        .copiedFrom(this)
        .with(FIELD, path);
  }

  /**
   * A copy that says which field of the request is at fault, for an invalid argument whose text
   * tells it in words already; the same error when its field is known or it is another one's fault.
   */
  public VaccelException about(String field) {
    return code() != ErrorCode.INVALID_ARGUMENT || details().containsKey(FIELD)
        ? this
        : with(FIELD, field);
  }

  /** A copy whose message names this operation and this place instead of any named before. */
  public VaccelException at(String operation, String place) {
    return copy(operation + " at " + place + ": " + text, details());
  }

  /** A copy whose text goes on with this. */
  VaccelException and(String more) {
    VaccelException copy =
        new VaccelException(reason, getMessage() + more, text + more, details(), getCause());
    return copy.copiedFrom(this);
  }

  /**
   * A copy whose message names this operation, for errors that happen before any place is known.
   */
  public VaccelException during(String operation) {
    return copy(operation + ": " + text, details());
  }

  private VaccelException copy(String message, Map<String, String> newDetails) {
    return new VaccelException(reason, message, text, newDetails, getCause()).copiedFrom(this);
  }

  private VaccelException copiedFrom(VaccelException original) {
    setStackTrace(original.getStackTrace());
    for (Throwable suppressed : original.getSuppressed()) {
      addSuppressed(suppressed);
    }
    return this;
  }

  private static String oneLine(String message) {
    String line = BREAKS.matcher(String.valueOf(message)).replaceAll(" ").strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH - 3) + "...";
  }
}
