namespace Gateway.Catalogue.Listing;

/// <summary>A server's list has no end; the message says what it answered with.</summary>
internal sealed class EndlessListException(string message) : Exception(message);
