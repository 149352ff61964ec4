namespace Gateway.Admin.Access;

/// <summary>What a grant may do with a tool.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Category">What kind of effect it has.</param>
/// <param name="Risk">How much harm one wrong call may do.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c>.</param>
/// <param name="Rule">By which rule.</param>
/// <param name="Limits">How much of it, one text a limit; absent where there is none.</param>
internal sealed record ToolAccessView(
    string Name, string Category, string Risk, string Outcome, string Rule, IReadOnlyList<string>? Limits);
