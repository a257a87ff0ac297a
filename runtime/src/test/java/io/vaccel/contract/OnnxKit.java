package io.vaccel.contract;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** ONNX models. */
public final class OnnxKit implements ModelKit {
  @Override
  public ModelFormat format() {
    return ModelFormat.ONNX;
  }

  @Override
  public String plugin() {
    return "onnx";
  }

  @Override
  public Set<ElementType> types() {
    return EnumSet.of(
        ElementType.BOOL,
        ElementType.UINT8,
        ElementType.INT8,
        ElementType.UINT16,
        ElementType.INT16,
        ElementType.UINT32,
        ElementType.INT32,
        ElementType.UINT64,
        ElementType.INT64,
        ElementType.FLOAT16,
        ElementType.BFLOAT16,
        ElementType.FLOAT32,
        ElementType.FLOAT64,
        ElementType.STRING);
  }

  @Override
  public ModelSpec identity(ElementType type, long... dimensions) {
    return TinyModels.spec(TinyModels.identity(type, dimensions));
  }

  @Override
  public ModelSpec sumAndDifference() {
    return TinyModels.spec(TinyModels.sumAndDifference());
  }

  @Override
  public ModelSpec counting() {
    return TinyModels.spec(TinyModels.counting());
  }

  @Override
  public List<Refused> refused() {
    List<Refused> refused = new ArrayList<>();
    refused.add(new Refused(TinyModels.spec(TinyModels.unknownOperator()), "'Frobnicate'"));
    OnnxFile newer = TinyModels.identity(ElementType.INT8, 1).irVersion(99);
    refused.add(new Refused(TinyModels.spec(newer), "99"));
    for (String location : List.of("pom.xml", "../pom.xml", "/etc/hostname", "tiny.data", "")) {
      OnnxFile outside =
          new OnnxFile("outside")
              .externalConstant("w", ElementType.UINT8, location, 4)
              .node("Identity", List.of("w"), List.of("y"))
              .output("y", ElementType.UINT8, 4);
      refused.add(new Refused(TinyModels.spec(outside), "tiny.onnx"));
    }
    return refused;
  }
}
