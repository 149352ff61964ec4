namespace Gateway.Control.Documents.Kinds;

/// <summary>The administrator's key, hashed.</summary>
public sealed record AdminKeyDocument(string KeyHash);
