package dev.voiceai.eventbridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.OffsetDateTime;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;

/**
 * Puts activity events on an event bus. Camel's own component asks for a resource with each event, which ours do not
 * have, and takes an event that was refused for one that was taken.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">PutEvents</a>
 */
public final class EventBridge {

    private final EventBridgeClient client;
    private final ObjectMapper json;

    EventBridge(EventBridgeClient client, ObjectMapper json) {
        this.client = client;
        this.json = json;
    }

    /**
     * Puts one event on a bus: its {@code source}, {@code type} and {@code time} as source, detail-type and time, all of
     * it as detail.
     *
     * @param bus name or ARN
     * @param event a CloudEvent as JSON
     * @throws EventBridgeException with the error code of PutEvents, which answers 200 also for an event it has not taken
     */
    public void put(String bus, String event) throws IOException {
        JsonNode cloudEvent = json.readTree(event);
        var answer = client.putEvents(request -> request.entries(entry -> entry
                .eventBusName(bus)
                .source(cloudEvent.path("source").asText())
                .detailType(cloudEvent.path("type").asText())
                .time(OffsetDateTime.parse(cloudEvent.path("time").asText()).toInstant())
                .detail(event)));
        String error = answer.entries().get(0).errorCode();
        if (error != null) {
            throw EventBridgeException.builder()
                    .message("The event was not taken: " + error)
                    .awsErrorDetails(AwsErrorDetails.builder().serviceName("EventBridge").errorCode(error).build())
                    .build();
        }
    }
}
