namespace Gateway.Admin.Approvals;

/// <summary>The tool of a request, with the server's description and the gateway's classification.</summary>
/// <param name="Description">The server's own description.</param>
/// <param name="Category">The kind of its effect.</param>
/// <param name="Risk">The harm that one wrong call can do.</param>
/// <param name="Reasons">Sentences that state the evidence.</param>
internal sealed record AskedToolView(string? Description, string Category, string Risk, IReadOnlyList<string> Reasons);
