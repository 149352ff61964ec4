namespace Gateway.Admin.Answers;

/// <summary>The change by another operator that came first.</summary>
/// <param name="ETag">The current version.</param>
/// <param name="By">
/// The operator who made it; absent if the history does not go back that far, as are the following members.
/// </param>
/// <param name="At">The time of the change.</param>
/// <param name="Reason">The reason that the operator gave; absent if there is none.</param>
internal sealed record ChangedView(string ETag, string? By, DateTimeOffset? At, string? Reason = null);
