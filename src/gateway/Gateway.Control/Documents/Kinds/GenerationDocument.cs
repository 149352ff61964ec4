namespace Gateway.Control.Documents.Kinds;

/// <summary>How often the counter that the document is named after was reset.</summary>
public sealed record GenerationDocument(int Generation);
