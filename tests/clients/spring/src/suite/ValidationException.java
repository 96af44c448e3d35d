package suite;

/** An event that no retry can mend. */
public class ValidationException extends RuntimeException {
    public ValidationException(String words) {
        super(words);
    }
}
