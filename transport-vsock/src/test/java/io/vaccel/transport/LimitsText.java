package io.vaccel.transport;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@link ServerLimits} as one line of text: its numbers in order, times in nanoseconds. */
final class LimitsText {
  private LimitsText() {}

  static String format(ServerLimits limits) {
    List<String> numbers = new ArrayList<>();
    for (RecordComponent component : ServerLimits.class.getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(limits);
        numbers.add(value instanceof Duration time ? "" + time.toNanos() : value.toString());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    return String.join(" ", numbers);
  }

  static ServerLimits parse(String text) {
    String[] numbers = text.split(" ");
    Class<?>[] types =
        Arrays.stream(ServerLimits.class.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      long number = Long.parseLong(numbers[i]);
      values[i] = types[i] == Duration.class ? Duration.ofNanos(number) : (Object) (int) number;
    }
    try {
      return ServerLimits.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
