namespace Gateway.Admin.Clients;

/// <summary>The configuration of one MCP client, ready to paste.</summary>
/// <param name="Client">The client's name on the command line.</param>
/// <param name="Title">The client's display name.</param>
/// <param name="Where">The file, dialog or shell to paste it into.</param>
/// <param name="Text">The text to paste.</param>
/// <param name="Note">Additional instructions; null if there are none.</param>
public sealed record ClientSnippet(string Client, string Title, string Where, string Text, string? Note = null)
{
    /// <summary>True if the client needs only the URL, because it signs in.</summary>
    public bool IsUrlEnough { get; init; }

    /// <summary>The link that installs it in one click; null if there is none.</summary>
    public string? Link { get; init; }
}
