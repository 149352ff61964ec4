namespace Gateway.Proxy.Catalogue;

/// <summary>A server could not be asked for its tools; the message says why and what to look at.</summary>
internal sealed class CatalogueException(string message, Exception? inner = null) : Exception(message, inner);
