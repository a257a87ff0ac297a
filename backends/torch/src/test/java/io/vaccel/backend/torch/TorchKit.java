package io.vaccel.backend.torch;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.contract.ModelKit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** TorchScript models. */
public final class TorchKit implements ModelKit {
  @Override
  public ModelFormat format() {
    return ModelFormat.TORCHSCRIPT;
  }

  @Override
  public String plugin() {
    return "torch";
  }

  @Override
  public Set<ElementType> types() {
    Set<ElementType> types = EnumSet.allOf(ElementType.class);
    types.removeAll(
        EnumSet.of(
            ElementType.STRING,
            ElementType.INT4,
            ElementType.QINT8,
            ElementType.QUINT8,
            ElementType.QINT16,
            ElementType.QUINT16,
            ElementType.QINT32));
    return types;
  }

  @Override
  public boolean tellsSignature() {
    return false;
  }

  /** The language has one type for tensors of all types and shapes. */
  @Override
  public ModelSpec identity(ElementType type, long... dimensions) {
    return forward("x: Tensor", "Tensor", "return x");
  }

  @Override
  public ModelSpec sumAndDifference() {
    return forward(
        "a: Tensor, b: Tensor",
        "Dict[str, Tensor]",
        "return {\"sum\": torch.add(a, b), \"difference\": torch.sub(a, b)}");
  }

  @Override
  public ModelSpec counting() {
    return forward(
        "n: Tensor, x: Tensor",
        "Tensor",
        "y = x",
        "for i in range(int(n)):",
        "  y = torch.add(y, 1)",
        "return y");
  }

  @Override
  public List<Refused> refused() {
    return List.of(
        new Refused(forward("x: Tensor", "Tensor", "return torch.frobnicate(x)"), "frobnicate"),
        new Refused(forward("x: List[Tensor]", "Tensor", "return x[0]"), "List[Tensor]"));
  }

  /** A model whose method {@code forward} has these parameters, this type and these lines. */
  ModelSpec forward(String parameters, String type, String... lines) {
    return spec(TorchArchive.module(method(parameters, type, lines)).bytes());
  }

  /** The method. */
  static String method(String parameters, String type, String... lines) {
    return "  def forward(self: __torch__.M,\n    "
        + parameters
        + ") -> "
        + type
        + ":\n    "
        + String.join("\n    ", lines)
        + "\n";
  }
}
