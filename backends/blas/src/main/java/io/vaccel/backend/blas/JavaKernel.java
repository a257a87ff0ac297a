package io.vaccel.backend.blas;

import io.vaccel.Sgemm;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Products in plain Java, tile by tile: three tiles are copied into arrays that stay in the
 * processor's caches, and the innermost loop is one that the JIT compiler turns into vector
 * instructions.
 */
final class JavaKernel implements Kernel {
  private static final int TILE_ROWS = 64;
  private static final int TILE_DEPTH = 256;
  private static final int TILE_COLUMNS = 512;

  @Override
  public String name() {
    return "Java";
  }

  @Override
  public String version() {
    return "plain Java";
  }

  @Override
  public void addProducts(Sgemm input, ByteBuffer c, Call call) {
    for (long matrix = 0; matrix < input.batch(); matrix++) {
      new Product(input, matrix, c.duplicate().order(c.order()).asFloatBuffer()).compute(call);
    }
  }

  /** Multiplies two tiles and adds the product to a third; all have their rows side by side. */
  private static void multiply(int rows, int columns, int depth, float[] a, float[] b, float[] c) {
    for (int i = 0; i < rows; i++) {
      int to = i * columns;
      int p = 0;
      // Four at a time: an element of C is then loaded and stored once for four products.
      for (; p + 4 <= depth; p += 4) {
        float a0 = a[i * depth + p];
        float a1 = a[i * depth + p + 1];
        float a2 = a[i * depth + p + 2];
        float a3 = a[i * depth + p + 3];
        int b0 = p * columns;
        int b1 = b0 + columns;
        int b2 = b1 + columns;
        int b3 = b2 + columns;
        for (int j = 0; j < columns; j++) {
          c[to + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
        }
      }
      for (; p < depth; p++) {
        float a0 = a[i * depth + p];
        int b0 = p * columns;
        for (int j = 0; j < columns; j++) {
          c[to + j] += a0 * b[b0 + j];
        }
      }
    }
  }

  /** One product of a batch; used by one thread. */
  private static final class Product {
    private final Sgemm input;
    private final long matrix;
    private final FloatBuffer a;
    private final FloatBuffer b;
    private final FloatBuffer c;
    private final float[] tileA = new float[TILE_ROWS * TILE_DEPTH];
    private final float[] tileB = new float[TILE_DEPTH * TILE_COLUMNS];
    private final float[] tileC = new float[TILE_ROWS * TILE_COLUMNS];

    Product(Sgemm input, long matrix, FloatBuffer c) {
      this.input = input;
      this.matrix = matrix;
      this.a = input.a().data().asFloatBuffer();
      this.b = input.b().data().asFloatBuffer();
      this.c = c;
    }

    void compute(Call call) {
      for (int column = 0; column < input.n(); column += TILE_COLUMNS) {
        int columns = (int) Math.min(TILE_COLUMNS, input.n() - column);
        for (int depth = 0; depth < input.k(); depth += TILE_DEPTH) {
          int deep = (int) Math.min(TILE_DEPTH, input.k() - depth);
          for (int i = 0; i < deep; i++) {
            b.get(
                at(input.k(), depth + i, input.b().leadingDimension(), column),
                tileB,
                i * columns,
                columns);
          }
          for (int row = 0; row < input.m(); row += TILE_ROWS) {
            call.check();
            int rows = (int) Math.min(TILE_ROWS, input.m() - row);
            addTile(row, rows, depth, deep, column, columns);
          }
        }
      }
    }

    private void addTile(int row, int rows, int depth, int deep, int column, int columns) {
      for (int i = 0; i < rows; i++) {
        a.get(at(input.m(), row + i, input.a().leadingDimension(), depth), tileA, i * deep, deep);
        c.get(
            at(input.m(), row + i, input.c().leadingDimension(), column),
            tileC,
            i * columns,
            columns);
      }
      for (int i = 0; i < rows * deep; i++) {
        tileA[i] *= input.alpha();
      }
      multiply(rows, columns, deep, tileA, tileB, tileC);
      for (int i = 0; i < rows; i++) {
        c.put(
            at(input.m(), row + i, input.c().leadingDimension(), column),
            tileC,
            i * columns,
            columns);
      }
    }

    private int at(long matrixRows, int row, long leadingDimension, int column) {
      return (int) ((matrix * matrixRows + row) * leadingDimension + column);
    }
  }
}
