package dev.voiceai.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Answers requests that Tomcat refuses before any servlet sees them, such as a target that is no URI. */
public final class ContainerRefusals extends ErrorReportValve {
    private static final Problems PROBLEMS = new Problems(Json.mapper());

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        byte[] body = PROBLEMS.json(RequestFilter.ofStatus(response.getStatus())).getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType("application/problem+json");
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException clientIsGone) {
            // Nobody is left to tell.
        }
    }

    @Component
    static final class Installer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
        @Override
        public void customize(TomcatServletWebServerFactory tomcat) {
            tomcat.addEngineValves(new SecurityHeaders());
            tomcat.addContextCustomizers(context ->
                    ((StandardHost) context.getParent()).setErrorReportValveClass(ContainerRefusals.class.getName()));
        }
    }
}
