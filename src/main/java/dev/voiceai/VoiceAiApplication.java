package dev.voiceai;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the routes of {@code ROUTES_DIR} and whatever embedded parts they need. */
@SpringBootApplication(proxyBeanMethods = false)
public class VoiceAiApplication {
    public static void main(String[] args) {
        try {
            SpringApplication.run(VoiceAiApplication.class, args);
        } catch (RuntimeException alreadyReported) {
            // Spring Boot has printed why. Leaving is explicit, since a part that did start may have left threads
            // behind that would keep a dead process alive.
            System.exit(1);
        }
    }
}
