package io.vaccel.wire;

import io.vaccel.Classification;
import io.vaccel.Detections;
import io.vaccel.Poses;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.Box;
import io.vaccel.v1.Detection;
import io.vaccel.v1.Keypoint;
import io.vaccel.v1.Label;
import io.vaccel.v1.Pose;
import java.util.List;

/** What is found in pictures, between wire and runtime, both ways. */
final class Findings {
  private Findings() {}

  static Label encode(Classification.Label label) {
    return Label.newBuilder()
        .setIndex(label.index())
        .setName(label.name())
        .setScore(label.score())
        .build();
  }

  static Classification.Label decode(Label label) {
    return new Classification.Label(label.getIndex(), label.getName(), label.getScore());
  }

  static Detection encode(Detections.Detection detection) {
    Detections.Box box = detection.box();
    return Detection.newBuilder()
        .setLabel(encode(detection.label()))
        .setBox(
            Box.newBuilder()
                .setX(box.x())
                .setY(box.y())
                .setWidth(box.width())
                .setHeight(box.height()))
        .build();
  }

  static List<Detections.Detection> detections(List<Detection> wire) {
    checkCount("detections", wire, Detections.MAX_COUNT);
    return wire.stream()
        .map(
            detection -> {
              Box box = detection.getBox();
              return new Detections.Detection(
                  decode(detection.getLabel()),
                  new Detections.Box(box.getX(), box.getY(), box.getWidth(), box.getHeight()));
            })
        .toList();
  }

  static Pose encode(Poses.Pose pose) {
    Pose.Builder wire = Pose.newBuilder().setScore(pose.score());
    for (Poses.Keypoint point : pose.keypoints()) {
      wire.addKeypoints(
          Keypoint.newBuilder()
              .setName(point.name())
              .setX(point.x())
              .setY(point.y())
              .setScore(point.score()));
    }
    return wire.build();
  }

  static List<Poses.Pose> poses(List<Pose> wire) {
    checkCount("poses", wire, Poses.MAX_COUNT);
    return wire.stream()
        .map(pose -> new Poses.Pose(keypoints(pose.getKeypointsList()), pose.getScore()))
        .toList();
  }

  private static List<Poses.Keypoint> keypoints(List<Keypoint> wire) {
    checkCount("keypoints", wire, Poses.MAX_COUNT);
    return wire.stream()
        .map(
            point ->
                new Poses.Keypoint(point.getName(), point.getX(), point.getY(), point.getScore()))
        .toList();
  }

  /** Before the list is made. */
  private static void checkCount(String field, List<?> wire, int most) {
    if (wire.size() > most) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, wire.size() + " " + field + ", the limit is " + most);
    }
  }
}
