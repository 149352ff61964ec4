namespace Gateway.Catalogue.Listing;

/// <summary>The error that a server's list has no end; the message describes the response.</summary>
internal sealed class EndlessListException(string message) : Exception(message);
