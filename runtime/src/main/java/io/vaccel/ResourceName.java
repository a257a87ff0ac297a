package io.vaccel;

import java.util.regex.Pattern;

/**
 * The rule for names of resources and of the files in them: relative, {@code /}-separated, nothing
 * that climbs out.
 *
 * <p>A name that passed {@link #check} can be resolved below a directory and stays below it.
 */
public final class ResourceName {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 512;

  /** The longest part between two slashes; the limit of common file systems. */
  public static final int MAX_PART_LENGTH = 200;

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_+@=(),%~ .-]*");

  private ResourceName() {}

  /**
   * Returns {@code name} when it is a good one.
   *
   * @throws VaccelException {@link Reason#NAME_INVALID} saying which rule is broken
   */
  public static String check(String name) {
    if (name.isEmpty()) {
      throw invalid("is empty");
    }
    if (name.length() > MAX_LENGTH) {
      throw invalid("has " + name.length() + " characters, the limit is " + MAX_LENGTH);
    }
    if (name.startsWith("/")) {
      throw invalid("is absolute: " + shown(name));
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw invalid("has the part '" + part + "': " + shown(name));
      }
      if (part.length() > MAX_PART_LENGTH) {
        throw invalid(
            "has a part of " + part.length() + " characters, the limit is " + MAX_PART_LENGTH);
      }
      if (!PART.matcher(part).matches()) {
        throw invalid("has a character that is not allowed: " + shown(name));
      }
    }
    return name;
  }

  private static VaccelException invalid(String what) {
    return VaccelException.ofField(Reason.NAME_INVALID, "name", what);
  }

  private static String shown(String name) {
    String printable = name.replaceAll("[^ -~]", "?");
    return "'" + (printable.length() <= 80 ? printable : printable.substring(0, 80) + "...") + "'";
  }
}
