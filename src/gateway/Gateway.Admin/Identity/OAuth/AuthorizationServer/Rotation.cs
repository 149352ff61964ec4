using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The result of presenting a refresh token.</summary>
/// <param name="Next">The family to store; the same object when nothing changed.</param>
/// <param name="Issued">The tokens for the client; null when a reused token ended the family.</param>
/// <param name="Until">The end of the access token's lifetime.</param>
internal readonly record struct Rotation(TokenFamily Next, TokenPair? Issued, DateTimeOffset Until);
