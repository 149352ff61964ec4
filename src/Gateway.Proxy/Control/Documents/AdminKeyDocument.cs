namespace Gateway.Proxy.Control.Documents;

/// <summary>The administrator's key, hashed.</summary>
internal sealed record AdminKeyDocument(string KeyHash);
