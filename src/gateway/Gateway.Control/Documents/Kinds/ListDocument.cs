namespace Gateway.Control.Documents.Kinds;

/// <summary>A list that policies name, as the store keeps it.</summary>
public sealed record ListDocument(IReadOnlyList<string> Values);
