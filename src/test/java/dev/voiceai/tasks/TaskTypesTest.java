package dev.voiceai.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTypesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path routes;

    private TaskTypes types;

    @BeforeEach
    void layOutSchemas() throws IOException {
        var schemas = Files.createDirectories(routes.resolve("schemas"));
        Files.writeString(schemas.resolve("task-field-writeback.json"), "{}");
        Files.writeString(schemas.resolve("call.json"), "{}");
        Files.writeString(routes.resolve("task-secret.json"), "{}");
        Files.createDirectory(schemas.resolve("task-folder.json"));
        types = new TaskTypes(routes, JSON);
    }

    @Test
    void aSchemaFileMakesATypeFromTheMomentItIsThere() throws IOException {
        assertThatCode(() -> types.require("field-writeback")).doesNotThrowAnyException();
        assertThatThrownBy(() -> types.require("send-brochure")).isInstanceOf(Problem.class);

        Files.writeString(routes.resolve("schemas/task-send-brochure.json"), "{}");

        assertThatCode(() -> types.require("send-brochure")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "{'reason': 7}, {'reason': '7'}",
        "{'reason': true}, {'reason': 'true'}",
        "{'reason': null}, {'reason': null}",
        "{'reason': [7]}, {'reason': [7]}",
        "{'count': '7'}, {'count': '7'}",
        "{'other': 7}, {'other': 7}",
    })
    void aNumberBecomesTextWhereTextIsMeantAndNothingElseChanges(String body, String coerced) throws IOException {
        Files.writeString(routes.resolve("schemas/task-note.json"),
                "{\"properties\": {\"reason\": {\"type\": \"string\"}, \"count\": {\"type\": \"integer\"}}}");

        assertThat(JSON.readTree(types.coerce("note", (ObjectNode) JSON.readTree(body.replace('\'', '"')))))
                .isEqualTo(JSON.readTree(coerced.replace('\'', '"')));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {
        "", " ", "call", "../task-secret", "../../task-secret", "..%2ftask-secret", "field-writeback/../field-writeback",
        "/etc/passwd", "folder", "Field-Writeback", "field_writeback", "field-writeback.json", "field-writeback\n", "-", "*",
        "field-writeback\u0000", "${sys.user.home}",
    })
    void anythingElseIsNotFound(String type) {
        assertThatThrownBy(() -> types.require(type))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.status())
                        .isEqualTo(404));
    }

    @Test
    void aNameThatIsTooLongForAFileIsNotFound() {
        assertThatThrownBy(() -> types.require("a".repeat(5_000))).isInstanceOf(Problem.class);
    }
}
