package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.voiceai.http.FieldError;
import dev.voiceai.http.Problem;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Reads what a refused body is told. */
final class Refusals {

    private Refusals() {}

    /** The errors as "pointer code". */
    static List<String> of(ThrowingCallable check) {
        return errors(check).stream().map(error -> error.pointer() + " " + error.code()).toList();
    }

    static List<FieldError> errors(ThrowingCallable check) {
        Problem problem = catchThrowableOfType(Problem.class, check);
        assertThat(problem).as("a refusal").isNotNull();
        assertThat(problem.status()).isEqualTo(422);
        return problem.errors();
    }
}
