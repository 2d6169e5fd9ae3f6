package dev.voiceai.cases;

import java.time.Duration;
import java.util.List;

/**
 * How a case ended.
 *
 * @param failure what was expected and what was there; null where all was as expected
 * @param line of the step that failed, else of the case
 * @param log what the system logged as warning or error meanwhile, also of cases that ran beside this one
 */
record Result(Case of, Duration took, String failure, int line, List<String> log) {

    boolean passed() {
        return failure == null;
    }

    String file() {
        return of.file().name();
    }

    double seconds() {
        return took.toMillis() / 1000.0;
    }
}
