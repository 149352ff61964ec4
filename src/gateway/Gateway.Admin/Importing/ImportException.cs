namespace Gateway.Admin.Importing;

/// <summary>The exception for a source that cannot be imported.</summary>
public sealed class ImportException(long line, string message) : Exception($"{line}: {message}");
