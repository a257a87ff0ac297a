package io.vaccel.wire;

import static io.vaccel.wire.Trip.input;
import static io.vaccel.wire.Trip.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.Argument;
import io.vaccel.ArgumentLayout;
import io.vaccel.Classify;
import io.vaccel.Detect;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.Exec;
import io.vaccel.ExecWithResource;
import io.vaccel.ExecutedOn;
import io.vaccel.FunctionCall;
import io.vaccel.GenericCall;
import io.vaccel.GenericCode;
import io.vaccel.Image;
import io.vaccel.ImageStep;
import io.vaccel.KernelArgument;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.PixelFormat;
import io.vaccel.Profile;
import io.vaccel.ReadProfile;
import io.vaccel.Result;
import io.vaccel.RunKernel;
import io.vaccel.Segment;
import io.vaccel.Tensor;
import io.vaccel.TransformImage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;

/**
 * Calls of functions, kernels and models, and the profile, come through the wire's bytes the same.
 */
final class CallsRoundTripTest {
  private static final ExecutedOn WHERE = ExecutedOn.here("a plugin", "CPU");

  private final Owner owner = new Owner();

  @AfterProperty
  void closeOwner() {
    owner.close();
  }

  @Property(tries = 200)
  void functions_areTheSame(
      @ForAll("argumentLists") List<Argument> read,
      @ForAll("argumentLists") List<Argument> write,
      @ForAll ArgumentLayout layout,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    Exec call = new Exec("libmatrix.so", new FunctionCall("multiply_2", read, write, layout));

    assertThat(input(Operations.EXEC, call, side)).isEqualTo(call);
    Exec.Written written = new Exec.Written(write, WHERE);
    assertThat(result(Operations.EXEC, written, side).arguments()).isEqualTo(write);
    assertThat(result(Operations.EXEC_WITH_RESOURCE, written, side).arguments()).isEqualTo(write);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void functionsOfOnesOwn_areTheSame(
      @ForAll("argumentLists") List<Argument> read,
      @ForAll("argumentLists") List<Argument> write,
      @ForAll ArgumentLayout layout,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    ExecWithResource call =
        new ExecWithResource(
            owner.functions(), new FunctionCall("multiply_2", read, write, layout));

    assertThat(input(Operations.EXEC_WITH_RESOURCE, call, side)).isEqualTo(call);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void runsOfModels_areTheSame(
      @ForAll("tensorLists") List<Tensor> inputs,
      @ForAll("paths") List<String> outputs,
      @ForAll @Size(max = 100) byte[] options,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    ModelRun run = new ModelRun(owner.model(), inputs, outputs, ByteBuffer.wrap(options));

    assertThat(input(Operations.MODEL_RUN, run, side)).isEqualTo(run);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void looksAtPictures_areTheSame(
      @ForAll @Size(min = 1, max = 100) byte[] file,
      @ForAll @IntRange(min = 1, max = Classify.MAX_TOP) int top,
      @ForAll @FloatRange(max = 1) float minScore,
      @ForAll boolean annotate,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    Image image = Image.encoded(ByteBuffer.wrap(file));
    Model model = owner.model();

    assertSame(Operations.IMAGE_CLASSIFY, new Classify(model, image, top), side);
    assertSame(Operations.IMAGE_DETECT, new Detect(model, image, minScore, annotate), side);
    assertSame(Operations.IMAGE_SEGMENT, new Segment(model, image, annotate), side);
    assertSame(Operations.IMAGE_POSE, new EstimatePose(model, image, annotate), side);
    assertSame(Operations.IMAGE_DEPTH, new EstimateDepth(model, image, annotate), side);
    assertThat(side.buffersLeft()).isZero();
  }

  private static <I, O extends Result> void assertSame(
      Operation<I, O> operation, I input, WireSide side) throws InvalidProtocolBufferException {
    assertThat(input(operation, input, side)).isEqualTo(input);
  }

  @Property(tries = 200)
  void genericCalls_areTheSame(
      @ForAll GenericCode code,
      @ForAll("argumentLists") List<Argument> read,
      @ForAll("argumentLists") List<Argument> write,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    GenericCall call = GenericCall.of(code, read, write);

    GenericCall back = input(Operations.GENERIC_CALL, call, side);

    assertThat(back).isEqualTo(call);
    assertThat(back.code()).isEqualTo(code);
    GenericCall.Written written = new GenericCall.Written(write, WHERE);
    assertThat(result(Operations.GENERIC_CALL, written, side).arguments()).isEqualTo(write);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void kernels_areTheSame(
      @ForAll("kernelArguments") List<KernelArgument> arguments,
      @ForAll("dimensions") List<Long> groups,
      @ForAll boolean withLocalSize,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    List<Long> global = groups.stream().map(size -> size * 2).toList();
    RunKernel kernel =
        new RunKernel(
            "kernel void f() {}", "f", arguments, global, withLocalSize ? groups : List.of());

    assertThat(input(Operations.OPENCL_RUN, kernel, side)).isEqualTo(kernel);
    List<ByteBuffer> buffers = List.of(bytes(0), bytes(3), bytes(100));
    RunKernel.Buffers written = new RunKernel.Buffers(buffers, WHERE);
    assertThat(result(Operations.OPENCL_RUN, written, side).buffers()).isEqualTo(buffers);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void transformations_areTheSame(
      @ForAll("steps") List<ImageStep> steps,
      @ForAll PixelFormat format,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    Image.Raw picture = new Image.Raw(3, 2, format, bytes(6 * format.bytesPerPixel()));
    TransformImage transform = new TransformImage(picture, steps);

    assertThat(input(Operations.OPENCV_TRANSFORM, transform, side)).isEqualTo(transform);
    TransformImage ofFile = new TransformImage(Image.encoded(bytes(100)), steps);
    assertThat(input(Operations.OPENCV_TRANSFORM, ofFile, side)).isEqualTo(ofFile);
    TransformImage.Transformed done = new TransformImage.Transformed(picture, WHERE);
    assertThat(result(Operations.OPENCV_TRANSFORM, done, side).image()).isEqualTo(picture);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 100)
  void outputsOfModels_areTheSame(
      @ForAll("tensorLists") List<Tensor> tensors, @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    ModelRun.Outputs outputs = new ModelRun.Outputs(tensors, WHERE);

    assertThat(result(Operations.MODEL_RUN, outputs, side).tensors()).isEqualTo(tensors);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 100)
  void profiles_areTheSameAndSayWhichAgentMeasured(
      @ForAll("samples") List<Profile.Sample> samples,
      @ForAll @IntRange(max = 1000) int count,
      @ForAll("paths") List<String> path)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(0);
    Profile.Region region =
        new Profile.Region("model.run", path, count, Duration.ofNanos(count), samples);

    assertThat(input(Operations.PROFILE_READ, new ReadProfile(), side))
        .isEqualTo(new ReadProfile());
    Profile back = result(Operations.PROFILE_READ, new Profile(List.of(region), WHERE), side);

    List<String> seen = new ExecutedOn("", "", path, List.of()).via("unix:/run/agent").path();
    assertThat(back.regions())
        .containsExactly(
            new Profile.Region("model.run", seen, count, Duration.ofNanos(count), samples));
  }

  @Provide
  Arbitrary<List<Argument>> argumentLists() {
    return Samples.arguments().list().ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<Tensor>> tensorLists() {
    return Samples.tensors().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<KernelArgument>> kernelArguments() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 100);
    return Arbitraries.<KernelArgument>oneOf(
            sizes.map(size -> new KernelArgument.Input(bytes(size))),
            sizes.map(size -> new KernelArgument.InputOutput(bytes(size))),
            sizes.map(size -> new KernelArgument.Output(size)),
            sizes.map(size -> new KernelArgument.Local(size)),
            sizes.map(size -> new KernelArgument.Scalar(bytes(size))))
        .list()
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<Long>> dimensions() {
    return Arbitraries.longs().between(1, 50).list().ofMinSize(1).ofMaxSize(3);
  }

  @Provide
  Arbitrary<List<ImageStep>> steps() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 100);
    return Arbitraries.<ImageStep>oneOf(
            Combinators.combine(sizes, sizes).as(ImageStep.Resize::new),
            Combinators.combine(sizes, sizes, sizes, sizes).as(ImageStep.Crop::new),
            Arbitraries.just(new ImageStep.Grayscale()),
            sizes.map(size -> new ImageStep.Blur(size / 50f)),
            sizes.map(ImageStep.Threshold::new),
            sizes.map(size -> new ImageStep.Edges(size, 2 * size)),
            Arbitraries.of(true, false).map(ImageStep.Flip::new),
            Arbitraries.integers().between(1, 3).map(ImageStep.Rotate::new))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<Profile.Sample>> samples() {
    Arbitrary<Duration> times = Arbitraries.longs().greaterOrEqual(0).map(Duration::ofNanos);
    return Combinators.combine(times, times).as(Profile.Sample::new).list().ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<String>> paths() {
    return Arbitraries.strings().ofMaxLength(10).list().ofMaxSize(3);
  }

  private static ByteBuffer bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return ByteBuffer.wrap(bytes);
  }
}
