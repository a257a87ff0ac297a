package io.vaccel.wire;

import com.google.protobuf.Duration;
import io.vaccel.Argument;
import io.vaccel.ArgumentLayout;
import io.vaccel.ArgumentType;
import io.vaccel.ElementType;
import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.ModelFormat;
import io.vaccel.PixelFormat;
import io.vaccel.ResourceKind;
import io.vaccel.Shape;
import io.vaccel.Signature;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import io.vaccel.v1.RawImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The values that several messages share, between wire and runtime, both ways.
 *
 * <p>Decoding checks everything that the runtime types promise; what comes back may be trusted as
 * such.
 */
public final class Codec {
  /** The most tensors in one message. */
  public static final int MAX_TENSORS = 1024;

  /** The most stages or hops that are believed. */
  private static final int MAX_STEPS = 256;

  private static final EnumCodec<ElementType, io.vaccel.v1.ElementType> ELEMENT_TYPES =
      new EnumCodec<>(
          "element_type", ElementType.class, io.vaccel.v1.ElementType.class, "ELEMENT_TYPE_");
  private static final EnumCodec<PixelFormat, io.vaccel.v1.PixelFormat> PIXEL_FORMATS =
      new EnumCodec<>("format", PixelFormat.class, io.vaccel.v1.PixelFormat.class, "PIXEL_FORMAT_");
  private static final EnumCodec<ModelFormat, io.vaccel.v1.ModelFormat> MODEL_FORMATS =
      new EnumCodec<>("format", ModelFormat.class, io.vaccel.v1.ModelFormat.class, "MODEL_FORMAT_");
  private static final EnumCodec<ResourceKind, io.vaccel.v1.ResourceKind> RESOURCE_KINDS =
      new EnumCodec<>(
          "kind", ResourceKind.class, io.vaccel.v1.ResourceKind.class, "RESOURCE_KIND_");

  private static final EnumCodec<ArgumentLayout, io.vaccel.v1.ArgumentLayout> LAYOUTS =
      new EnumCodec<>(
          "layout", ArgumentLayout.class, io.vaccel.v1.ArgumentLayout.class, "ARGUMENT_LAYOUT_");

  private Codec() {}

  /** To the wire. */
  public static io.vaccel.v1.ArgumentLayout encode(ArgumentLayout layout) {
    return LAYOUTS.encode(layout);
  }

  /** From the wire; unspecified is the current one. */
  public static ArgumentLayout decode(io.vaccel.v1.ArgumentLayout layout) {
    return layout == io.vaccel.v1.ArgumentLayout.ARGUMENT_LAYOUT_UNSPECIFIED
        ? ArgumentLayout.CURRENT
        : LAYOUTS.decode(layout);
  }

  /** To the wire. */
  public static io.vaccel.v1.ModelFormat encode(ModelFormat format) {
    return MODEL_FORMATS.encode(format);
  }

  /** From the wire. */
  public static ModelFormat decode(io.vaccel.v1.ModelFormat format) {
    return MODEL_FORMATS.decode(format);
  }

  /** To the wire. */
  public static io.vaccel.v1.ResourceKind encode(ResourceKind kind) {
    return RESOURCE_KINDS.encode(kind);
  }

  /** From the wire. */
  public static ResourceKind decode(io.vaccel.v1.ResourceKind kind) {
    return RESOURCE_KINDS.decode(kind);
  }

  /** To the wire. */
  public static Duration encode(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  /** From the wire; errors name the field. */
  public static java.time.Duration decode(String field, Duration duration) {
    try {
      return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    } catch (ArithmeticException e) {
      throw VaccelException.ofField(field, "is out of range");
    }
  }

  /** To the wire. */
  public static io.vaccel.v1.Tensor encode(Tensor tensor, Outbound out) {
    io.vaccel.v1.Tensor.Builder wire =
        io.vaccel.v1.Tensor.newBuilder()
            .setName(tensor.name())
            .setElementType(ELEMENT_TYPES.encode(tensor.type()))
            .setData(out.payload(tensor.data()));
    for (int i = 0; i < tensor.shape().rank(); i++) {
      wire.addShape(tensor.shape().dimension(i));
    }
    return wire.build();
  }

  /**
   * From the wire.
   *
   * @param field the tensor's name in the message; errors name it, or what is wrong in it
   */
  public static Tensor decode(String field, io.vaccel.v1.Tensor wire, Inbound in) {
    try {
      if (wire.getShapeCount() > Shape.MAX_RANK) {
        throw Shape.tooManyDimensions(wire.getShapeCount());
      }
      long[] dimensions = wire.getShapeList().stream().mapToLong(Long::longValue).toArray();
      return new Tensor(
          wire.getName(),
          ELEMENT_TYPES.decode(wire.getElementType()),
          Shape.of(dimensions),
          payload("data", wire.getData(), in));
    } catch (VaccelException e) {
      throw e.inField(field);
    }
  }

  /** The bytes of a payload; errors name the field. */
  static ByteBuffer payload(String field, Payload wire, Inbound in) {
    try {
      return in.payload(wire);
    } catch (VaccelException e) {
      throw e.inField(field);
    }
  }

  /** To the wire. */
  public static List<io.vaccel.v1.Tensor> encode(List<Tensor> tensors, Outbound out) {
    return tensors.stream().map(tensor -> encode(tensor, out)).toList();
  }

  /**
   * From the wire.
   *
   * @param field the name of the list, for errors
   */
  public static List<Tensor> decode(String field, List<io.vaccel.v1.Tensor> wire, Inbound in) {
    if (wire.size() > MAX_TENSORS) {
      throw VaccelException.ofField(
          field, "has " + wire.size() + " tensors, the limit is " + MAX_TENSORS);
    }
    List<Tensor> tensors = new ArrayList<>(wire.size());
    for (int i = 0; i < wire.size(); i++) {
      tensors.add(decode(field + "[" + i + "]", wire.get(i), in));
    }
    return tensors;
  }

  /** To the wire. */
  public static List<io.vaccel.v1.Argument> encodeArguments(
      List<Argument> arguments, Outbound out) {
    return arguments.stream()
        .map(
            argument ->
                io.vaccel.v1.Argument.newBuilder()
                    .setType(argument.type().number())
                    .setCustomTypeId(argument.customTypeId())
                    .setValue(out.payload(argument.data()))
                    .build())
        .toList();
  }

  /**
   * From the wire.
   *
   * @param field the name of the list, for errors
   */
  public static List<Argument> decodeArguments(
      String field, List<io.vaccel.v1.Argument> wire, Inbound in) {
    if (wire.size() > Argument.MAX_COUNT) {
      throw VaccelException.ofField(
          field, "has " + wire.size() + " arguments, the limit is " + Argument.MAX_COUNT);
    }
    List<Argument> arguments = new ArrayList<>(wire.size());
    for (int i = 0; i < wire.size(); i++) {
      arguments.add(decode(field + "[" + i + "]", wire.get(i), in));
    }
    return arguments;
  }

  private static Argument decode(String field, io.vaccel.v1.Argument wire, Inbound in) {
    try {
      ArgumentType type =
          ArgumentType.numbered(wire.getType())
              .orElseThrow(
                  () ->
                      VaccelException.ofField(
                          "type", "is unknown: " + Integer.toUnsignedString(wire.getType())));
      return new Argument(type, wire.getCustomTypeId(), payload("value", wire.getValue(), in));
    } catch (VaccelException e) {
      throw e.inField(field);
    }
  }

  /** To the wire. */
  public static io.vaccel.v1.Image encode(Image image, Outbound out) {
    io.vaccel.v1.Image.Builder wire = io.vaccel.v1.Image.newBuilder();
    if (image instanceof Image.Raw raw) {
      return wire.setRaw(
              RawImage.newBuilder()
                  .setWidth(raw.width())
                  .setHeight(raw.height())
                  .setFormat(PIXEL_FORMATS.encode(raw.format()))
                  .setPixels(out.payload(raw.data())))
          .build();
    }
    return wire.setEncoded(out.payload(image.data())).build();
  }

  /**
   * From the wire.
   *
   * @param field the image's name in the message; errors name it, or what is wrong in it
   */
  public static Image decode(String field, io.vaccel.v1.Image wire, Inbound in) {
    return switch (wire.getContentCase()) {
      case ENCODED -> decodeEncoded(field + ".encoded", wire.getEncoded(), in);
      case RAW -> decode(field + ".raw", wire.getRaw(), in);
      case CONTENT_NOT_SET ->
          throw VaccelException.ofField(field, "has neither encoded nor raw set");
    };
  }

  /** A picture file; errors name the field. */
  static Image decodeEncoded(String field, Payload wire, Inbound in) {
    try {
      return Image.encoded(in.payload(wire));
    } catch (VaccelException e) {
      throw e.inField(field);
    }
  }

  /** From the wire; errors name the field. */
  public static Image.Raw decode(String field, RawImage wire, Inbound in) {
    try {
      return new Image.Raw(
          wire.getWidth(),
          wire.getHeight(),
          PIXEL_FORMATS.decode(wire.getFormat()),
          payload("pixels", wire.getPixels(), in));
    } catch (VaccelException e) {
      throw e.inField(field);
    }
  }

  /** To the wire. */
  public static io.vaccel.v1.ExecutedOn encode(ExecutedOn executedOn) {
    io.vaccel.v1.ExecutedOn.Builder wire =
        io.vaccel.v1.ExecutedOn.newBuilder()
            .setPlugin(executedOn.plugin())
            .setDevice(executedOn.device())
            .addAllPath(executedOn.path());
    for (Stage stage : executedOn.stages()) {
      wire.addStages(
          io.vaccel.v1.Stage.newBuilder()
              .setName(stage.name())
              .setElapsed(encode(stage.elapsed())));
    }
    return wire.build();
  }

  /** From the wire, as the receiver sees it. */
  public static ExecutedOn decode(io.vaccel.v1.ExecutedOn wire, Inbound in) {
    List<Stage> stages =
        wire.getStagesList().stream()
            .limit(MAX_STEPS)
            .map(stage -> new Stage(stage.getName(), decode("elapsed", stage.getElapsed())))
            .toList();
    List<String> path = wire.getPathList().stream().limit(MAX_STEPS).toList();
    return in.seen(new ExecutedOn(wire.getPlugin(), wire.getDevice(), path, stages));
  }

  /** To the wire. */
  public static List<io.vaccel.v1.TensorInfo> encode(List<TensorInfo> infos) {
    return infos.stream()
        .map(
            info ->
                io.vaccel.v1.TensorInfo.newBuilder()
                    .setName(info.name())
                    .setElementType(ELEMENT_TYPES.encode(info.type()))
                    .addAllShape(info.dimensions())
                    .build())
        .toList();
  }

  /** From the wire. */
  public static Signature decode(
      List<io.vaccel.v1.TensorInfo> inputs, List<io.vaccel.v1.TensorInfo> outputs) {
    return new Signature(decode(inputs), decode(outputs));
  }

  private static List<TensorInfo> decode(List<io.vaccel.v1.TensorInfo> infos) {
    return infos.stream()
        .map(
            info ->
                new TensorInfo(
                    info.getName(),
                    ELEMENT_TYPES.decode(info.getElementType()),
                    info.getShapeList()))
        .toList();
  }
}
