package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Argument;
import io.vaccel.CallOptions;
import io.vaccel.GenericCall;
import io.vaccel.GenericCode;
import io.vaccel.Model;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a runtime promises for the generic calls that run models of the plugin's format. */
public interface GenericModelContract extends PluginContract {

  /** The models that the plugin is tried with. */
  ModelKit models();

  @Test
  default void genericCallsOfTheFramework_doTheSame() {
    GenericModelCall calls = GenericModelCall.of(models().format());
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, models().sumAndDifference());
        RegisteredResource resource = session.register(models().sumAndDifference().resource())) {
      List<Tensor> inputs = inputs(5, 7);
      List<Tensor> expected = session.run(model, inputs).tensors();
      GenericModelCall.call(session, calls.load(), resource);
      List<Argument> written = calls.run(session, resource, calls.float32(), inputs);
      calls.assertIs(expected.get(0), written.subList(0, 3));
      calls.assertIs(expected.get(1), written.subList(3, 6));
      VaccelException unknown = failureOf(() -> calls.run(session, resource, 99, inputs));
      assertThat(unknown.reason()).isEqualTo(Reason.TENSOR_INVALID);
      assertThat(unknown.details()).containsEntry("field", "read[5].element_type");
      calls.unload().ifPresent(code -> unloadTwice(session, code, resource));
    }
  }

  @Test
  default void manyGenericRunsAtOnce_shareTheModelThatNoneHasLoadedBefore() {
    GenericModelCall calls = GenericModelCall.of(models().format());
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        RegisteredResource resource = session.register(models().sumAndDifference().resource())) {
      List<CompletableFuture<GenericCall.Written>> runs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        GenericCall run = calls.running(resource, calls.float32(), inputs(i, -i));
        runs.add(session.async().submit(Operations.GENERIC_CALL, run, CallOptions.defaults()));
      }
      for (int i = 0; i < runs.size(); i++) {
        GenericCall.Written done = runs.get(i).orTimeout(60, TimeUnit.SECONDS).join();
        Tensor sum = Tensor.ofFloats("", Shape.of(1, 2), i + 1f, 9f - i);
        calls.assertIs(sum, done.arguments().subList(0, 3));
      }
    }
  }

  private static List<Tensor> inputs(float first, float second) {
    return List.of(
        Tensor.ofFloats("", Shape.of(1, 2), first, second),
        Tensor.ofFloats("", Shape.of(1, 2), 1, 9));
  }

  private static void unloadTwice(Session session, GenericCode code, RegisteredResource resource) {
    GenericModelCall.call(session, code, resource);
    assertThat(failureOf(() -> GenericModelCall.call(session, code, resource)).reason())
        .isEqualTo(Reason.MODEL_NOT_FOUND);
  }
}
