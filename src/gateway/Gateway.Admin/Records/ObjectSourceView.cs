namespace Gateway.Admin.Records;

/// <summary>The sources of the objects of one kind.</summary>
/// <param name="Kind"><c>servers</c>, <c>policies</c> or <c>grants</c>.</param>
/// <param name="File">The number from the configuration file, which takes precedence.</param>
/// <param name="Stored">The number that operators created.</param>
internal sealed record ObjectSourceView(string Kind, int File, int Stored);
