package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.util.Map;

/**
 * The functions of libraries in generic calls: all arguments after the function's name are its own.
 * Safe for use by several threads.
 */
final class GenericFunctions {
  private final SessionContext context;

  GenericFunctions(SessionContext context) {
    this.context = context;
  }

  void addTo(Map<GenericCode, GenericOperations.Layout> layouts) {
    layouts.put(GenericCode.EXEC, this::exec);
    layouts.put(GenericCode.EXEC_WITH_RESOURCE, this::execWithResource);
  }

  private GenericCall.Written exec(GenericArguments arguments, Call call) {
    String library = arguments.string("library");
    Exec input = new Exec(library, function(arguments));
    return written(context.perform(Operations.EXEC, input, call));
  }

  private GenericCall.Written execWithResource(GenericArguments arguments, Call call) {
    RegisteredResource library = arguments.resource(context);
    ExecWithResource input = new ExecWithResource(library, function(arguments));
    return written(context.perform(Operations.EXEC_WITH_RESOURCE, input, call));
  }

  private static FunctionCall function(GenericArguments arguments) {
    String symbol = arguments.string("symbol");
    return FunctionCall.of(symbol, arguments.rest(), arguments.write());
  }

  private static GenericCall.Written written(Exec.Written written) {
    return new GenericCall.Written(written.arguments(), written.executedOn());
  }
}
