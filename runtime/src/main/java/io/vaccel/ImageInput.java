package io.vaccel;

/** An input of which the picture is a part. */
public interface ImageInput extends ModelInput {
  /** The picture. */
  Image image();
}
