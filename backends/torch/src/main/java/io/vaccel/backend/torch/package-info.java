/**
 * The plugin {@code torch}: runs TorchScript models with LibTorch, on the CPU.
 *
 * <p>A TorchScript file holds a program, and it comes from a guest. {@link
 * io.vaccel.backend.torch.Archive} looks at the file before LibTorch does; {@link
 * io.vaccel.backend.torch.Program} then takes the program's graph apart: what reaches outside is
 * refused, loops get a way to be stopped, and a program that changes itself runs on a copy.
 */
package io.vaccel.backend.torch;
