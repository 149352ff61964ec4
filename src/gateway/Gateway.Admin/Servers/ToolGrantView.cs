namespace Gateway.Admin.Servers;

/// <summary>What a grant may do with a tool.</summary>
/// <param name="Grant">Its name.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c>.</param>
/// <param name="Rule">By which rule.</param>
internal sealed record ToolGrantView(string Grant, string Outcome, string Rule);
