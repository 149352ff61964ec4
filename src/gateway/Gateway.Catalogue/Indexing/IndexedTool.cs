using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>A tool in the index.</summary>
/// <param name="Server">The server that offers it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its display title; null if it has none.</param>
/// <param name="Description">Its description from the server, cut after <see cref="IndexFormat.TextCharsMax"/>.</param>
/// <param name="Category">Its classified effect.</param>
/// <param name="Risk">The harm that a call may do.</param>
/// <param name="Confidence">From 0 to 1, in steps of 0.01.</param>
public sealed record IndexedTool(
    string Server, string Name, string? Title, string? Description, ToolCategory Category, RiskLevel Risk,
    double Confidence)
{
    /// <summary>The names and types of its parameters, such as <c>to: string, limit: integer?</c>.</summary>
    public string? Parameters { get; init; }

    /// <summary>The classifier's reasons; null if they were not stored.</summary>
    public string? Reason { get; init; }

    /// <summary>The kind of the recommended policy entry; null if it was not stored.</summary>
    public string? Rule { get; init; }
}
