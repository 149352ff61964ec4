namespace Gateway.Catalogue.Importing;

/// <summary>An entry that could not be imported.</summary>
/// <param name="Place">The file, with the line or the JSON pointer.</param>
/// <param name="Reason">The reason.</param>
public sealed record DumpRefusal(string Place, string Reason);
