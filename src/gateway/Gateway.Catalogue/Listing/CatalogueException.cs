namespace Gateway.Catalogue.Listing;

/// <summary>
/// The error that a server did not list its tools; the message contains the reason and the next step.
/// </summary>
public sealed class CatalogueException(string message, Exception? inner = null) : Exception(message, inner);
