namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// The generation of a counter, which each reset increases. The document has the name of the counter.
/// </summary>
public sealed record GenerationDocument(int Generation);
