namespace Gateway.Catalogue.Indexing;

/// <summary>A range of a text that matches a searched word.</summary>
/// <param name="Start">Its first UTF-16 unit, from 0.</param>
/// <param name="Length">The number of UTF-16 units.</param>
public sealed record MarkedRange(int Start, int Length);
