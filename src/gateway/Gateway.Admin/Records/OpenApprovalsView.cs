namespace Gateway.Admin.Records;

/// <summary>The open requests for approval.</summary>
/// <param name="Open">Their number.</param>
/// <param name="OldestAsked">The time of the oldest one.</param>
internal sealed record OpenApprovalsView(int Open, DateTimeOffset? OldestAsked);
