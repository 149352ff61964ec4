namespace Gateway.Admin.SignIn;

/// <summary>A signed-in browser as it is shown.</summary>
/// <param name="Id">What it is called here; nobody can use it by that.</param>
/// <param name="Operator">Who signed in.</param>
/// <param name="Created">When.</param>
/// <param name="Seen">Its last request, or somewhat before.</param>
/// <param name="Expires">When it ends unless it is used.</param>
/// <param name="From">The address that signed in.</param>
/// <param name="Agent">What the browser called itself.</param>
/// <param name="IsThis">Whether it is the one that asks.</param>
internal sealed record SessionView(
    string Id,
    string Operator,
    DateTimeOffset Created,
    DateTimeOffset Seen,
    DateTimeOffset Expires,
    string? From,
    string? Agent,
    bool IsThis);
