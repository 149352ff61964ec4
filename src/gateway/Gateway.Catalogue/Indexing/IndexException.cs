namespace Gateway.Catalogue.Indexing;

/// <summary>The error that an index cannot be used; the message contains the reason and the next step.</summary>
public sealed class IndexException(string message, Exception? inner = null) : Exception(message, inner);
