package dev.voiceai.routes;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.component.rest.openapi.DefaultRestOpenapiProcessorStrategy;
import org.apache.camel.support.processor.RestBindingAdvice;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Sends a request to the route of its operation, as Camel does; an operation of a box that this process does not run is
 * 404 here, although its route is loaded, so that none is answered by a process that was not meant to.
 */
@Component("operations")
final class Operations extends DefaultRestOpenapiProcessorStrategy {
    private final Set<String> elsewhere;

    Operations(@Value("${routes.operations-elsewhere}") Set<String> elsewhere) {
        this.elsewhere = elsewhere;
    }

    @Override
    public boolean process(
            OpenAPI contract,
            Operation operation,
            String verb,
            String path,
            RestBindingAdvice binding,
            Exchange exchange,
            AsyncCallback callback) {
        if (!elsewhere.contains(operation.getOperationId())) {
            return super.process(contract, operation, verb, path, binding, exchange, callback);
        }
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 404);
        callback.done(true);
        return true;
    }
}
