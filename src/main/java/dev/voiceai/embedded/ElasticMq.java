package dev.voiceai.embedded;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.NodeAddress;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.List$;
import scala.util.Either;
import scalikejdbc.ConnectionPool;

/**
 * SQS in this process: <a href="https://github.com/softwaremill/elasticmq">ElasticMQ</a> with queues and messages in an
 * H2 file. An acknowledged message survives a kill because every commit is written at once ({@code WRITE_DELAY=0}).
 *
 * <p>It is put together here instead of by ElasticMQ's own server class, which answers before it has read its queues
 * back: a client that asks then finds none, creates a new one and hides the messages of the old.
 */
final class ElasticMq implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ElasticMq.class);
    private static final Duration RESTORE_LIMIT = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";
    /** The end of the name of a queue of dead letters, as ElasticMQ names tables. */
    private static final String DEAD_LETTERS = "_DLQ";

    /**
     * ElasticMQ keeps its database connections in a JVM-wide singleton, so one server of a JVM can be on disk. A second
     * one exists only where tests run two applications in one JVM, and keeps its messages in memory.
     */
    private static final AtomicBoolean ON_DISK = new AtomicBoolean();

    private final boolean onDisk;
    private final ActorSystem actors;
    private SQSRestServer server;

    private ElasticMq(boolean onDisk) {
        this.onDisk = onDisk;
        this.actors = ActorSystem.create("sqs", ConfigFactory.parseMap(Map.of(
                        // A failed start must end the process: threads that are no daemons would keep it alive.
                        "pekko.daemonic", "on",
                        "pekko.jvm-shutdown-hooks", "off",
                        "pekko.loglevel", "WARNING"))
                .withFallback(ConfigFactory.load()));
    }

    /**
     * Returns when the server answers at {@link #uri(int)} and has everything that it held when it last ran.
     *
     * @param database the database file, without suffix
     */
    static ElasticMq start(int port, Path database) {
        var started = new ElasticMq(ON_DISK.compareAndSet(false, true));
        try {
            started.serve(port, database);
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    private void serve(int port, Path database) {
        var builder = SQSRestServerBuilder.withActorSystem(actors)
                .withInterface(HOST)
                .withPort(port)
                .withServerAddress(new NodeAddress("http", HOST, port, ""))
                .withAWSRegion("us-east-1");
        if (onDisk) {
            String url = "jdbc:h2:file:" + database + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
            finishMoves(url);
            ActorRef store = store(url);
            ActorRef queues = actors.actorOf(Props.create(
                    QueueManagerActor.class, new NowProvider(), StrictSQSLimits$.MODULE$, Option.apply(store)));
            restore(store, queues);
            builder = builder.withQueueManagerActor(queues).withQueueEventListener(store);
        } else {
            LOG.info("another embedded SQS of this JVM is on disk, this one keeps its messages in memory");
        }
        server = builder.start();
        server.waitUntilStarted();
    }

    /**
     * A message that has had its receives is written to the dead letters, then removed from its queue. Where a kill came
     * in between it is in both, ElasticMQ can not write it again, and every receive from the queue would fail.
     */
    private static void finishMoves(String url) {
        try (var connection = DriverManager.getConnection(url); var statement = connection.createStatement()) {
            var tables = tables(statement);
            for (Map.Entry<String, String> queue : tables.entrySet()) {
                String deadLetters = tables.get(queue.getKey() + DEAD_LETTERS);
                if (deadLetters != null) {
                    int moved = statement.executeUpdate("DELETE FROM " + queue.getValue()
                            + " WHERE message_id IN (SELECT message_id FROM " + deadLetters + ")");
                    if (moved > 0) {
                        LOG.info("{} messages were on their way to the dead letters when the process died", moved);
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the queues can't be read back", e);
        }
    }

    /** ElasticMQ's tables of messages by what is made of the queue's name, in upper case, without the hash at the end. */
    private static Map<String, String> tables(Statement statement) throws SQLException {
        var tables = new HashMap<String, String>();
        try (var names = statement.executeQuery(
                "SELECT table_name FROM information_schema.tables WHERE REGEXP_LIKE(table_name, '^MESSAGE_.+_[0-9A-F]{8}$')")) {
            while (names.next()) {
                String name = names.getString(1);
                tables.put(name.substring(0, name.length() - "_00000000".length()), name);
            }
        }
        return tables;
    }

    private ActorRef store(String url) {
        // ElasticMQ does this by itself only once in a JVM, at its first start.
        ConnectionPool.singleton(
                url,
                "",
                "",
                ConnectionPool.singleton$default$4(),
                ConnectionPool.singleton$default$5(url, "", "", null));
        return actors.actorOf(Props.create(
                SqlQueuePersistenceActor.class,
                new SqlQueuePersistenceConfig(true, "org.h2.Driver", url, "", "", false),
                List$.MODULE$.empty()));
    }

    private static void restore(ActorRef store, ActorRef queues) {
        var restored = (Either<?, ?>) Patterns.ask(store, new QueueEvent.Restore(queues), RESTORE_LIMIT)
                .toCompletableFuture()
                .join();
        if (restored.isLeft()) {
            throw new IllegalStateException("the queues can't be read back: " + restored);
        }
    }

    static URI uri(int port) {
        return URI.create("http://" + HOST + ":" + port);
    }

    @Override
    public void close() {
        if (server != null) {
            server.stopAndWait();
        }
        actors.terminate();
        actors.getWhenTerminated().toCompletableFuture().join();
        if (onDisk) {
            ConnectionPool.closeAll();
            ON_DISK.set(false);
        }
    }
}
