package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Annotated;
import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.Detect;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.GenericCode;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Segment;
import io.vaccel.Session;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a runtime promises for {@link Operations#GENERIC_CALL} on pictures when its plugins perform
 * {@link PictureContract}.
 */
public interface GenericPictureContract extends PluginContract {
  /** A picture in which each of the models finds something. */
  Image PICTURE = PictureContract.leftWhite(64, 32);

  /**
   * One code: a model, what it writes about {@link #PICTURE}, and the operation that it means, with
   * the picture drawn.
   */
  record Case(
      GenericCode code, ModelSpec model, String text, BiFunction<Session, Model, Annotated> same) {
    @Override
    public String toString() {
      return code.toString();
    }
  }

  /** All codes that find something. */
  static Stream<Case> findings() {
    return Stream.of(
        new Case(
            GenericCode.IMAGE_DETECT,
            PictureModels.detector(),
            "cat 0.90 at 0, 0, 32 x 16\ndog 0.60 at 32, 16, 32 x 16\n",
            (session, model) ->
                session.call(Operations.IMAGE_DETECT, new Detect(model, PICTURE, 0, true))),
        new Case(
            GenericCode.IMAGE_SEGMENT,
            PictureModels.segmenter(),
            "dark 0.5000\nlight 0.5000\n",
            (session, model) ->
                session.call(Operations.IMAGE_SEGMENT, new Segment(model, PICTURE, true))),
        new Case(
            GenericCode.IMAGE_POSE,
            PictureModels.pose(),
            "person 1.00\nleft hand 0.90 at 16, 8\nleft foot 0.30 at 48, 32\n",
            (session, model) ->
                session.call(Operations.IMAGE_POSE, new EstimatePose(model, PICTURE, true))),
        new Case(
            GenericCode.IMAGE_DEPTH,
            PictureModels.depth(3),
            "depth 0.000 to 3.000\n",
            (session, model) ->
                session.call(Operations.IMAGE_DEPTH, new EstimateDepth(model, PICTURE, true))));
  }

  /** What is read: the picture's file. */
  static List<Argument> picture() {
    return List.of(Argument.of(ArgumentType.BUFFER, PICTURE.data()));
  }

  /** Room for the name, the text and the picture. */
  static List<Argument> rooms() {
    return List.of(
        Argument.room(ArgumentType.UCHAR_ARRAY, 100),
        Argument.room(ArgumentType.UCHAR_ARRAY, 1000),
        Argument.room(ArgumentType.BUFFER, 100_000));
  }

  @ParameterizedTest
  @MethodSource("findings")
  default void genericPicture_isThatOfTheOperation(Case one) {
    withModel(
        one.model(),
        (session, model) -> {
          ByteBuffer drawn = one.same().apply(session, model).annotated().orElseThrow().data();
          try (RegisteredResource resource = session.register(one.model().resource())) {
            assertThat(resource.id()).isPositive();
            List<Argument> written =
                GenericContract.call(session, one.code(), picture(), rooms()).arguments();
            assertThat(written.get(0).sizeBytes()).isZero();
            assertThat(StandardCharsets.UTF_8.decode(written.get(1).data()).toString())
                .isEqualTo(one.text());
            assertThat(written.get(2).data()).isEqualTo(drawn);
            assertThat(
                    GenericContract.call(session, one.code(), picture(), rooms().subList(0, 1))
                        .arguments())
                .as("vAccel's own layout")
                .containsExactly(Argument.room(ArgumentType.UCHAR_ARRAY, 0));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("findings")
  default void genericPictureWithoutRoom_isRefused(Case one) {
    GenericContract.withSession(
        this,
        session -> {
          assertThat(
                  failureOf(() -> GenericContract.call(session, one.code(), picture(), rooms()))
                      .reason())
              .isEqualTo(Reason.RESOURCE_NOT_FOUND);
          Argument name = rooms().get(0);
          Argument text = Argument.room(ArgumentType.UCHAR_ARRAY, 3);
          Argument number = Argument.ofInt64(0);
          GenericContract.assertRefused(session, one.code(), "write", picture());
          GenericContract.assertRefused(session, one.code(), "write[0]", picture(), number);
          GenericContract.assertRefused(session, one.code(), "write[1]", picture(), name, number);
          GenericContract.assertRefused(
              session, one.code(), "write[2]", picture(), name, text, number);
          GenericContract.assertRefused(session, one.code(), "read", List.of(), name);
          GenericContract.assertRefused(
              session, one.code(), "read[1]", List.of(Argument.ofString("a.jpg")), name);
          try (RegisteredResource resource = session.register(one.model().resource())) {
            assertThat(resource.id()).isPositive();
            GenericContract.assertRefused(session, one.code(), "write[1]", picture(), name, text);
          }
        });
  }

  @Test
  default void genericPictureThatIsNone_isUnreadable() {
    GenericContract.withSession(
        this,
        session -> {
          try (RegisteredResource resource =
              session.register(PictureModels.detector().resource())) {
            assertThat(resource.id()).isPositive();
            List<Argument> noPicture = List.of(Argument.room(ArgumentType.BUFFER, 10));
            assertThat(
                    failureOf(
                            () ->
                                GenericContract.call(
                                    session, GenericCode.IMAGE_DETECT, noPicture, rooms()))
                        .reason())
                .isEqualTo(Reason.IMAGE_UNREADABLE);
          }
        });
  }
}
