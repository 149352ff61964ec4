namespace Gateway.Control.Documents.Kinds;

/// <summary>The times at which grants were last used, by name. One document for all grants needs one write.</summary>
public sealed record LastUsedDocument(Dictionary<string, DateTimeOffset> Grants);

/// <summary>The expiry that each grant has reached, by name, also in one document for all grants.</summary>
public sealed record EndedDocument(Dictionary<string, DateTimeOffset> Grants);

/// <summary>The hashes of operators' keys that have reached their expiry and are still stored.</summary>
public sealed record EndedKeysDocument(IReadOnlyList<string> Hashes);
