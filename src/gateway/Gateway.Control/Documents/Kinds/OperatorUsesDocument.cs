namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// The times at which operators and their keys were last used. One document for all of them needs one write.
/// </summary>
/// <param name="Used">The times by <c>OPERATOR</c>, or <c>OPERATOR/KEY</c>.</param>
public sealed record OperatorUsesDocument(Dictionary<string, DateTimeOffset> Used);
