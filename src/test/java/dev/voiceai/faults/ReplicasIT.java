package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.faults.History.Limits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three processes on one PostgreSQL and one SQS, with everything around them failing. */
@ExtendWith(FaultTable.class)
class ReplicasIT {
    private static final Limits LIMITS = Limits.of(30, 20, 500);
    private static final Map<DialAnswer, Integer> GOOD = Map.of(DialAnswer.PLACED, 1);
    private static final Map<DialAnswer, Integer> ALL = Map.ofEntries(
            Map.entry(DialAnswer.PLACED, 10), Map.entry(DialAnswer.HUGE, 2),
            Map.entry(DialAnswer.LOST, 2), Map.entry(DialAnswer.BROKEN, 1),
            Map.entry(DialAnswer.FAILED_PLACED, 2), Map.entry(DialAnswer.FAILED, 1),
            Map.entry(DialAnswer.LATE_PLACED, 1), Map.entry(DialAnswer.LATE, 1),
            Map.entry(DialAnswer.PAGE_PLACED, 1), Map.entry(DialAnswer.PAGE, 1),
            Map.entry(DialAnswer.LIMITED, 2), Map.entry(DialAnswer.INVALID, 1));
    private static final Duration OUTAGE = Duration.ofSeconds(60);

    @Test
    void everyMessageComesSeveralTimesAnswersGetLostAndProcessesDie() throws Exception {
        try (var run = FaultRun.onPostgres("three replicas", LIMITS)) {
            run.retell.answer(ALL);
            run.traffic.repeatMessages(4);
            run.traffic.start(5);
            for (int i = 0; i < Size.of(2, 20); i++) {
                run.killAt(KillPoint.values()[run.random.nextInt(KillPoint.values().length)]);
            }
            if (Size.full()) {
                run.restartEach();
            }
            run.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void everyMessageComesUpToFiveTimesToThreeProcesses() throws Exception {
        try (var run = FaultRun.onPostgres("repeated messages", LIMITS)) {
            run.retell.answer(GOOD);
            run.traffic.repeatMessages(4);
            run.traffic.burst(500);
            run.goOnFor(Duration.ofSeconds(30));
            run.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void fewLinesAndASlowRateHold() throws Exception {
        try (var run = FaultRun.onPostgres("few lines", Limits.of(3, 3, 500))) {
            run.retell.answer(GOOD);
            run.traffic.repeatMessages(2);
            run.traffic.burst(100);
            run.goOnFor(Duration.ofSeconds(30));
            run.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void everyAnswerThatRetellMayGive() throws Exception {
        try (var run = FaultRun.onPostgres("bad answers", LIMITS)) {
            run.retell.answer(ALL);
            run.traffic.start(10);
            run.goOnFor(Duration.ofSeconds(60));
            run.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void stormsOf429() throws Exception {
        try (var run = FaultRun.onPostgres("storm of 429", LIMITS)) {
            run.traffic.start(8);
            for (int i = 0; i < 3; i++) {
                run.retell.answer(Map.of(DialAnswer.LIMITED, 5, DialAnswer.PLACED, 1));
                run.goOnFor(Duration.ofSeconds(10));
                run.retell.answer(Map.of(DialAnswer.LIMITED_UNTIL, 1, DialAnswer.PLACED, 5));
                run.goOnFor(Duration.ofSeconds(20));
            }
            run.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void rollingRestartsUnderLoad() throws Exception {
        try (var run = FaultRun.onPostgres("rolling restarts", LIMITS)) {
            run.retell.answer(GOOD);
            run.traffic.start(8);
            for (int i = 0; i < 4; i++) {
                run.restartEach();
            }
            run.check();
            assertThat(run.retell.dials()).noneMatch(dial -> dial.attempt() > 1);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void theLedgerIsAwayForAMinute() throws Exception {
        try (var run = FaultRun.onPostgres("ledger away", LIMITS)) {
            run.retell.answer(GOOD);
            run.traffic.start(5);
            run.goOnFor(Duration.ofSeconds(10));
            run.ledgerLink.cut();
            run.goOnFor(OUTAGE);
            run.ledgerLink.restore();
            run.goOnFor(Duration.ofSeconds(10));
            run.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void sqsIsAwayForAMinute() throws Exception {
        try (var run = FaultRun.onPostgres("SQS away", LIMITS)) {
            run.retell.answer(GOOD);
            run.traffic.start(5);
            run.goOnFor(Duration.ofSeconds(10));
            run.sqs.link().cut();
            run.goOnFor(OUTAGE);
            run.sqs.link().restore();
            run.goOnFor(Duration.ofSeconds(10));
            run.check();
        }
    }
}
