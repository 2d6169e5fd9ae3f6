package dev.voiceai.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class ReachabilityTest {
    @Test
    void aServerThatTakesConnectionsIsUpAndOneThatDoesNotIsDegraded() throws Exception {
        URI server;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/events");

            assertThat(new Reachability(server).health().getStatus().getCode()).isEqualTo("UP");
        }
        assertThat(new Reachability(server).health().getStatus().getCode()).isEqualTo("DEGRADED");
    }

    @Test
    void aNameThatDoesNotExistIsDegraded() {
        assertThat(new Reachability(URI.create("https://nowhere.invalid")).health().getStatus().getCode())
                .isEqualTo("DEGRADED");
    }
}
