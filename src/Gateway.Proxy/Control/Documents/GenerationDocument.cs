namespace Gateway.Proxy.Control.Documents;

/// <summary>How often the counter that the document is named after was reset.</summary>
internal sealed record GenerationDocument(int Generation);
