package io.vaccel;

/**
 * The result of the operations on arrays that have one.
 *
 * @param output as the operation says
 * @param executedOn where
 */
public record ArrayResult(Tensor output, ExecutedOn executedOn) implements Result {}
