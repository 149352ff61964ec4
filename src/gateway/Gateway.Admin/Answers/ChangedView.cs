namespace Gateway.Admin.Answers;

/// <summary>Who came first.</summary>
/// <param name="ETag">The version that is there now.</param>
/// <param name="By">Who made it; absent where the history does not go back so far, as what follows.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, where that was said.</param>
internal sealed record ChangedView(string ETag, string? By, DateTimeOffset? At, string? Reason = null);
