package dev.voiceai.calls;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collects the answers to the items of a batch, which are worked on side by side, in the order of the items. */
public final class BatchAnswers {

    /** One batch. */
    public static final class Batch {
        private final AtomicReferenceArray<String> answers;
        private volatile boolean accepting;
        private volatile boolean ledgerDown;

        private Batch(int size) {
            answers = new AtomicReferenceArray<>(size);
        }

        /** Whether an item met a ledger that is down; the others then need not wait for it, each for itself. */
        public boolean isLedgerDown() {
            return ledgerDown;
        }

        /** Whether the ledger was down from the first item on, so that the batch as a whole came to nothing. */
        public boolean isLost() {
            return ledgerDown && !accepting;
        }
    }

    /** @param size how many items there are */
    public Batch open(int size) {
        return new Batch(size);
    }

    /** @param answer JSON */
    public void accept(Batch batch, int index, String answer) {
        batch.accepting = true;
        batch.answers.set(index, answer);
    }

    /** @param answer JSON */
    public void refuse(Batch batch, int index, String answer) {
        batch.answers.set(index, answer);
    }

    /** Spares the items that are still to come the wait for a ledger that is down. */
    public void stop(Batch batch) {
        batch.ledgerDown = true;
    }

    /** All answers as {@code {"items":[…]}}. */
    public String json(Batch batch) {
        return IntStream.range(0, batch.answers.length())
                .mapToObj(batch.answers::get)
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }
}
