using System.Text.Json;
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

    /// <summary>The title that the server gives the tool; absent if there is none.</summary>
    public string? Title { get; init; }

    /// <summary>A sentence about its effect, from its classification.</summary>
    public string Effect { get; init; } = "";

    /// <summary>The JSON Schema of its arguments.</summary>
    public JsonElement? InputSchema { get; init; }

    /// <summary>The JSON Schema of its structured results; absent if it has none.</summary>
    public JsonElement? OutputSchema { get; init; }

    /// <summary>Questions with answers that follow from the other members.</summary>
    public IReadOnlyList<ToolQuestion> Questions { get; init; } = [];

    /// <summary>The tools of the same server, the riskiest first.</summary>
    public IReadOnlyList<SimilarToolView> ByRisk { get; init; } = [];

    /// <summary>Tools of other registered servers with the same words in their names and the same category.</summary>
    public IReadOnlyList<SimilarToolView> Elsewhere { get; init; } = [];

    /// <summary>The version of its definition; absent if the server's tools are not stored.</summary>
    public DefinitionView? Definition { get; init; }

    /// <summary>The acceptances of its definitions and classes, latest first, and its first listing.</summary>
    public IReadOnlyList<DefinitionStepView> History { get; init; } = [];
}

/// <summary>Another tool.</summary>
/// <param name="Server">The server that offers it.</param>
/// <param name="Name">The name of the tool.</param>
/// <param name="Category">The kind of its effect.</param>
/// <param name="Risk">The harm that one wrong call can do.</param>
internal sealed record SimilarToolView(string Server, string Name, string Category, string Risk);

/// <summary>The version of a tool's definition.</summary>
/// <param name="Contract">The hash of the name, the description and the schemas; absent if it cannot be read.</param>
/// <param name="FirstSeen">The time at which the server first listed the tool.</param>
/// <param name="Drift">The difference from the accepted definition, as in the drift of the server.</param>
/// <param name="Standing"><c>accepted</c>, <c>unaccepted</c> or <c>blocked</c>.</param>
/// <param name="AcceptedBy">The operator who accepted it; <c>(baseline)</c> for the first complete list.</param>
/// <param name="AcceptedAt">The time of that.</param>
/// <param name="Changes">The places that differ from the accepted definition.</param>
internal sealed record DefinitionView(
    string? Contract,
    DateTimeOffset FirstSeen,
    string Drift,
    string Standing,
    string? AcceptedBy,
    DateTimeOffset? AcceptedAt,
    IReadOnlyList<string> Changes)
{
    /// <summary>True if its definition has findings that nobody has accepted; absent otherwise.</summary>
    public bool? Suspicious { get; init; }
}

/// <summary>A step in the history of a tool's definition.</summary>
/// <param name="At">The time.</param>
/// <param name="By">The operator; absent if the server caused it.</param>
/// <param name="Text">The change.</param>
/// <param name="Reason">The operator's reason.</param>
internal sealed record DefinitionStepView(DateTimeOffset At, string? By, string Text, string? Reason = null);

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
