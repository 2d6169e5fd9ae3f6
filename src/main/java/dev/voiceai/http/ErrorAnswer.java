package dev.voiceai.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the container answers when it, and not a route, refuses a request, in place of Spring Boot's own page. */
@Controller
final class ErrorAnswer implements ErrorController {
    private final Problems problems;

    ErrorAnswer(Problems problems) {
        this.problems = problems;
    }

    @RequestMapping("${server.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        // Without the attribute somebody has asked for the path /error itself.
        problems.write(response, RequestFilter.ofStatus(status == null ? 404 : (int) status));
    }
}
