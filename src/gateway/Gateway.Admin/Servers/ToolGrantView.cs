namespace Gateway.Admin.Servers;

/// <summary>The decision of a grant about a tool.</summary>
/// <param name="Grant">The grant's name.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c>.</param>
/// <param name="Rule">The rule that decided.</param>
internal sealed record ToolGrantView(string Grant, string Outcome, string Rule);
