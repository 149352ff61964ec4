namespace Gateway.Admin.Importing;

/// <summary>The source cannot be read, so that there is nothing to import.</summary>
public sealed class ImportException(long line, string message) : Exception($"{line}: {message}");
