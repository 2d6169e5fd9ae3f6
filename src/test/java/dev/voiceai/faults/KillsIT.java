package dev.voiceai.faults;

import dev.voiceai.faults.History.Limits;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** One process that dies again and again, at every point between a message and its deletion, while callers go on. */
@ExtendWith(FaultTable.class)
class KillsIT {
    private static final Limits LIMITS = Limits.of(30, 20, 400);
    private static final Map<DialAnswer, Integer> ANSWERS =
            Map.of(DialAnswer.PLACED, 17, DialAnswer.LOST, 1, DialAnswer.FAILED, 1, DialAnswer.LIMITED, 1);

    @Test
    void killsWithTheApplicationsOwnQueues() throws Exception {
        kill("kills, own SQS", true, Size.of(20, 100));
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void killsWithASharedSqs() throws Exception {
        kill("kills, shared SQS", false, 100);
    }

    private static void kill(String name, boolean ownSqs, int kills) throws Exception {
        try (var run = FaultRun.onH2(name, ownSqs, LIMITS)) {
            run.retell.answer(ANSWERS);
            run.traffic.start(4);
            for (int i = 0; i < kills; i++) {
                run.killAt(KillPoint.values()[i % KillPoint.values().length]);
            }
            run.check();
        }
    }
}
