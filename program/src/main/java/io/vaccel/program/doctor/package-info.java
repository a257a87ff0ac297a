/**
 * What is wrong, in plain words, and what to type: the shape that {@code doctor} has in both
 * programs.
 *
 * <p>A {@link io.vaccel.program.doctor.Check} looks at one thing and makes {@link
 * io.vaccel.program.doctor.Finding}s; a {@link io.vaccel.program.doctor.Checkup} runs checks and
 * reports. No check connects anywhere but to the endpoint that the user named.
 */
package io.vaccel.program.doctor;
