package dev.voiceai.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The embedded SQS as a process of its own, which can be killed beside the application. */
public final class SqsProcess {
    private SqsProcess() {}

    /** @param arguments the port and the database file, without suffix */
    public static void main(String[] arguments) throws InterruptedException {
        ElasticMq.start(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
        new CountDownLatch(1).await();
    }
}
