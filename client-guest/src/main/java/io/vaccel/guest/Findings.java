package io.vaccel.guest;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * How the result of one operation on pictures is shown, to people and to programs.
 *
 * @param <R> the result
 */
interface Findings<R> {
  /** What was found, best first. */
  List<Row> rows(R result);

  /** What else there is to say, in a line; empty when nothing. */
  String remark(R result);

  /** Adds the fields that {@code docs/GUEST-JSON.md} describes. */
  void addTo(JsonObject image, R result);

  /**
   * One line of a table.
   *
   * @param name what it is
   * @param score 0 to 1; shown as number and bar
   * @param detail more about it; may be empty
   */
  record Row(String name, float score, String detail) {}
}
