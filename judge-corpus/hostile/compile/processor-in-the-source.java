/*
about: brings an annotation processor along, which javac would run while it compiles
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
*/
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
class Processor extends AbstractProcessor {
  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    throw new Error("ESCAPED");
  }
}

public class Main {
  public static void main(String[] args) { System.out.println(42); }
}
