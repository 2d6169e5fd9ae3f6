package dev.voiceai.embedded;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Terminated;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function0;
import scalikejdbc.ConnectionPool;

/**
 * SQS in this process: <a href="https://github.com/softwaremill/elasticmq">ElasticMQ</a> with queues and messages in an
 * H2 file. An acknowledged message survives a kill because every commit is written at once ({@code WRITE_DELAY=0}).
 */
final class ElasticMq implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ElasticMq.class);

    private static final Duration RESTORE_LIMIT = Duration.ofSeconds(30);
    private static final Duration RESTORE_PAUSE = Duration.ofMillis(20);
    private static final Pattern QUEUE_URL = Pattern.compile("<QueueUrl>[^<]*/([^/<]+)</QueueUrl>");

    /**
     * ElasticMQ keeps its database connections in a JVM-wide singleton, so one server of a JVM can be on disk. A second
     * one exists only where tests run two applications in one JVM, and keeps its messages in memory.
     */
    private static final AtomicBoolean ON_DISK = new AtomicBoolean();

    private final boolean onDisk;
    private final Function0<Terminated> stop;

    private ElasticMq(boolean onDisk, Function0<Terminated> stop) {
        this.onDisk = onDisk;
        this.stop = stop;
    }

    /**
     * Returns when the server answers at {@link #uri(int)}.
     *
     * @param database the database file, without suffix
     */
    static ElasticMq start(int port, Path database) {
        boolean onDisk = ON_DISK.compareAndSet(false, true);
        if (!onDisk) {
            LOG.info("another embedded SQS of this JVM is on disk, this one keeps its messages in memory");
        }
        String url = "jdbc:h2:file:" + database + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        var settings = ConfigFactory.parseMap(Map.ofEntries(
                Map.entry("node-address.host", "127.0.0.1"),
                Map.entry("node-address.port", port),
                Map.entry("rest-sqs.bind-hostname", "127.0.0.1"),
                Map.entry("rest-sqs.bind-port", port),
                Map.entry("rest-stats.enabled", false),
                Map.entry("aws.region", "us-east-1"),
                Map.entry("messages-storage.enabled", onDisk),
                Map.entry("messages-storage.uri", url)));
        try {
            Set<String> queues = onDisk ? storedQueues(url) : Set.of();
            if (onDisk) {
                connect(url);
            }
            var server = new ElasticMQServer(new ElasticMQServerConfig(settings.withFallback(ConfigFactory.load())));
            var started = new ElasticMq(onDisk, server.start());
            awaitQueues(port, queues);
            return started;
        } catch (RuntimeException | Error e) {
            if (onDisk) {
                ConnectionPool.closeAll();
                ON_DISK.set(false);
            }
            throw e;
        }
    }

    private static Set<String> storedQueues(String url) {
        var names = new HashSet<String>();
        try (var connection = DriverManager.getConnection(url, "", "");
                var tables = connection.getMetaData().getTables(null, null, "QUEUE", null)) {
            if (tables.next()) {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT name FROM queue")) {
                    while (rows.next()) {
                        names.add(rows.getString(1));
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the stored queues can't be read", e);
        }
        return names;
    }

    /**
     * ElasticMQ answers before it has read its queues back. A client that asked then would find none, create a new one
     * and hide the messages of the old.
     */
    private static void awaitQueues(int port, Set<String> names) {
        long end = System.nanoTime() + RESTORE_LIMIT.toNanos();
        while (!names.stream().allMatch(list(port)::contains)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the embedded SQS did not read its queues back in " + RESTORE_LIMIT);
            }
            LockSupport.parkNanos(RESTORE_PAUSE.toNanos());
        }
    }

    /** The names of the queues there are. */
    private static Set<String> list(int port) {
        try (var answer = uri(port).resolve("/?Action=ListQueues").toURL().openStream()) {
            String xml = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            return QUEUE_URL.matcher(xml).results().map(match -> match.group(1)).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ElasticMQ does this by itself only once in a JVM, at its first start. */
    private static void connect(String url) {
        ConnectionPool.singleton(
                url, "", "", ConnectionPool.singleton$default$4(), ConnectionPool.singleton$default$5(url, "", "", null));
    }

    static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        stop.apply();
        if (onDisk) {
            ConnectionPool.closeAll();
            ON_DISK.set(false);
        }
    }
}
