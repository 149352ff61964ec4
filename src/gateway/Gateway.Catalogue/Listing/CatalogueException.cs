namespace Gateway.Catalogue.Listing;

/// <summary>A server could not be asked for its tools; the message says why and what to look at.</summary>
public sealed class CatalogueException(string message, Exception? inner = null) : Exception(message, inner);
