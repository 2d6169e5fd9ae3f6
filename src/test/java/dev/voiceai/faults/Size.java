package dev.voiceai.faults;

import java.util.Random;

/** How much is tried, and from which seed: the system properties {@code faults.size} and {@code faults.seed}. */
final class Size {
    private Size() {}

    static boolean full() {
        return "full".equals(System.getProperty("faults.size"));
    }

    static int of(int small, int full) {
        return full() ? full : small;
    }

    /** A new one for each scenario unless one is given. */
    static long seed() {
        var given = System.getProperty("faults.seed", "");
        return given.isBlank() ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(given);
    }
}
