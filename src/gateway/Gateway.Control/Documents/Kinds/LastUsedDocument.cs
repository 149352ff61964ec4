namespace Gateway.Control.Documents.Kinds;

/// <summary>When grants were last used, by name: one document for all, so that it is one write for all.</summary>
public sealed record LastUsedDocument(Dictionary<string, DateTimeOffset> Grants);

/// <summary>The expiry that each grant has reached, by name: one document for all, too.</summary>
public sealed record EndedDocument(Dictionary<string, DateTimeOffset> Grants);

/// <summary>The hashes of the operators' keys that have reached their expiry, and are still stored.</summary>
public sealed record EndedKeysDocument(IReadOnlyList<string> Hashes);
