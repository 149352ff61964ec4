using System.Text.Json.Nodes;
using Gateway.Admin.Servers;
using Gateway.Catalogue.Recommending;
using Gateway.Control.Usage.Asking;

namespace Gateway.Admin.Tools;

/// <summary>All that is known of one tool.</summary>
/// <param name="Server">The server that offers it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">The server's own words.</param>
/// <param name="Category">What kind of effect it has.</param>
/// <param name="Risk">How much harm one wrong call may do.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Sure">False where its category is uncertain, so that the stricter policy is recommended.</param>
/// <param name="Reasons">Sentences that name what was seen.</param>
/// <param name="AttackPatterns">What can go wrong with such a tool, and what stops it.</param>
/// <param name="RecommendedRule">An entry of a policy that denies the rest; absent where none can name it.</param>
/// <param name="Related">Tools of the same server with the same object or verb.</param>
/// <param name="Grants">Which grants may call it, by which rule.</param>
/// <param name="Classifier">The version of the classifier.</param>
/// <param name="Usage">Its calls of the last day, each hour; absent where the store cannot say.</param>
/// <param name="Override">An operator's word, where there is one; it stands above.</param>
/// <param name="SeenAt">When the server last listed it.</param>
/// <param name="Stale">Why the server cannot be asked since; absent while it can.</param>
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
    IReadOnlyDictionary<string, double>? Probabilities);
