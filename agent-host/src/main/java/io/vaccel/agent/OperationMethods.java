package io.vaccel.agent;

import com.google.protobuf.Message;
import io.vaccel.Result;
import io.vaccel.wire.WireOperation;
import io.vaccel.wire.WireOperations;

/** Every operation of the wire table, each handed to the session's runtime. */
final class OperationMethods {
  private final Sessions sessions;
  private final long inlineBytes;

  OperationMethods(Sessions sessions, Quota quota) {
    this.sessions = sessions;
    this.inlineBytes = quota.get(Limit.INLINE_BYTES);
  }

  void bind(Services services, Calls calls) {
    WireOperations.all().forEach(operation -> bind(operation, services, calls));
  }

  private <I, O extends Result, Q extends Message, R extends Message> void bind(
      WireOperation<I, O, Q, R> operation, Services services, Calls calls) {
    services.bind(
        operation.method(), calls.unary((request, scope) -> perform(operation, request, scope)));
  }

  private <I, O extends Result, Q extends Message, R extends Message> R perform(
      WireOperation<I, O, Q, R> operation, Q request, CallScope scope) {
    AgentSession session = sessions.enter(operation.sessionId(request), scope);
    CallBudget memory = session.buffers().budgetOfCall();
    scope.onEnd(memory::close);
    OperationPayloads payloads = new OperationPayloads(session, scope, memory, inlineBytes);
    I input = operation.decodeInput(request, payloads);
    O result = session.session().call(operation.operation(), input, scope.options().with(memory));
    return operation.encodeResult(result, payloads);
  }
}
