namespace Gateway.Catalogue.Indexing;

/// <summary>An index that cannot be used; the message says why and what to do.</summary>
public sealed class IndexException(string message, Exception? inner = null) : Exception(message, inner);
