namespace Gateway.Catalogue.Indexing;

/// <summary>A part of a text that was looked for.</summary>
/// <param name="Start">Its first UTF-16 unit, from 0.</param>
/// <param name="Length">How many.</param>
public sealed record MarkedRange(int Start, int Length);
