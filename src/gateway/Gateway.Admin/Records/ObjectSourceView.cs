namespace Gateway.Admin.Records;

/// <summary>Where the objects of a kind come from.</summary>
/// <param name="Kind"><c>servers</c>, <c>policies</c> or <c>grants</c>.</param>
/// <param name="File">From the configuration file, which wins.</param>
/// <param name="Stored">Made by operators.</param>
internal sealed record ObjectSourceView(string Kind, int File, int Stored);
