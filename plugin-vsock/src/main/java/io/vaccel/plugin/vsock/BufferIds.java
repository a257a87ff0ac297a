package io.vaccel.plugin.vsock;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.vaccel.v1.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds the buffers that a message names, so that those of a result that nobody wants are freed.
 */
final class BufferIds {
  private BufferIds() {}

  static List<String> in(Message message) {
    List<String> found = new ArrayList<>();
    collect(message, found);
    return found;
  }

  private static void collect(Message message, List<String> found) {
    if (message instanceof Payload payload) {
      if (payload.hasBufferId()) {
        found.add(payload.getBufferId());
      }
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      List<?> values =
          field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
      values.forEach(value -> collect((Message) value, found));
    }
  }
}
