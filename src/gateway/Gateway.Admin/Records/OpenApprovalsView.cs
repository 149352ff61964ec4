namespace Gateway.Admin.Records;

/// <summary>The requests for approval that nobody has answered.</summary>
/// <param name="Open">How many.</param>
/// <param name="OldestAsked">When the first of them was made.</param>
internal sealed record OpenApprovalsView(int Open, DateTimeOffset? OldestAsked);
