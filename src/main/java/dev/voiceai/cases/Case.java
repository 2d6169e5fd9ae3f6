package dev.voiceai.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/** One case of a file, with the place of each of its steps. */
record Case(CaseFile file, int index) {

    /** What a step can be; call stands last, since it is also what a webhook or function is about. */
    private static final List<String> KINDS = List.of("place", "get", "post", "delete", "webhook", "function", "inbound", "message",
            "outside", "save", "run", "events", "dials", "got", "rows", "call");

    /**
     * @param content the field that names what the step does, and the fields beside it
     * @param line in the file, counted from 1
     */
    record Step(JsonNode content, int line) {

        /** What the step does or expects; {@code case-file.json} lets no other pass. */
        String kind() {
            return KINDS.stream().filter(content::has).findFirst().orElseThrow();
        }
    }

    String name() {
        return content().path("name").asText();
    }

    int line() {
        return file.line("/cases/" + index);
    }

    List<Step> steps() {
        JsonNode steps = content().path("steps");
        return IntStream.range(0, steps.size())
                .mapToObj(i -> new Step(steps.get(i), file.line("/cases/" + index + "/steps/" + i))).toList();
    }

    private JsonNode content() {
        return file.content().path("cases").get(index);
    }
}
