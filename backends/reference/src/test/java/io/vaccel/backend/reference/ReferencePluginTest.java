package io.vaccel.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.contract.ArrayContract;
import io.vaccel.contract.EchoContract;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReferencePluginTest implements EchoContract, ArrayContract {

  @Override
  public Vaccel open() {
    return Vaccel.builder().set(Settings.PLUGINS, "reference").load();
  }

  @Test
  void echo_doesNotCopy() {
    Tensor tensor = Tensor.ofFloats("x", Shape.of(1), 1);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      assertThat(session.echo(List.of(tensor)).tensors().get(0)).isSameAs(tensor);
    }
  }

  @Test
  void order_isAfterEveryEngine() {
    assertThat(new ReferenceProvider().order()).isGreaterThan(ReferenceProvider.LOCAL);
  }
}
