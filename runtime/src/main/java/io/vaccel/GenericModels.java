package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The models of generic calls: each is named by the number of the resource that holds its files, as
 * in vAccel. Safe for use by several threads.
 */
final class GenericModels {
  /** What one tensor takes in the list of arguments that are read. */
  private static final List<String> INPUT_PARTS = List.of("name", "element_type", "shape", "data");

  private static final int INPUT_ARGUMENTS = INPUT_PARTS.size();

  /** What one tensor takes in the list of arguments that are written. */
  private static final int OUTPUT_ARGUMENTS = 3;

  private final Session owner;
  private final SessionContext context;
  private final ResourceModels models;

  GenericModels(Session owner, SessionContext context) {
    this.owner = owner;
    this.context = context;
    this.models = new ResourceModels(owner);
  }

  void addTo(Map<GenericCode, GenericOperations.Layout> layouts) {
    for (GenericFramework framework : GenericFramework.values()) {
      layouts.put(framework.load(), (arguments, call) -> load(framework, arguments, call));
      framework.unload().ifPresent(code -> layouts.put(code, this::unload));
      layouts.put(framework.run(), (arguments, call) -> run(framework, arguments, call));
    }
  }

  /** The model of the image operations: the resource of kind MODEL that was registered last. */
  ResourceModels.Use forImages(Call call) {
    RegisteredResource resource =
        owner
            .latestResource(ResourceKind.MODEL)
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.RESOURCE_NOT_FOUND,
                        "no resource of kind MODEL is registered in the session"));
    return models.use(resource, GenericFramework.TENSORFLOW, call);
  }

  /** Unloads the model of a resource that is not registered any more. */
  void unregister(RegisteredResource resource) {
    models.unregister(resource);
  }

  void close() {
    models.close();
  }

  private GenericCall.Written load(
      GenericFramework framework, GenericArguments arguments, Call call) {
    arguments.expect(1, 0);
    try (ResourceModels.Use use = models.use(arguments.resource(context), framework, call)) {
      return arguments.done(use.model().loaded().executedOn());
    }
  }

  private GenericCall.Written unload(GenericArguments arguments, Call call) {
    arguments.expect(1, 0);
    long number = arguments.int64("resource");
    if (!models.unload(number)) {
      throw new VaccelException(
          Reason.MODEL_NOT_FOUND, "the model of resource " + number + " is not loaded");
    }
    return arguments.done(SessionPlugin.HERE);
  }

  private GenericCall.Written run(
      GenericFramework framework, GenericArguments arguments, Call call) {
    if (arguments.rooms() % OUTPUT_ARGUMENTS != 0) {
      throw VaccelException.ofField(
          "write", "has " + arguments.rooms() + " arguments; an output takes " + OUTPUT_ARGUMENTS);
    }
    int rooms = arguments.rooms() / OUTPUT_ARGUMENTS;
    for (int i = 0; i < rooms; i++) {
      arguments.expectRoom(OUTPUT_ARGUMENTS * i, "element type", ArgumentType.INT32, 0);
      arguments.expectRoom(OUTPUT_ARGUMENTS * i + 1, "dimensions", ArgumentType.INT64_ARRAY, 0);
      arguments.expectRoom(OUTPUT_ARGUMENTS * i + 2, "data", ArgumentType.BUFFER, 0);
    }
    RegisteredResource resource = arguments.resource(context);
    ByteBuffer options = ModelRun.checkOptions(arguments.take("run options", ArgumentType.BUFFER));
    int count = arguments.int32("number of inputs");
    if (count < 0 || count > arguments.left() / INPUT_ARGUMENTS) {
      throw VaccelException.ofField(
          "read[3]",
          "(number of inputs) is " + count + ", there are " + arguments.left() + " arguments more");
    }
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      inputs.add(input(framework, arguments));
    }
    List<String> wanted = new ArrayList<>();
    while (arguments.left() > 0) {
      wanted.add(arguments.string("name of an output"));
    }
    if (!wanted.isEmpty()) {
      requireOutputs(rooms, wanted.size());
    }
    ModelRun.Outputs outputs;
    try (ResourceModels.Use use = models.use(resource, framework, call)) {
      ModelRun run = new ModelRun(use.model(), inputs, wanted, options);
      outputs = context.perform(Operations.MODEL_RUN, run, call);
    }
    requireOutputs(rooms, outputs.tensors().size());
    outputs.tensors().subList(0, rooms).forEach(tensor -> put(framework, arguments, tensor));
    return arguments.done(outputs.executedOn());
  }

  private static void requireOutputs(int rooms, int outputs) {
    if (rooms > outputs) {
      throw VaccelException.ofField(
          "write", "has room for " + rooms + " outputs, the result has " + outputs);
    }
  }

  private static Tensor input(GenericFramework framework, GenericArguments arguments) {
    int first = arguments.position();
    String name = arguments.string("name of an input");
    int number = arguments.int32("element type");
    ByteBuffer dimensions = arguments.take("dimensions", ArgumentType.INT64_ARRAY);
    ByteBuffer data = arguments.take("data", ArgumentType.BUFFER);
    long[] shape = new long[dimensions.remaining() / Long.BYTES];
    dimensions.asLongBuffer().get(shape);
    try {
      return Tensor.of(name, framework.elementType(number), Shape.of(shape), data);
    } catch (VaccelException e) {
      String part = e.details().getOrDefault(VaccelException.FIELD, "").replaceFirst("\\[.*", "");
      throw e.inField("read[" + (first + INPUT_PARTS.indexOf(part)) + "]");
    }
  }

  private static void put(GenericFramework framework, GenericArguments arguments, Tensor tensor) {
    ByteBuffer type = room(Integer.BYTES).putInt(0, framework.number(tensor.type()));
    ByteBuffer shape = room(tensor.shape().rank() * Long.BYTES);
    shape.asLongBuffer().put(tensor.shape().dimensions());
    arguments.put("element type", ArgumentType.INT32, type);
    arguments.put("dimensions", ArgumentType.INT64_ARRAY, shape);
    arguments.put("data", ArgumentType.BUFFER, tensor.data());
  }

  private static ByteBuffer room(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
