namespace Gateway.Catalogue.Indexing;

/// <summary>A server in the index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description; null if it has none.</param>
/// <param name="Tools">The number of its known tools.</param>
public sealed record IndexedServer(string Name, string? Description, int Tools);
