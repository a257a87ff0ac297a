package io.vaccel.agent;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.ArrayServiceGrpc;
import io.vaccel.v1.BlasServiceGrpc;
import io.vaccel.v1.BufferServiceGrpc;
import io.vaccel.v1.ExecServiceGrpc;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.ImageServiceGrpc;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.OpenClServiceGrpc;
import io.vaccel.v1.OpenCvServiceGrpc;
import io.vaccel.v1.ProfilingServiceGrpc;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.SessionServiceGrpc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All methods of the contract, each with what answers it; those that nothing was bound to answer
 * that no plugin can do them. Used by one thread, before the servers start.
 */
final class Services {
  private static final List<ServiceDescriptor> CONTRACT =
      List.of(
          SessionServiceGrpc.getServiceDescriptor(),
          ResourceServiceGrpc.getServiceDescriptor(),
          BufferServiceGrpc.getServiceDescriptor(),
          ModelServiceGrpc.getServiceDescriptor(),
          ImageServiceGrpc.getServiceDescriptor(),
          BlasServiceGrpc.getServiceDescriptor(),
          ArrayServiceGrpc.getServiceDescriptor(),
          ExecServiceGrpc.getServiceDescriptor(),
          OpenClServiceGrpc.getServiceDescriptor(),
          OpenCvServiceGrpc.getServiceDescriptor(),
          GenericServiceGrpc.getServiceDescriptor(),
          ProfilingServiceGrpc.getServiceDescriptor(),
          AgentServiceGrpc.getServiceDescriptor());

  private final Calls calls;
  private final Map<String, ServerCallHandler<?, ?>> handlers = new HashMap<>();

  Services(Calls calls) {
    this.calls = calls;
  }

  /** The names of all services. */
  static List<String> names() {
    return CONTRACT.stream().map(ServiceDescriptor::getName).toList();
  }

  /** Lets {@code handler} answer the method. */
  <Q, R> void bind(MethodDescriptor<Q, R> method, ServerCallHandler<Decoded<Q>, R> handler) {
    handlers.put(method.getFullMethodName(), handler);
  }

  /** The services, ready for a server. */
  List<ServerServiceDefinition> definitions() {
    return CONTRACT.stream().map(this::definition).toList();
  }

  private ServerServiceDefinition definition(ServiceDescriptor service) {
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getName())
            .setSchemaDescriptor(service.getSchemaDescriptor());
    Map<MethodDescriptor<?, ?>, MethodDescriptor<?, ?>> methods = new HashMap<>();
    for (MethodDescriptor<?, ?> method : service.getMethods()) {
      MethodDescriptor<?, ?> decoding = decoding(method);
      methods.put(method, decoding);
      descriptor.addMethod(decoding);
    }
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    methods.forEach((method, decoding) -> add(definition, decoding, method));
    return definition.build();
  }

  private static <Q, R> MethodDescriptor<Decoded<Q>, R> decoding(MethodDescriptor<Q, R> method) {
    return method.toBuilder(
            Decoded.marshaller(method.getRequestMarshaller()), method.getResponseMarshaller())
        .build();
  }

  // What was bound to a method has that method's types: see bind.
  @SuppressWarnings("unchecked")
  private <Q, R> void add(
      ServerServiceDefinition.Builder definition,
      MethodDescriptor<?, ?> decoding,
      MethodDescriptor<Q, R> method) {
    ServerCallHandler<Decoded<Q>, R> bound =
        (ServerCallHandler<Decoded<Q>, R>) handlers.get(method.getFullMethodName());
    definition.addMethod(
        (MethodDescriptor<Decoded<Q>, R>) decoding, bound == null ? nobody(method) : bound);
  }

  private <Q, R> ServerCallHandler<Decoded<Q>, R> nobody(MethodDescriptor<Q, R> method) {
    return calls.unary(
        (request, scope) -> {
          throw new VaccelException(
              Reason.NO_PLUGIN, "no plugin can do " + method.getFullMethodName() + " now");
        });
  }
}
