namespace Gateway.Control.Documents.Kinds;

/// <summary>When operators and their keys were last used: one document for all, so that it is one write.</summary>
/// <param name="Used">By <c>OPERATOR</c>, or <c>OPERATOR/KEY</c>.</param>
public sealed record OperatorUsesDocument(Dictionary<string, DateTimeOffset> Used);
