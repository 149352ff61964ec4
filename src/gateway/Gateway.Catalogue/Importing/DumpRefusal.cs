namespace Gateway.Catalogue.Importing;

/// <summary>Something that could not be taken over.</summary>
/// <param name="Place">The file, with the line or the JSON pointer.</param>
/// <param name="Reason">Why not.</param>
public sealed record DumpRefusal(string Place, string Reason);
