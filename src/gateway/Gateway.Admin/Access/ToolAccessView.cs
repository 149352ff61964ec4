namespace Gateway.Admin.Access;

/// <summary>The rights of a grant for one tool.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Category">The kind of its effect.</param>
/// <param name="Risk">The harm that one wrong call can do.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c>.</param>
/// <param name="Rule">The rule that decides.</param>
/// <param name="Limits">A description of each limit; absent if there are none.</param>
internal sealed record ToolAccessView(
    string Name, string Category, string Risk, string Outcome, string Rule, IReadOnlyList<string>? Limits);
