package suite;

/** What happened to an order. */
public record OrderEvent(String type, String customerId, int number) {
}
