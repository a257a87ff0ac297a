/**
 * The plugin {@code image}: operations on pictures, each made of decoding, preprocessing, {@code
 * model.run} by whichever plugin has an engine for the model, and postprocessing.
 *
 * <p>Pictures and metadata come from guests and are hostile. A file is first taken apart here, in
 * Java: its structure, dimensions and checksums are checked, and a decoder gets a copy that holds
 * nothing but what makes the pixels - no colour profiles, thumbnails, texts or comments. The
 * decoders are those of the JDK's ImageIO: PNG and BMP in Java, JPEG in the JDK's libjpeg. A native
 * decoder such as stb_image is three times faster but says of itself that it is not made for
 * hostile files, and it would run in the process that serves all guests.
 *
 * <p>A further operation on pictures is a further {@link io.vaccel.backend.image.ImageTask}.
 */
package io.vaccel.backend.image;
