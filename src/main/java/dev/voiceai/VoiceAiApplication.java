package dev.voiceai;

import dev.voiceai.cases.TestCommand;
import dev.voiceai.routes.ValidateCommand;
import java.io.IOException;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the routes of {@code ROUTES_DIR} and whatever embedded parts they need. With {@code validate} as its first
 * argument it only checks them, with {@code test} it runs their cases.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class VoiceAiApplication {
    public static void main(String[] args) throws IOException {
        if (args.length > 0 && args[0].equals("validate")) {
            System.exit(new ValidateCommand(VoiceAiApplication.class, System.out, Arrays.copyOfRange(args, 1, args.length)).run());
        }
        if (args.length > 0 && args[0].equals("test")) {
            System.exit(new TestCommand(VoiceAiApplication.class, System.out, Arrays.copyOfRange(args, 1, args.length)).run());
        }
        try {
            SpringApplication.run(VoiceAiApplication.class, args);
        } catch (RuntimeException alreadyReported) {
            // Spring Boot has printed why. Leaving is explicit, since a part that did start may have left threads
            // behind that would keep a dead process alive.
            System.exit(1);
        }
    }
}
