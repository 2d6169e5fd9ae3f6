package dev.voiceai.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Whether a server takes connections. One that does not holds up its own arrow only, so it is reported as
 * {@code DEGRADED} and never as {@code DOWN}: no pod is taken out of service for it.
 */
final class Reachability implements HealthIndicator {
    private static final int TIMEOUT_MS = 1_000;

    private final URI server;

    Reachability(URI server) {
        this.server = server;
    }

    @Override
    public Health health() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.getHost(), port()), TIMEOUT_MS);
            return Health.up().build();
        } catch (IOException e) {
            return Health.status("DEGRADED").withDetail("reason", e.getClass().getSimpleName()).build();
        }
    }

    private int port() {
        if (server.getPort() >= 0) {
            return server.getPort();
        }
        return "https".equals(server.getScheme()) ? 443 : 80;
    }
}
