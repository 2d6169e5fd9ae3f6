package dev.voiceai.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.HttpStub.Answer;
import dev.voiceai.system.HttpStub.Request;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A collector of activity events that is not ours. */
final class ForeignAbt implements AutoCloseable {
    private final List<JsonNode> accepted = new CopyOnWriteArrayList<>();
    private final HttpStub server = new HttpStub(request -> take(request, event -> true));

    /** From now on events that do not fit are answered 503. */
    void acceptOnly(Predicate<JsonNode> fit) {
        server.answer(request -> take(request, fit));
    }

    private Answer take(Request request, Predicate<JsonNode> fit) {
        if (!fit.test(request.json())) {
            return Answer.of(503);
        }
        accepted.add(request.json());
        return Answer.of(202);
    }

    String url() {
        return server.url() + "/events";
    }

    List<Request> requests() {
        return server.requests();
    }

    /** What was answered with 202, in order. */
    List<JsonNode> events(String subject) {
        return accepted.stream().filter(event -> event.path("subject").asText().equals(subject)).toList();
    }

    List<String> eventTypes(String subject) {
        return RunningSystem.types(events(subject));
    }

    @Override
    public void close() {
        server.close();
    }
}
