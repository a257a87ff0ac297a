/** Decoding photographs and turning them into the tensors that a model wants. */
package io.vaccel.backend.image;
