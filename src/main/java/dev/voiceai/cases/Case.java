package dev.voiceai.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/** One case of a file, with the place of each of its steps. */
record Case(CaseFile file, int index) {

    /**
     * @param content the field that names what the step does, and the fields beside it
     * @param line in the file, counted from 1
     */
    record Step(JsonNode content, int line) {

        /** What the step does or expects: its first field, as {@code case-file.json} lists them. */
        String kind() {
            return content.fieldNames().next();
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
