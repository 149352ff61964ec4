using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>A tool as the index has it.</summary>
/// <param name="Server">The server that offers it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">What it is shown as; null where nothing is said.</param>
/// <param name="Description">What its server says of it, cut after <see cref="IndexFormat.TextCharsMax"/>.</param>
/// <param name="Category">The worst that it was seen to do.</param>
/// <param name="Risk">How much harm a call may do.</param>
/// <param name="Confidence">From 0 to 1, in steps of a hundredth.</param>
public sealed record IndexedTool(
    string Server, string Name, string? Title, string? Description, ToolCategory Category, RiskLevel Risk,
    double Confidence);
