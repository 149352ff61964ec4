namespace Gateway.Admin.Approvals;

/// <summary>What a person is asked about: the tool, in the server's words and in ours.</summary>
/// <param name="Description">The server's own words.</param>
/// <param name="Category">What kind of effect it has.</param>
/// <param name="Risk">How much harm one wrong call may do.</param>
/// <param name="Reasons">Sentences that name what was seen.</param>
internal sealed record AskedToolView(string? Description, string Category, string Risk, IReadOnlyList<string> Reasons);
