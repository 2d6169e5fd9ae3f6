package dev.voiceai.sandbox;

import static dev.voiceai.sandbox.RetellClient.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding calls: by metadata after a lost answer, by number, by state, page by page. */
class ListCallsTest {
    private static final String REQUEST = "01J8ZK3V7Q4R6T9W2X5Y8ZABCD";

    @TempDir
    private static Path dataDir;
    private static RetellSandbox sandbox;
    private static RetellClient retell;

    @BeforeAll
    static void dial() throws IOException {
        sandbox = RetellSandbox.start(SandboxSettings.of(dataDir, RetellClient.KEY, null).withTimeScale(0.02));
        retell = new RetellClient(sandbox.baseUri());
        retell.create(sample("create-phone-call.request.json"));
        retell.dial(Script.BUSY, "other-1");
        retell.dial(Script.OPT_OUT, "other-2");
        retell.dial(Script.LONG, "other-3");
        await().until(() -> retell.list("""
                {"filter_criteria":{"call_successful":{"op":"pr"}}}""").json().path("items").size() == 3
                && retell.find("other-3").path(0).path("call_status").asText().equals("ongoing"));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void retellsOwnExampleFindsTheCallOfARequest() throws IOException {
        JsonNode answer = retell.list(sample("list-calls.v3.reconcile.request.json").toString()).json();
        assertThat(answer.path("items")).hasSize(1);
        assertThat(answer.path("has_more").asBoolean()).isFalse();
        assertThat(answer.at("/items/0/metadata/request_id").asText()).isEqualTo(REQUEST);
    }

    @Test
    void aRequestWithoutACallIsAnsweredAsInRetellsOwnExample() throws IOException {
        ObjectNode request = sample("list-calls.v3.reconcile.request.json").deepCopy();
        ((ObjectNode) request.at("/filter_criteria/metadata/0")).put("value", "nobody");
        assertThat(retell.list(request.toString()).json()).isEqualTo(sample("list-calls.v3.response.none.json"));
    }

    @Test
    void numberDirectionAndTimeFindACallAsInRetellsOwnExample() throws IOException {
        ObjectNode request = sample("list-calls.v3.reconcile-by-number.request.json").deepCopy();
        ObjectNode range = (ObjectNode) request.at("/filter_criteria/start_timestamp");
        assertThat(retell.list(request.toString()).json().path("items")).as("in a time long gone").isEmpty();
        range.putArray("value").add(0).add(System.currentTimeMillis());
        assertThat(requestIds(retell.list(request.toString()).json())).containsExactly(REQUEST);
    }

    @Test
    void aCallIsListedFromTheMomentItIsPlaced() throws IOException {
        SandboxSettings settings = SandboxSettings.of(dataDir.resolve("slow"), RetellClient.KEY, null);
        try (RetellSandbox slow = RetellSandbox.start(settings.withTimeScale(1000))) {
            RetellClient client = new RetellClient(slow.baseUri());
            client.dial(Script.SUCCESS, "ringing");
            assertThat(client.find("ringing").path(0).path("call_status").asText()).isEqualTo("registered");
        }
    }

    @Test
    void itemsCarryNoTranscript() throws IOException {
        JsonNode items = retell.list("{}").json().path("items");
        assertThat(items).hasSize(4).noneMatch(call -> call.has("transcript") || call.has("transcript_object")
                || call.has("transcript_with_tool_calls"));
        JsonNode first = retell.find(REQUEST).path(0);
        assertThat(retell.get("/v2/get-call/" + first.path("call_id").asText()).json().has("transcript")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'call_status':{'type':'enum','op':'in','value':['ongoing']} | other-3",
        "'call_status':{'type':'enum','op':'in','value':['not_connected','error']} | other-1",
        "'to_number':{'type':'string','op':'ew','value':'117'} | other-2",
        "'from_number':{'type':'string','op':'ne','value':'+14155550100'} | ~~",
        "'direction':{'type':'enum','op':'in','value':['inbound']} | ~~",
        "'disconnection_reason':{'type':'enum','op':'in','value':['dial_busy']} | other-1",
        "'custom_analysis_data':[{'type':'boolean','op':'eq','key':'opt_out','value':true}] | other-2",
        "'duration_ms':{'op':'np'} | other-3,other-1",
        "'metadata':[{'type':'string','op':'sw','key':'request_id','value':'other'},"
                + "{'type':'string','op':'ne','key':'request_id','value':'other-2'}] | other-3,other-1",
        "'metadata':[{'type':'string','op':'eq','key':'attempt','value':'1'}],"
                + "'duration_ms':{'type':'number','op':'ge','value':0} | other-2"})
    void allFiltersMustHold(String criteria, String expected) throws IOException {
        RetellClient.Answer answer = retell.list("{'filter_criteria':{%s}}".formatted(criteria).replace('\'', '"'));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(String.join(",", requestIds(answer.json()))).isEqualTo(expected);
    }

    @Test
    void oneCallIsFoundByItsId() throws IOException {
        String callId = retell.find("other-1").path(0).path("call_id").asText();
        assertThat(requestIds(retell.list("""
                {"filter_criteria":{"call_id":{"type":"string","op":"eq","value":"%s"}}}""".formatted(callId)).json()))
                .containsExactly("other-1");
    }

    @Test
    void pagesFollowEachOtherNewestFirstOrOldestFirst() throws IOException {
        JsonNode first = retell.list("{\"limit\":3,\"include_total\":true}").json();
        assertThat(requestIds(first)).containsExactly("other-3", "other-2", "other-1");
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(first.path("total").asInt()).isEqualTo(4);
        JsonNode second = retell.list("""
                {"limit":3,"pagination_key":%s}""".formatted(first.get("pagination_key"))).json();
        assertThat(requestIds(second)).containsExactly(REQUEST);
        assertThat(second.path("has_more").asBoolean()).isFalse();
        assertThat(second.has("pagination_key")).isFalse();
        assertThat(requestIds(retell.list("{\"sort_order\":\"ascending\",\"skip\":1,\"limit\":2}").json()))
                .containsExactly("other-1", "other-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"limit\":0}", "{\"limit\":1001}", "{\"skip\":-1}", "{\"sort_order\":\"up\"}",
        "{\"pagination_key\":\"call_x\"}",
        "{\"filter_criteria\":[]}", "{\"filter_criteria\":{\"unheard_of\":{\"op\":\"pr\"}}}",
        "{\"filter_criteria\":{\"metadata\":{\"op\":\"pr\"}}}",
        "{\"filter_criteria\":{\"metadata\":[{\"op\":\"pr\"}]}}",
        "{\"filter_criteria\":{\"call_id\":{\"type\":\"string\",\"op\":\"like\",\"value\":\"x\"}}}",
        "{\"filter_criteria\":{\"call_status\":{\"type\":\"enum\",\"op\":\"in\",\"value\":[\"registered\"]}}}"})
    void aMalformedQueryIs400(String query) throws IOException {
        RetellClient.Answer answer = retell.list(query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json()).isEqualTo(sample("error.400.json"));
    }

    private static List<String> requestIds(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.path("items").forEach(call -> ids.add(call.path("metadata").path("request_id").asText()));
        return ids;
    }
}
