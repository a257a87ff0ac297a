package io.vaccel.backend.image;

import io.vaccel.ImageInput;
import io.vaccel.Operation;
import io.vaccel.Result;
import io.vaccel.spi.Call;

/**
 * One operation on pictures: what comes before and after the model. Without state; safe for use by
 * several threads.
 *
 * @param <I> its input
 * @param <O> its result
 */
interface ImageTask<I extends ImageInput, O extends Result> {
  /** The operation that it performs. */
  Operation<I, O> operation();

  /** Performs it. */
  O perform(I input, ImageModel model, Pipeline pipeline, Call call);
}
