package io.vaccel.backend.engine;

/** Names from a guest's model or call as error messages may show them. */
public final class Printable {
  private static final int MAX_LENGTH = 80;

  private Printable() {}

  /** The name in ASCII, cut after 80 characters. */
  public static String name(String name) {
    String printable = name.replaceAll("[^ -~]", "?");
    return printable.length() <= MAX_LENGTH
        ? printable
        : printable.substring(0, MAX_LENGTH) + "...";
  }
}
