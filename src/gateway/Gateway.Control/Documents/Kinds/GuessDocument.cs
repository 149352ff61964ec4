namespace Gateway.Control.Documents.Kinds;

/// <summary>Wrong passwords for some names, or from some addresses; the document's name is their place.</summary>
/// <param name="Wrong">How many came one after the other.</param>
/// <param name="Last">When the last of them came.</param>
public sealed record GuessDocument(int Wrong, DateTimeOffset Last);
