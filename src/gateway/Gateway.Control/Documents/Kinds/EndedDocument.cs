namespace Gateway.Control.Documents.Kinds;

/// <summary>The expiry that each grant has reached, by name: one document for all, as for last uses.</summary>
public sealed record EndedDocument(Dictionary<string, DateTimeOffset> Grants);
