package io.vaccel.guest;

import io.vaccel.Classification;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import java.nio.file.Path;

/** The example of the README; a test keeps the two the same. */
final class ReadmeExample {
  private ReadmeExample() {}

  static void run(Path photo) {
    // README begins
    try (Vaccel vaccel = Vaccel.load(); // plugins on the class path, remote ones first
        Session session = vaccel.openSession();
        Model model = session.load(Path.of("efficientnet-lite0.onnx"))) {
      Classification result = session.classify(model, Image.read(photo));
      result.top(5).forEach(System.out::println); // espresso 0.98
      System.out.println(result.executedOn()); // agent vsock:2:2048, plugin onnx, CPU
    }
    // README ends
  }
}
