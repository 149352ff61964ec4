using System.Text.Json;

namespace Gateway.Admin.SignIn;

/// <summary>The body of a sign-in with a passkey.</summary>
internal sealed record PasskeyAnswer
{
    /// <summary>The result of <c>navigator.credentials.get</c>, as JSON.</summary>
    public required JsonElement Credential { get; init; }
}
