using System.Text.Json.Nodes;
using Gateway.Admin.Servers;
using Gateway.Catalogue.Recommending;
using Gateway.Control.Usage.Asking;

namespace Gateway.Admin.Tools;

/// <summary>All known properties of one tool.</summary>
/// <param name="Server">The server that offers it.</param>
/// <param name="Name">The name of the tool.</param>
/// <param name="Description">The server's own description.</param>
/// <param name="Category">The kind of its effect.</param>
/// <param name="Risk">The harm that one wrong call can do.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Sure">False if its category is uncertain, so that the stricter policy is recommended.</param>
/// <param name="Reasons">Sentences that state the evidence.</param>
/// <param name="AttackPatterns">Possible attacks with such a tool, and the defenses.</param>
/// <param name="RecommendedRule">A policy entry that denies other uses; absent if no entry can name the tool.</param>
/// <param name="Related">Tools of the same server with the same object or verb.</param>
/// <param name="Grants">The grants that may call it, with the rules.</param>
/// <param name="Classifier">The version of the classifier.</param>
/// <param name="Usage">Its calls of the last day, by hour; absent if the store cannot report them.</param>
/// <param name="Override">An operator's classification, if there is one; it takes precedence.</param>
/// <param name="SeenAt">The time at which the server last listed it.</param>
/// <param name="Stale">The reason why the list could not be updated since; absent if it could.</param>
/// <param name="Probabilities">The probability of each category; absent where an operator classified it.</param>
internal sealed record ToolPageView(
    string Server,
    string Name,
    string? Description,
    string Category,
    string Risk,
    double Confidence,
    bool Sure,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<AttackPattern> AttackPatterns,
    JsonObject? RecommendedRule,
    IReadOnlyList<RelatedToolView> Related,
    IReadOnlyList<ToolGrantView> Grants,
    string Classifier,
    UsageAnswer? Usage,
    OverrideView? Override,
    DateTimeOffset? SeenAt,
    string? Stale,
    IReadOnlyDictionary<string, double>? Probabilities)
{
    /// <summary>The accepted class, which policies use.</summary>
    public ToolClassView? Class { get; init; }

    /// <summary>The app that displays its results; absent if there is none.</summary>
    public AppView? App { get; init; }
}

/// <summary>A tool that is similar to another.</summary>
/// <param name="Name">The name of the tool.</param>
/// <param name="Because">Their common property.</param>
internal sealed record RelatedToolView(string Name, string Because);

/// <summary>An operator's classification of a tool, in a response.</summary>
/// <param name="Note">The reason.</param>
/// <param name="By">The operator.</param>
/// <param name="At">The time of the classification.</param>
/// <param name="DefinitionChanged">True if the tool's definition has changed since then.</param>
/// <param name="ClassifierCategory">The classifier's category.</param>
/// <param name="ClassifierRisk">The classifier's risk.</param>
internal sealed record OverrideView(
    string Note,
    string By,
    DateTimeOffset At,
    bool DefinitionChanged,
    string ClassifierCategory,
    string ClassifierRisk);
