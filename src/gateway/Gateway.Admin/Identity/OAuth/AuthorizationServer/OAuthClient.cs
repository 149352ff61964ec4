using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A known client.</summary>
/// <param name="Document">The client's metadata.</param>
/// <param name="Version">The version of the stored document; 0 if nothing is stored.</param>
internal sealed record OAuthClient(ClientDocument Document, long Version)
{
    public string Id => Document.ClientId;

    /// <summary>
    /// True if the id is the address of the client's own document: then the host proves its identity.
    /// </summary>
    public bool IsVerified => Document.ClientId.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>The unverified display name.</summary>
    public string Name => ClientNames.Clean(Document.Name);

    /// <summary>True if knowing the id is enough to act for the client.</summary>
    public bool IsPublic => Document.Methods.Contains("none");
}
