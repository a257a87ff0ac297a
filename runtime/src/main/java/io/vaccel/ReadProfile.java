package io.vaccel;

/** The input of {@link Operations#PROFILE_READ}: nothing. */
public record ReadProfile() {}
