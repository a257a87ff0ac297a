package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetAllOpList;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.backend.engine.Printable;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/**
 * TensorFlow's own definitions of its operators. It holds the nodes of a graph against them, but
 * not those of functions before its optimiser has looked at them, which then ends the process.
 */
final class Definitions {
  private static final Map<String, OpDef> ALL = load();

  private Definitions() {}

  /**
   * Makes sure that a node has the attributes of its operator, each of its kind.
   *
   * @throws UnsoundGraph when it has not
   */
  static void check(NodeDef node) {
    OpDef definition = ALL.get(node.getOp());
    if (definition == null) {
      throw new UnsoundGraph("uses operator '" + Printable.name(node.getOp()) + "'");
    }
    for (OpDef.AttrDef attribute : definition.getAttrList()) {
      AttrValue value = node.getAttrMap().get(attribute.getName());
      if (value == null ? !attribute.hasDefaultValue() : !fits(attribute.getType(), value)) {
        throw new UnsoundGraph(
            "lacks the "
                + attribute.getType()
                + " '"
                + attribute.getName()
                + "' in node '"
                + Printable.name(node.getName())
                + "'");
      }
    }
  }

  private static boolean fits(String type, AttrValue value) {
    AttrValue.ValueCase kind = value.getValueCase();
    return switch (type) {
      case "string" -> kind == AttrValue.ValueCase.S;
      case "int" -> kind == AttrValue.ValueCase.I;
      case "float" -> kind == AttrValue.ValueCase.F;
      case "bool" -> kind == AttrValue.ValueCase.B;
      case "type" -> kind == AttrValue.ValueCase.TYPE;
      case "shape" -> kind == AttrValue.ValueCase.SHAPE;
      case "tensor" -> kind == AttrValue.ValueCase.TENSOR;
      case "func" -> kind == AttrValue.ValueCase.FUNC;
      default -> type.startsWith("list(") && kind == AttrValue.ValueCase.LIST;
    };
  }

  private static Map<String, OpDef> load() {
    TF_Buffer buffer = TF_GetAllOpList();
    try {
      byte[] bytes = new byte[Math.toIntExact(buffer.length())];
      new BytePointer(buffer.data()).get(bytes);
      Map<String, OpDef> all = new HashMap<>();
      OpList.parseFrom(bytes)
          .getOpList()
          .forEach(definition -> all.put(definition.getName(), definition));
      return Map.copyOf(all);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow's list of operators cannot be read", e);
    } finally {
      TF_DeleteBuffer(buffer);
    }
  }
}
