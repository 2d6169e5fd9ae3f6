package dev.voiceai.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asked by a process at each {@link KillPoint}: answers at once, or kills the process that asks and never answers. */
final class Controller implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile List<Replica> replicas = List.of();
    private KillPoint armed;
    private int passes;
    private CompletableFuture<Replica> killed;

    Controller() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/point/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/point/";
    }

    void watch(Collection<Replica> processes) {
        replicas = List.copyOf(processes);
    }

    /**
     * Kills the next process that comes to a point, after some have passed.
     *
     * @return completes with the process that is dead
     */
    synchronized CompletableFuture<Replica> arm(KillPoint point, int passing) {
        armed = point;
        passes = passing;
        killed = new CompletableFuture<>();
        return killed;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var path = exchange.getRequestURI().getPath();
            var query = exchange.getRequestURI().getQuery();
            var point = KillPoint.of(path.substring(path.lastIndexOf('/') + 1));
            int port = Integer.parseInt(query.replaceAll(".*\\bport=(\\d+).*", "$1"));
            // At the gate only a decision to dial is worth a kill: the others are repeats.
            boolean counts = point != KillPoint.AFTER_GATE || query.contains("decision=dial");
            if (!counts || !kills(point, port)) {
                exchange.sendResponseHeaders(200, -1);
            }
        }
    }

    private synchronized boolean kills(KillPoint point, int port) {
        if (point != armed || passes-- > 0) {
            return false;
        }
        var victim = replicas.stream().filter(replica -> replica.port() == port).findFirst().orElseThrow();
        armed = null;
        victim.kill();
        killed.complete(victim);
        return true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
