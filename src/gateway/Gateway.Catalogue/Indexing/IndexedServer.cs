namespace Gateway.Catalogue.Indexing;

/// <summary>A server as the index has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What is said of it; null where nothing is.</param>
/// <param name="Tools">How many of its tools are known.</param>
public sealed record IndexedServer(string Name, string? Description, int Tools);
