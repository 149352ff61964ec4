using System.Text.Json;

namespace Gateway.Admin.SignIn;

/// <summary>Who signs in with a passkey.</summary>
internal sealed record PasskeyAnswer
{
    /// <summary>What <c>navigator.credentials.get</c> gave, as JSON.</summary>
    public required JsonElement Credential { get; init; }
}
