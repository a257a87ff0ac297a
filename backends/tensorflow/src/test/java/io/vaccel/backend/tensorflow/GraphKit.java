package io.vaccel.backend.tensorflow;

import static io.vaccel.backend.tensorflow.GraphMaker.node;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.contract.ModelKit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** TensorFlow models as frozen graphs. */
public final class GraphKit implements ModelKit {
  @Override
  public ModelFormat format() {
    return ModelFormat.TENSORFLOW_GRAPH;
  }

  @Override
  public String plugin() {
    return TensorFlowProvider.NAME;
  }

  @Override
  public Set<ElementType> types() {
    return EnumSet.allOf(ElementType.class);
  }

  @Override
  public ModelSpec identity(ElementType type, long... dimensions) {
    return spec(TinyGraphs.identity(type, dimensions));
  }

  @Override
  public ModelSpec sumAndDifference() {
    return spec(TinyGraphs.sumAndDifference());
  }

  @Override
  public ModelSpec counting() {
    return spec(TinyGraphs.counting());
  }

  @Override
  public List<Refused> refused() {
    return List.of(
        new Refused(spec(TinyGraphs.readsFile("/etc/hostname")), "'ReadFile'"),
        new Refused(
            spec(
                new GraphMaker()
                    .input("x", ElementType.FLOAT32, 1)
                    .add(node("y", "Frobnicate", "x"))),
            "'Frobnicate'"),
        new Refused(spec(new GraphMaker()), "no operation"));
  }

  ModelSpec spec(GraphMaker graph) {
    return spec(graph.bytes());
  }
}
