namespace Gateway.Control.Documents.Kinds;

/// <summary>The newest checkpoint of a frontend's audit log, a signed note.</summary>
public sealed record CheckpointDocument(string Note);
