package io.vaccel;

/**
 * What came of loading a model in one plugin.
 *
 * @param signature the model's inputs and outputs
 * @param executedOn where it was loaded, with the stages of the loading
 * @param uploadedBytes content bytes that had to travel; 0 when the other side held them already or
 *     nothing is remote
 */
public record LoadedModel(Signature signature, ExecutedOn executedOn, long uploadedBytes) {}
