package io.vaccel.backend.image;

import java.util.List;
import java.util.Locale;

/** What the four numbers of a detector's box are, and how they become edges. */
sealed interface BoxForm permits BoxForm.Ssd, BoxForm.Plain {
  /** How many boxes the model gives for this input; {@link OutputInfos#ANY} when any. */
  long candidates(Metadata.Input input);

  /**
   * The edges of a box as shares of the model's input: left, top, right, bottom.
   *
   * @param index which of the boxes
   * @param at where its four numbers begin
   */
  double[] edges(OutputTensor boxes, int index, int at, Anchors anchors, Metadata.Input input);

  /** The anchors of all boxes; none where boxes stand for themselves. */
  Anchors anchors(Metadata.Input input);

  /** Reads the fields that say the form. */
  static BoxForm parse(JsonFields fields) {
    Form form = fields.choice("form", List.of(Form.values()));
    if (form == Form.SSD) {
      AnchorSpec spec = AnchorSpec.parse(fields.object("anchors"));
      return new Ssd(spec, fields.numbers("boxScale", 4, 4, 1e-3, 1e6));
    }
    return new Plain(form, fields.choice("unit", List.of(LengthUnit.values())));
  }

  /** The names of the forms. */
  enum Form {
    SSD,
    YXYX,
    XYXY,
    CXCYWH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Centre y, centre x, height and width, relative to anchors, as in SSD (Liu et al., 2016): the
   * centre in anchor sizes, the size as a logarithm.
   *
   * @param scale by what the four numbers are divided first
   */
  record Ssd(AnchorSpec spec, List<Float> scale) implements BoxForm {
    /** Sizes beyond e^20 anchors are all the same: the whole picture. */
    private static final double MAX_EXPONENT = 20;

    @Override
    public long candidates(Metadata.Input input) {
      return spec.count(input);
    }

    @Override
    public Anchors anchors(Metadata.Input input) {
      return spec.anchors(input);
    }

    @Override
    public double[] edges(
        OutputTensor boxes, int index, int at, Anchors anchors, Metadata.Input input) {
      double height = anchors.height(index);
      double width = anchors.width(index);
      double y = anchors.y(index) + boxes.get(at) / scale.get(0) * height;
      double x = anchors.x(index) + boxes.get(at + 1) / scale.get(1) * width;
      double halfHeight = height / 2 * size(boxes.get(at + 2) / scale.get(2));
      double halfWidth = width / 2 * size(boxes.get(at + 3) / scale.get(3));
      return new double[] {x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight};
    }

    private static double size(double exponent) {
      return Math.exp(Math.min(MAX_EXPONENT, exponent));
    }
  }

  /** The box itself. */
  record Plain(Form form, LengthUnit unit) implements BoxForm {
    @Override
    public long candidates(Metadata.Input input) {
      return OutputInfos.ANY;
    }

    @Override
    public Anchors anchors(Metadata.Input input) {
      return Anchors.NONE;
    }

    @Override
    public double[] edges(
        OutputTensor boxes, int index, int at, Anchors anchors, Metadata.Input input) {
      double a = boxes.get(at);
      double b = boxes.get(at + 1);
      double c = boxes.get(at + 2);
      double d = boxes.get(at + 3);
      double[] edges =
          switch (form) {
            case YXYX -> new double[] {b, a, d, c};
            case XYXY -> new double[] {a, b, c, d};
            case CXCYWH, SSD -> new double[] {a - c / 2, b - d / 2, a + c / 2, b + d / 2};
          };
      for (int i = 0; i < edges.length; i++) {
        edges[i] = unit.share(edges[i], i % 2 == 0 ? input.width() : input.height());
      }
      return edges;
    }
  }
}
