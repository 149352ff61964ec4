namespace Gateway.Proxy.Control.Documents;

/// <summary>When grants were last used, by name: one document for all, so that it is one write for all.</summary>
internal sealed record LastUsedDocument(Dictionary<string, DateTimeOffset> Grants);
