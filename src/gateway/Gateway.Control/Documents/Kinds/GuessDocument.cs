namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// The wrong passwords for some names, or from some addresses. The document's name identifies the group.
/// </summary>
/// <param name="Wrong">The number of consecutive wrong passwords.</param>
/// <param name="Last">The time of the last one.</param>
public sealed record GuessDocument(int Wrong, DateTimeOffset Last);
