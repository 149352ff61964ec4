namespace Gateway.Control.Documents.Kinds;

/// <summary>When grants were last used, by name: one document for all, so that it is one write for all.</summary>
public sealed record LastUsedDocument(Dictionary<string, DateTimeOffset> Grants);
