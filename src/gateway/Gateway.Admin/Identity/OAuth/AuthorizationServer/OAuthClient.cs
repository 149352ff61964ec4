using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A client that is known.</summary>
/// <param name="Document">What it said of itself.</param>
/// <param name="Version">The stored document's; 0 where nothing is stored.</param>
internal sealed record OAuthClient(ClientDocument Document, long Version)
{
    public string Id => Document.ClientId;

    /// <summary>Whether its id is the address of its own document: then that host is who it is.</summary>
    public bool IsVerified => Document.ClientId.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>For people; nobody has checked it.</summary>
    public string Name => ClientNames.Clean(Document.Name);

    /// <summary>Whether somebody who knows only its id could act for it.</summary>
    public bool IsPublic => Document.Methods.Contains("none");
}
