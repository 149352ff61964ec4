namespace Gateway.Control.Documents.Kinds;

/// <summary>A list that policies name, in the store.</summary>
public sealed record ListDocument(IReadOnlyList<string> Values);
