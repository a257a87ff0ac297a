package io.vaccel.contract;

import static io.vaccel.contract.OnnxFile.integer;
import static io.vaccel.contract.OnnxFile.integers;

import io.vaccel.ElementType;
import io.vaccel.ModelSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Models of a few hundred bytes for each operation on pictures, whose results can be told by hand.
 * All take {@code image} FLOAT32[1, 3, 8, 8] of values 0 to 1.
 */
public final class PictureModels {
  private static final int SIDE = 8;

  /** Two boxes of the left upper quarter that nearly agree, and one of the right lower quarter. */
  private static final float[] BOXES = {
    0, 0, 0.5f, 0.5f, 0, 0, 0.5f, 0.52f, 0.5f, 0.5f, 1.2f, 1.2f
  };

  /** Scores of nothing, cat and dog for each of them, on a white picture. */
  private static final float[] SCORES = {0, 0.9f, 0.1f, 0, 0.8f, 0.1f, 0, 0.2f, 0.6f};

  private PictureModels() {}

  /**
   * A detector that sees a cat in the left upper quarter, twice, and a dog in the right lower one,
   * each as sure as the picture's lightest channel is light.
   */
  public static ModelSpec detector() {
    return detector(BOXES, SCORES, detectorMetadata());
  }

  /** A detector that sees these boxes with these scores for nothing, cat and dog. */
  public static ModelSpec detector(float[] boxes, float[] scores, String metadata) {
    OnnxFile model =
        lightness("detector")
            .constant("all boxes", boxes, 1, boxes.length / 4, 4)
            .constant("all scores", scores, 1, scores.length / 3, 3)
            .node("Identity", List.of("all boxes"), List.of("boxes"))
            .node("Mul", List.of("all scores", "lightest"), List.of("scores"))
            .output("boxes", ElementType.FLOAT32, 1, boxes.length / 4, 4)
            .output("scores", ElementType.FLOAT32, 1, scores.length / 3, 3);
    return TinyModels.spec(model, metadata, "nothing\ncat\ndog\n");
  }

  /** The metadata of {@link #detector}. */
  public static String detectorMetadata() {
    return metadata(
        "object-detection",
        "'boxes': 'boxes', 'scores': 'scores', 'form': 'yxyx', 'unit': 'share',"
            + " 'activation': 'none', 'background': true, 'minScore': 0.5, 'maxOverlap': 0.5,"
            + " 'maxDetections': 10");
  }

  /** Says for each pixel whether it is light. */
  public static ModelSpec segmenter() {
    return segmenter(1, segmenterMetadata());
  }

  /** The same, its scores times this factor. */
  public static ModelSpec segmenter(float factor, String metadata) {
    OnnxFile model =
        input("segmenter")
            .constant("factor", new float[] {factor}, 1)
            .node(
                "ReduceMean",
                List.of("image"),
                List.of("light"),
                integers("axes", 1),
                integer("keepdims", 1))
            .node("Mul", List.of("light", "factor"), List.of("mask"))
            .output("mask", ElementType.FLOAT32, 1, 1, SIDE, SIDE);
    return TinyModels.spec(model, metadata, "dark\nlight\n");
  }

  /** The metadata of {@link #segmenter}. */
  public static String segmenterMetadata() {
    return metadata(
        "image-segmentation",
        "'name': 'mask', 'layout': 'NCHW', 'threshold': 0.5, 'activation': 'none'");
  }

  /** Says for each pixel which of red, green and blue is strongest. */
  public static ModelSpec colourSegmenter() {
    OnnxFile model =
        input("colours")
            .node("Identity", List.of("image"), List.of("mask"))
            .output("mask", ElementType.FLOAT32, 1, 3, SIDE, SIDE);
    String metadata = metadata("image-segmentation", "'name': 'mask', 'layout': 'NCHW'");
    return TinyModels.spec(model, metadata, "red\ngreen\nblue\n");
  }

  /** As MiDaS, f32[1, 3, h, w] to f32[1, h, w]; the lighter, the nearer. */
  public static ModelSpec depth() {
    return depth(1);
  }

  /** The same, its depths times this factor. */
  public static ModelSpec depth(float factor) {
    OnnxFile model =
        input("depth")
            .constant("factor", new float[] {factor}, 1)
            .node(
                "ReduceMean",
                List.of("image"),
                List.of("light"),
                integers("axes", 1),
                integer("keepdims", 0))
            .node("Mul", List.of("light", "factor"), List.of("depth"))
            .output("depth", ElementType.FLOAT32, 1, SIDE, SIDE);
    return TinyModels.spec(model, depthMetadata(), "none");
  }

  /** The metadata of {@link #depth}. */
  public static String depthMetadata() {
    return metadata("depth-estimation", "'name': 'depth', 'meaning': 'inverse'");
  }

  /**
   * Sees a left hand at (2, 2) and a left foot at (6, 8) of its 8 x 8 pixels, as sure as the
   * lightest channel is light.
   */
  public static ModelSpec pose() {
    return pose(new float[] {2, 2, 0.9f, 6, 8, 0.3f}, 1, poseMetadata());
  }

  /** Sees these points: x, y and score of each; a person as likely as this. */
  public static ModelSpec pose(float[] points, float person, String metadata) {
    OnnxFile model =
        lightness("pose")
            .constant("all points", points, 1, points.length)
            .constant("likely", new float[] {person}, 1, 1)
            .node("Identity", List.of("all points"), List.of("points"))
            .node("Mul", List.of("likely", "lightest"), List.of("person"))
            .output("points", ElementType.FLOAT32, 1, points.length)
            .output("person", ElementType.FLOAT32, 1, 1);
    return TinyModels.spec(model, metadata, "left hand\nleft foot\n");
  }

  /** The metadata of {@link #pose}. */
  public static String poseMetadata() {
    return metadata(
        "pose-estimation",
        "'keypoints': 'points', 'values': 3, 'x': 0, 'y': 1, 'score': 2, 'unit': 'pixel',"
            + " 'activation': 'none', 'person': 'person', 'minScore': 0.5, 'skeleton': [[0, 1]]");
  }

  private static OnnxFile input(String name) {
    return new OnnxFile(name).input("image", ElementType.FLOAT32, 1, 3, SIDE, SIDE);
  }

  /** With {@code lightest} FLOAT32[1], the largest value of the picture. */
  private static OnnxFile lightness(String name) {
    return input(name)
        .node(
            "ReduceMax",
            List.of("image"),
            List.of("lightest one"),
            integers("axes", 0, 1, 2, 3),
            integer("keepdims", 0))
        .constant("shape", ElementType.INT64, one(), 1)
        .node("Reshape", List.of("lightest one", "shape"), List.of("lightest"));
  }

  private static byte[] one() {
    byte[] littleEndian = new byte[Long.BYTES];
    Arrays.fill(littleEndian, 0, 1, (byte) 1);
    return littleEndian;
  }

  private static String metadata(String task, String output) {
    String labels = task.equals("depth-estimation") ? "" : ", 'labels': 'tiny.labels.txt'";
    return ("{'version': 1, 'task': '%s', 'input': {'name': 'image', 'width': 8, 'height': 8,"
            + " 'layout': 'NCHW', 'color': 'RGB', 'resize': 'stretch',"
            + " 'interpolation': 'bilinear', 'mean': [0, 0, 0], 'std': [255, 255, 255]},"
            + " 'output': {%s}%s}")
        .formatted(task, output, labels)
        .replace('\'', '"');
  }
}
