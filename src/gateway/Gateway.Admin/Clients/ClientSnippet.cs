namespace Gateway.Admin.Clients;

/// <summary>What is pasted into one MCP client, and where.</summary>
/// <param name="Client">How the client is named on the command line.</param>
/// <param name="Title">How it is called.</param>
/// <param name="Where">The file, dialog or shell that takes it.</param>
/// <param name="Text">What is pasted.</param>
/// <param name="Note">What has to be known besides; null where nothing has.</param>
public sealed record ClientSnippet(string Client, string Title, string Where, string Text, string? Note = null)
{
    /// <summary>Whether the client needs the URL alone, because it signs in.</summary>
    public bool IsUrlEnough { get; init; }

    /// <summary>What installs it in one click; null where there is no such thing.</summary>
    public string? Link { get; init; }
}
